// A rate that changed on purpose while the books were open: each time between two changes is judged by the rate that was true then. How
// much crossed in it is known to two readings of the kernel's counts, so it is judged as all flows together, in packets.

import { type Manner, type Ratio, ratesOf } from './estimate.ts'
import { alpha } from './judge.ts'

export interface PeriodCounts {
  /** The event that it begins with; absent of the first. */
  readonly since?: string
  /** The rates that were announced for its records. */
  readonly rates: readonly number[]
  /** Packets that crossed: the fewest and the most. */
  readonly crossed: { readonly low: number; readonly high: number }
  readonly sampled: number
  /** What the records count, each times its rate. */
  readonly estimate: number
}

export interface Period extends PeriodCounts {
  /** The rates that the numbers allow; absent where nothing was sampled. */
  readonly shown?: Pick<Ratio, 'low' | 'high'>
  readonly asItMustBe: boolean
}

/** All periods of a probe: that any of them is found wrong in a healthy run has the chance `alpha` at the most. */
export const judgePeriods = (periods: readonly PeriodCounts[], manner: Manner): Period[] =>
  periods.map((period) => {
    const { rates, crossed, sampled } = period
    if (sampled === 0) {
      // So many packets of which none is sampled: (1 − 1/N)^n. No record says at which rate.
      const most = Math.max(1, ...periods.flatMap((each) => each.rates))
      return { ...period, asItMustBe: (1 - 1 / most) ** crossed.low >= alpha / periods.length }
    }
    const shown = ratesOf(crossed, sampled, 1 - alpha / periods.length, manner)
    const [rate, ...others] = rates
    const holds = rate !== undefined && rate >= shown.low && rate <= shown.high
    return { ...period, shown, asItMustBe: others.length > 0 || holds }
  })
