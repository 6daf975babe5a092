// A run over time: from when to when it goes, and how its collectors' tables grew meanwhile.

import type { TimelineEntry } from '../evidence.ts'
import type { Plan } from '../plan/plan.ts'
import type { Archive, Patience } from '../store.ts'
import { readingCurve } from '../verify/time/curve.ts'
import type { RunDirectory } from './directory.ts'
import { readWatched } from './watch.ts'

/** From the opening of its books to what came last, in milliseconds since 1970; the end is not part of it. */
export async function wholeTime(
  archive: Pick<Archive, 'ask'>,
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
  return { from, to: Math.max(latest + 1, from + 1_000) }
}

/** Growth of the collectors' first tables between two readings, all together. */
export async function collectedCurve(
  plan: Plan,
  directory: RunDirectory,
  { from, step, count }: { readonly from: number; readonly step: number; readonly count: number },
): Promise<{ packets: number[]; bytes: number[] } | undefined> {
  const readings = await readWatched(directory)
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
