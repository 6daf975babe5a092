// Traffic over time, of each witness by its own clock, for the same values of a key.

import { type Curve, curvesOf, niceStep, type Part } from '../../query/curves.ts'
import {
  arrivals,
  type KeyValue,
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
import type { Patience } from '../../store.ts'
import type { Query } from '../api/endpoints.ts'
import type { Series } from '../api/flows.ts'
import type { Witness } from '../api/values.ts'
import type { Archives } from '../archives.ts'
import { Refusal } from '../refusal.ts'
import type { Run } from '../runs.ts'
import { command } from './command.ts'
import { planOf } from './plan.ts'

const patience = 10_000
const usualIntervals = 300
const mostIntervals = 5_000
const others = 'others'

export async function seriesOf(
  archives: Archives,
  run: Run,
  { by, filter, point, from, to, step, top = 10 }: Query<'/api/runs/:run/series'>,
  signal: AbortSignal,
): Promise<Series> {
  const selection: Selection = { by, filter, point }
  const given: Patience = { ms: patience, signal }
  const entries = timeline(run.directory)
  const series = await archives.use(run, async (archive) => {
    const whole = await wholeTime(archive, entries, given)
    const span = spanOf(from ?? whole.from, to ?? whole.to, step)
    const witnessed = (['wire', 'exported', 'arrived', 'collected'] as const).filter(
      (witness) => witness === 'wire' || witness === 'exported' || witness === 'arrived' || canTell(filter),
    )
    if (witnessed.some((witness) => needsRoutes(witness, by))) await archive.routes(given)
    const keys = by === undefined ? [] : await keysOf(archive, selection, top, given)
    const names = by === undefined ? ['all'] : keys.map(({ name }) => name)
    const chosen = by === undefined ? [] : keys.map(({ k }) => k)
    const size = by === undefined ? 1 : chosen.length + 1
    const curves = async (statement: ReturnType<typeof spread>): Promise<Curve[]> =>
      curvesOf(await archive.ask<Part>(statement, given), size, span.count)
    const wire = (await hasCurve(archive, given))
      ? await curves(spread('wire', selection, chosen, span))
      : undefined
    const exported = await curves(spread('exported', selection, chosen, span))
    const arrived = await curves(arrivals('arrived', selection, chosen, span))
    const sums = new Map<Witness, ReadonlyMap<number, { packets: number; bytes: number }>>()
    for (const witness of witnessed)
      sums.set(witness, await totalsOf(archive, witness, selection, chosen, given))
    // Nothing is left for the others where every value has been chosen.
    const hasOthers = by !== undefined && [...sums.values()].some((each) => each.has(chosen.length))
    const shown = hasOthers ? [...names, others] : names
    const cut = <T>(all: readonly T[]): T[] => all.slice(0, shown.length)
    const volume = (witness: Witness, place: number) =>
      sums.get(witness)?.get(place) ?? { packets: 0, bytes: 0 }
    return {
      ...{ from: span.from, step: span.step, count: span.count },
      keys: shown,
      ...(wire ? { wire: cut(wire) } : {}),
      exported: cut(exported),
      arrived: cut(arrived),
      totals: shown.map((key, place) => ({
        key,
        wire: volume('wire', place),
        exported: volume('exported', place),
        arrived: volume('arrived', place),
        ...(sums.has('collected') ? { collected: volume('collected', place) } : {}),
      })),
    }
  })
  const collected =
    filter || point !== undefined ? undefined : await collectedCurve(await planOf(run), run.directory, series)
  return {
    ...series,
    ...(collected ? { collected } : {}),
    marks: entries.map(({ at, what, target, event, phase }) => ({
      at,
      text: [event, what, target, phase].filter(Boolean).join(' '),
    })),
    command: command(run, 'records', { group: by, filter }),
  }
}

/** Tables of collectors know fewer words than records do. */
const canTell = (filter: string | undefined): boolean => filter === undefined || filter.trim() === ''

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
  for (const witness of ['wire', 'exported'] as const)
    for (const { k, name } of await archive.ask<{ k: KeyValue | null; name: string | null }>(
      largest(witness, selection, top),
      given,
    ))
      if (k !== null && found.size < top) found.set(k, name ?? '?')
  return [...found].map(([k, name]) => ({ k, name }))
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
