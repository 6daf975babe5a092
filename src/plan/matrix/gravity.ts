// A traffic matrix's cells: who sends which share of everything to whom.
//
// The gravity model (Zhang, Roughan, Duffield and Greenberg, SIGMETRICS 2003): what end i sends to end j is proportional to what i
// sends at all and to what j receives at all. Of the total, with weights s and r,
//     share(i, j) = s(i) r(j) / sum over all k, l with k ≠ l of s(k) r(l),   share(i, i) = 0.

import type { MatrixEnd, MatrixTraffic } from '../../topology/topology.ts'

export interface Cell {
  readonly from: MatrixEnd
  readonly to: MatrixEnd
  /** Of all; the cells' shares add up to 1. */
  readonly share: number
}

/** Those in which anything is sent, row by row. */
export function cellsOf({ ends, demands }: Pick<MatrixTraffic, 'ends' | 'demands'>): Cell[] {
  const written = demands?.flatMap(({ from, to, amount }) => {
    const [a, b] = [from, to].map((name) => ends.find((end) => end.name === name))
    return a && b ? [{ from: a, to: b, amount }] : []
  })
  const amounts =
    written ??
    ends.flatMap((from) =>
      ends.flatMap((to) => (from === to ? [] : [{ from, to, amount: from.sends * to.receives }])),
    )
  const total = amounts.reduce((sum, { amount }) => sum + amount, 0)
  return amounts.flatMap(({ from, to, amount }) => (amount > 0 ? [{ from, to, share: amount / total }] : []))
}
