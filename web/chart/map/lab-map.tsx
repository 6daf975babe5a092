// The lab drawn: a frame that is moved and zoomed, and in it the layers, each drawn anew only when what it shows has changed.

import { type RefObject, useMemo, useRef } from 'react'
import type { LabMap as LabMapAnswer } from '../../../src/server/api/map.ts'
import { useText } from '../../text/text.ts'
import { useLetterScale, useSize } from '../width.ts'
import { type Condition, detailOf, type Selected, stepOf, transposed } from './drawn.ts'
import { Exports, Probes } from './exports.tsx'
import { Links } from './links.tsx'
import { Nodes, SystemNames, Systems } from './nodes.tsx'
import { useViewBox } from './view-box.ts'

interface Props {
  readonly map: LabMapAnswer
  readonly condition: Condition
  readonly selected: Selected
  readonly onSelect: (selected: Selected) => void
  readonly svg: RefObject<SVGSVGElement | null>
}

/** Around the map, where names of nodes reach out. */
const margin = 12

export function LabMap({ map: given, condition, selected, onSelect, svg }: Props) {
  const t = useText()
  const box = useRef<HTMLDivElement>(null)
  const room = useSize(box)
  const letters = useLetterScale()
  const isUpright = room.height > 1.1 * room.width && given.width > given.height
  const map = useMemo(() => (isUpright ? transposed(given) : given), [given, isUpright])
  const view = useViewBox(svg, {
    x: -margin,
    y: -margin,
    width: map.width + 2 * margin,
    height: map.height + 2 * margin,
  })
  const placeOf = useMemo(() => new Map(map.nodes.map((node) => [node.name, node])), [map])
  const step = stepOf(Math.min(room.width / view.box.width, room.height / view.box.height) / letters)
  const detail = useMemo(() => detailOf(step), [step])
  return (
    <div ref={box} className="lab-map" style={{ '--scale': detail.scale } as object}>
      <svg
        ref={svg}
        viewBox={view.viewBox}
        role="group"
        aria-label={t.map.title}
        tabIndex={0}
        {...view.handlers}
      >
        <Systems map={map} />
        <Links {...{ map, placeOf, condition, selected, detail, onSelect }} />
        <Exports {...{ map, placeOf, detail }} exporting={condition.exporting} />
        <Nodes {...{ map, condition, selected, detail, onSelect }} />
        <Probes {...{ map, placeOf, detail }} />
        <SystemNames {...{ map, detail }} />
      </svg>
      <span className="group map-tools">
        <button type="button" aria-label={t.map.zoomIn} title={t.map.zoomIn} onClick={() => view.zoom(0.8)}>
          +
        </button>
        <button
          type="button"
          aria-label={t.map.zoomOut}
          title={t.map.zoomOut}
          onClick={() => view.zoom(1.25)}
        >
          −
        </button>
        <button type="button" onClick={view.fit}>
          {t.map.fit}
        </button>
      </span>
    </div>
  )
}
