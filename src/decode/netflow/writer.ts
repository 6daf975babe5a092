// Compiles a layout into one function that copies records from a set's octets into a batch's columns. Two layouts whose
// fields have the same kinds and lengths share their function, so a thousand exporters of one template cost one compilation.
import type { RecordBatch } from '../batch.ts'
import { type Column, columnKind } from '../column.ts'
import { type Field, type Layout, VARIABLE_LENGTH } from '../layout.ts'
import type { Value } from '../value.ts'

/** Reads structured data: field number, index of its first octet, and its length. */
export type ListReader = (field: number, at: number, length: number) => Value

/**
 * Copies records that begin at `at` to rows from `row` on. If all records have one length and no structured data, `limit`
 * is how many to copy, and the caller has checked that they lie in `bytes`. Else one record is copied, `limit` is where its
 * set ends, and what is returned is where the record ends, or -1 if that is beyond the set.
 */
export type Writer = (
  batch: RecordBatch,
  arrays: readonly unknown[],
  bytes: Uint8Array,
  view: DataView,
  at: number,
  row: number,
  limit: number,
  message: number,
  base: number,
  list: ListReader,
) => number

/** Whether this machine stores the low octet first. */
const little = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

/** The array that a column of octets is written through: the widest units that its width allows. */
const unitOf = (width: number): 1 | 2 | 4 => (width % 4 === 0 ? 4 : width % 2 === 0 ? 2 : 1)

/** What a compiled function writes to, in the order in which it takes it: see `targets`. */
export function writerArrays(batch: RecordBatch): unknown[] {
  return [batch.messageIndex, batch.offset, ...batch.columns.flatMap(columnArrays)]
}

function columnArrays(column: Column): unknown[] {
  switch (column.kind) {
    case 'u64':
    case 'i64':
      return [column.high, column.low]
    case 'variable':
      return [column.offsets, column.lengths]
    case 'list':
      return [column.values, column.lengths]
    case 'bytes': {
      const unit = unitOf(column.width)
      const { buffer, byteOffset, length } = column.values
      if (unit === 1) return [column.values]
      return [
        unit === 4
          ? new Uint32Array(buffer, byteOffset, length / 4)
          : new Uint16Array(buffer, byteOffset, length / 2),
      ]
    }
    default:
      return [column.values]
  }
}

const unsigned24 = (at: string) => `(b[${at}] << 16 | b[${at} + 1] << 8 | b[${at} + 2])`
const signed24 = (at: string) => `((b[${at}] << 24 | b[${at} + 1] << 16 | b[${at} + 2] << 8) >> 8)`
const readUnsigned: Record<number, (at: string) => string> = {
  1: (at) => `b[${at}]`,
  2: (at) => `v.getUint16(${at})`,
  3: unsigned24,
  4: (at) => `v.getUint32(${at})`,
}
const readSigned: Record<number, (at: string) => string> = {
  1: (at) => `v.getInt8(${at})`,
  2: (at) => `v.getInt16(${at})`,
  3: signed24,
  4: (at) => `v.getInt32(${at})`,
}

/** Statements that copy the octets of a column of kind `bytes`, `width` a row. */
function copyOctets(array: string, width: number, at: string): string {
  const unit = unitOf(width)
  const units = width / unit
  const get = (offset: string) =>
    unit === 1 ? `b[${at} + ${offset}]` : `v.getUint${unit * 8}(${at} + ${offset}, ${little})`
  if (units > 8)
    return `for (let i = 0; i < ${units}; i++) ${array}[row * ${units} + i] = ${get(`i * ${unit}`)};`
  return Array.from(
    { length: units },
    (_, i) => `${array}[row * ${units} + ${i}] = ${get(`${i * unit}`)};`,
  ).join('\n')
}

/** Statements that copy one field of fixed length which begins at the expression `at`. */
function copyField(field: Field, index: number, at: string): string {
  const { length } = field
  const [first, second] = [`c${index}`, `d${index}`]
  switch (columnKind(field)) {
    case 'u8':
    case 'u16':
    case 'u32':
      return `${first}[row] = ${readUnsigned[length]?.(at)};`
    case 'i32':
      return `${first}[row] = ${readSigned[length]?.(at)};`
    case 'f64':
      return `${first}[row] = v.getFloat${length * 8}(${at});`
    case 'u64':
      return `${first}[row] = ${readUnsigned[length - 4]?.(at)}; ${second}[row] = v.getUint32(${at} + ${length - 4});`
    case 'i64':
      return `${first}[row] = ${readSigned[length - 4]?.(at)}; ${second}[row] = v.getUint32(${at} + ${length - 4});`
    case 'list':
      return `${first}[row] = list(${index}, ${at}, ${length}); ${second}[row] = ${length};`
    default:
      return copyOctets(first, length, at)
  }
}

/** Declarations of the arrays, in the order of `writerArrays`. */
function targets({ fields }: Layout): string {
  const names = fields.flatMap((field, index) =>
    ['u64', 'i64', 'variable', 'list'].includes(columnKind(field))
      ? [`c${index}`, `d${index}`]
      : [`c${index}`],
  )
  return ['messageIndex', 'offset', ...names]
    .map((name, index) => `const ${name} = arrays[${index}];`)
    .join('\n')
}

const parameters = ['batch', 'arrays', 'b', 'v', 'at', 'row', 'limit', 'message', 'base', 'list']

function fixedBody(layout: Layout): string {
  let from = 0
  const copies = layout.fields.map((field, index) => {
    const statement = copyField(field, index, `at + ${from}`)
    from += field.length
    return statement
  })
  return `${targets(layout)}
for (const end = row + limit; row < end; row++, at += ${from}) {
messageIndex[row] = message; offset[row] = at + base;
${copies.join('\n')}
}
return at;`
}

/** Reads a variable-length field's length (RFC 7011 section 7) into `n`, `at` moving to its first octet. */
const readLength = `if (at >= limit) return -1;
n = b[at++];
if (n === 255) { if (at + 2 > limit) return -1; n = v.getUint16(at); at += 2; }
if (at + n > limit) return -1;`

function variableBody(layout: Layout): string {
  const copies = layout.fields.map((field, index) => {
    if (field.length !== VARIABLE_LENGTH)
      return `if (at + ${field.length} > limit) return -1;
${copyField(field, index, 'at')}
at += ${field.length};`
    const copy =
      columnKind(field) === 'list'
        ? `c${index}[row] = list(${index}, at, n); d${index}[row] = n;`
        : `c${index}[row] = batch.addOctets(b, at, n); d${index}[row] = n;`
    return `${readLength}\n${copy}\nat += n;`
  })
  return `${targets(layout)}
let n = 0;
messageIndex[row] = message; offset[row] = at + base;
${copies.join('\n')}
return at;`
}

const compiled = new Map<string, Writer>()
const MOST_COMPILED = 2048

/** Whether records of this layout are copied in one go, and not one by one (see Writer). */
export const inOneGo = (layout: Layout): boolean =>
  layout.fixedLength && layout.fields.every((field) => columnKind(field) !== 'list')

/** The writer of a layout. */
export function compileWriter(layout: Layout): Writer {
  const shape = layout.fields.map((field) => `${columnKind(field)}${field.length}`).join()
  const known = compiled.get(shape)
  if (known) return known
  if (compiled.size >= MOST_COMPILED) compiled.clear()
  const body = inOneGo(layout) ? fixedBody(layout) : variableBody(layout)
  // Nothing but numbers and names from this file goes into the text.
  // oxlint-disable-next-line typescript/no-implied-eval
  const writer = new Function(...parameters, body) as Writer
  compiled.set(shape, writer)
  return writer
}
