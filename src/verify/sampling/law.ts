// What sampling 1:N must make of a flow, and what it cannot: how likely a count of sampled packets is. docs/sampling.md has the
// models and where they come from.

import { binomialTails, hypergeometricTails, twoSided } from './probability.ts'

/**
 * How packets are chosen (RFC 5475, section 5): `random` by chance, each with probability 1/N, whatever became of the others;
 * `deterministic` every Nth of those that a counter counts.
 */
export type Method = 'random' | 'deterministic'

/** All that one metering process chose from. */
export interface Scope {
  readonly method: Method
  /** N of 1:N, above 1; need not be an integer. */
  readonly rate: number
  /** Packets that crossed, of all flows together. */
  readonly packets: number
  /** How many of them were sampled. */
  readonly sampled: number
  /** Packets that crossed besides and may have been counted and chosen too, though no flow record tells of them. */
  readonly beside: number
  /** Counters that count by themselves: one an interface and life of the metering process. */
  readonly counters: number
}

/**
 * Chance of a count at least as far off, over all flows together. Every Nth of T packets is ⌊T/N⌋ or ⌈T/N⌉ of them, a counter:
 * beyond that the chance is 0.
 */
export function totalChance({ method, rate, packets, sampled, beside, counters }: Scope): number {
  if (method === 'deterministic') {
    const fewest = packets / rate - counters - beside
    const most = (packets + beside) / rate + counters
    return sampled > fewest && sampled < most ? 1 : 0
  }
  return twoSided(binomialTails(packets, 1 / rate, sampled))
}

/**
 * Chance of a count at least as far off in one flow of `packets`. Where every Nth is taken, each choice of so many packets from
 * all is taken to be as likely as any other: true of flows that are mixed without regard to the counter.
 */
export function flowChance(scope: Scope, packets: number, sampled: number): number {
  if (packets === 0) return sampled === 0 ? 1 : 0
  if (scope.method === 'random') return twoSided(binomialTails(packets, 1 / scope.rate, sampled))
  return twoSided(hypergeometricTails(scope.packets, packets, scope.sampled, sampled))
}

/** Standard deviation of N × sampled about the packets of a flow. */
export const packetsError = (rate: number, packets: number): number => Math.sqrt(packets * (rate - 1))

/** As packetsError, in bytes: Σ sizes² takes the place of the count (Horvitz and Thompson's estimator). */
export const bytesError = (rate: number, squares: number): number => Math.sqrt(squares * (rate - 1))
