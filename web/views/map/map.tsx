// The map of the lab, and beside it what was chosen: a node's facts, a link's, or else what has happened.

import { type RefObject, useCallback, useEffect, useMemo, useRef } from 'react'
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
  const { facts, open, close } = useFocus(selected, select)
  const link = selected && 'link' in selected ? map.links.find(({ id }) => id === selected.link) : undefined
  return (
    <div className="map-view">
      <Panel
        title={overview.lab}
        note={isLive ? t.map.live : t.map.still}
        tools={<Downloads name={`${overview.lab}-map`} svg={svg} />}
        bare
      >
        <LabMap {...{ map, condition, selected, svg }} onSelect={open} />
        <Legend map={map} live={live} />
      </Panel>
      <aside ref={facts} className="side" aria-label={t.map.facts} tabIndex={-1}>
        {selected && 'node' in selected ? (
          <NodePanel key={selected.node} {...{ run, live, isLive }} node={selected.node} onClose={close} />
        ) : link ? (
          <LinkPanel {...{ run, link, condition, live }} directory={overview.quoted} onClose={close} />
        ) : (
          <Happened overview={overview} live={live} />
        )}
      </aside>
      <div className="below">
        <NodeTable {...{ map, condition }} select={open} />
      </div>
    </div>
  )
}

/** Who opens facts by keys is led to them, and by Escape, or whatever closes them, back to where they were opened. */
function useFocus(selected: Selected, select: (to: Selected) => void) {
  const facts = useRef<HTMLElement>(null)
  const opener = useRef<Element>(null)
  const open = useCallback(
    (to: Selected): void => {
      const { activeElement } = document
      opener.current = activeElement
      select(to)
      if (activeElement?.matches(':focus-visible')) facts.current?.focus()
    },
    [select],
  )
  const close = useCallback((): void => {
    const chosen = document.querySelector<SVGElement>('.lab-map .chosen .body, .lab-map .link.chosen')
    const before = opener.current
    const back = before !== document.body && before?.isConnected ? before : chosen
    opener.current = null
    select(undefined)
    ;(back as SVGElement | null)?.focus()
  }, [select])
  const isOpen = selected !== undefined
  useEffect(() => {
    if (!isOpen) return undefined
    const onKey = (event: KeyboardEvent): void => {
      // Of a list of choices that is open it is the browser's.
      if (event.key === 'Escape' && !(event.target instanceof HTMLSelectElement)) close()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [isOpen, close])
  return { facts, open, close }
}
