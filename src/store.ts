// The port of what keeps flow records while a verdict is reached: tables of typed columns that are filled column by column
// and asked in SQL. Which tables there are stands here too, since every witness fills one and the verdict asks them all.

import { formatIPv4, formatIPv6, parseAddress } from './kernel/address.ts'
import type { FlowKey } from './kernel/flow.ts'

/**
 * What a column holds. `name` is one of the names that the store was opened with; `u64`, `time` and `address` lie in 2, 2
 * and 4 words a row, the lowest first; `time` is microseconds since 1970 (TIMESTAMP); an IPv4 address is kept as the IPv6
 * address that maps it (::ffff:192.0.2.1, RFC 4291 section 2.5.5.2); `count` is a signed 128-bit integer in 4 words.
 */
export type Kind = 'name' | 'u8' | 'u16' | 'u32' | 'u64' | 'count' | 'address' | 'time'

/** The flow key, under the names of `FlowKey`. */
export const keyColumns = {
  source: 'address',
  destination: 'address',
  protocol: 'u8',
  sourcePort: 'u16',
  destinationPort: 'u16',
} as const satisfies Readonly<Record<keyof FlowKey, Kind>>

/** Flow records as they were exported. Where the record has no such field the value is NULL; ports are 0. */
const records = {
  probe: 'name',
  /** The packet of the recording that brought the record, counted from 1, and the octet of its payload at which it begins. */
  packet: 'u32',
  octet: 'u32',
  /** When that packet was seen. */
  seen: 'time',
  /** Observation domain. */
  domain: 'u32',
  ...keyColumns,
  /** flowDirection (61): 0 ingress, 1 egress. */
  direction: 'u8',
  packets: 'u64',
  bytes: 'u64',
  flowStart: 'time',
  flowEnd: 'time',
  /** By how much these two may be off as the protocol tells them: microseconds. */
  clock: 'u32',
  sourceAs: 'u32',
  destinationAs: 'u32',
  nextHop: 'address',
  /** SNMP indexes of interfaces. */
  ingress: 'u32',
  egress: 'u32',
  sourceMask: 'u8',
  destinationMask: 'u8',
  tos: 'u8',
  tcpFlags: 'u16',
  /** N of sampling 1:N, by what the exporter says of this record. */
  samplingRate: 'u32',
} as const

/** By witness, in the order of the way. Bytes are of layer 3. */
export const tables = {
  /** What crossed an observation point, as the kernel counted it: `direction` is 0 in, 1 out. */
  wire: { point: 'name', direction: 'u8', ...keyColumns, packets: 'u64', bytes: 'u64' },
  /** The same over time: by how much a flow's count grew from one reading to the next. Empty where nobody looked. */
  wireCurve: {
    point: 'name',
    direction: 'u8',
    ...keyColumns,
    packets: 'u64',
    bytes: 'u64',
    flowStart: 'time',
    flowEnd: 'time',
  },
  /** The same, as packets were recorded: one row a flow, type of service and second. */
  packets: {
    point: 'name',
    direction: 'u8',
    ...keyColumns,
    packets: 'u64',
    bytes: 'u64',
    /** Sum of the squares of the packets' bytes. */
    squares: 'count',
    tos: 'u8',
    /** Those of all its packets together. */
    tcpFlags: 'u8',
    flowStart: 'time',
    flowEnd: 'time',
  },
  exported: records,
  arrived: records,
  /** Rows of tables, `DAEMON/TABLE`, that speak of a probe's flows. Fields that the table does not keep are NULL or 0. */
  collected: {
    ledger: 'name',
    probe: 'name',
    ...keyColumns,
    packets: 'count',
    bytes: 'count',
    ingress: 'u32',
    egress: 'u32',
    tos: 'u8',
    tcpFlags: 'u16',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Kind>>>>

export type TableName = keyof typeof tables
export type ColumnName<Table extends TableName> = keyof (typeof tables)[Table] & string

/** One column's next rows. */
export interface Staged {
  readonly kind: Kind
  readonly values: Uint8Array | Uint16Array | Uint32Array
  /** Whether the column has values at all; false makes all of the rows NULL. */
  given: boolean
  /** By row; undefined where all rows have a value. */
  missing: Uint8Array | undefined
}

/** Fills a table: up to `room` rows are put into `columns`, then added. */
export interface Loader<Table extends TableName> {
  readonly room: number
  readonly columns: Readonly<Record<ColumnName<Table>, Staged>>
  /** The columns keep what is in them. */
  readonly add: (rows: number) => void
  /** To be awaited every few thousand rows: what is added faster than the store takes it waits in memory. Throws the store's error. */
  readonly settle: () => Promise<void>
}

/** HUGEINT sums are bigint, TIMESTAMP milliseconds with a fraction, addresses bigint (see `addressText`). */
export type Answer = Readonly<Record<string, number | bigint | string | boolean | null>>

export interface Store {
  /**
   * Fills a table while `fill` goes on; afterwards its rows can be asked for, and not before anything else. `names` are the values
   * of columns of kind `name`, the same in all rows. Throws the store's error, and what `fill` throws.
   */
  load<Table extends TableName, Result>(
    table: Table,
    names: Readonly<Partial<Record<ColumnName<Table>, string>>>,
    fill: (loader: Loader<Table>) => Promise<Result>,
  ): Promise<Result>
  /** Runs statements and gives the rows of the last one. */
  ask<Row = Answer>(sql: string): Promise<Row[]>
  close(): void
}

/** A value of a parameter. bigint: an address or a count (UHUGEINT); number: whole or not; string: text. */
export type Value = string | number | bigint

/** A statement of SQL, with the values of its parameters ($1, $2 …) apart. */
export interface Statement {
  readonly sql: string
  readonly values: readonly Value[]
}

/** When a statement is given up: after so many milliseconds, or when nobody wants its answer any more. */
export interface Patience {
  readonly ms: number
  readonly signal?: AbortSignal | undefined
}

/** A statement took longer than the patience there was. */
export class PatienceError extends Error {
  constructor(ms: number) {
    super(`the records were searched for ${ms / 1000} s without an end`)
    this.name = 'PatienceError'
  }
}

/** Records that are only read. One statement at a time; the others wait. */
export interface Archive {
  /** Statements of our own, which may make temporary tables and views: these are the session's, the file stays as it is. */
  prepare(sql: string, patience?: Patience): Promise<void>
  /** Throws PatienceError. */
  ask<Row = Answer>(statement: Statement, patience: Patience): Promise<Row[]>
  /** Writes an answer to a file of the archive's own folder, all rows; gives its path. Throws PatienceError. */
  write(statement: Statement, format: 'csv' | 'parquet', patience: Patience): Promise<string>
  close(): void
}

/** Text as SQL has it. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

const mapped = 0xffffn << 32n

/** An address's value as the store keeps it; undefined where the text is none. */
export function addressValue(text: string): bigint | undefined {
  const parsed = parseAddress(text)
  return parsed && (parsed.family === 4 ? mapped | parsed.value : parsed.value)
}

/** The text of an address as the store keeps it; empty for none. */
export function addressText(value: bigint | null): string {
  if (value === null) return ''
  if (value >> 32n === 0xffffn) return formatIPv4(Number(value & 0xffff_ffffn))
  return formatIPv6(Buffer.from(value.toString(16).padStart(32, '0'), 'hex'))
}

/** Puts a value below 2^53 into a `u64` or `time` column. */
export function putWide(column: Staged, row: number, value: number): void {
  const high = Math.floor(value / 0x1_0000_0000)
  column.values[2 * row] = value - high * 0x1_0000_0000
  column.values[2 * row + 1] = high
}

/** Puts 128 bits into an `address` or `count` column. */
export function putBits(column: Staged, row: number, value: bigint): void {
  for (let word = 0; word < 4; word++)
    column.values[4 * row + word] = Number(BigInt.asUintN(32, value >> BigInt(32 * word)))
}

/** Says that a row has no value in this column. */
export function putNothing(column: Staged, row: number): void {
  column.missing ??= new Uint8Array(column.values.length)
  column.missing[row] = 1
}
