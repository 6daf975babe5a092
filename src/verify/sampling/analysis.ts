// What is known of a probe's sampling, put together: what the lab asks for, what the exporter announces, what the numbers show
// between wire and records, and by what the collector has multiplied. All sampling causes follow from it.

import type { Volume } from '../../kernel/units.ts'
import {
  commonFactor,
  estimateRate,
  isSignOfSampling,
  leastRate,
  type Manner,
  type Ratio,
} from './estimate.ts'
import {
  alpha,
  type Conditions,
  confidenceOfRate,
  countsOf,
  type FlowPair,
  isAsItMustBe,
  type Judgement,
  judgeSampling,
} from './judge.ts'
import type { Method } from './law.ts'
import { judgePeriods, type Period, type PeriodCounts } from './periods.ts'

/** A rate that the exporter gave for its records. */
export interface Announcement {
  /** N of 1:N; undefined where it gave none. */
  readonly rate: number | undefined
  /** Where it said so: the message's header (v5, sFlow), the record itself, or options records. */
  readonly source: 'header' | 'record' | 'options' | undefined
  /** Records that it holds for. */
  readonly records: number
}

/** What the records' counters are of the wire's. */
export type Counters =
  /** Every packet was metered. */
  | 'whole'
  /** As many as were sampled. */
  | 'sampled'
  /** Sampled, and multiplied by the exporter itself: both, or one of them alone. */
  | 'multiplied'
  | 'packets multiplied'
  | 'bytes multiplied'

export interface Analysis {
  /** N that the lab asks for; 1 where for none. */
  readonly intended: number
  readonly announced: readonly Announcement[]
  /** The one rate that was announced for records, if it was one. */
  readonly announcedRate: number | undefined
  /** Several rates were announced, each for some records: as an event of the lab had it, or not. */
  readonly changed: 'asked' | 'unasked' | undefined
  readonly counters: Counters
  /** Where the rate changed as an event of the lab had it, and the wire was counted over time. */
  readonly periods: readonly Period[]
  /** What the numbers show; undefined where too little was sampled, or flows do not share one rate. */
  readonly observed: Ratio | undefined
  /** At the rate that the lab asks for, else at that which the numbers show, else at that which was announced. */
  readonly judged: Judgement | undefined
  /** Whether there is any sampling to be judged: asked for, announced, or seen in the numbers. */
  readonly isSampled: boolean
  /** By table of the collector: the factor between what arrived and what it holds; undefined where no one factor holds. */
  readonly factors: readonly {
    readonly table: string
    readonly factor: number | undefined
    /** The factor, or 1 or the announced rate, whichever is nearer to what the sums say. */
    readonly assumed: number
  }[]
}

export interface Given {
  readonly intended: { readonly rate: number; readonly method: Method } | undefined
  readonly announced: readonly Announcement[]
  /** Whether an event of the lab was to change what the probe does. */
  readonly reconfigured: boolean
  /** Between such events; none where the wire was not counted over time. */
  readonly periods: readonly PeriodCounts[]
  /** Whether the probe's configuration speaks of sampling in its own words. */
  readonly hinted: boolean
  /** Whether it is known to have missed packets otherwise: then a ratio that flows share is no sign of sampling. */
  readonly disturbed: boolean
  readonly pairs: readonly FlowPair[]
  readonly conditions: Omit<Conditions, 'rate' | 'method'>
  readonly tables: readonly {
    readonly table: string
    readonly pairs: readonly { readonly arrived: Volume; readonly collected: Volume }[]
  }[]
}

const isWhole = ({ wire, sampled }: FlowPair): boolean =>
  wire.packets === sampled.packets && wire.bytes === sampled.bytes

/** Which counters an exporter may have multiplied by its rate. */
const multiplications: readonly (readonly [Counters, readonly (keyof Volume)[]])[] = [
  ['multiplied', ['packets', 'bytes']],
  ['packets multiplied', ['packets']],
  ['bytes multiplied', ['bytes']],
]

/** Divides the records' counters by what the exporter has multiplied them by. */
const divided = (pairs: readonly FlowPair[], columns: readonly (keyof Volume)[], by: number): FlowPair[] => {
  const part = (column: keyof Volume, value: number): number =>
    columns.includes(column) ? value / by : value
  return pairs.map((pair) => ({
    ...pair,
    sampled: {
      packets: part('packets', pair.sampled.packets),
      bytes: part('bytes', pair.sampled.bytes),
    },
  }))
}

export const isWithin = (rate: number, { low, high }: Ratio): boolean => rate >= low && rate <= high

export function analyse(given: Given): Analysis {
  const { intended, announced, pairs, conditions, tables } = given
  const rates = [...new Set(announced.flatMap(({ rate }) => rate ?? []))]
  const announcedRate = rates.length === 1 ? rates[0] : undefined
  const changed: Analysis['changed'] = rates.length < 2 ? undefined : given.reconfigured ? 'asked' : 'unasked'
  const method = intended?.method ?? 'random'
  const asked = intended?.rate ?? 1
  const judgeAt = (rate: number, of: readonly FlowPair[] = pairs): Judgement | undefined =>
    rate > 1 ? judgeSampling(of, { ...conditions, method, rate }) : undefined
  const isSaid = asked > 1 || rates.some((rate) => rate > 1)
  const shared = {
    isSampled: isSaid,
    intended: asked,
    announced,
    announcedRate,
    changed,
    periods: changed === 'asked' ? judgePeriods(given.periods, { ...conditions, method }) : [],
    factors: tables.map(({ table, pairs: own }) => {
      const factor = factorOf(own)
      return {
        table,
        factor,
        assumed: factor ?? nearer(own, announcedRate ?? (changed ? Math.min(...rates) : 1)),
      }
    }),
  }
  const manner = { ...conditions, method }
  if (pairs.every(isWhole)) return { ...shared, counters: 'whole', observed: undefined, judged: undefined }

  for (const rate of new Set([asked, announcedRate ?? 1]))
    for (const [counters, columns] of multiplications) {
      if (!isMultipleOf(pairs, columns, rate)) continue
      const parts = divided(pairs, columns, rate)
      const judged = judgeAt(rate, parts)
      if (judged && isAsItMustBe(judged))
        return { ...shared, counters, observed: observe(parts, manner), judged }
    }
  const observed = observe(pairs, manner)
  const isAnnounced = announcedRate !== undefined && (!observed || isWithin(announcedRate, observed))
  const rate = asked > 1 ? asked : ((isAnnounced ? announcedRate : rounded(observed)) ?? 1)
  return {
    ...shared,
    isSampled: isSaid || looksSampled(observed, given),
    counters: 'sampled',
    observed,
    judged: changed ? undefined : judgeAt(rate),
  }
}

/** Without anybody's word. */
const looksSampled = (observed: Ratio | undefined, { pairs, hinted, disturbed }: Given): boolean =>
  observed !== undefined &&
  (hinted ? observed.low >= leastRate : !disturbed && isSignOfSampling(observed, pairs.map(countsOf)))

const observe = (pairs: readonly FlowPair[], manner: Manner): Ratio | undefined =>
  estimateRate(pairs.map(countsOf), confidenceOfRate, manner)

/** The integer that is nearest to what was observed, if it is one that was observed. */
function rounded(observed: Ratio | undefined): number | undefined {
  if (!observed) return undefined
  const nearest = Math.round(observed.rate)
  return isWithin(nearest, observed) ? nearest : observed.rate
}

const isMultipleOf = (
  pairs: readonly FlowPair[],
  columns: readonly (keyof Volume)[],
  rate: number,
): boolean =>
  rate > 1 &&
  Number.isInteger(rate) &&
  // So few numbers are multiples of it by chance.
  rate ** (columns.length * pairs.filter(({ sampled }) => sampled.packets > 0).length) >= 1 / alpha &&
  pairs.every(({ sampled }) => columns.every((column) => sampled[column] % rate === 0))

function factorOf(
  pairs: readonly { readonly arrived: Volume; readonly collected: Volume }[],
): number | undefined {
  const of = (count: 'packets' | 'bytes') =>
    commonFactor(pairs.map(({ arrived, collected }) => ({ from: arrived[count], to: collected[count] })))
  const packets = of('packets')
  const bytes = of('bytes')
  return packets !== undefined && bytes !== undefined && Math.abs(packets - bytes) < 1e-6 * packets
    ? packets
    : undefined
}

/** Whether a collector that keeps these multiplies by the rate, as far as its sums tell. */
function nearer(
  pairs: readonly { readonly arrived: Volume; readonly collected: Volume }[],
  rate: number,
): number {
  const [arrived, collected] = (['arrived', 'collected'] as const).map((side) =>
    pairs.reduce((sum, pair) => sum + pair[side].packets, 0),
  )
  return (collected ?? 0) > (arrived ?? 0) * Math.sqrt(rate) ? rate : 1
}
