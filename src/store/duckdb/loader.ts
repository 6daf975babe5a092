// Rows into a table of DuckDB: data chunks whose vectors are copied from typed arrays, ten times as fast as value by value.

import duckdb from '@duckdb/node-bindings'
import { type ColumnName, type Kind, type Loader, type Staged, type TableName, tables } from '../../store.ts'

/** Rows of a vector of DuckDB. */
const room = 2048

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

/** Of 64 rows a word, a bit each: all have a value, or none has. */
const everyRow = new Uint8Array(room / 8).fill(0xff)
const noRow = new Uint8Array(room / 8)

export function createLoader<Table extends TableName>(
  connection: duckdb.Connection,
  table: Table,
  names: readonly string[],
  given: Readonly<Partial<Record<ColumnName<Table>, string>>>,
): Loader<Table> {
  const kinds = Object.entries(tables[table]) as (readonly [ColumnName<Table>, Kind])[]
  const appender = duckdb.appender_create(connection, null, table)
  const chunk = duckdb.create_data_chunk(
    kinds.map((_, index) => duckdb.appender_column_type(appender, index)),
  )
  const staged = kinds.map(([name, kind]) => {
    const width = kind === 'name' ? nameWidth(names) : widths[kind]
    const column = { width, ...stage(kind, width) }
    if (kind === 'name') column.values.fill(names.indexOf(given[name] ?? ''))
    return [name, column] as const
  })
  return {
    room,
    columns: Object.fromEntries<Staged>(staged) as Record<ColumnName<Table>, Staged>,
    add(rows) {
      duckdb.data_chunk_reset(chunk)
      staged.forEach(([, { width, values, given: isGiven, missing }], index) => {
        const vector = duckdb.data_chunk_get_vector(chunk, index)
        if (isGiven) duckdb.copy_data_to_vector(vector, 0, values.buffer, 0, rows * width)
        const validity = isGiven ? missing && presence(missing) : noRow
        if (!validity) return
        duckdb.vector_ensure_validity_writable(vector)
        duckdb.copy_data_to_vector_validity(vector, 0, validity.buffer, 0, room / 8)
      })
      duckdb.data_chunk_set_size(chunk, rows)
      duckdb.append_data_chunk(appender, chunk)
    },
    close: () => duckdb.appender_close_sync(appender),
  }
}

function stage(kind: Kind, width: number): Staged & { readonly values: { readonly buffer: ArrayBuffer } } {
  const Words = width === 1 ? Uint8Array : width === 2 ? Uint16Array : Uint32Array
  const values = new Words(new ArrayBuffer(room * width))
  return { kind, values, given: true, missing: undefined }
}

function presence(missing: Uint8Array): Uint8Array<ArrayBuffer> {
  const bits = everyRow.slice()
  for (let row = 0; row < room; row++)
    if (missing[row] === 1) bits[row >> 3] = (bits[row >> 3] ?? 0) & ~(1 << (row & 7))
  return bits
}
