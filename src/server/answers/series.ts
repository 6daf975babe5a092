// Traffic over time, of each witness by its own clock, for the same values of a key.

import type { TimelineEntry } from '../../evidence.ts'
import {
  arrivals,
  type KeyValue,
  known,
  largest,
  needsRoutes,
  type Selection,
  type Span,
  spread,
  totals,
} from '../../query/series.ts'
import type { RunArchive } from '../../run/archive.ts'
import { timeline } from '../../run/timeline.ts'
import { readWatched } from '../../run/watch.ts'
import type { Patience, Statement } from '../../store.ts'
import { readingCurve } from '../../verify/time/curve.ts'
import type { Query } from '../api/endpoints.ts'
import type { Series, SeriesCurve } from '../api/flows.ts'
import type { Witness } from '../api/values.ts'
import type { Archives } from '../archives.ts'
import { Refusal } from '../refusal.ts'
import type { Run } from '../runs.ts'
import { command, ofPoint } from './command.ts'
import { planOf } from './plan.ts'

const patience = 10_000
const usualIntervals = 300
const mostIntervals = 5_000
const others = 'others'
/** Witnesses whose flows have times. */
type Stackable = Exclude<Witness, 'collected'>

export async function seriesOf(
  archives: Archives,
  run: Run,
  { by, filter, point, from, to, step, top = 10, of, flows }: Query<'/api/runs/:run/series'>,
  signal: AbortSignal,
): Promise<Series> {
  const selection: Selection = { by, filter, point }
  const given: Patience = { ms: patience, signal }
  const entries = timeline(run.directory)
  const series = await archives.use(run, async (archive) => {
    const whole = await (times.get(archive) ?? wholeTime(archive, entries, given))
    times.set(archive, whole)
    const span = spanOf(from ?? whole.from, to ?? whole.to, step)
    const witnessed = (['wire', 'exported', 'arrived', 'collected'] as const).filter(
      (witness) => witness !== 'collected' || (archive.hasCollected && canTell(filter)),
    )
    if (witnessed.some((witness) => needsRoutes(witness, by))) await archive.routes(given)
    const keys = by === undefined ? [] : await keysOf(archive, selection, top, given)
    const names = by === undefined ? ['all'] : keys.map(({ name }) => name)
    const chosen = by === undefined ? [] : keys.map(({ k }) => k)
    const size = by === undefined ? 1 : chosen.length + 1
    const curves = async (statement: Statement): Promise<SeriesCurve[]> =>
      added(await archive.ask<Part>(statement, given), size, span.count, flows !== undefined)
    const isAsked = (witness: Stackable): boolean => of === undefined || of === witness
    const overTime = (witness: 'wire' | 'exported'): Promise<SeriesCurve[]> =>
      curves(spread(witness, selection, chosen, span, flows !== undefined))
    const wire = isAsked('wire') && (await hasCurve(archive, given)) ? await overTime('wire') : undefined
    const exported = isAsked('exported') ? await overTime('exported') : undefined
    const arrived = isAsked('arrived')
      ? await curves(arrivals('arrived', selection, chosen, span))
      : undefined
    const sums = new Map<Witness, ReadonlyMap<number, { packets: number; bytes: number }>>()
    const silent = new Set<Witness>()
    for (const witness of witnessed) {
      const own = await totalsOf(archive, witness, selection, chosen, given)
      sums.set(witness, own)
      if (
        by !== undefined &&
        own.size > 0 &&
        (await archive.ask(known(witness, selection), given)).length === 0
      )
        silent.add(witness)
    }
    // Nothing is left for the others where every value has been chosen.
    const hasOthers =
      by !== undefined && [...sums].some(([witness, each]) => !silent.has(witness) && each.has(chosen.length))
    const shown = hasOthers ? [...names, others] : names
    const cut = <T>(all: readonly T[]): T[] => all.slice(0, shown.length)
    /** Of a witness that does not tell the key 0 would be a claim. */
    const volume = (witness: Witness, place: number) =>
      sums.has(witness) && !silent.has(witness)
        ? { [witness]: sums.get(witness)?.get(place) ?? { packets: 0, bytes: 0 } }
        : {}
    return {
      ...{ from: span.from, step: span.step, count: span.count },
      keys: shown,
      ...(wire ? { wire: cut(wire) } : {}),
      ...(exported ? { exported: cut(exported) } : {}),
      ...(arrived ? { arrived: cut(arrived) } : {}),
      totals: shown.map((key, place) => ({
        key,
        ...volume('wire', place),
        ...volume('exported', place),
        ...volume('arrived', place),
        ...volume('collected', place),
      })),
      silent: [...silent],
    }
  })
  const collected = filter || point !== undefined ? undefined : await collectedCurve(run, series)
  return {
    ...series,
    ...(collected ? { collected } : {}),
    marks: entries.map(({ at, what, target, event }) => ({
      at,
      text: `${event === undefined ? '' : `${event}: `}${target} ${what}`,
    })),
    command: command(run, 'records', { group: by, filter: ofPoint(filter, point) }),
  }
}

/** Tables of collectors know fewer words than records do. */
const canTell = (filter: string | undefined): boolean => filter === undefined || filter.trim() === ''

/** Asked of all rows, once an archive. */
const times = new WeakMap<RunArchive, { from: number; to: number }>()

async function wholeTime(
  archive: RunArchive,
  entries: readonly TimelineEntry[],
  given: Patience,
): Promise<{ from: number; to: number }> {
  const books = entries.filter(({ target }) => target === 'books')
  const [opened, closed] = [
    books.find(({ what }) => what === 'opened')?.at,
    books.findLast(({ what }) => what === 'closed')?.at,
  ]
  // A record comes after its flow, the last ones after the books are closed. What clocks of records say stretches nothing then.
  const isClosed = opened !== undefined && closed !== undefined && closed > opened
  const [row] = await archive.ask(
    {
      sql: `SELECT min(first) AS first, max(last) AS last, max(seen) AS seen FROM (
        SELECT min(first) AS first, max(last) AS last, max(seen) AS seen FROM exported_rows
        UNION ALL SELECT NULL, NULL, max(seen) FROM arrived_rows
        UNION ALL SELECT min(first), max(last), NULL FROM wire_over_time)`,
      values: [],
    },
    given,
  )
  const [first, last, seen] = ['first', 'last', 'seen'].map((name) => Number(row?.[name] ?? 0))
  const from = opened ?? first ?? 0
  const latest = Math.max(isClosed ? closed : (last ?? 0), seen ?? 0)
  // The end is not part of the time.
  return { from, to: Math.max(latest + 1, from + 1_000) }
}

function spanOf(from: number, to: number, step: number | undefined): Span {
  if (to <= from) throw new Refusal(400, { error: `to: expected later than from (${from}), found ${to}` })
  const nice = step ?? niceStep((to - from) / usualIntervals)
  const start = Math.floor(from / nice) * nice
  const count = Math.max(1, Math.ceil((to - start) / nice))
  if (count > mostIntervals)
    throw new Refusal(400, {
      error: `step: expected at most ${mostIntervals} intervals, found ${count}`,
      remedy: 'choose a longer step or a shorter time',
    })
  return { from: start, step: nice, count }
}

/** 100 ms or more: 1, 2 or 5 times a power of ten. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 100)))
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= Math.max(least, 100)) ?? 100
}

async function hasCurve(archive: RunArchive, given: Patience): Promise<boolean> {
  const rows = await archive.ask({ sql: 'SELECT 1 AS one FROM wire_over_time LIMIT 1', values: [] }, given)
  return rows.length > 0
}

/** By the wire; what the wire has not, by the records. */
async function keysOf(
  archive: RunArchive,
  selection: Selection,
  top: number,
  given: Patience,
): Promise<{ k: KeyValue; name: string }[]> {
  const found = new Map<KeyValue, string>()
  for (const witness of ['wire', 'exported'] as const) {
    if (found.size >= top) break
    for (const { k, name } of await archive.ask<{ k: KeyValue | null; name: string | null }>(
      largest(witness, selection, top),
      given,
    ))
      if (k !== null && found.size < top) found.set(k, name ?? '?')
  }
  return [...found].map(([k, name]) => ({ k, name }))
}

interface Part {
  readonly place: number
  readonly bucket: number | bigint
  readonly packets: number
  readonly bytes: number
  readonly flows: number
  readonly dPackets?: number
  readonly dBytes?: number
  readonly dFlows?: number
}

/** Parts and changes added up into a curve a place. */
function added(parts: readonly Part[], places: number, count: number, countsFlows: boolean): SeriesCurve[] {
  const zeros = () => Array.from({ length: count }, () => 0)
  const all = Array.from({ length: places }, () => ({
    ...{ packets: zeros(), bytes: zeros(), flows: zeros() },
    ...{ dPackets: zeros(), dBytes: zeros(), dFlows: zeros() },
  }))
  for (const part of parts) {
    const bucket = Number(part.bucket)
    const into = all[part.place]
    if (!into || bucket < 0 || bucket >= count) continue
    for (const name of ['packets', 'bytes', 'flows', 'dPackets', 'dBytes', 'dFlows'] as const)
      into[name][bucket] = (into[name][bucket] ?? 0) + (part[name] ?? 0)
  }
  const round = (value: number): number => Math.max(0, Math.round(value * 1000) / 1000)
  return all.map(({ dPackets, dBytes, dFlows, packets, bytes, flows }) => {
    const withChanges = (values: readonly number[], changes: readonly number[]): number[] => {
      let level = 0
      return values.map((value, index) => round(value + (level += changes[index] ?? 0)))
    }
    return {
      packets: withChanges(packets, dPackets),
      bytes: withChanges(bytes, dBytes),
      ...(countsFlows ? { flows: withChanges(flows, dFlows) } : {}),
    }
  })
}

async function totalsOf(
  archive: RunArchive,
  witness: Witness,
  selection: Selection,
  chosen: readonly KeyValue[],
  given: Patience,
): Promise<ReadonlyMap<number, { packets: number; bytes: number }>> {
  const rows = await archive.ask(totals(witness, selection, chosen), given)
  return new Map(
    rows.map((row) => [
      Number(row['place']),
      { packets: Number(row['packets'] ?? 0), bytes: Number(row['bytes'] ?? 0) },
    ]),
  )
}

/** Growth of the collectors' first tables between two readings, all together. */
async function collectedCurve(
  run: Run,
  { from, step, count }: Pick<Series, 'from' | 'step' | 'count'>,
): Promise<SeriesCurve | undefined> {
  const [plan, readings] = await Promise.all([planOf(run), readWatched(run.directory)])
  const curves = plan.collectors.flatMap(({ name, tables }) => {
    const own = readings.filter(({ collector, table }) => collector === name && table === tables[0]?.name)
    return own.length === 0 ? [] : [readingCurve(own, { from, length: step, count })]
  })
  if (curves.length === 0) return undefined
  const sum = (what: 'packets' | 'bytes'): number[] =>
    Array.from({ length: count }, (_, index) =>
      curves.reduce((total, curve) => total + (curve[index]?.[what] ?? 0), 0),
    )
  return { packets: sum('packets'), bytes: sum('bytes') }
}
