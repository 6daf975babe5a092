// The rate that the numbers themselves show, whoever announced what: one ratio between two witnesses, if all flows share it.

import type { Scope } from './law.ts'
import { holm } from './multiple.ts'
import { binomialTails, hypergeometricTails, twoSided } from './probability.ts'

export interface Ratio {
  /** Packets that crossed, of one that was sampled. */
  readonly rate: number
  readonly low: number
  readonly high: number
}

/** Crossed, and sampled of them. */
export interface Pair {
  readonly packets: number
  readonly sampled: number
}

const total = (pairs: readonly Pair[], of: keyof Pair): number =>
  pairs.reduce((sum, each) => sum + each[of], 0)

/** How packets were chosen; without it, at random. */
export type Manner = Pick<Scope, 'method' | 'beside' | 'counters'>

const atRandom: Manner = { method: 'random', beside: 0, counters: 1 }

/**
 * The rate at which packets were sampled, with its interval at `confidence`; undefined where none or as many were as crossed, or
 * where the flows do not share one rate.
 */
export function estimateRate(
  flows: readonly Pair[],
  confidence: number,
  manner: Manner = atRandom,
): Ratio | undefined {
  const packets = total(flows, 'packets')
  const sampled = total(flows, 'sampled')
  if (sampled === 0 || sampled >= packets) return undefined
  if (flows.some((each) => each.sampled > each.packets)) return undefined
  if (!shareOneRate(flows, 1 - confidence)) return undefined
  return { rate: packets / sampled, ...ratesOf({ low: packets, high: packets }, sampled, confidence, manner) }
}

/**
 * The rates at which `sampled` packets may come of so many: at random by Clopper and Pearson, at `confidence`; of every Nth no
 * others are possible. Where how many crossed is known to bounds only, the rates of both.
 */
export function ratesOf(
  packets: { readonly low: number; readonly high: number },
  sampled: number,
  confidence: number,
  { method, beside, counters }: Manner,
): Pick<Ratio, 'low' | 'high'> {
  if (method === 'deterministic' && sampled > counters)
    return {
      low: Math.max(1, packets.low / (sampled + counters + beside)),
      high: (packets.high + beside) / (sampled - counters),
    }
  const doubt = (1 - confidence) / 2
  const mean = (crossed: number): number => Math.max(1, crossed / sampled)
  // P(X ≥ sampled) falls with the rate, P(X ≤ sampled) rises with it.
  return {
    low:
      packets.low <= sampled
        ? 1
        : crossing(1, mean(packets.low), (rate) => {
            return binomialTails(packets.low, 1 / rate, sampled).atMost >= doubt
          }),
    high: crossing(mean(packets.high), packets.high * 1e6, (rate) => {
      return binomialTails(packets.high, 1 / rate, sampled).atLeast < doubt
    }),
  }
}

/** A ratio below this is a loss, and no rate. */
export const leastRate = 1.5
/** Fewer sampled packets than this are no sign of a rate that nobody speaks of. */
const fewestToTell = 20

/** Whether flows look sampled though nobody says so: an integer rate, known closely, that at least three of them tell. */
export function isSignOfSampling({ rate, low, high }: Ratio, flows: readonly Pair[]): boolean {
  const told = flows.filter(({ packets }) => packets >= 5 * rate).length
  const [least, most] = [Math.ceil(low), Math.floor(high)]
  return (
    low >= leastRate &&
    total(flows, 'sampled') >= fewestToTell &&
    told >= 3 &&
    (least === most || (least < most && high < 1.25 * low))
  )
}

/** Given the total, sampled packets are spread over the flows by their share of the wire. */
function shareOneRate(flows: readonly Pair[], alpha: number): boolean {
  const packets = total(flows, 'packets')
  const sampled = total(flows, 'sampled')
  const chances = flows.map((each) =>
    twoSided(hypergeometricTails(packets, each.packets, sampled, each.sampled)),
  )
  return holm(chances).every((chance) => chance >= alpha)
}

/** Where a condition becomes true between `from`, where it is not, and `to`, to nine digits. */
function crossing(from: number, to: number, holds: (value: number) => boolean): number {
  let [low, high] = [from, to]
  while (high - low > 1e-9 * low) {
    const middle = Math.sqrt(low * high)
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}

/** Of what a factor is that is to be one: the rest may be lost, or stand elsewhere. */
const mostOf = 0.8

/**
 * The exact factor between what a collector got and what it keeps, where one factor holds for most of it: counters are multiplied,
 * not drawn. undefined where there is none, or nothing to compare.
 */
export function commonFactor(
  pairs: readonly { readonly from: number; readonly to: number }[],
): number | undefined {
  const seen = pairs.filter(({ from }) => from > 0).toSorted((a, b) => a.to / a.from - b.to / b.from)
  const whole = seen.reduce((sum, { from }) => sum + from, 0)
  let left = whole / 2
  const middle = seen.find(({ from }) => (left -= from) <= 0)
  if (!middle || middle.to === 0) return undefined
  const factor = middle.to / middle.from
  // A collector may round what it multiplies.
  const holds = seen.filter(({ from, to }) => Math.abs(to - factor * from) <= 1e-9 * to)
  return holds.reduce((sum, { from }) => sum + from, 0) >= mostOf * whole ? factor : undefined
}

const swap16 = (value: number): number => ((value & 0xff) << 8) | ((value >>> 8) & 0xff)
const swap32 = (value: number): number =>
  (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0

/** Ways in which a rate becomes another one, as exporters and collectors have been seen to do. */
const mistakes: readonly { readonly words: string; readonly of: (said: number) => number }[] = [
  {
    words: 'the two mode bits of NetFlow v5’s sampling field taken for part of the interval',
    of: (said) => (said > 0x3fff && said <= 0xffff ? said & 0x3fff : 0),
  },
  { words: 'its two octets in the wrong order', of: (said) => (said <= 0xffff ? swap16(said) : 0) },
  { words: 'its four octets in the wrong order', of: swap32 },
  { words: 'the packets between two sampled ones, without the sampled one', of: (said) => said + 1 },
  { words: 'one too many: interval and space added twice over', of: (said) => said - 1 },
  { words: 'the rate multiplied by itself', of: Math.sqrt },
]

/** How a rate that was said may have come from one in the interval; undefined where nothing known makes it. */
export const mistakeIn = (said: number, { low, high }: Ratio): string | undefined =>
  Number.isInteger(said) && said > 0
    ? mistakes.find(({ of }) => of(said) > 1 && of(said) >= low && of(said) <= high)?.words
    : undefined
