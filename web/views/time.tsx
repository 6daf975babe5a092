// Over time: the witnesses as curves with what lies between them shaded, and the traffic of one witness by any key. Both have one span,
// which a brush across either narrows.

import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { Series, SeriesCurve } from '../../src/server/api/flows.ts'
import type { Key as KeyName, Witness } from '../../src/server/api/values.ts'
import { address, useApi } from '../api.ts'
import type { RunView } from '../app.tsx'
import type { Sheet } from '../chart/picture.ts'
import { clockWith, Plot } from '../chart/plot.tsx'
import { between, stairs } from '../chart/scale.ts'
import { type Query, useQuery } from '../location.ts'
import {
  Answered,
  Choice,
  colourOf,
  keyColour,
  Panel,
  SameCommand,
  Stage,
  Switch,
  witnesses,
} from '../parts/basics.tsx'
import { AsTable, Downloads } from '../parts/downloads.tsx'
import { FilterField } from '../parts/filter.tsx'
import { useText } from '../text/text.ts'
import { type Measure, short, unitOf } from '../units.ts'
import { Totals } from './totals.tsx'

const measures = ['bits', 'packets', 'flows'] as const
const stackable = ['wire', 'exported', 'arrived'] as const

const among = <T extends string>(values: readonly T[], value: string | undefined): T =>
  values.find((each) => each === value) ?? values[0]!

/** Per second; what a witness does not tell is undefined. */
function rates(curve: SeriesCurve | undefined, measure: Measure, step: number): number[] | undefined {
  const values = measure === 'bits' ? curve?.bytes : curve?.[measure]
  const factor = (measure === 'bits' ? 8 : 1) * (1000 / step)
  return values?.map((value) => value * factor)
}

function summed(values: readonly number[]): number[] {
  let sum = 0
  return values.map((value) => (sum += value))
}

/** The filter, of one observation point where one is chosen. */
const atPoint = (filter: string | undefined, point: string | undefined): string | undefined =>
  point ? [...(filter ? [`(${filter})`] : []), `point "${point}"`].join(' and ') : filter

export default function Time({ run, overview, live }: RunView) {
  const t = useText()
  const [query, setQuery] = useQuery()
  const measure = among(measures, query['in'])
  const by = (query['by'] ?? 'protocol') as KeyName
  const witness = among(stackable, query['of'])
  const beat = useBeat(overview.live && !live.ended)
  const asked = { filter: query['filter'], from: query['from'], to: query['to'], point: query['point'] }
  const words = useApi('/api/words')
  const all = useApi('/api/runs/:run/series', { run }, asked, { refresh: beat })
  const keyed = useApi('/api/runs/:run/series', { run }, { ...asked, by, top: '9' }, { refresh: beat })
  const zoom = (from: number, to: number): void =>
    setQuery({ from: String(from), to: String(to) }, { push: true })
  const unit = (value: number): string => short(value, unitOf[measure])

  return (
    <>
      <h1>{t.time.title}</h1>
      <div className="bar">
        <Switch
          label={t.time.measure}
          value={measure}
          options={measures.map((each) => [each, t.measures[each]])}
          onChange={(value) => setQuery({ in: value })}
        />
        {overview.points.length > 1 && (
          <Choice
            label={t.books.point}
            value={query['point'] ?? ''}
            options={[['', t.time.everyPoint], ...overview.points.map((each) => [each, each] as const)]}
            onChange={(point) => setQuery({ point })}
          />
        )}
        <FilterField
          value={query['filter'] ?? ''}
          onApply={(filter) => setQuery({ filter })}
          problem={all.problem}
        />
        {all.data && (
          <Span series={all.data} query={query} onZoom={zoom} onAll={() => setQuery({ from: '', to: '' })} />
        )}
      </div>
      <Answered asked={all}>
        {(series) => (
          <Compared
            {...{ series, measure, unit }}
            onZoom={zoom}
            lab={overview.lab}
            directory={overview.directory}
          />
        )}
      </Answered>
      <Answered asked={keyed}>
        {(series) => (
          <Stacked
            key={by}
            series={series}
            witness={witness}
            measure={measure}
            unit={unit}
            onZoom={zoom}
            by={by}
            lab={overview.lab}
            parquet={address(
              '/api/runs/:run/records.parquet',
              { run },
              {
                witness,
                filter: atPoint(asked.filter, asked.point),
                from: asked.from,
                to: asked.to,
              },
            )}
            tools={
              <>
                <Choice
                  label={t.time.by}
                  value={by}
                  options={(words.data?.keys.map(({ name }) => name as KeyName) ?? [by]).map((name) => [
                    name,
                    t.keys[name],
                  ])}
                  onChange={(value) => setQuery({ by: value })}
                />
                <Choice
                  label={t.time.witness}
                  value={witness}
                  options={stackable.map((each) => [each, t.stages[each]])}
                  onChange={(value) => setQuery({ of: value })}
                />
              </>
            }
          />
        )}
      </Answered>
    </>
  )
}

/** Counts up while a lab lives, so that what is shown is asked for again; ms. */
function useBeat(isLive: boolean, interval = 2000): number {
  const [beat, setBeat] = useState(0)
  useEffect(() => {
    if (!isLive) return undefined
    const timer = setInterval(() => !document.hidden && setBeat((count) => count + 1), interval)
    return () => clearInterval(timer)
  }, [isLive, interval])
  return beat
}

interface Zoom {
  readonly onZoom: (from: number, to: number) => void
}

function Span({
  series: { from, step, count },
  query,
  onZoom,
  onAll,
}: Zoom & { readonly series: Series; readonly query: Query; readonly onAll: () => void }) {
  const t = useText()
  const to = from + step * count
  const moves = [
    [t.time.left, '←', -0.5, -0.5],
    [t.time.right, '→', 0.5, 0.5],
    [t.time.closer, '+', 0.25, -0.25],
    [t.time.farther, '−', -0.5, 0.5],
  ] as const
  return (
    <span className="group push" role="group" aria-label={t.time.zoom} title={t.time.zoom}>
      {moves.map(([text, sign, first, last]) => (
        <button
          key={text}
          type="button"
          aria-label={text}
          onClick={() => onZoom(Math.round(from + first * (to - from)), Math.round(to + last * (to - from)))}
        >
          {sign}
        </button>
      ))}
      <button
        type="button"
        disabled={query['from'] === undefined && query['to'] === undefined}
        onClick={onAll}
      >
        {t.time.all}
      </button>
    </span>
  )
}

interface Chart extends Zoom {
  readonly series: Series
  readonly measure: Measure
  readonly unit: (value: number) => string
  readonly lab: string
}

function Compared({ series, measure, unit, onZoom, lab, directory }: Chart & { readonly directory: string }) {
  const t = useText()
  const [query, setQuery] = useQuery()
  const svg = useRef<SVGSVGElement>(null)
  const accumulated = query['as'] !== 'rate'
  const { step, from, count } = series
  const curves = witnesses.flatMap((witness) => {
    const curve = witness === 'collected' ? series.collected : series[witness]?.[0]
    const perSecond = rates(curve, measure, step)
    // Datagrams come in bursts, beside whose rate nothing else would be seen, and often after the span.
    if (!perSecond || (witness === 'arrived' && (!accumulated || perSecond.every((value) => value === 0))))
      return []
    const values = accumulated ? summed(perSecond.map((value) => (value * step) / 1000)) : perSecond
    return [{ witness, values }]
  })
  const wire = curves.find(({ witness }) => witness === 'wire')
  const last = curves.findLast(({ witness }) => witness !== 'wire')
  const most = Math.max(0, ...curves.flatMap(({ values }) => values))
  const asUnit = accumulated ? (value: number) => short(value, measure === 'bits' ? 'bit' : '') : unit
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
      note={wire && last ? t.time.compareNote(t.stages[last.witness]) : t.time.noWire}
      tools={
        <>
          <Switch
            label={t.time.as}
            value={accumulated ? '' : 'rate'}
            options={[
              ['', t.time.accumulated],
              ['rate', t.time.rate],
            ]}
            onChange={(as) => setQuery({ as })}
          />
          <Downloads name={`${lab}-witnesses`} svg={svg} sheet={sheet} />
        </>
      }
    >
      <ul className="legend">
        {curves.map(({ witness }) => (
          <li key={witness}>
            <Stage of={witness} />
          </li>
        ))}
        {series.marks.length > 0 && <li>▼ {t.time.events}</li>}
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
          ...(wire && last
            ? [{ name: t.difference, value: asUnit(wire.values[index]! - last.values[index]!) }]
            : []),
        ]}
      >
        {({ x, y }) => (
          <>
            {wire && last && <path className="lacking" d={between(wire.values, last.values, x, y)} />}
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
      </Plot>
      <AsTable sheet={sheet} />
      <p className="soft small">{t.time.spread}</p>
      <SameCommand>{`flowlab curve ${directory}`}</SameCommand>
    </Panel>
  )
}

function Stacked({
  series,
  witness,
  measure,
  unit,
  onZoom,
  by,
  lab,
  tools,
  parquet,
}: Chart & {
  readonly witness: Exclude<Witness, 'collected'>
  readonly by: KeyName
  readonly tools: ReactNode
  readonly parquet: string
}) {
  const t = useText()
  const svg = useRef<SVGSVGElement>(null)
  const { from, step, count, keys } = series
  const nothing = Array.from({ length: count }, () => 0)
  const layers = keys.map((key, index) => ({
    key,
    values: rates(series[witness]?.[index], measure, step) ?? nothing,
    colour: keyColour(index, key === 'others'),
  }))
  const tops = layers.reduce<number[][]>(
    (below, { values }) => [...below, values.map((value, index) => value + below.at(-1)![index]!)],
    [nothing],
  )
  const most = Math.max(0, ...(tops.at(-1) ?? []))
  const sheet = (): Sheet => ({
    columns: [t.time.time, ...keys],
    rows: nothing.map((_, index) => [
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
        {...{ from, step, count, most, unit, onZoom }}
        height={300}
        marks={series.marks}
        told={(index) =>
          layers
            .filter(({ values }) => values[index]! > 0)
            .reverse()
            .map(({ key, values, colour }) => ({ name: key, colour, value: unit(values[index]!) }))
        }
      >
        {({ x, y }) =>
          layers.map(({ key, colour }, index) => (
            <path
              key={key}
              className="layer"
              style={{ fill: colour }}
              d={between(tops[index + 1]!, tops[index]!, x, y)}
            />
          ))
        }
      </Plot>
      <Totals series={series} by={by} />
      <AsTable sheet={sheet} />
      <SameCommand>{series.command}</SameCommand>
    </Panel>
  )
}
