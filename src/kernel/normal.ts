// The standard normal distribution: its tails, exact to some ten digits however small they are, and its quantiles.

/** P(Z > z) for z ≥ 0: the series of the error function near 0, Laplace's continued fraction beyond. */
export function normalTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
  if (z < 3) {
    let [term, sum] = [z, z]
    for (let n = 3; term > sum * 1e-17; n += 2) sum += term *= (z * z) / n
    return 0.5 - density * sum
  }
  let fraction = z
  for (let n = 200; n > 0; n--) fraction = z + n / fraction
  return density / fraction
}

/** P(Z ≤ z). */
export const normalBelow = (z: number): number => (z > 0 ? 1 - normalTail(z) : normalTail(-z))

/** The z ≥ 0 with P(Z > z) = `tail`, which is above 0 and at most 0.5. */
function tailQuantile(tail: number): number {
  let [low, high] = [0, 40]
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2
    if (normalTail(middle) > tail) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** The z with P(Z ≤ z) = `p`, which lies between 0 and 1, neither included. */
export const normalQuantile = (p: number): number => (p > 0.5 ? tailQuantile(1 - p) : -tailQuantile(p))

/** How many standard deviations a standard normal value stays within with this probability: 1.96 for 0.95. */
export const withinDeviations = (confidence: number): number => tailQuantile((1 - confidence) / 2)
