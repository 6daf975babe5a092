// The witnesses side by side as a statement: what each has of every value of a key, the largest first.

import type { Statement } from '../store.ts'
import { type KeyName, keyOf, type Witness } from './columns.ts'
import { rows, type Selection } from './series.ts'
import { Values } from './statement.ts'

/** `recent`: what crossed the wire since a moment. */
export type Counted = Witness | 'recent'

export const orders = ['rate', 'wire', 'exported', 'arrived', 'collected', 'difference', 'key'] as const
export type Order = (typeof orders)[number]

export interface Comparison extends Selection {
  readonly counted: readonly Counted[]
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly since: number
  readonly order: Order
  /** The smallest first; of a key, the last. */
  readonly reverse: boolean
  readonly measure: 'packets' | 'bytes'
  readonly limit: number
}

/**
 * A row a value of the key: `k`, `total` (values there are), and packets and bytes of each that is counted, such as
 * `wire_packets`. The difference is what the wire has and the last of the others that are counted has not. Throws FilterError.
 */
export function comparison({
  counted,
  since,
  order,
  reverse,
  measure,
  limit,
  ...selection
}: Comparison): Statement {
  const values = new Values()
  const all = counted.map((each) => {
    const from =
      each === 'recent'
        ? rows('wire', selection, values, true, [
            `epoch_us(r.last) > ${values.add(Math.round(since * 1000))}`,
          ])
        : rows(each, selection, values, false)
    return `SELECT '${each}' AS w, k, packets, bytes FROM (${from})`
  })
  const sums = counted.flatMap((each) =>
    (['packets', 'bytes'] as const).map(
      (what) => `coalesce(sum(${what}) FILTER (w = '${each}'), 0) AS ${each}_${what}`,
    ),
  )
  return {
    sql: `SELECT *, count(*) OVER () AS total FROM (SELECT k, ${sums.join(', ')} FROM (${all.join(' UNION ALL ')}) GROUP BY k)
      ORDER BY ${orderBy(order, counted, measure, selection.by)} ${(order === 'key') === reverse ? 'DESC' : 'ASC'} NULLS LAST,
        ${counted[0]}_${measure} DESC, k LIMIT ${values.add(limit)}`,
    values: values.all,
  }
}

/** Ports and AS numbers are text here, and in the order of numbers there. */
function orderBy(order: Order, counted: readonly Counted[], measure: string, by?: KeyName): string {
  const isNumeric = by !== undefined && keyOf(by).kind === 'address'
  const last = counted.findLast((each) => each !== 'wire' && each !== 'recent')
  const terms: Readonly<Record<string, string>> = {
    key: isNumeric ? 'k' : 'try_cast(k AS HUGEINT)',
    ...Object.fromEntries(counted.map((each) => [each === 'recent' ? 'rate' : each, `${each}_${measure}`])),
    ...(last && counted.includes('wire') ? { difference: `abs(wire_${measure} - ${last}_${measure})` } : {}),
  }
  return terms[order] ?? terms[counted[0] ?? 'key'] ?? 'k'
}
