// The home: labs that run now, and every run directory there is.

import { useEffect, useState } from 'react'
import type { RunItem } from '../../src/server/api/runs.ts'
import { useApi } from '../api.ts'
import { pathOf } from '../location.ts'
import { Answered, Command, Link, Panel, Verdict } from '../parts/basics.tsx'
import { useText } from '../text/text.ts'
import { dateTime, duration, exact } from '../units.ts'

/** From one look to the next, in ms. */
const interval = 2000

export function Runs() {
  const t = useText()
  const [looks, setLooks] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setLooks((count) => count + 1)
    }, interval)
    return () => clearInterval(timer)
  }, [])
  const asked = useApi('/api/runs', {}, {}, { refresh: looks })
  return (
    <>
      <h1>{t.runs.title}</h1>
      <Answered asked={asked}>
        {({ runs, home, left }) => {
          const live = runs.filter((run) => run.live)
          const done = runs.filter((run) => !run.live)
          return (
            <>
              {live.length > 0 && <List title={t.runs.live} runs={live} />}
              {done.length > 0 && (
                <List
                  title={t.runs.done}
                  runs={done}
                  note={left > 0 ? t.runs.left(exact(left), home) : home}
                />
              )}
              {runs.length === 0 && (
                <div className="note">
                  <p>{t.runs.empty}</p>
                  <Command>flowlab run lab.yaml</Command>
                </div>
              )}
            </>
          )
        }}
      </Answered>
    </>
  )
}

function List({
  title,
  runs,
  note,
}: {
  readonly title: string
  readonly runs: readonly RunItem[]
  readonly note?: string
}) {
  const t = useText()
  return (
    <Panel title={title} note={note} bare>
      <table>
        <thead>
          <tr>
            <th>{t.runs.lab}</th>
            <th>{t.runs.verdict}</th>
            <th className="number">{t.runs.findings}</th>
            <th>{t.runs.started}</th>
            <th className="number">{t.runs.took}</th>
            <th className="number">{t.map.nodesCount}</th>
            <th className="number">{t.map.linksCount}</th>
            <th className="number">{t.map.probes}</th>
            <th className="number">{t.map.collectors}</th>
            <th>{t.runs.directory}</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <th scope="row">
                <Link href={pathOf(run.id, run.live ? 'map' : 'books')}>{run.lab}</Link>
              </th>
              <td>{run.live ? <span className="badge live">{t.runs.running}</span> : <State run={run} />}</td>
              <td className="number">{run.findings === undefined ? '' : exact(run.findings)}</td>
              <td className="mono">{dateTime(run.begun)}</td>
              <td className="number">{run.ended === undefined ? '' : duration(run.ended - run.begun)}</td>
              <td className="number">{run.nodes}</td>
              <td className="number">{run.links}</td>
              <td className="number">{run.probes}</td>
              <td className="number">{run.collectors}</td>
              <td className="mono soft path">{run.directory}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

function State({ run }: { readonly run: RunItem }) {
  const t = useText()
  return run.state === 'cut short' ? <span className="badge">{t.runs.cutShort}</span> : <Verdict {...run} />
}
