// Columns: where the values of one field lie, one slot a row, in typed arrays. Which kind of column a field gets follows
// from its element's type and its length on the wire (reduced-size encoding, RFC 7011 section 6.2), so a consumer looks
// at `kind` once a batch and then runs over arrays.
import type { Arrays } from './arrays.ts'
import type { ElementType } from './element.ts'
import { type Field, VARIABLE_LENGTH } from './layout.ts'
import type { Value } from './value.ts'

/**
 * The values of one field. 64-bit integers are pairs of 32-bit halves (the high one is two's complement for `i64`);
 * dateTimeMicroseconds and dateTimeNanoseconds are `u64` as on the wire, NTP seconds high and fraction low; IPv4 addresses
 * are `u32`; IPv6, MAC and other octets of one length are `bytes`, `width` octets a row in network order.
 */
export type Column = (
  | { readonly kind: 'u8'; readonly values: Uint8Array }
  | { readonly kind: 'u16'; readonly values: Uint16Array }
  | { readonly kind: 'u32'; readonly values: Uint32Array }
  | { readonly kind: 'i32'; readonly values: Int32Array }
  | { readonly kind: 'f64'; readonly values: Float64Array }
  | { readonly kind: 'u64' | 'i64'; readonly high: Uint32Array; readonly low: Uint32Array }
  | { readonly kind: 'bytes'; readonly width: number; readonly values: Uint8Array }
  /** Octets `offsets[row]` to `offsets[row] + lengths[row]` of the batch's `arena`. */
  | { readonly kind: 'variable'; readonly offsets: Uint32Array; readonly lengths: Uint32Array }
  /** Structured data (RFC 6313), already read; `lengths` is its octets on the wire. */
  | { readonly kind: 'list'; readonly values: Value[]; readonly lengths: Uint32Array }
) & {
  /** 1 where the row has a value; only for optional fields. */
  readonly present?: Uint8Array
}

export type ColumnKind = Column['kind']

const unsignedBySize = ['bytes', 'u8', 'u16', 'u32', 'u32', 'u64', 'u64', 'u64', 'u64'] as const
const signedBySize = ['bytes', 'i32', 'i32', 'i32', 'i32', 'i64', 'i64', 'i64', 'i64'] as const

const isOneOf = (lengths: readonly number[], kind: ColumnKind) => (length: number) =>
  lengths.includes(length) ? kind : 'bytes'
const unsigned = (length: number): ColumnKind => unsignedBySize[length] ?? 'bytes'
const signed = (length: number): ColumnKind => signedBySize[length] ?? 'bytes'
const float = isOneOf([4, 8], 'f64')
const octets = (): ColumnKind => 'bytes'
const list = (): ColumnKind => 'list'

/** The kind of column for a type at a length; octets where the length makes no sense for the type. */
const kindOf: Record<ElementType, (length: number) => ColumnKind> = {
  octetArray: octets,
  unsigned8: unsigned,
  unsigned16: unsigned,
  unsigned32: unsigned,
  unsigned64: unsigned,
  unsigned256: octets,
  signed8: signed,
  signed16: signed,
  signed32: signed,
  signed64: signed,
  float32: float,
  float64: float,
  boolean: isOneOf([1], 'u8'),
  macAddress: octets,
  string: octets,
  dateTimeSeconds: unsigned,
  dateTimeMilliseconds: unsigned,
  dateTimeMicroseconds: isOneOf([8], 'u64'),
  dateTimeNanoseconds: isOneOf([8], 'u64'),
  ipv4Address: isOneOf([4], 'u32'),
  ipv6Address: octets,
  basicList: list,
  subTemplateList: list,
  subTemplateMultiList: list,
}

/** The kind of column that holds this field's values. */
export function columnKind({ element, length }: Field): ColumnKind {
  const kind = kindOf[element.type](length)
  return length === VARIABLE_LENGTH && kind !== 'list' ? 'variable' : kind
}

/** Octets that a row takes in this field's column, without what lies in an arena. */
export function columnWidth(field: Field): number {
  const kind = columnKind(field)
  if (kind === 'bytes') return field.length
  return { u8: 1, u16: 2, u32: 4, i32: 4, f64: 8, u64: 8, i64: 8, variable: 8, list: 12 }[kind]
}

/** An empty column for `rows` values of this field, its arrays cut from `arrays`. */
export function createColumn(field: Field, rows: number, arrays: Arrays): Column {
  const kind = columnKind(field)
  const present = field.optional ? { present: arrays.take(Uint8Array, rows) } : {}
  switch (kind) {
    case 'u8':
      return { kind, values: arrays.take(Uint8Array, rows), ...present }
    case 'u16':
      return { kind, values: arrays.take(Uint16Array, rows), ...present }
    case 'u32':
      return { kind, values: arrays.take(Uint32Array, rows), ...present }
    case 'i32':
      return { kind, values: arrays.take(Int32Array, rows), ...present }
    case 'f64':
      return { kind, values: arrays.take(Float64Array, rows), ...present }
    case 'u64':
    case 'i64':
      return { kind, high: arrays.take(Uint32Array, rows), low: arrays.take(Uint32Array, rows), ...present }
    case 'bytes':
      return { kind, width: field.length, values: arrays.take(Uint8Array, rows * field.length), ...present }
    case 'variable':
      return {
        kind,
        offsets: arrays.take(Uint32Array, rows),
        lengths: arrays.take(Uint32Array, rows),
        ...present,
      }
    default:
      return {
        kind,
        values: Array<Value>(rows).fill(null),
        lengths: arrays.take(Uint32Array, rows),
        ...present,
      }
  }
}

/** An integer column's value as a number (rounded above 2^53), for arithmetic; undefined for other kinds of column. */
export function numberAt(column: Column, row: number): number | undefined {
  switch (column.kind) {
    case 'u8':
    case 'u16':
    case 'u32':
    case 'i32':
    case 'f64':
      return column.values[row]
    case 'u64':
      return (column.high[row] ?? 0) * 0x1_0000_0000 + (column.low[row] ?? 0)
    case 'i64':
      return ((column.high[row] ?? 0) | 0) * 0x1_0000_0000 + (column.low[row] ?? 0)
    default:
      return undefined
  }
}
