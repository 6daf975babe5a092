// The witnesses as curves: sums so far, or rates; shaded is what lies between the wire and the last witness that tells.

import { useMemo, useRef } from 'react'
import type { Sheet } from '../../chart/picture.ts'
import { clockWith, Plot } from '../../chart/plot.tsx'
import { between, stairs } from '../../chart/scale.ts'
import { useQuery } from '../../location.ts'
import { colourOf, Panel, SameCommand, Switch, witnesses } from '../../parts/basics.tsx'
import { AsTable, Downloads } from '../../parts/downloads.tsx'
import { useText } from '../../text/text.ts'
import { short } from '../../units.ts'
import { type Chart, summed, unit, valuesOf } from './chart.ts'
import { Marks } from './marks.tsx'

export function Compared({
  series,
  measure,
  onZoom,
  lab,
  directory,
}: Chart & { readonly directory: string }) {
  const t = useText()
  const [query, setQuery] = useQuery()
  const svg = useRef<SVGSVGElement>(null)
  // A flow that goes on is in many intervals: there is no sum of these.
  const isSum = query['as'] !== 'rate' && measure !== 'flows'
  const { step, from, count } = series
  const curves = useMemo(
    () =>
      witnesses.flatMap((witness) => {
        const curve = witness === 'collected' ? series.collected : series[witness]?.[0]
        const values = valuesOf(curve, measure, step)
        // Datagrams come in bursts, beside whose rate nothing else would be seen, and often after the span.
        if (!values || (witness === 'arrived' && (!isSum || values.every((value) => value === 0)))) return []
        return [{ witness, values: isSum ? summed(values.map((value) => (value * step) / 1000)) : values }]
      }),
    [series, measure, isSum, step],
  )
  const wire = curves.find(({ witness }) => witness === 'wire')
  const last = curves.findLast(({ witness }) => witness !== 'wire')
  const isShaded = wire !== undefined && last !== undefined && measure !== 'flows'
  const most = Math.max(0, ...curves.flatMap(({ values }) => values))
  const asUnit = isSum ? (value: number) => short(value, measure === 'bits' ? 'bit' : '') : unit(measure)
  const sheet = (): Sheet => ({
    columns: [t.time.time, ...curves.map(({ witness }) => t.stages[witness])],
    rows: Array.from({ length: count }, (_, index) => [
      clockWith(from + index * step, step),
      ...curves.map(({ values }) => Math.round(values[index]!)),
    ]),
  })
  return (
    <Panel
      title={t.time.compare}
      note={
        !wire
          ? t.time.noWire
          : measure === 'flows'
            ? t.time.flowsNote
            : last && t.time.compareNote(t.stages[last.witness])
      }
      tools={
        <>
          {measure !== 'flows' && (
            <Switch
              label={t.time.as}
              value={isSum ? '' : 'rate'}
              options={[
                ['', t.time.accumulated],
                ['rate', t.time.rate],
              ]}
              onChange={(as) => setQuery({ as })}
            />
          )}
          <Downloads name={`${lab}-witnesses`} svg={svg} sheet={sheet} />
        </>
      }
    >
      <ul className="legend">
        {curves.map(({ witness }) => (
          <li key={witness} title={t.stageMeaning[witness]}>
            <svg className="sample" viewBox="0 0 26 10" aria-hidden="true">
              <path className={`curve ${witness}`} style={{ stroke: colourOf(witness) }} d="M0 5H26" />
            </svg>
            {t.stages[witness]}
          </li>
        ))}
      </ul>
      <Plot
        svg={svg}
        label={t.time.compare}
        {...{ from, step, count, most, onZoom }}
        unit={asUnit}
        marks={series.marks}
        told={(index) => [
          ...curves.map(({ witness, values }) => ({
            name: t.stages[witness],
            colour: colourOf(witness),
            value: asUnit(values[index]!),
          })),
          ...(isShaded
            ? [{ name: t.difference, value: asUnit(wire.values[index]! - last.values[index]!) }]
            : []),
        ]}
        draw={({ x, y }) => (
          <>
            {isShaded && <path className="lacking" d={between(wire.values, last.values, x, y)} />}
            {curves.map(({ witness, values }) => (
              <path
                key={witness}
                className={`curve ${witness}`}
                style={{ stroke: colourOf(witness) }}
                d={`M${stairs(values, x, y)}`}
              />
            ))}
          </>
        )}
      />
      <Marks marks={series.marks} />
      <AsTable sheet={sheet} />
      <p className="soft small">{t.time.spread}</p>
      <SameCommand>{`flowlab curve ${directory}`}</SameCommand>
    </Panel>
  )
}
