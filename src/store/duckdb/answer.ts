// Answers of DuckDB as rows of plain values, read from its vectors. For answers that are small: sums, and the first of many.

import duckdb from '@duckdb/node-bindings'
import type { Answer } from '../../store.ts'

const { Type } = duckdb

type Value = Answer[string]
type Read = (view: DataView, row: number) => Value

const wide = (view: DataView, row: number, signed: boolean): bigint => {
  const high = signed ? view.getBigInt64(16 * row + 8, true) : view.getBigUint64(16 * row + 8, true)
  return (high << 64n) | view.getBigUint64(16 * row, true)
}

/** A text of up to 12 octets stands in its place, of a longer one its address does (duckdb_string_t). */
function text(view: DataView, row: number): string {
  const at = view.byteOffset + 16 * row
  const length = view.getUint32(16 * row, true)
  const buffer = view.buffer as ArrayBuffer
  const octets =
    length <= 12
      ? new Uint8Array(buffer, at + 4, length)
      : duckdb.get_data_from_pointer(buffer, at + 8, length)
  return Buffer.from(octets).toString('utf8')
}

/** By type: octets of a value, and how it is read. */
const readers: Readonly<Partial<Record<duckdb.Type, readonly [width: number, read: Read]>>> = {
  [Type.BOOLEAN]: [1, (view, row) => view.getUint8(row) !== 0],
  [Type.TINYINT]: [1, (view, row) => view.getInt8(row)],
  [Type.UTINYINT]: [1, (view, row) => view.getUint8(row)],
  [Type.SMALLINT]: [2, (view, row) => view.getInt16(2 * row, true)],
  [Type.USMALLINT]: [2, (view, row) => view.getUint16(2 * row, true)],
  [Type.INTEGER]: [4, (view, row) => view.getInt32(4 * row, true)],
  [Type.UINTEGER]: [4, (view, row) => view.getUint32(4 * row, true)],
  [Type.BIGINT]: [8, (view, row) => view.getBigInt64(8 * row, true)],
  [Type.UBIGINT]: [8, (view, row) => view.getBigUint64(8 * row, true)],
  [Type.HUGEINT]: [16, (view, row) => wide(view, row, true)],
  [Type.UHUGEINT]: [16, (view, row) => wide(view, row, false)],
  [Type.DOUBLE]: [8, (view, row) => view.getFloat64(8 * row, true)],
  [Type.TIMESTAMP]: [8, (view, row) => Number(view.getBigInt64(8 * row, true)) / 1000],
  [Type.VARCHAR]: [16, text],
}

/** All rows of a result. Throws for a column of a type that no answer has; the query casts it. */
export async function rowsOf(result: duckdb.Result): Promise<Answer[]> {
  const columns = Array.from({ length: duckdb.column_count(result) }, (_, index) => {
    const [name, type] = [duckdb.column_name(result, index), duckdb.column_type(result, index)]
    if (type === Type.ENUM) return { name, ...enumeration(duckdb.column_logical_type(result, index)) }
    const reader = readers[type]
    if (!reader) throw new TypeError(`column ${name} of an answer has type ${Type[type]}: cast it`)
    return { name, width: reader[0], read: reader[1] }
  })
  const rows: Record<string, Value>[] = []
  for (let chunk = await duckdb.fetch_chunk(result); chunk; chunk = await duckdb.fetch_chunk(result)) {
    const size = duckdb.data_chunk_get_size(chunk)
    if (size === 0) break
    const before = rows.length
    for (let row = 0; row < size; row++) rows.push({})
    columns.forEach(({ name, width, read }, index) => {
      const vector = duckdb.data_chunk_get_vector(chunk, index)
      const { buffer, byteOffset, byteLength } = duckdb.vector_get_data(vector, size * width)
      const view = new DataView(buffer, byteOffset, byteLength)
      const validity = duckdb.vector_get_validity(vector, Math.ceil(size / 64) * 8)
      for (let row = 0; row < size; row++) {
        const isThere = validity === null || ((validity[row >> 3] ?? 0xff) >> (row & 7)) & 1
        const into = rows[before + row]
        if (into) into[name] = isThere ? read(view, row) : null
      }
    })
  }
  return rows
}

/** The place of each value's name among the names. */
function enumeration(type: duckdb.LogicalType): { width: number; read: Read } {
  const names = Array.from({ length: duckdb.enum_dictionary_size(type) }, (_, index) =>
    duckdb.enum_dictionary_value(type, index),
  )
  const [width, read] = readers[duckdb.enum_internal_type(type)] ?? [1, () => 0]
  return { width, read: (view, row) => names[Number(read(view, row))] ?? null }
}
