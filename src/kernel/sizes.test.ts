// Means against the integral of what lies above each size, done here by Simpson's rule on ln x from survival functions written
// down anew, and against published values; quantiles against the same survival functions.
import { expect, test } from 'vitest'
import { boundedPareto, type Law, truncatedLognormal, uniform } from './sizes.ts'

/** E[X] = L + the integral of P(X > x) from L to H; x = e^t. */
function meanOf(survival: (x: number) => number, least: number, most: number): number {
  const steps = 20_000
  const [from, to] = [Math.log(least), Math.log(most)]
  const width = (to - from) / steps
  let sum = 0
  for (let step = 0; step <= steps; step++) {
    const x = Math.exp(from + step * width)
    const weight = step === 0 || step === steps ? 1 : step % 2 === 1 ? 4 : 2
    sum += weight * survival(x) * x
  }
  return least + (sum * width) / 3
}

/** Φ by Marsaglia's series (2004), which sums x^n / (1·3·5·…·n). */
function phi(x: number): number {
  let [sum, term, n] = [x, x, 1]
  while (sum !== sum + term) sum += term *= (x * x) / (n += 2)
  return 0.5 + sum * Math.exp(-0.5 * x * x - 0.9189385332046727)
}

const pareto = (shape: number, least: number, most: number) => (x: number) => {
  const above = (value: number) => (least / value) ** shape
  return (above(x) - above(most)) / (1 - above(most))
}

const lognormal = (median: number, sigma: number, least: number, most: number) => (x: number) => {
  const below = (value: number) => phi((Math.log(value) - Math.log(median)) / sigma)
  return (below(most) - below(x)) / (below(most) - below(least))
}

const laws: readonly (readonly [string, Law, (x: number) => number, number, number])[] = [
  ['pareto 1.2', boundedPareto(1.2, 500, 1e6), pareto(1.2, 500, 1e6), 500, 1e6],
  ['pareto 1', boundedPareto(1, 100, 1e5), pareto(1, 100, 1e5), 100, 1e5],
  ['pareto 0.6', boundedPareto(0.6, 100, 1e7), pareto(0.6, 100, 1e7), 100, 1e7],
  ['pareto 3', boundedPareto(3, 100, 1e4), pareto(3, 100, 1e4), 100, 1e4],
  ['lognormal', truncatedLognormal(4000, 1.5, 100, 1e6), lognormal(4000, 1.5, 100, 1e6), 100, 1e6],
  ['above its median', truncatedLognormal(1000, 1, 2000, 9000), lognormal(1000, 1, 2000, 9000), 2000, 9000],
  ['below its median', truncatedLognormal(1000, 2, 100, 900), lognormal(1000, 2, 100, 900), 100, 900],
  ['uniform', uniform(200, 600), (x) => (600 - x) / 400, 200, 600],
]

test.each(laws)('%s: the mean is the integral of what lies above', (_, { mean }, survival, least, most) => {
  expect(mean / meanOf(survival, least, most)).toBeCloseTo(1, 6)
})

test.each(laws)('%s: a share u lies below its quantile', (_, { quantile }, survival, least, most) => {
  expect(quantile(0)).toBeCloseTo(least, 6)
  for (const u of [0.001, 0.1, 0.5, 0.9, 0.99, 0.9999]) {
    expect(quantile(u)).toBeGreaterThanOrEqual(least)
    expect(quantile(u)).toBeLessThanOrEqual(most)
    expect(1 - survival(quantile(u))).toBeCloseTo(u, 8)
  }
})

test('known moments: Pareto of shape 2 from 1 has the mean 2, lognormal of 0 and 1 the root of e', () => {
  expect(boundedPareto(2, 1, 1e9).mean).toBeCloseTo(2, 6)
  expect(truncatedLognormal(1, 1, 1e-9, 1e9).mean).toBeCloseTo(1.6487212707, 8)
})
