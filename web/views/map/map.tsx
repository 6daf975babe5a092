// The map of the lab, and beside it what was chosen: a node's facts, a link's, or else what has happened.

import { type RefObject, useCallback, useMemo, useRef } from 'react'
import type { LabMap as LabMapAnswer } from '../../../src/server/api/map.ts'
import { useApi } from '../../api.ts'
import type { RunView } from '../../app.tsx'
import type { Selected } from '../../chart/map/drawn.ts'
import { LabMap } from '../../chart/map/lab-map.tsx'
import { useQuery } from '../../location.ts'
import { Answered, Panel } from '../../parts/basics.tsx'
import { Downloads } from '../../parts/downloads.tsx'
import { useText } from '../../text/text.ts'
import { useCondition } from './condition.ts'
import { Happened } from './happened.tsx'
import { Legend } from './legend.tsx'
import { LinkPanel } from './link.tsx'
import { NodePanel } from './node.tsx'
import { NodeTable } from './node-table.tsx'

export default function MapView({ run, overview, live }: RunView) {
  const t = useText()
  const [query, setQuery] = useQuery()
  const svg = useRef<SVGSVGElement>(null)
  const asked = useApi('/api/runs/:run/map', { run })
  const isLive = overview.live && !live.ended
  const { node, link } = query
  const selected = useMemo<Selected>(() => (node ? { node } : link ? { link } : undefined), [node, link])
  const select = useCallback(
    (to: Selected): void =>
      setQuery(
        { node: to && 'node' in to ? to.node : '', link: to && 'link' in to ? to.link : '' },
        { push: true },
      ),
    [setQuery],
  )
  return (
    <>
      <h1 className="hidden">{t.map.title}</h1>
      <Answered asked={asked}>
        {(map) => <Shown {...{ run, overview, live, map, selected, select, svg, isLive }} />}
      </Answered>
    </>
  )
}

function Shown({
  run,
  overview,
  live,
  map,
  selected,
  select,
  svg,
  isLive,
}: RunView & {
  readonly map: LabMapAnswer
  readonly selected: Selected
  readonly select: (to: Selected) => void
  readonly svg: RefObject<SVGSVGElement | null>
  readonly isLive: boolean
}) {
  const t = useText()
  const condition = useCondition(map, overview, live, isLive)
  const link = selected && 'link' in selected ? map.links.find(({ id }) => id === selected.link) : undefined
  return (
    <div className="map-view">
      <Panel
        title={overview.lab}
        note={isLive ? t.map.live : t.map.still}
        tools={<Downloads name={`${overview.lab}-map`} svg={svg} />}
        bare
      >
        <LabMap {...{ map, condition, selected, svg }} onSelect={select} />
        <Legend map={map} live={live} />
      </Panel>
      <aside className="side" aria-label={t.map.facts}>
        {selected && 'node' in selected ? (
          <NodePanel
            key={selected.node}
            {...{ run, live, isLive }}
            node={selected.node}
            onClose={() => select(undefined)}
          />
        ) : link ? (
          <LinkPanel {...{ run, link, condition, live }} onClose={() => select(undefined)} />
        ) : (
          <Happened overview={overview} live={live} />
        )}
      </aside>
      <div className="below">
        <NodeTable {...{ map, condition, select }} />
      </div>
    </div>
  )
}
