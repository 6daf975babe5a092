// One chart: its series stacked or as lines, gaps where nobody answered, and what RRDtool makes of the same numbers.

import { useMemo, useRef, useState } from 'react'
import type { Chart, ChartNumbers } from '../../../src/server/api/charts.ts'
import { address, useApi } from '../../api.ts'
import { areas, type Known, lines, spans } from '../../chart/gaps.ts'
import type { Sheet } from '../../chart/picture.ts'
import { Plot } from '../../chart/plot.tsx'
import { Answered, keyColour, Panel, SameCommand, Scroll, Stage } from '../../parts/basics.tsx'
import { AsTable, Downloads } from '../../parts/downloads.tsx'
import { Head } from '../../parts/head.tsx'
import { useIsDark } from '../../settings.ts'
import { useText } from '../../text/text.ts'
import { dateTime, short, unitOf } from '../../units.ts'

interface Props {
  readonly chart: Chart
  readonly from: number
  readonly to: number
  readonly onZoom: (from: number, to: number) => void
}

export function ChartPanel({ chart, from, to, onZoom }: Props) {
  const t = useText()
  const { name, title, witness, collector, table, filter, key, polled, poll } = chart
  const span = { from: String(Math.round(from)), to: String(Math.round(to)) }
  const asked = useApi('/api/charts/:chart', { chart: name }, span, { wait: polled === undefined })
  const source = [collector, table].filter(Boolean).join('/')
  return (
    <Panel
      title={title}
      note={
        <>
          <Stage of={witness} />
          {source !== '' && ` ${source}`}, {t.charts.by(t.keys[key])}
          {filter !== '' && <span className="mono">, {filter}</span>}
        </>
      }
      tools={
        polled !== undefined && (
          <Downloads
            name={name}
            links={{
              PNG: address('/api/charts/:chart/picture.png', { chart: name }, span),
              SVG: address('/api/charts/:chart/picture.svg', { chart: name }, span),
              CSV: address('/api/charts/:chart/numbers.csv', { chart: name }, span),
            }}
          />
        )
      }
    >
      {polled === undefined ? (
        <>
          <p>{t.charts.unpolled}</p>
          <SameCommand>{poll}</SameCommand>
        </>
      ) : (
        <Answered asked={asked}>
          {(numbers) => (
            <>
              <Drawing {...{ chart, numbers, onZoom }} />
              <Pictures {...{ chart, span }} />
              <SameCommand>{numbers.command}</SameCommand>
            </>
          )}
        </Answered>
      )}
    </Panel>
  )
}

const add = (one: Known, other: Known): Known => (one === null || other === null ? null : one + other)

function Drawing({
  chart: { title, style, unit },
  numbers: { from, step, count, series },
  onZoom,
}: Pick<Props, 'chart' | 'onZoom'> & { readonly numbers: ChartNumbers }) {
  const t = useText()
  const svg = useRef<SVGSVGElement>(null)
  const { tops, gaps, most, coloured } = useMemo(() => {
    const nothing: readonly Known[] = Array.from({ length: count }, () => 0)
    const stacked = series.reduce<(readonly Known[])[]>(
      (below, { values }) => [...below, values.map((value, index) => add(value, below.at(-1)![index]!))],
      [nothing],
    )
    const highest = style === 'stack' ? stacked.slice(-1) : series.map(({ values }) => values)
    return {
      tops: stacked,
      // Where nobody answered no series is known.
      gaps: spans(
        nothing.map((_, index) => series.find(({ values }) => values[index] !== null)?.values[index] ?? null),
        false,
      ),
      most: highest.flat().reduce<number>((largest, value) => Math.max(largest, value ?? 0), 0),
      coloured: series.map((each, index) => ({
        ...each,
        colour: each.colour ?? keyColour(index, each.label === 'other'),
      })),
    }
  }, [series, count, style])
  const asUnit = (value: number): string => short(value, unit === 'flows' ? 'flow/s' : unitOf[unit])
  const named = (label: string): string => (label === 'other' ? t.others : label === '?' ? t.unknown : label)
  const sheet = (): Sheet => ({
    columns: [t.time.time, ...series.map(({ label }) => named(label))],
    rows: Array.from({ length: count }, (_, index) => [
      dateTime(from + index * step),
      ...series
        .map(({ values }) => Math.round((values[index] ?? NaN) * 1000) / 1000)
        .map((value) => (Number.isNaN(value) ? '' : value)),
    ]),
  })
  return (
    <>
      <Plot
        svg={svg}
        label={title}
        {...{ from, step, count, most, onZoom }}
        unit={asUnit}
        marks={[]}
        told={(index) =>
          coloured
            .map(({ label, colour, values }) => ({
              name: named(label),
              colour,
              value:
                values[index] === null || values[index] === undefined
                  ? t.charts.unknown
                  : asUnit(values[index]),
            }))
            .reverse()
        }
        draw={({ x, y, highest }) => (
          <>
            {gaps.map(([first, end]) => (
              <rect
                key={first}
                className="gap"
                x={x(first)}
                width={x(end) - x(first)}
                y={y(highest)}
                height={y(0) - y(highest)}
              >
                <title>{t.charts.gap}</title>
              </rect>
            ))}
            {coloured.map(({ label, colour, values }, index) =>
              style === 'stack' ? (
                <path
                  key={label}
                  className="layer"
                  style={{ fill: colour }}
                  d={areas(tops[index + 1]!, tops[index]!, x, y)}
                />
              ) : (
                <path key={label} className="curve" style={{ stroke: colour }} d={lines(values, x, y)} />
              ),
            )}
          </>
        )}
      />
      <Scroll>
        <table className="totals">
          <Head texts={[t.charts.series]} numbers={[t.charts.now, t.charts.mean, t.charts.maximum]} />
          <tbody>
            {coloured.map(({ label, colour, values }) => {
              const told = values.filter((value) => value !== null)
              const figures = [
                values.findLast((value) => value !== null) ?? null,
                told.length === 0 ? null : told.reduce((sum, value) => sum + value, 0) / told.length,
                told.length === 0 ? null : told.reduce((largest, value) => Math.max(largest, value)),
              ]
              return (
                <tr key={label}>
                  <th scope="row">
                    <span className="swatch" style={{ '--swatch': colour } as object} />
                    {named(label)}
                  </th>
                  {figures.map((value, column) => (
                    <td key={column} className="number">
                      {value === null ? '–' : asUnit(value)}
                    </td>
                  ))}
                </tr>
              )
            })}
          </tbody>
        </table>
      </Scroll>
      {gaps.length > 0 && (
        <p className="soft small">
          <span className="swatch gap-sample" /> {t.charts.gap}
        </p>
      )}
      <AsTable sheet={sheet} />
    </>
  )
}

/** RRDtool's own picture of the span. */
function Pictures({
  chart: { name, title },
  span,
}: {
  readonly chart: Chart
  readonly span: { from: string; to: string }
}) {
  const t = useText()
  const [open, setOpen] = useState(false)
  const isDark = useIsDark()
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t.charts.picture}</summary>
      {open && (
        <Scroll>
          <img
            className="picture"
            src={address(
              '/api/charts/:chart/picture.svg',
              { chart: name },
              { ...span, ...(isDark && { dark: '1' }) },
            )}
            alt={`${title}, RRDtool`}
          />
        </Scroll>
      )}
    </details>
  )
}
