// The clocks of two recordings: by how much records speak of other times than the capture has for the same packets, told from the flows of
// which both count as many. What is off as a whole is a clock; volumes are compared as if it were right.

import type { Store } from '../store.ts'
import type { Field } from '../verify/granularity.ts'
import { slack } from './books.ts'

export interface ClockOff {
  /** Microseconds by which records are late: negative is early. */
  readonly off: number
  /** Flows that tell it. */
  readonly flows: number
}

/** Fewer flows tell nothing. */
const fewest = 3

/** Sets the records' times by the capture's clock; undefined where they are so within what protocols tell times by. */
export async function setClock(store: Store, fields: readonly Field[]): Promise<ClockOff | undefined> {
  if (fields.length === 0) return undefined
  const told = fields.join(', ')
  const flows = (table: string): string => `
    SELECT ${told}, sum(packets) AS packets, epoch_us(min(flowStart)) AS first, epoch_us(max(flowEnd)) AS last
    FROM ${table} GROUP BY ${told}`
  const same = fields.map((field) => `seen.${field} IS NOT DISTINCT FROM said.${field}`).join(' AND ')
  const [row] = await store.ask<Readonly<Record<string, bigint | number | null>>>(`
    SELECT count(*) AS flows, median(off)::DOUBLE AS off,
      (quantile_cont(off, 0.9) - quantile_cont(off, 0.1))::DOUBLE AS spread
    FROM (SELECT (said.first - seen.first + said.last - seen.last) / 2 AS off
      FROM (${flows('packets')}) AS seen JOIN (${flows('exported')}) AS said ON ${same}
      WHERE seen.packets = said.packets AND said.first IS NOT NULL AND said.last IS NOT NULL)`)
  const [count, off, spread] = [
    Number(row?.['flows'] ?? 0),
    Number(row?.['off'] ?? 0),
    Number(row?.['spread'] ?? 0),
  ]
  if (count < fewest || Math.abs(off) <= slack || spread > 2 * slack) return undefined
  const by = `to_microseconds(${Math.round(off)})`
  // The recording's own clock is the exporter's where records come soon after their last packet by it.
  await store.ask(`
    UPDATE exported SET seen = seen - ${by} WHERE (
      SELECT abs(late) <= abs(late + ${Math.round(off)}) FROM (SELECT min(epoch_us(seen) - epoch_us(flowEnd)) AS late FROM exported));
    UPDATE exported SET flowStart = flowStart - ${by}, flowEnd = flowEnd - ${by}`)
  return { off, flows: count }
}
