// What DuckDB asks for rows: a table function that copies waiting ones into data chunks, in the order in which they came. It is called
// on our thread, while DuckDB's wait for it and do the rest by themselves.

import duckdb from '@duckdb/node-bindings'
import type { Staged } from '../../store.ts'

/** Rows of a vector of DuckDB. */
export const room = 2048

/** Staged values of a typed array of its own, and the octets of each. */
export type Column = Staged & {
  readonly values: { readonly buffer: ArrayBuffer }
  readonly width: number
}

/** Rows that wait to be taken. */
export interface Held {
  rows: number
  readonly columns: {
    readonly width: number
    readonly values: Uint8Array<ArrayBuffer>
    /** A bit a row; undefined where all have a value. */
    presence: Uint8Array<ArrayBuffer> | undefined
  }[]
}

const everyRow = new Uint8Array(room / 8).fill(0xff)
const noRow = new Uint8Array(room / 8)

/** Copies staged rows, into the memory of rows that wait no more where there is some. */
export function hold(columns: readonly Column[], rows: number, used: Held | undefined): Held {
  const held: Held = used ?? {
    rows,
    columns: columns.map(({ width }) => ({
      width,
      values: new Uint8Array(room * width),
      presence: undefined,
    })),
  }
  held.rows = rows
  columns.forEach(({ values, width, given, missing }, index) => {
    const into = held.columns[index]
    if (!into) return
    into.presence = given ? missing && presence(missing) : noRow
    if (given) into.values.set(new Uint8Array(values.buffer, 0, rows * width))
  })
  return held
}

function presence(missing: Uint8Array): Uint8Array<ArrayBuffer> {
  const bits = everyRow.slice()
  for (let row = 0; row < room; row++)
    if (missing[row] === 1) bits[row >> 3] = (bits[row >> 3] ?? 0) & ~(1 << (row & 7))
  return bits
}

/** A table function of a table's columns. */
export interface Source {
  readonly name: string
  /** Gives rows until there are none; undefined while nobody loads. */
  next: (() => Held | undefined) | undefined
}

/** The sources of a connection's tables, each made when it is first asked for. */
export function sourcesOf(connection: duckdb.Connection): (table: string) => Promise<Source> {
  const known = new Map<string, Promise<Source>>()
  return (table) => {
    const source = known.get(table) ?? register(connection, table)
    known.set(table, source)
    return source
  }
}

async function register(connection: duckdb.Connection, table: string): Promise<Source> {
  const like = await duckdb.query(connection, `SELECT * FROM ${table} LIMIT 0`)
  const columns = Array.from({ length: duckdb.column_count(like) }, (_, index) => ({
    name: duckdb.column_name(like, index),
    type: duckdb.column_logical_type(like, index),
  }))
  const source: Source = { name: `rows_of_${table}`, next: undefined }
  const each = duckdb.create_table_function()
  duckdb.table_function_set_name(each, source.name)
  duckdb.table_function_set_bind(each, (info) => {
    for (const column of columns) duckdb.bind_add_result_column(info, column.name, column.type)
  })
  duckdb.table_function_set_init(each, (info) => duckdb.init_set_max_threads(info, threads))
  duckdb.table_function_set_function(each, (_info, chunk) => {
    const held = source.next?.()
    duckdb.data_chunk_set_size(chunk, held?.rows ?? 0)
    if (held) copy(held, chunk)
  })
  duckdb.register_table_function(connection, each)
  return source
}

/** More than there are cost nothing. */
const threads = 64

function copy({ rows, columns }: Held, chunk: duckdb.DataChunk): void {
  columns.forEach(({ width, values, presence: there }, index) => {
    const vector = duckdb.data_chunk_get_vector(chunk, index)
    if (there !== noRow) duckdb.copy_data_to_vector(vector, 0, values.buffer, 0, rows * width)
    if (!there) return
    duckdb.vector_ensure_validity_writable(vector)
    duckdb.copy_data_to_vector_validity(vector, 0, there.buffer, 0, room / 8)
  })
}
