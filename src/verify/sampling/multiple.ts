// Many tests at once. Holm's procedure: the chance that any of them fails while nothing is wrong stays below `alpha`, however the
// tests hang together, and flows of one sampler do hang together. (Benjamini and Hochberg bound the share of false ones among
// the findings; a verdict is false with the first.)

/**
 * p-values corrected for their number: each may be held against `alpha` by itself. Holm, S. (1979): A simple sequentially
 * rejective multiple test procedure. In the order of the values given.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = [...pValues.keys()].toSorted((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1))
  const corrected = Array<number>(pValues.length).fill(1)
  let largest = 0
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues[index] ?? 1) * (pValues.length - rank)))
    corrected[index] = largest
  })
  return corrected
}
