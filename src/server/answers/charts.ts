// Charts of `flowlab chart`: definitions are only read, numbers come from RRDtool's files by RRDtool itself. A chart is found by its name
// among the definitions; no path is made of what is asked.

import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { archivesOf, type Definition, directoryOf, stepOf } from '../../chart/definition.ts'
import { csv, drawnOf, type Numbers, numbers, render } from '../../chart/draw.ts'
import { readDefinitions } from '../../chart/open.ts'
import { seriesIn } from '../../chart/rrd.ts'
import type { Chart, ChartNumbers, Charts } from '../api/charts.ts'
import type { Query } from '../api/endpoints.ts'
import { absent, Refusal } from '../refusal.ts'
import { quoted } from './command.ts'

/** Where `flowlab chart` keeps its definitions and numbers. */
export interface ChartPlace {
  /** Numbers, in a directory a chart. */
  readonly data: string
  /** A file, or the URL of a server. */
  readonly database: string
  /** Of the command line, that commands about it need as well. */
  readonly options?: Readonly<Record<string, string>>
}

/** With the options by which the page itself was started, where they are not the usual ones; never a password. */
const chartCommand = ({ options = {} }: ChartPlace, verb: string, rest = ''): string =>
  [
    'flowlab chart',
    verb,
    ...Object.entries(options).map(([name, value]) => `--${name}=${quoted(value)}`),
    rest,
  ]
    .filter(Boolean)
    .join(' ')

/** In ms. */
const hour = 3_600_000
/** Intervals of an answer; more are not to be told apart on a screen. */
const mostIntervals = 1_000
/** Values of a file. */
const mostValues = 1_000_000
/** Questions to RRDtool at once. */
const mostAsking = 8

let asking = 0

async function oneOfFew<T>(act: () => Promise<T>): Promise<T> {
  if (asking >= mostAsking)
    throw new Refusal(503, { error: 'too many charts at once', remedy: 'ask again in a moment' })
  asking++
  try {
    return await act()
  } finally {
    asking--
  }
}

const folderOf = ({ data }: ChartPlace, definition: Definition): string =>
  join(data, 'charts', directoryOf(definition))

/** The poller writes what it read last beside the numbers, also when nobody answered. */
const polledAt = (place: ChartPlace, definition: Definition): Promise<number | undefined> =>
  stat(join(folderOf(place, definition), 'last.json')).then(
    ({ mtimeMs }) => Math.round(mtimeMs),
    () => undefined,
  )

export async function chartsOf(place: ChartPlace): Promise<Charts> {
  const definitions = await readDefinitions(place.database)
  return {
    charts: await Promise.all(
      definitions.map(async (definition): Promise<Chart> => {
        const { name, title, lab, witness, collector, table, filter, key, unit, style } = definition
        const polled = await polledAt(place, definition)
        return {
          ...{ name, title: title || name, witness, filter, key, unit, style },
          step: stepOf(definition) * 1000,
          ...(lab === undefined ? {} : { lab }),
          ...(collector === undefined ? {} : { collector }),
          ...(table === undefined ? {} : { table }),
          ...(polled === undefined ? {} : { polled }),
          poll: chartCommand(place, 'poll', quoted(name)),
        }
      }),
    ),
    commands: [
      {
        what: 'Define a chart',
        command: chartCommand(place, 'add', 'NAME --collector COLLECTOR --key path'),
      },
      { what: 'Ask the collectors, at each step', command: chartCommand(place, 'poll') },
    ],
  }
}

interface Span {
  /** Milliseconds since 1970. */
  readonly from: number
  readonly to: number
}

async function found(
  place: ChartPlace,
  name: string,
  { from, to }: Query<'/api/charts/:chart'>,
): Promise<Span & { readonly definition: Definition; readonly folder: string }> {
  const definition = (await readDefinitions(place.database)).find((each) => each.name === name)
  if (!definition) throw absent(`chart ${name}`)
  const end = to ?? (await polledAt(place, definition)) ?? Date.now()
  // RRDtool would make rows of all that is asked for, and there are none before what is kept.
  const kept = Math.max(...archivesOf(definition).map(({ keep }) => keep)) * 1000
  const begin = Math.max(from ?? end - hour, end - kept)
  if (end <= begin) throw new Refusal(400, { error: `to: expected later than from (${begin}), found ${end}` })
  return { definition, folder: folderOf(place, definition), from: begin, to: end }
}

/** In seconds: the chart's own step, or a multiple of it by which the span has at most so many intervals. */
function stepFor(definition: Definition, { from, to }: Span, most: number): number {
  const own = stepOf(definition)
  return own * Math.max(1, Math.ceil((to - from) / 1000 / own / most))
}

const asRrd = ({ from, to }: Span): { from: string; to: string } => ({
  from: String(Math.floor(from / 1000)),
  to: String(Math.ceil(to / 1000)),
})

export async function chartNumbersOf(
  place: ChartPlace,
  name: string,
  query: Query<'/api/charts/:chart'>,
): Promise<ChartNumbers> {
  const { definition, folder, ...span } = await found(place, name, query)
  const step = stepFor(definition, span, mostIntervals)
  const all = await oneOfFew(() => numbers(folder, definition, asRrd(span), step))
  // RRDtool takes a longer step where its archives have no finer one.
  const took = all.rows.length > 1 ? all.rows[1]![0] - all.rows[0]![0] : step
  return {
    from: ((all.rows[0]?.[0] ?? span.from / 1000 + took) - took) * 1000,
    step: took * 1000,
    count: all.rows.length,
    series: seriesOf(all, definition),
    command: chartCommand(place, 'csv', `${quoted(name)} --from=${asRrd(span).from} --to=${asRrd(span).to}`),
  }
}

function seriesOf(all: Numbers, definition: Definition): ChartNumbers['series'] {
  const { shown, hasRest } = drawnOf(all, definition)
  const rest = all.rows.map(([, values]) => {
    const total = values[0] ?? null
    return total === null
      ? null
      : Math.max(
          0,
          shown.reduce((left, { column }) => left - (values[column] ?? 0), total),
        )
  })
  return [
    ...shown.map(({ column, label }, index) => ({
      label,
      colour: definition.colours[index] ?? null,
      values: all.rows.map(([, values]) => values[column] ?? null),
    })),
    ...(hasRest ? [{ label: 'other', colour: null, values: rest }] : []),
  ]
}

export async function chartPicture(
  place: ChartPlace,
  name: string,
  { width = 640, height = 240, dark, ...query }: Query<'/api/charts/:chart/picture.png'>,
  format: 'png' | 'svg',
): Promise<Uint8Array<ArrayBuffer>> {
  const { definition, folder, ...span } = await found(place, name, query)
  const picture = { ...asRrd(span), format, width, height, isDark: dark === '1' }
  return new Uint8Array(await oneOfFew(() => render(folder, definition, picture)))
}

export async function chartCsv(
  place: ChartPlace,
  name: string,
  query: Query<'/api/charts/:chart/numbers.csv'>,
): Promise<string> {
  const { definition, folder, ...span } = await found(place, name, query)
  const most = Math.floor(mostValues / ((await seriesIn(folder)).size + 1))
  return csv(await oneOfFew(() => numbers(folder, definition, asRrd(span), stepFor(definition, span, most))))
}
