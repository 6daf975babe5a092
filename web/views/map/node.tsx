// The facts of a node: addresses, state, sessions, routes, generated configuration, logs, counters, and commands to copy.

import { type ReactNode, useState } from 'react'
import type { NodeFacts } from '../../../src/server/api/map.ts'
import { useApi } from '../../api.ts'
import type { Live } from '../../live.ts'
import { pathOf, useQuery, withQuery } from '../../location.ts'
import { Answered, Command, Link, Panel, Scroll } from '../../parts/basics.tsx'
import { Said } from '../../text/said.tsx'
import { useText } from '../../text/text.ts'
import { clock, exact, short } from '../../units.ts'

interface Props {
  readonly run: string
  readonly node: string
  readonly live: Live
  readonly isLive: boolean
  readonly onClose: () => void
}

export function NodePanel({ run, node, live, isLive, onClose }: Props) {
  const t = useText()
  // Asked again when the node's state or sessions change.
  const state = live.state?.nodes.find(({ name }) => name === node)
  const sessions = live.state?.sessions.filter((session) => session.node === node)
  const asked = useApi(
    '/api/runs/:run/nodes/:node',
    { run, node },
    {},
    { refresh: JSON.stringify([state, sessions]) },
  )
  return (
    <Panel
      title={`${t.map.node} ${node}`}
      tools={
        <button type="button" onClick={onClose}>
          {t.close}
        </button>
      }
    >
      <Answered asked={asked}>
        {(facts) => (
          <div className="node-facts">
            <dl className="facts">
              <dt>{t.map.kind}</dt>
              <dd>{facts.kind}</dd>
              <dt>{t.map.as}</dt>
              <dd>{facts.as ?? t.map.noAs}</dd>
              {state && (
                <>
                  <dt>{t.map.state}</dt>
                  <dd className={state.state === 'up' ? '' : 'wrong-text'}>{t.map.states[state.state]}</dd>
                </>
              )}
              {facts.loopback.length > 0 && (
                <>
                  <dt>lo</dt>
                  <dd className="mono">{facts.loopback.join(' ')}</dd>
                </>
              )}
            </dl>
            <Flows run={run} facts={facts} />
            <Interfaces facts={facts} live={live} />
            <Sessions facts={facts} live={live} />
            <Fold title={t.map.counters} count={facts.counters.length}>
              <Sheet
                rows={facts.counters.map((counter) => [
                  `${counter.point} ${t.direction[counter.direction]}`,
                  `${exact(counter.total.packets)} ${t.packets}`,
                  `${exact(counter.total.bytes)} ${t.bytes}`,
                  `${exact(counter.flows)} ${t.flows}`,
                ])}
              />
            </Fold>
            <Fold
              title={t.map.routes}
              count={facts.routes.length}
              note={facts.routesTaken === undefined ? undefined : clock(facts.routesTaken)}
            >
              <Sheet
                head={[t.map.prefix, t.map.path, t.map.nextHop]}
                rows={facts.routes.map((route) => [
                  route.prefix,
                  route.path.join(' ') || t.map.local,
                  route.nextHop ?? '–',
                ])}
              />
            </Fold>
            <Fold title={t.map.processes} count={facts.processes.length}>
              <Sheet
                rows={facts.processes.map(({ name, command }) => [
                  name,
                  state && (
                    <Said key={name}>{state.processes.find((each) => each.name === name)?.state ?? '–'}</Said>
                  ),
                  command,
                ])}
              />
            </Fold>
            <Fold title={t.map.files} count={facts.files.length}>
              {facts.files.map(({ path, text }) => (
                <details key={path}>
                  <summary className="mono">{path}</summary>
                  <pre tabIndex={0}>{text}</pre>
                </details>
              ))}
            </Fold>
            <Fold title={t.map.log} count={facts.logs.length}>
              {facts.logs.map(({ name }) => (
                <Log key={name} {...{ run, node, name, isLive }} />
              ))}
            </Fold>
            {facts.commands.map(({ what, command }) => (
              <Command key={command} label={<Said>{what}</Said>}>
                {command}
              </Command>
            ))}
          </div>
        )}
      </Answered>
    </Panel>
  )
}

const bare = (address: string): string => address.split('/')[0]!

function Flows({ run, facts }: { readonly run: string; readonly facts: NodeFacts }) {
  const t = useText()
  const addresses = [...facts.loopback, ...facts.interfaces.flatMap((each) => each.addresses)].map(bare)
  if (addresses.length === 0) return null
  const filter = [...new Set(addresses)].map((address) => `host ${address}`).join(' or ')
  return (
    <p>
      <Link href={withQuery(pathOf(run, 'explore'), { filter })}>{t.map.flowsHere}</Link>
    </p>
  )
}

function Interfaces({ facts, live }: { readonly facts: NodeFacts; readonly live: Live }) {
  const t = useText()
  return (
    <Fold title={t.map.interfaces} count={facts.interfaces.length} open>
      <table>
        <tbody>
          {facts.interfaces.map((each) => {
            const is = (other: { node: string; interface: string }): boolean =>
              other.node === facts.name && other.interface === each.name
            const rate = live.rates?.interfaces.find(is)
            const up = live.state?.interfaces.find(is)?.up
            return (
              <tr key={each.name}>
                <th scope="row" className="mono">
                  {each.name}
                  {up === false && <span className="wrong-text"> ✕ {t.map.down}</span>}
                </th>
                <td>
                  <div className="mono">{each.addresses.join(' ')}</div>
                  {each.peer && (
                    <div className="soft">
                      → {each.peer.node}:{each.peer.interface}
                    </div>
                  )}
                </td>
                <td className="number">
                  {rate && (
                    <>
                      <div>{short(rate.inBits, 'bit/s')} ↓</div>
                      <div>{short(rate.outBits, 'bit/s')} ↑</div>
                    </>
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Fold>
  )
}

function Sessions({ facts, live }: { readonly facts: NodeFacts; readonly live: Live }) {
  const t = useText()
  return (
    <Fold title={t.map.sessions} count={facts.sessions.length} open>
      <table>
        <tbody>
          {facts.sessions.map(({ peer, as, to }) => {
            const now = live.state?.sessions.find((each) => each.node === facts.name && each.peer === peer)
            return (
              <tr key={peer}>
                <th scope="row">{to}</th>
                <td className="mono">{peer}</td>
                <td>AS {as}</td>
                <td className={now && !now.established ? 'wrong-text' : ''}>{now?.state ?? ''}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Fold>
  )
}

function Fold({
  title,
  count,
  note,
  open = false,
  children,
}: {
  readonly title: string
  readonly count: number
  readonly note?: string | undefined
  readonly open?: boolean
  readonly children: ReactNode
}) {
  if (count === 0) return null
  return (
    <details open={open}>
      <summary>
        <strong>{title}</strong> <span className="soft">{[count, note].filter(Boolean).join(', ')}</span>
      </summary>
      <Scroll>{children}</Scroll>
    </details>
  )
}

function Sheet({
  head,
  rows,
}: {
  readonly head?: readonly string[]
  readonly rows: readonly (readonly ReactNode[])[]
}) {
  return (
    <table className="mono">
      {head && (
        <thead>
          <tr>
            {head.map((text) => (
              <th key={text} scope="col">
                {text}
              </th>
            ))}
          </tr>
        </thead>
      )}
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {row.map((text, column) => (
              <td key={column}>{text}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** The end of a log, which is laid open by the address too. */
function Log({
  run,
  node,
  name,
  isLive,
}: {
  readonly run: string
  readonly node: string
  readonly name: string
  readonly isLive: boolean
}) {
  const t = useText()
  const [query, setQuery] = useQuery()
  const open = query['log'] === name
  const [times, setTimes] = useState(0)
  const asked = useApi(
    '/api/runs/:run/nodes/:node/logs/:log',
    { run, node, log: name },
    {},
    { wait: !open, refresh: times },
  )
  return (
    <details
      open={open}
      onToggle={({ currentTarget }) =>
        currentTarget.open !== open && setQuery({ log: currentTarget.open ? name : '' })
      }
    >
      <summary className="mono">{name}</summary>
      {open && (
        <Answered asked={asked}>
          {({ lines, cut }) => (
            <>
              <pre tabIndex={0}>{`${cut ? '…\n' : ''}${lines.join('\n')}`}</pre>
              {isLive && (
                <button type="button" onClick={() => setTimes((count) => count + 1)}>
                  {t.map.newer}
                </button>
              )}
            </>
          )}
        </Answered>
      )}
    </details>
  )
}
