// The traffic of one witness over time by a key, stacked; below it what each witness has of each value over the whole run.

import { type ReactNode, useMemo, useRef } from 'react'
import type { Key as KeyName, Witness } from '../../../src/server/api/values.ts'
import type { Sheet } from '../../chart/picture.ts'
import { clockWith, Plot } from '../../chart/plot.tsx'
import { between } from '../../chart/scale.ts'
import { keyColour, Panel, SameCommand } from '../../parts/basics.tsx'
import { AsTable, Downloads } from '../../parts/downloads.tsx'
import { useText } from '../../text/text.ts'
import { type Chart, unit, valuesOf } from './chart.ts'
import { Totals } from './totals.tsx'

/** Witnesses whose flows have times. */
export const stackable = ['wire', 'exported', 'arrived'] as const satisfies readonly Witness[]

export function Stacked({
  series,
  witness,
  measure,
  onZoom,
  by,
  lab,
  tools,
  parquet,
  isLive,
}: Chart & {
  readonly witness: (typeof stackable)[number]
  readonly by: KeyName
  readonly tools: ReactNode
  readonly parquet: string
  readonly isLive: boolean
}) {
  const t = useText()
  const svg = useRef<SVGSVGElement>(null)
  const { from, step, count, keys } = series
  const named = (key: string): string => (key === 'others' ? t.others : key === '?' ? t.unknown : key)
  const { layers, tops } = useMemo(() => {
    const nothing = Array.from({ length: count }, () => 0)
    const each = keys.map((key, index) => ({
      key,
      values: valuesOf(series[witness]?.[index], measure, step) ?? nothing,
      colour: keyColour(index, key === 'others'),
    }))
    return {
      layers: each,
      tops: each.reduce<number[][]>(
        (below, { values }) => [...below, values.map((value, index) => value + below.at(-1)![index]!)],
        [nothing],
      ),
    }
  }, [series, witness, measure, keys, count, step])
  const most = Math.max(0, ...(tops.at(-1) ?? []))
  const asUnit = unit(measure)
  const sheet = (): Sheet => ({
    columns: [t.time.time, ...keys.map(named)],
    rows: Array.from({ length: count }, (_, index) => [
      clockWith(from + index * step, step),
      ...layers.map(({ values }) => Math.round(values[index]!)),
    ]),
  })
  return (
    <Panel
      title={`${t.stages[witness]}: ${t.keys[by]}`}
      tools={
        <>
          {tools}
          <Downloads name={`${lab}-${witness}-${by}`} svg={svg} sheet={sheet} links={{ Parquet: parquet }} />
        </>
      }
    >
      {most === 0 && (
        <p className="soft">{witness === 'wire' && !series.wire ? t.time.noWire : t.time.empty}</p>
      )}
      <Plot
        svg={svg}
        label={`${t.stages[witness]}: ${t.keys[by]}, ${t.measures[measure]}`}
        {...{ from, step, count, most, onZoom }}
        unit={asUnit}
        height={300}
        marks={series.marks}
        told={(index) =>
          layers
            .filter(({ values }) => values[index]! > 0)
            .reverse()
            .map(({ key, values, colour }) => ({ name: named(key), colour, value: asUnit(values[index]!) }))
        }
        draw={({ x, y }) =>
          layers.map(({ key, colour }, index) => (
            <path
              key={key}
              className="layer"
              style={{ fill: colour }}
              d={between(tops[index + 1]!, tops[index]!, x, y)}
            />
          ))
        }
      />
      <Totals series={series} by={by} isLive={isLive} />
      <AsTable sheet={sheet} />
      <SameCommand>{`${series.command} --witness=${witness}`}</SameCommand>
    </Panel>
  )
}
