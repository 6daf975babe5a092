// What went into a stage and what came out, flow by flow, as causes look at it: the account in the store, read into memory as far
// as it is worth it. The flows that differ most come one by one; beyond a number the others are summed up by direction.

import type { Direction } from '../evidence.ts'
import type { FlowKey } from '../kernel/flow.ts'
import type { Volume } from '../kernel/units.ts'
import { addressText, type Store } from '../store.ts'
import { type Account as Table, columnOf, type Sources, type Witness } from './accounts.ts'
import type { Field } from './granularity.ts'
import { volumeOf } from './ledgers.ts'

export interface Cell extends FlowKey {
  readonly direction: Direction
  readonly before: Volume
  readonly after: Volume
  /** The fields that the account tells apart, as one string; empty for the cell of all flows that are not told apart. */
  readonly key: string
}

export interface Account {
  /** What it is of: `exports`, or a table. */
  readonly name: string
  readonly fields: readonly Field[]
  readonly cells: readonly Cell[]
  /** A SELECT of the rows behind the account, by witness, to which conditions may be added. */
  readonly rows: Readonly<Partial<Record<'wire' | 'exported' | 'arrived', string>>>
}

const most = 20_000

interface Row extends Readonly<Record<string, unknown>> {
  readonly direction: Direction
  readonly source: bigint | null
  readonly destination: bigint | null
}

/** The fields of a row of the store as one string. */
export const keyOf = (row: Readonly<Record<string, unknown>>, fields: readonly Field[]): string =>
  `=${fields.map((field) => String((row[field] ?? '') as string | number | bigint)).join(' ')}`

export async function cellsOf(
  store: Store,
  table: Table,
  name: string,
  fields: readonly Field[],
  [from, to]: readonly [Witness, Witness],
  rows: Account['rows'],
): Promise<Account> {
  const [packets, bytes] = (['packets', 'bytes'] as const).map(
    (column) => [columnOf(from, column), columnOf(to, column)] as const,
  ) as [readonly [string, string], readonly [string, string]]
  const all = [...packets, ...bytes]
  const order = `abs(${packets[0]} - ${packets[1]}) DESC, abs(${bytes[0]} - ${bytes[1]}) DESC, ${bytes[0]} DESC`
  await store.ask(
    `CREATE OR REPLACE TEMP TABLE cells AS SELECT *, row_number() OVER (ORDER BY ${order}, direction, source, destination, protocol, sourcePort, destinationPort) AS place
     FROM ${table} WHERE ${all.map((column) => `${column} <> 0`).join(' OR ')}`,
  )
  const single = await store.ask<Row>(`SELECT * FROM cells WHERE place <= ${most} ORDER BY place`)
  const rest = await store.ask<Row>(
    `SELECT direction, min(source) AS source, min(destination) AS destination, 0 AS protocol, 0 AS sourcePort, 0 AS destinationPort,
       ${all.map((column) => `sum(${column}) AS ${column}`).join(', ')}
     FROM cells WHERE place > ${most} GROUP BY direction ORDER BY direction`,
  )
  const cell = (row: Row, key: string): Cell => ({
    direction: row.direction,
    source: addressText(row.source),
    destination: addressText(row.destination),
    protocol: Number(row['protocol'] ?? 0),
    sourcePort: Number(row['sourcePort'] ?? 0),
    destinationPort: Number(row['destinationPort'] ?? 0),
    before: volumeOf(row[packets[0]], row[bytes[0]]),
    after: volumeOf(row[packets[1]], row[bytes[1]]),
    key,
  })
  return {
    name,
    fields,
    cells: [...single.map((row) => cell(row, keyOf(row, fields))), ...rest.map((row) => cell(row, ''))],
    rows,
  }
}

/** Volumes of rows for which a condition holds, a cell each; a flow that crossed in both directions has two, the first takes what it can. */
export async function volumesWhere(
  store: Store,
  { cells, fields, rows }: Account,
  witness: keyof Account['rows'],
  condition: string,
): Promise<readonly Volume[]> {
  const source = rows[witness]
  if (source === undefined) return cells.map(() => ({ packets: 0, bytes: 0 }))
  const grouped = fields.length > 0 ? `GROUP BY ${fields.join(', ')}` : ''
  const found = await store.ask(
    `SELECT ${[...fields, 'sum(packets) AS packets', 'sum(bytes) AS bytes'].join(', ')}
     FROM (${source}) WHERE ${condition} ${grouped} ORDER BY bytes DESC LIMIT ${2 * most}`,
  )
  const left = new Map(found.map((row) => [keyOf(row, fields), volumeOf(row['packets'], row['bytes'])]))
  return cells.map(({ key, before }) => {
    const volume = left.get(key)
    if (!volume) return { packets: 0, bytes: 0 }
    const share = {
      packets: Math.min(volume.packets, before.packets),
      bytes: Math.min(volume.bytes, before.bytes),
    }
    left.set(key, { packets: volume.packets - share.packets, bytes: volume.bytes - share.bytes })
    return share
  })
}

export type { Sources }
