// Packet sizes of sampled packets: whether the bytes that the sampled packets had can be those of packets chosen by chance from
// the flow. Given how many were sampled, this does not depend on the rate.

import type { Volume } from '../../kernel/units.ts'

/** What is known of the sizes of a flow's packets, in layer-3 bytes. */
export interface Sizes {
  readonly least: number
  readonly most: number
  /** Of the sizes squared, over all of the flow's packets, where the wire tells; else it is bounded by the others. */
  readonly squares?: number
}

/** Of a size in [least, most] with this mean: Bhatia and Davis's bound, reached where every packet has one of both. */
const largestVariance = (mean: number, { least, most }: Sizes): number =>
  Math.max(0, (most - mean) * (mean - least))

export function varianceOf({ packets, bytes }: Volume, sizes: Sizes): number {
  const mean = bytes / packets
  const most = largestVariance(mean, sizes)
  return sizes.squares === undefined
    ? most
    : Math.max(0, Math.min(most, sizes.squares / packets - mean * mean))
}

/** Σ of the sizes squared, or the largest that it can be. */
export const squaresOf = (flow: Volume, sizes: Sizes): number =>
  flow.packets === 0 ? 0 : flow.bytes * (flow.bytes / flow.packets) + flow.packets * varianceOf(flow, sizes)

/**
 * The largest chance, over all flows with these packets, bytes and sizes, that `sampled.packets` packets chosen from the flow
 * without putting back have a sum of sizes as far from the expected as `sampled.bytes`. Two-sided; the smaller of Serfling's
 * bound (1974, Probability inequalities for the sum in sampling without replacement) and Bernstein's, both of which hold for
 * any number of packets. 0 where no such choice is possible.
 */
export function sizesChance(flow: Volume, sampled: Volume, sizes: Sizes): number {
  const { packets: n, bytes } = flow
  const { packets: k } = sampled
  if (k === 0) return sampled.bytes === 0 ? 1 : 0
  if (k > n) return 1 // The count is wrong; that is another test's matter.
  const mean = bytes / n
  const off = Math.abs(sampled.bytes / k - mean)
  const rest = bytes - sampled.bytes
  const slack = 1e-6 * bytes
  const impossible =
    sampled.bytes < k * sizes.least - slack ||
    sampled.bytes > k * sizes.most + slack ||
    rest < (n - k) * sizes.least - slack ||
    rest > (n - k) * sizes.most + slack
  if (impossible) return 0
  if (off * k <= slack) return 1
  const range = sizes.most - sizes.least
  const serfling = 2 * Math.exp((-2 * k * off * off) / ((1 - (k - 1) / n) * range * range))
  const variance = varianceOf(flow, sizes)
  const bernstein = 2 * Math.exp((-k * off * off) / (2 * variance + (2 / 3) * range * off))
  return Math.min(1, serfling, bernstein)
}
