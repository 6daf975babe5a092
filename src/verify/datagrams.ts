// Datagrams of exports at both ends of their way, told apart by what their records say: which did not arrive, and which arrived
// once more than they left.

import { literal, type Store } from '../store.ts'
import type { Seen } from './evidence-item.ts'

export interface Datagrams {
  readonly count: number
  readonly first: readonly Seen[]
  /** Octets up to the last record of each: of the smallest and the largest. */
  readonly smallest: number
  readonly largest: number
}

export interface Way {
  /** That left and did not arrive. */
  readonly lost: Datagrams
  /** That arrived more often than they left. */
  readonly more: Datagrams
  readonly arrived: Datagrams
  /** The first ten thousand of them. */
  readonly arrivals: readonly Seen[]
}

/** Conditions on rows of `exported` and `arrived`, once `datagramsOf` was asked. */
export const isLost = 'packet IN (SELECT packet FROM lostDatagrams)'
export const isRepeated = 'packet IN (SELECT packet FROM exportedDatagrams WHERE copy > 1)'
export const isMore = 'packet IN (SELECT packet FROM moreDatagrams)'

const shown = 3
const mostArrivals = 10_000

export async function datagramsOf(store: Store, exports: string): Promise<Way> {
  const prints = (side: 'exported' | 'arrived'): string => `
    CREATE OR REPLACE TEMP TABLE ${side}Datagrams AS
    SELECT *, row_number() OVER (PARTITION BY print ORDER BY packet) AS copy FROM (
      SELECT packet, min(seen) AS seen, max(octet) AS size,
        bit_xor(hash(octet, domain, source, destination, protocol, sourcePort, destinationPort, packets, bytes, flowStart, flowEnd)) AS print
      FROM ${side} WHERE probe = ${literal(exports)} GROUP BY packet);`
  const absent = (name: string, from: string, other: string): string => `
    CREATE OR REPLACE TEMP TABLE ${name} AS SELECT * FROM ${from} AS one
    WHERE NOT EXISTS (SELECT 1 FROM ${other} AS two WHERE one.print = two.print AND one.copy = two.copy);`
  await store.ask(
    [
      prints('exported'),
      prints('arrived'),
      absent('lostDatagrams', 'exportedDatagrams', 'arrivedDatagrams'),
      absent('moreDatagrams', 'arrivedDatagrams', 'exportedDatagrams'),
    ].join('\n'),
  )
  const firstOf = async (table: string, count: number): Promise<Seen[]> => {
    const rows = await store.ask<{ packet: number; seen: number }>(
      `SELECT packet, seen FROM ${table} ORDER BY packet LIMIT ${count}`,
    )
    return rows.map(({ packet, seen }) => ({ frame: packet, at: seen }))
  }
  const of = async (table: string): Promise<Datagrams> => {
    const [sum] = await store.ask(
      `SELECT count(*) AS count, min(size) AS smallest, max(size) AS largest FROM ${table}`,
    )
    const first = await firstOf(table, shown)
    return {
      count: Number(sum?.['count'] ?? 0),
      smallest: Number(sum?.['smallest'] ?? 0),
      largest: Number(sum?.['largest'] ?? 0),
      first,
    }
  }
  const arrivals = await firstOf('arrivedDatagrams', mostArrivals)
  return {
    arrivals,
    lost: await of('lostDatagrams'),
    more: await of('moreDatagrams'),
    arrived: await of('arrivedDatagrams'),
  }
}
