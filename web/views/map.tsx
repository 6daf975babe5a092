// The map of the lab, and beside it what was chosen: a node's facts, a link's, or else what has happened.

import { type RefObject, useMemo, useRef } from 'react'
import type { LabMap as LabMapAnswer } from '../../src/server/api/map.ts'
import type { Overview } from '../../src/server/api/runs.ts'
import { useApi } from '../api.ts'
import type { RunView } from '../app.tsx'
import { type Condition, LabMap, type Selected, widthOf } from '../chart/lab-map.tsx'
import type { Live } from '../live.ts'
import { pathOf, useQuery, withQuery } from '../location.ts'
import { Answered, Command, Link, Panel, Scroll } from '../parts/basics.tsx'
import { Downloads } from '../parts/downloads.tsx'
import { Said } from '../text/said.tsx'
import { useText } from '../text/text.ts'
import { clock, exact, short } from '../units.ts'
import { NodePanel } from './node.tsx'

export default function MapView({ run, overview, live }: RunView) {
  const t = useText()
  const [query, setQuery] = useQuery()
  const svg = useRef<SVGSVGElement>(null)
  const asked = useApi('/api/runs/:run/map', { run })
  const isLive = overview.live && !live.ended
  const selected: Selected = query['node']
    ? { node: query['node'] }
    : query['link']
      ? { link: query['link'] }
      : undefined
  const select = (to: Selected): void =>
    setQuery(
      { node: to && 'node' in to ? to.node : '', link: to && 'link' in to ? to.link : '' },
      { push: true },
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

/** What is known of the lab now; of one that has ended, what crossed each observation point in all of it. */
function useCondition(map: LabMapAnswer, overview: Overview, live: Live, isLive: boolean): Condition {
  const grown = useRef(new Map<string, { datagrams: number; at: number }>())
  return useMemo(() => {
    const { state, rates } = live
    for (const { name, datagrams } of state?.probes ?? []) {
      const before = grown.current.get(name)
      if (!before || datagrams !== before.datagrams)
        grown.current.set(name, { datagrams, at: before ? (state?.at ?? 0) : 0 })
    }
    const now = Math.max(state?.at ?? 0, rates?.at ?? 0)
    const nodeOfAddress = new Map(
      map.nodes.flatMap((node) =>
        node.addresses.map((address) => [address.split('/')[0]!, node.name] as const),
      ),
    )
    return {
      rates: isLive
        ? new Map(rates?.interfaces.map((each) => [`${each.node}:${each.interface}`, each.outBits] as const))
        : carried(overview),
      down: new Set(
        isLive
          ? state?.interfaces.filter(({ up }) => !up).map((each) => `${each.node}:${each.interface}`)
          : [],
      ),
      nodes: new Map(isLive ? state?.nodes.map((node) => [node.name, node.state] as const) : []),
      exporting: new Set(
        isLive ? [...grown.current].filter(([, { at }]) => now - at < 2500).map(([name]) => name) : [],
      ),
      broken: isLive
        ? (state?.sessions ?? [])
            .filter(({ established }) => !established)
            .map(({ node, peer }) => [node, nodeOfAddress.get(peer) ?? node] as const)
        : [],
      moving: isLive,
    }
  }, [map, overview, live, isLive])
}

/** Mean bits a second at the observation points while the books were open. */
function carried({ ways, begun, ended }: Overview): ReadonlyMap<string, number> {
  const seconds = Math.max(1, ((ended ?? begun) - begun) / 1000)
  return new Map(ways.map(({ point, wire }) => [point, (wire.bytes * 8) / seconds] as const))
}

const samples = [1e4, 1e6, 1e8]

function Legend({ map, live }: { readonly map: LabMapAnswer; readonly live: Live }) {
  const t = useText()
  return (
    <ul className="legend map-legend">
      {samples.map((bits) => (
        <li key={bits}>
          <svg width="34" height="12" aria-hidden="true">
            <line className="carried" x1="0" x2="30" y1="6" y2="6" strokeWidth={widthOf(bits)} />
          </svg>
          {short(bits, 'bit/s')}
        </li>
      ))}
      {map.probes.map((probe) => (
        <li key={probe.name}>
          <svg width="34" height="12" aria-hidden="true">
            <line className="exports" x1="0" x2="30" y1="6" y2="6" />
          </svg>
          {probe.name} → {probe.exports.map(({ collector }) => collector).join(', ')}: {probe.protocol}
          {live.state &&
            `, ${exact(live.state.probes.find(({ name }) => name === probe.name)?.datagrams ?? 0)} ${t.map.datagrams}`}
        </li>
      ))}
      {live.state && (
        <li>
          {t.map.sessions}: {live.state.sessions.filter(({ established }) => established).length}/
          {live.state.sessions.length} {t.map.up}
        </li>
      )}
    </ul>
  )
}

function LinkPanel({
  run,
  link,
  condition,
  live,
  onClose,
}: {
  readonly run: string
  readonly link: LabMapAnswer['links'][number]
  readonly condition: Condition
  readonly live: Live
  readonly onClose: () => void
}) {
  const t = useText()
  const isDown = link.ends.some((end) => condition.down.has(`${end.node}:${end.interface}`))
  return (
    <Panel
      title={`${t.map.link} ${link.ends.map(({ node }) => node).join(' – ')}`}
      tools={
        <button type="button" onClick={onClose}>
          {t.close}
        </button>
      }
    >
      <dl className="facts">
        <dt>{t.map.state}</dt>
        <dd className={isDown ? 'wrong-text' : ''}>{isDown ? `✕ ${t.map.down}` : t.map.up}</dd>
        {link.ends.map((end, index) => {
          const rate = live.rates?.interfaces.find(
            (each) => each.node === end.node && each.interface === end.interface,
          )
          const bits = rate?.outBits ?? condition.rates.get(`${end.node}:${end.interface}`)
          return (
            <div key={index} className="row">
              <dt>
                <span className="mono">
                  {end.node}:{end.interface}
                </span>{' '}
                →
              </dt>
              <dd>
                {bits === undefined ? '–' : short(bits, 'bit/s')}
                {rate && `, ${short(rate.outPackets, 'packet/s')}`}
              </dd>
            </div>
          )
        })}
      </dl>
      {link.ends.map((end, index) => (
        <Command key={index} label={t.map.capture}>
          {`flowlab capture ${end.node}:${end.interface} | tcpdump -n -r -`}
        </Command>
      ))}
      <p>
        <Link href={withQuery(pathOf(run, 'time'), { by: 'interface' })}>{t.map.overTime}</Link>
      </p>
    </Panel>
  )
}

function Happened({ overview, live }: { readonly overview: Overview; readonly live: Live }) {
  const t = useText()
  const entries = live.timeline.length > 0 ? live.timeline : overview.timeline
  return (
    <Panel title={t.map.events} note={t.map.hint}>
      {overview.found.length > 0 && (
        <ul className="found">
          {overview.found.map((finding) => (
            <li key={finding.id} className="wrong-text">
              ✘ {finding.summary}
            </li>
          ))}
        </ul>
      )}
      <table>
        <tbody>
          {[...entries].reverse().map((entry, index) => (
            <tr key={index}>
              <td className="mono soft">{clock(entry.at)}</td>
              <td>
                {entry.event !== undefined && `${entry.event}: `}
                <Said>{`${entry.target} ${entry.what}`}</Said>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {overview.commands.map(({ what, command }) => (
        <Command key={command} label={what}>
          {command}
        </Command>
      ))}
    </Panel>
  )
}

/** The map as a table. */
function NodeTable({
  map,
  condition,
  select,
}: {
  readonly map: LabMapAnswer
  readonly condition: Condition
  readonly select: (to: Selected) => void
}) {
  const t = useText()
  return (
    <details className="panel as-table">
      <summary>{t.map.nodes}</summary>
      <Scroll>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.map.node}</th>
              <th scope="col">{t.map.kind}</th>
              <th scope="col">{t.map.as}</th>
              <th scope="col">{t.map.state}</th>
              <th scope="col">{t.map.addresses}</th>
              <th scope="col">{t.map.links}</th>
            </tr>
          </thead>
          <tbody>
            {map.nodes.map((node) => (
              <tr key={node.name}>
                <th scope="row">
                  <button type="button" className="plain" onClick={() => select({ node: node.name })}>
                    {node.name}
                  </button>
                </th>
                <td>{node.kind}</td>
                <td>{node.as ?? '–'}</td>
                <td>{t.map.states[condition.nodes.get(node.name) ?? 'unknown']}</td>
                <td className="mono">{node.addresses.join(' ')}</td>
                <td>
                  {map.links
                    .filter(({ ends }) => ends.some((end) => end.node === node.name))
                    .map((link) => {
                      const other = link.ends.find((end) => end.node !== node.name) ?? link.ends[0]
                      const isDown = link.ends.some((end) =>
                        condition.down.has(`${end.node}:${end.interface}`),
                      )
                      return `${other.node}${isDown ? ` (${t.map.down})` : ''}`
                    })
                    .join(', ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  )
}
