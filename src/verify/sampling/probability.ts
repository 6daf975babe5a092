// The distributions that sampling is judged by, beside the normal of kernel/: tails of the binomial and the hypergeometric, exact
// to some ten digits however small they are.

import { gammaln } from 'simple-statistics'

/** ln of the number of ways to choose k of n. */
const lnChoose = (n: number, k: number): number => gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)

/**
 * Sums a tail of a discrete distribution from its value at `k` outwards, each term from the one before by `ratio`. Terms
 * fall, so the sum ends when they no longer count.
 */
function tail(lnFirst: number, ratios: (step: number) => number): number {
  let [term, sum] = [1, 1]
  for (let step = 0; ; step++) {
    term *= ratios(step)
    sum += term
    if (!(term > sum * 1e-17)) return Math.min(1, Math.exp(lnFirst) * sum)
  }
}

/** Both tails of an integer distribution with support `low` to `high`, each with the value itself: P(X ≤ k) and P(X ≥ k). */
export interface Tails {
  readonly atMost: number
  readonly atLeast: number
}

interface Discrete {
  readonly low: number
  readonly high: number
  readonly mean: number
  readonly lnMass: (k: number) => number
  /** mass(k + 1) / mass(k) */
  readonly up: (k: number) => number
}

function tailsOf({ low, high, mean, lnMass, up }: Discrete, k: number): Tails {
  if (k < low) return { atMost: 0, atLeast: 1 }
  if (k > high) return { atMost: 1, atLeast: 0 }
  const ln = lnMass(k)
  // The shorter side is summed, the other follows; next to the mean both lose nothing by it.
  if (k <= mean) {
    const atMost = tail(ln, (step) => (k - step <= low ? 0 : 1 / up(k - step - 1)))
    return { atMost, atLeast: Math.min(1, 1 - atMost + Math.exp(ln)) }
  }
  const atLeast = tail(ln, (step) => (k + step >= high ? 0 : up(k + step)))
  return { atMost: Math.min(1, 1 - atLeast + Math.exp(ln)), atLeast }
}

/** How many of `n` are chosen where each is, by itself, with probability `p` in (0, 1). */
export const binomialTails = (n: number, p: number, k: number): Tails =>
  tailsOf(
    {
      low: 0,
      high: n,
      mean: n * p,
      lnMass: (x) => lnChoose(n, x) + x * Math.log(p) + (n - x) * Math.log1p(-p),
      up: (x) => ((n - x) * p) / ((x + 1) * (1 - p)),
    },
    k,
  )

/** How many of `n` are among `drawn` of `population`, none drawn twice. */
export const hypergeometricTails = (population: number, n: number, drawn: number, k: number): Tails =>
  tailsOf(
    {
      low: Math.max(0, n + drawn - population),
      high: Math.min(n, drawn),
      mean: (n * drawn) / population,
      lnMass: (x) => lnChoose(n, x) + lnChoose(population - n, drawn - x) - lnChoose(population, drawn),
      up: (x) => ((n - x) * (drawn - x)) / ((x + 1) * (population - n - drawn + x + 1)),
    },
    k,
  )

/** Two-sided: twice the smaller tail. */
export const twoSided = ({ atMost, atLeast }: Tails): number => Math.min(1, 2 * Math.min(atMost, atLeast))
