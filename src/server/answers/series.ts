// Traffic over time, of each witness by its own clock, for the same values of a key.

import { curvesOf, niceStep, type Part } from '../../query/curves.ts'
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
import { collectedCurve, wholeTime } from '../../run/over-time.ts'
import { timeline } from '../../run/timeline.ts'
import type { Patience, Statement } from '../../store.ts'
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
      toldCurves(await archive.ask<Part>(statement, given), size, span.count, flows !== undefined)
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
  const collected =
    filter || point !== undefined ? undefined : await collectedCurve(await planOf(run), run.directory, series)
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

const toldCurves = (
  parts: readonly Part[],
  places: number,
  count: number,
  countsFlows: boolean,
): SeriesCurve[] =>
  curvesOf(parts, places, count).map(({ flows, ...volumes }) => ({
    ...volumes,
    ...(countsFlows ? { flows } : {}),
  }))

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
