// The books: for every flow, at the granularity that a collector's table keeps, what crossed the wire, what was exported of it,
// what arrived and what was collected. They are made and summed up by the store; only sums and the flows that differ most
// come out of it.

import type { Direction } from '../evidence.ts'
import { nothing, type Volume } from '../kernel/units.ts'
import { addressText, keyColumns, type Store } from '../store.ts'
import type { Field } from './granularity.ts'
import { directions, volumeOf } from './ledgers.ts'
import type { FlowComparison } from './verdict.ts'

/** The witnesses in the order of the way from wire to collector. */
export const witnesses = ['wire', 'exported', 'arrived', 'collected'] as const
export type Witness = (typeof witnesses)[number]

export type Volumes = Readonly<Record<Witness, Volume>>

/** By witness the SELECT of its flows: the columns of the flow key, packets and bytes; of the wire direction too (0 in, 1 out). */
export type Sources = Readonly<Partial<Record<Witness, string>>>

/**
 * A table of the store with a row a flow and direction: `direction` ('in', 'out'), the columns of the flow key (those beyond
 * the granularity hold the least value of the flow's), and for every witness `wirePackets`, `wireBytes` and so on (HUGEINT).
 */
export type Account = string

const keys = Object.keys(keyColumns) as Field[]

/** Makes the account `name`. Only the wire knows directions: the others' counts go to the direction that the flow had. */
export async function account(
  store: Store,
  name: Account,
  sources: Sources,
  fields: readonly Field[],
): Promise<Account> {
  const given = witnesses.flatMap((witness) => {
    const select = sources[witness]
    if (select === undefined) return []
    const direction = witness === 'wire' ? 'direction' : 'NULL::UTINYINT AS direction'
    return [
      `SELECT '${witness}' AS witness, ${direction}, ${keys.join(', ')}, packets, bytes FROM (${select})`,
    ]
  })
  // Each source is added up by itself first: that leaves one row a flow for the sum over all of them, which is the dearer one. Told
  // apart by the whole key, a source has little more than a row a flow already.
  const isWhole = fields.length === keys.length
  const selected = given.map((select) =>
    isWhole
      ? select
      : `SELECT witness, direction, ${flowColumns(fields)}, sum(packets) AS packets, sum(bytes) AS bytes
       FROM (${select}) GROUP BY ${['witness', 'direction', ...fields].join(', ')}`,
  )
  const sum = (column: string, witness: Witness, direction?: number): string =>
    `coalesce(sum(${column}) FILTER (witness = '${witness}'${direction === undefined ? '' : ` AND direction = ${direction}`}), 0)::HUGEINT`
  const added = ['packets', 'bytes'].flatMap((column) => [
    `${sum(column, 'wire', 0)} AS in_${column}`,
    `${sum(column, 'wire', 1)} AS out_${column}`,
    ...(['exported', 'arrived', 'collected'] as const).map(
      (witness) => `${sum(column, witness)} AS ${witness}_${column}`,
    ),
  ])
  const others = (['exported', 'arrived', 'collected'] as const).filter((each) => sources[each] !== undefined)
  // Of a flow that crossed in both directions each witness has the shares of the one before it, where it tells of all its packets
  // or more; else `in` is filled first.
  const shares = others.flatMap((witness, index) => {
    const before = others[index - 1]
    const all = (column: string): string =>
      before ? `${before}_${column}` : `(in_${column} + out_${column})`
    const inward = (column: string): string => (before ? `${before}_in_${column}` : `in_${column}`)
    return ['packets', 'bytes'].map(
      (column) => `CASE WHEN out_packets = 0 THEN ${witness}_${column} WHEN in_packets = 0 THEN 0
        WHEN ${all('packets')} = 0 THEN least(${witness}_${column}, in_${column})
        WHEN ${witness}_packets < ${all('packets')} OR ${all(column)} = 0 THEN least(${witness}_${column}, ${inward(column)})
        ELSE round(${witness}_${column}::DOUBLE * ${inward(column)} / ${all(column)})::HUGEINT END AS ${witness}_in_${column}`,
    )
  })
  const sides = directions.map((direction) => {
    const columns = (['packets', 'bytes'] as const).flatMap((column) => [
      `${direction}_${column} AS ${columnOf('wire', column)}`,
      ...(['exported', 'arrived', 'collected'] as const).map((witness) => {
        const [whole, share] = [`${witness}_${column}`, `${witness}_in_${column}`]
        const own = !others.includes(witness) ? '0' : direction === 'in' ? share : `${whole} - ${share}`
        return `(${own})::HUGEINT AS ${columnOf(witness, column)}`
      }),
    ])
    return `SELECT '${direction}' AS direction, ${[...keys, ...columns].join(', ')} FROM shared`
  })
  await store.ask(`
    CREATE OR REPLACE TEMP TABLE ${name} AS
    WITH counted AS (${selected.join(' UNION ALL ')}),
    summed AS (SELECT ${[flowColumns(fields), ...added].join(', ')} FROM counted
      GROUP BY ${fields.length > 0 ? fields.join(', ') : '()'}),
    shared AS (SELECT ${['*', ...shares].join(', ')} FROM summed)
    SELECT * FROM (${sides.join(' UNION ALL ')})
    WHERE ${witnesses.map((witness) => `${columnOf(witness, 'packets')} <> 0`).join(' OR ')}`)
  return name
}

/** The key's columns where flows are told apart by `fields` only. */
const flowColumns = (fields: readonly Field[]): string =>
  keys.map((key) => (fields.includes(key) ? key : `min(${key}) AS ${key}`)).join(', ')

/** A column of an account, such as `wirePackets`. */
export const columnOf = (witness: Witness, column: 'packets' | 'bytes'): string =>
  `${witness}${column === 'packets' ? 'Packets' : 'Bytes'}`

export const empty: Volumes = { wire: nothing, exported: nothing, arrived: nothing, collected: nothing }

export const volumesIn = (row: Readonly<Record<string, unknown>>): Volumes => ({
  wire: volumeOf(row['wirePackets'], row['wireBytes']),
  exported: volumeOf(row['exportedPackets'], row['exportedBytes']),
  arrived: volumeOf(row['arrivedPackets'], row['arrivedBytes']),
  collected: volumeOf(row['collectedPackets'], row['collectedBytes']),
})

export const summed = witnesses
  .flatMap((witness) => [columnOf(witness, 'packets'), columnOf(witness, 'bytes')])
  .map((column) => `sum(${column}) AS ${column}`)
  .join(', ')

/** All of an account, by direction. */
export async function sums(store: Store, from: Account): Promise<Readonly<Record<Direction, Volumes>>> {
  const rows = await store.ask<{ direction: Direction }>(
    `SELECT direction, ${summed} FROM ${from} GROUP BY direction`,
  )
  const of = (direction: Direction): Volumes => {
    const row = rows.find((each) => each.direction === direction)
    return row ? volumesIn(row) : empty
  }
  return { in: of('in'), out: of('out') }
}

export interface Gap {
  readonly missing: Volume
  readonly surplus: Volume
  /** Flows that differ. */
  readonly flows: number
}

/** What is missing between two witnesses, and what is too much, over all flows: they do not cancel each other out. */
export async function difference(store: Store, of: Account, from: Witness, to: Witness): Promise<Gap> {
  const [row] = await store.ask<Readonly<Record<string, bigint | null>>>(`
    SELECT sum(packets) FILTER (missing) AS missingPackets, sum(bytes) FILTER (missing) AS missingBytes,
      sum(packets) FILTER (NOT missing) AS surplusPackets, sum(bytes) FILTER (NOT missing) AS surplusBytes,
      count(*) AS flows
    FROM (SELECT packets, bytes, packets > 0 OR (packets = 0 AND bytes > 0) AS missing
      FROM (SELECT ${columnOf(from, 'packets')} - ${columnOf(to, 'packets')} AS packets,
          ${columnOf(from, 'bytes')} - ${columnOf(to, 'bytes')} AS bytes FROM ${of})
      WHERE packets <> 0 OR bytes <> 0)`)
  return {
    missing: volumeOf(row?.['missingPackets'], row?.['missingBytes']),
    surplus: volumeOf(row?.['surplusPackets'], row?.['surplusBytes']),
    flows: Number(row?.['flows'] ?? 0),
  }
}

const mostFlows = 1_000

interface Pair {
  readonly direction: Direction
  readonly source: bigint | null
  readonly destination: bigint | null
}

/** By host pair, those that differ first, then by volume; at most a thousand. */
export async function comparison(store: Store, of: Account, point: string): Promise<FlowComparison[]> {
  const equal = (['exported', 'collected'] as const)
    .flatMap((witness) =>
      (['packets', 'bytes'] as const).map(
        (column) => `${columnOf(witness, column)} = ${columnOf('wire', column)}`,
      ),
    )
    .join(' AND ')
  const rows = await store.ask<Pair & Readonly<Record<string, unknown>>>(`
    SELECT * FROM (SELECT direction, source, destination, ${summed} FROM ${of}
      GROUP BY direction, source, destination)
    ORDER BY ${equal}, wireBytes DESC, direction, source, destination LIMIT ${mostFlows}`)
  return rows.map((row) => ({
    point,
    source: addressText(row.source),
    destination: addressText(row.destination),
    direction: row.direction,
    ...volumesIn(row),
  }))
}
