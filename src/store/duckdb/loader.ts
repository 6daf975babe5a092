// Rows into a table of DuckDB. They wait, copied, until there are enough for an INSERT, which takes them on threads of DuckDB's own
// while ours fills the next ones (source.ts).

import duckdb from '@duckdb/node-bindings'
import { type ColumnName, type Kind, type Loader, type Staged, type TableName, tables } from '../../store.ts'
import { type Held, hold, room, type Source } from './source.ts'

/** Octets of a value. */
const widths: Readonly<Record<Exclude<Kind, 'name'>, number>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  count: 16,
  address: 16,
  time: 8,
}

/** An enumeration's values are as wide as their number needs. */
const nameWidth = (names: readonly string[]): number =>
  names.length <= 0xff ? 1 : names.length <= 0xffff ? 2 : 4

/**
 * Vectors that an INSERT begins with, and those that wait at the most. DuckDB's threads each make row groups of 60 vectors, and
 * what is less is copied once more.
 */
const [enough, most] = [128, 192]

/** A loader, and how what it was given comes into the table; `end` must be awaited before anything else is asked of the connection. */
export interface Loading<Table extends TableName> {
  readonly loader: Loader<Table>
  /** Throws the store's error. */
  readonly end: () => Promise<void>
  /** Forgets what waits. */
  readonly abandon: () => Promise<void>
}

export async function startLoading<Table extends TableName>(
  connection: duckdb.Connection,
  source: Source,
  table: Table,
  names: readonly string[],
  given: Readonly<Partial<Record<ColumnName<Table>, string>>>,
): Promise<Loading<Table>> {
  const staged = (Object.entries(tables[table]) as (readonly [ColumnName<Table>, Kind])[]).map(
    ([name, kind]) => {
      const width = kind === 'name' ? nameWidth(names) : widths[kind]
      const column = stage(kind, width)
      if (kind === 'name') column.values.fill(names.indexOf(given[name] ?? ''))
      return [name, { ...column, width }] as const
    },
  )
  const waiting: Held[] = []
  const free: Held[] = []
  source.next = () => {
    const next = waiting.shift()
    if (next) free.push(next)
    return next
  }
  let running: Promise<void> | undefined
  let failure: unknown
  const insert = () => {
    running ??= duckdb
      .query(connection, `INSERT INTO ${table} SELECT * FROM ${source.name}()`)
      .then(
        () => {},
        (error: unknown) => void (failure ??= error),
      )
      .finally(() => (running = undefined))
    return running
  }
  const check = () => {
    if (failure !== undefined) throw failure
  }
  const columns = staged.map(([, column]) => column)
  return {
    loader: {
      room,
      columns: Object.fromEntries<Staged>(staged) as Record<ColumnName<Table>, Staged>,
      add: (rows) => void waiting.push(hold(columns, rows, free.pop())),
      async settle() {
        if (waiting.length >= enough) void insert()
        if (waiting.length >= most) await insert()
        check()
      },
    },
    async end() {
      await running
      if (waiting.length > 0) await insert()
      source.next = undefined
      check()
    },
    async abandon() {
      waiting.length = 0
      await running
      source.next = undefined
    },
  }
}

function stage(kind: Kind, width: number): Staged & { readonly values: { readonly buffer: ArrayBuffer } } {
  const Words = width === 1 ? Uint8Array : width === 2 ? Uint16Array : Uint32Array
  const values = new Words(new ArrayBuffer(room * width))
  return { kind, values, given: true, missing: undefined }
}
