// From what has been counted so far to rates. What is not known is no number: a counter that falls has begun anew, and where nobody
// answered for long there is nothing to compare with.

import { z } from 'zod'

/** What each series had counted at a moment (milliseconds since 1970). */
export const readingSchema = z.object({ at: z.number(), totals: z.record(z.string(), z.number()) })
export type Reading = z.infer<typeof readingSchema>

/** A second; undefined: unknown. */
export interface Rates {
  readonly series: ReadonlyMap<string, number | undefined>
  readonly total: number | undefined
}

/** Nobody answered. */
export const unknown: Rates = { series: new Map(), total: undefined }

/**
 * The rates between two readings; `step` in seconds. A series that was not there before begins at 0. If one series has fallen, the
 * whole table has begun anew, and no series of this step is known.
 */
export function rates(former: Reading | undefined, now: Reading, step: number): Rates {
  const labels = [...new Set([...Object.keys(former?.totals ?? {}), ...Object.keys(now.totals)])]
  const before = (label: string): number => own(former?.totals, label)
  const elapsed = former ? (now.at - former.at) / 1000 : 0
  const isKnown =
    elapsed > 0 && elapsed <= 2 * step && labels.every((label) => own(now.totals, label) >= before(label))
  const series = new Map(
    labels.map((label) => [label, isKnown ? (own(now.totals, label) - before(label)) / elapsed : undefined]),
  )
  return {
    series,
    total: isKnown ? [...series.values()].reduce<number>((sum, rate) => sum + (rate ?? 0), 0) : undefined,
  }
}

const own = (totals: Reading['totals'] | undefined, label: string): number =>
  totals && Object.hasOwn(totals, label) ? (totals[label] ?? 0) : 0
