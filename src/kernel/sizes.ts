// Laws of flow sizes, each by its mean and its quantiles. They are bounded on both sides: a heavy tail without an end would make
// a single flow of a run larger than all others together, and its length unknown.
//
// Bounded Pareto (shape a, from L to H): P(X > x) = (L^a x^-a - c) / (1 - c) with c = (L/H)^a.
// Truncated lognormal (median m, deviation s of ln, from L to H): ln X is normal with mean ln m, given that it lies between
// ln L and ln H.

import { normalBelow, normalQuantile } from './normal.ts'

export interface Law {
  readonly mean: number
  /** The value that a share `u` (0 ≤ u < 1) of all lies below. */
  readonly quantile: (u: number) => number
}

export function uniform(least: number, most: number): Law {
  return { mean: (least + most) / 2, quantile: (u) => least + u * (most - least) }
}

/** @param shape above 0 */
export function boundedPareto(shape: number, least: number, most: number): Law {
  const beyond = (least / most) ** shape
  // The integral of x · a L^a x^(-a-1) from L to H; where a is 1 it is a logarithm.
  const mean =
    Math.abs(shape - 1) < 1e-9
      ? (least * Math.log(most / least)) / (1 - beyond)
      : ((shape / (shape - 1)) * (least - most * beyond)) / (1 - beyond)
  return { mean, quantile: (u) => least * (1 - u * (1 - beyond)) ** (-1 / shape) }
}

/** @param sigma above 0 */
export function truncatedLognormal(median: number, sigma: number, least: number, most: number): Law {
  const [low, high] = [least, most].map((bound) => Math.log(bound / median) / sigma) as [number, number]
  const between = (from: number, to: number): number =>
    // Of two values above the median the tails are subtracted, which are small and therefore exact.
    from > 0 ? normalBelow(-from) - normalBelow(-to) : normalBelow(to) - normalBelow(from)
  const inside = between(low, high)
  return {
    mean: (median * Math.exp((sigma * sigma) / 2) * between(low - sigma, high - sigma)) / inside,
    quantile: (u) => {
      const z =
        low > 0
          ? -normalQuantile(normalBelow(-low) - u * inside)
          : normalQuantile(Math.max(Number.MIN_VALUE, normalBelow(low) + u * inside))
      return Math.min(most, Math.max(least, median * Math.exp(sigma * z)))
    },
  }
}
