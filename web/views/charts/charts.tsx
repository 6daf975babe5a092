// Charts of `flowlab chart`: each with its numbers over the span that is chosen (chart.tsx).

import { useEffect, useState } from 'react'
import { useApi } from '../../api.ts'
import { useQuery } from '../../location.ts'
import { Answered, Choice, Command, Switch } from '../../parts/basics.tsx'
import { Said } from '../../text/said.tsx'
import { useText } from '../../text/text.ts'
import { ChartPanel } from './chart.tsx'

const minute = 60_000
const spans = {
  '10m': 10 * minute,
  '1h': 60 * minute,
  '8h': 480 * minute,
  '1d': 1_440 * minute,
  '1w': 10_080 * minute,
  '1mo': 43_200 * minute,
} as const
type SpanName = keyof typeof spans
const names = Object.keys(spans) as SpanName[]

/** From one look to the next, in ms. */
const interval = 5_000

export default function Charts() {
  const t = useText()
  const [query, setQuery] = useQuery()
  const [looks, setLooks] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && setLooks((count) => count + 1), interval)
    return () => clearInterval(timer)
  }, [])
  const asked = useApi('/api/charts', {}, {}, { refresh: looks })
  const span = names.find((each) => each === query['span']) ?? '1h'
  const isFixed = query['from'] !== undefined && query['to'] !== undefined
  return (
    <>
      <h1>{t.charts.title}</h1>
      <Answered asked={asked}>
        {({ charts, commands }) => (
          <>
            {charts.length === 0 ? (
              <div className="note">
                <p>{t.charts.empty}</p>
                {commands.map(({ what, command }) => (
                  <Command key={command} label={<Said>{what}</Said>}>
                    {command}
                  </Command>
                ))}
              </div>
            ) : (
              <div className="bar">
                <Choice
                  label={t.charts.chart}
                  value={query['chart'] ?? ''}
                  options={[['', t.time.everyPoint], ...charts.map(({ name }) => [name, name] as const)]}
                  onChange={(chart) => setQuery({ chart })}
                />
                <Switch
                  label={t.charts.span}
                  value={isFixed ? '' : span}
                  options={names.map((each) => [each, t.charts.spans[each]])}
                  onChange={(each) => setQuery({ span: each, from: '', to: '' })}
                />
              </div>
            )}
            {charts
              .filter(({ name }) => !query['chart'] || name === query['chart'])
              .map((chart) => {
                // The step that goes on is not known yet.
                const to = Number(query['to']) || Math.floor((chart.polled ?? 0) / chart.step) * chart.step
                const from = Number(query['from']) || to - spans[span]
                return (
                  <ChartPanel
                    key={chart.name}
                    {...{ chart, from, to }}
                    onZoom={(begin, end) =>
                      setQuery({ from: String(begin), to: String(end) }, { push: true })
                    }
                  />
                )
              })}
          </>
        )}
      </Answered>
    </>
  )
}
