// The books of a link: what of the capture and of the records is compared, what is set aside and why, and the account of the
// rest. All of it is made by the store.

import { addressText, keyColumns, type Store } from '../store.ts'
import { account, type Account as AccountTable } from '../verify/accounts.ts'
import type { Field } from '../verify/granularity.ts'
import { volumeOf } from '../verify/ledgers.ts'
import type { Condition } from '../verify/selection.ts'
import type { Account, LinkFlow } from './verdict.ts'

/** Microseconds since 1970-01-01T00:00:00Z. */
export interface Interval {
  readonly from: number
  readonly to: number
}

export interface Selection {
  readonly interval: Interval
  /** At which of its edges traffic went on: those within the capture, and those beyond which records tell of packets. */
  readonly inner: { readonly from: boolean; readonly to: boolean }
  /** When the last export was seen; what crossed later cannot be in it. */
  readonly heard: number
  readonly selects: Condition
  /** What the exports' protocol has no fields for. */
  readonly untold: { readonly reason: string; readonly holds: Condition }
  readonly fields: readonly Field[]
}

/** Exporters tell times to the second (v5, v9: a clock of seconds beside an uptime), and clocks differ. Microseconds. */
export const slack = 1_000_000

export const outside = 'outside the interval'

const reasons = {
  filtered: 'left out by the filter',
  untold: '',
  outside,
  begins: 'of flows with a record that begins before the interval',
  ends: 'of flows with a record that ends after the interval',
  late: 'of flows that went on after the last export',
} as const
type Reason = keyof typeof reasons

const keys = Object.keys(keyColumns) as Field[]
const at = (time: number): string => `make_timestamp(${Math.floor(time)})`

/** Makes the tables `packetsBooked` and `exportedBooked`, each row with its reason ('' where it is compared), and the account. */
export async function bookLink(
  store: Store,
  { interval: { from, to }, inner, heard, selects, untold, fields }: Selection,
): Promise<{ readonly wire: Account; readonly exported: Account; readonly account: AccountTable }> {
  const told = fields.join(', ')
  // Where traffic went on nothing says on which side of the edge a record's packets were.
  const [begin, end] = [from + (inner.from ? slack : -slack), to + (inner.to ? -slack : slack)]
  const straddles = `
    SELECT ${told}, 'begins' AS reason FROM exported WHERE flowStart < ${at(begin)} AND flowEnd >= ${at(from - slack)}
    UNION ALL SELECT ${told}, 'ends' FROM exported WHERE flowStart <= ${at(to + slack)} AND flowEnd > ${at(end)}
    UNION ALL SELECT ${told}, 'late' FROM packets WHERE flowEnd > ${at(heard)} AND flowEnd <= ${at(to)}`
  const same = fields.map((field) => `flow.${field} IS NOT DISTINCT FROM aside.${field}`).join(' AND ')
  const booked = (table: 'packets' | 'exported', isOutside: Condition): string => `
    CREATE OR REPLACE TEMP TABLE ${table}Booked AS
    SELECT ${keys.map((key) => `flow.${key}`).join(', ')}, packets, bytes,
      coalesce(own, aside.reason, '') AS reason
    FROM (SELECT *, CASE WHEN NOT (${selects}) THEN 'filtered' WHEN ${untold.holds} THEN 'untold'
        WHEN ${isOutside} THEN 'outside' END AS own FROM ${table}) AS flow
      LEFT JOIN aside ON ${same === '' ? 'true' : same};`
  await store.ask(`
    CREATE OR REPLACE TEMP TABLE aside AS SELECT ${told === '' ? '' : `${told}, `}min(reason) AS reason
      FROM (${straddles}) ${told === '' ? '' : `GROUP BY ${told}`};
    ${booked('packets', `flowEnd < ${at(from)} OR flowStart > ${at(to)}`)}
    ${booked('exported', `coalesce(flowEnd < ${at(from - slack)} OR flowStart > ${at(to + slack)}, false)`)}`)
  const judged = (table: string): string => `SELECT * FROM ${table} WHERE reason = ''`
  const made = await account(
    store,
    'account',
    {
      wire: `SELECT 0::UTINYINT AS direction, * FROM (${judged('packetsBooked')})`,
      exported: judged('exportedBooked'),
    },
    fields,
  )
  return {
    wire: await accountOf(store, 'packetsBooked', untold.reason),
    exported: await accountOf(store, 'exportedBooked', untold.reason),
    account: made,
  }
}

async function accountOf(store: Store, table: string, untold: string): Promise<Account> {
  const rows = await store.ask<Readonly<Record<string, bigint | string | null>>>(`
    SELECT reason, sum(packets) AS packets, sum(bytes) AS bytes FROM ${table} GROUP BY reason ORDER BY reason`)
  const volumes = rows.map((row) => ({
    reason: row['reason'] as Reason | '',
    ...volumeOf(row['packets'], row['bytes']),
  }))
  const { packets = 0, bytes = 0 } = volumes.find(({ reason }) => reason === '') ?? {}
  return {
    total: {
      packets: volumes.reduce((sum, each) => sum + each.packets, 0),
      bytes: volumes.reduce((sum, each) => sum + each.bytes, 0),
    },
    besides: volumes.flatMap(({ reason, ...volume }) =>
      reason === '' ? [] : [{ ...volume, reason: reason === 'untold' ? untold : reasons[reason] }],
    ),
    judged: { packets, bytes },
  }
}

/** Those that differ most. */
export async function largestDifferences(
  store: Store,
  from: AccountTable,
  most: number,
): Promise<{ readonly compared: number; readonly largest: LinkFlow[] }> {
  const [count] = await store.ask<{ compared: bigint }>(`SELECT count(*) AS compared FROM ${from}`)
  const rows = await store.ask<
    Readonly<Record<'source' | 'destination', bigint | null>> &
      Readonly<Record<string, number | bigint | null>>
  >(`
    SELECT ${keys.join(', ')}, wirePackets, wireBytes, exportedPackets, exportedBytes FROM ${from}
    WHERE wirePackets <> exportedPackets OR wireBytes <> exportedBytes
    ORDER BY abs(wireBytes - exportedBytes) DESC, abs(wirePackets - exportedPackets) DESC, ${keys.join(', ')}
    LIMIT ${most}`)
  return {
    compared: Number(count?.compared ?? 0),
    largest: rows.map((row) => ({
      source: addressText(row.source),
      destination: addressText(row.destination),
      protocol: Number(row['protocol']),
      sourcePort: Number(row['sourcePort']),
      destinationPort: Number(row['destinationPort']),
      wire: volumeOf(row['wirePackets'], row['wireBytes']),
      exported: volumeOf(row['exportedPackets'], row['exportedBytes']),
    })),
  }
}
