// A batch: records of one layout, column by column. Decoders write rows into it, sinks read it. The arrays are used again
// for the next batch of the layout, so a sink copies what it keeps.
import { Arrays, octetsFor } from './arrays.ts'
import { type Column, columnWidth, createColumn, numberAt } from './column.ts'
import { fieldIndex, type Layout, VARIABLE_LENGTH } from './layout.ts'
import type { Message } from './message.ts'
import {
  everything,
  type ExporterState,
  interfaceKey,
  nothingSaid,
  type Sampling,
  samplerKey,
  selectionSampling,
} from './sampling.ts'
import { floatValue, integerValue, octetsValue, signed64, type Value } from './value.ts'

/** Records of one layout. Rows `0` to `rows - 1` are valid, and only during the sink's call. */
export class RecordBatch {
  readonly layout: Layout
  /** One column a field, in the layout's order. */
  readonly columns: readonly Column[]
  /** How many rows there is room for. */
  readonly capacity: number
  /** How many rows are filled. */
  rows = 0
  /** The messages that the rows came in, in order of arrival. */
  readonly messages: Message[] = []
  /** Of each row: the index of its message. */
  readonly messageIndex: Uint32Array
  /** Of each row: the octet at which it begins, from the start of its datagram's payload. */
  readonly offset: Uint32Array
  /** Octets of variable-length values; see Column. Replaced by a larger one when it fills up. */
  arena = new Uint8Array(0)
  arenaLength = 0
  /** Octets that the values of kind `list` took on the wire. */
  listOctets = 0
  /** What the exporter had said of itself when these records came. */
  exporterState: ExporterState = nothingSaid

  constructor(layout: Layout, capacity: number) {
    this.layout = layout
    this.capacity = capacity
    // At most three arrays a column, and two of the batch's own.
    const arrays = new Arrays(octetsFor(3 * layout.fields.length + 2, capacity * rowWidth(layout)))
    this.messageIndex = arrays.take(Uint32Array, capacity)
    this.offset = arrays.take(Uint32Array, capacity)
    this.columns = layout.fields.map((field) => createColumn(field, capacity, arrays))
  }

  /** Index in `messages` of this message, which is the last one or new. */
  addMessage(message: Message): number {
    if (this.messages.at(-1) !== message) this.messages.push(message)
    return this.messages.length - 1
  }

  /** Copies octets into the arena and returns where they begin in it. */
  addOctets(bytes: Uint8Array, start: number, length: number): number {
    const at = this.arenaLength
    if (at + length > this.arena.length) {
      const larger = new Uint8Array(Math.max(4096, 2 * (at + length)))
      larger.set(this.arena.subarray(0, at))
      this.arena = larger
    }
    if (length < 24) for (let i = 0; i < length; i++) this.arena[at + i] = bytes[start + i] ?? 0
    else this.arena.set(bytes.subarray(start, start + length), at)
    this.arenaLength = at + length
    return at
  }

  /** Makes room for new rows; the arrays stay. */
  clear(): void {
    const { rows } = this
    this.rows = 0
    this.arenaLength = 0
    this.listOctets = 0
    this.messages.length = 0
    for (const column of this.columns) {
      if (column.kind === 'list') column.values.fill(null)
      column.present?.fill(0, 0, rows + 1)
    }
  }

  /** The column of the `nth` field with this name, or undefined. */
  column(name: string, nth = 0): Column | undefined {
    return this.columns[fieldIndex(this.layout, name, nth)]
  }

  /** The message that a row came in. */
  message(row: number): Message {
    const message = this.messages[this.messageIndex[row] ?? -1]
    if (!message) throw new RangeError(`row ${row} of a batch of ${this.rows}`)
    return message
  }

  /** One value, as NDJSON prints it (see Value). For printing; whoever wants speed reads the columns. */
  value(row: number, field: number): Value {
    const column = this.columns[field]
    const { element, length } = this.layout.fields[field] ?? { length: 0 }
    if (!column || !element || length === 0 || column.present?.[row] === 0) return undefined
    switch (column.kind) {
      case 'u8':
      case 'u16':
      case 'u32':
        return integerValue(element.type, 0, column.values[row] ?? 0)
      case 'u64':
        return integerValue(element.type, column.high[row] ?? 0, column.low[row] ?? 0)
      case 'i64':
        return signed64(column.high[row] ?? 0, column.low[row] ?? 0)
      case 'i32':
      case 'f64':
        return floatValue(column.values[row] ?? 0)
      case 'list':
        return column.values[row]
      default:
        return octetsValue(element.type, this.octets(row, column))
    }
  }

  /** The octets of a value in a column of kind `bytes` or `variable`; a view, valid as long as the batch. */
  octets(row: number, column: Column): Uint8Array {
    if (column.kind === 'bytes') return column.values.subarray(row * column.width, (row + 1) * column.width)
    if (column.kind !== 'variable') return this.arena.subarray(0, 0)
    const start = column.offsets[row] ?? 0
    return this.arena.subarray(start, start + (column.lengths[row] ?? 0))
  }

  /**
   * A row by name; an element that the template repeats has its values in an array, in the template's order. Fields
   * without a value and padding are left out.
   */
  record(row: number): Record<string, Value> {
    const record: Record<string, Value> = {}
    this.layout.fields.forEach(({ element: { name } }, field) => {
      const value = this.value(row, field)
      if (value === undefined || name === 'paddingOctets') return
      const repeated = fieldIndex(this.layout, name, 1) >= 0
      record[name] = repeated ? [...((record[name] as Value[] | undefined) ?? []), value] : value
    })
    return record
  }

  /**
   * What is known of the sampling of this row: what the record says itself; else what the exporter's options say of its
   * sampler, of its ingress interface or of the whole domain; else the message's header. A record that names no sampler
   * belongs to the domain's only one, if there is only one.
   */
  sampling(row: number): Sampling | undefined {
    const { samplers } = this.exporterState
    const sampler = this.number(row, 'samplerId') ?? this.number(row, 'selectorId')
    const own = this.number(row, 'samplingInterval')
    if (own !== undefined && own > 0 && this.layout.kind === 'data')
      return { rate: own, algorithm: this.number(row, 'samplingAlgorithm'), source: 'record', sampler }
    const ingress = this.number(row, 'ingressInterface')
    const selection = sampler === undefined ? this.number(row, 'selectionSequenceId') : undefined
    return (
      (sampler === undefined ? undefined : samplers.get(samplerKey(sampler))) ??
      (selection === undefined ? undefined : selectionSampling(this.exporterState, selection)) ??
      (ingress === undefined ? undefined : samplers.get(interfaceKey(ingress))) ??
      samplers.get(everything) ??
      (sampler === undefined && samplers.size === 1 ? [...samplers.values()][0] : undefined) ??
      this.message(row).sampling
    )
  }

  private number(row: number, name: string): number | undefined {
    const column = this.column(name)
    return column && column.present?.[row] !== 0 ? numberAt(column, row) : undefined
  }
}

/** Octets that a row of this layout takes in a batch, arenas left out. */
export const rowWidth = (layout: Layout): number =>
  layout.fields.reduce((sum, field) => sum + columnWidth(field) + (field.optional ? 1 : 0), 8)

/** Where each field of a row begins and ends in its datagram's payload, for those who print the octets' places. */
export function fieldOffsets(batch: RecordBatch, row: number): { start: number; end: number }[] {
  let at = batch.offset[row] ?? 0
  return batch.layout.fields.map((field, index) => {
    const column = batch.columns[index]
    const varies =
      field.length === VARIABLE_LENGTH && (column?.kind === 'variable' || column?.kind === 'list')
    const length = varies ? (column.lengths[row] ?? 0) : field.length
    const start = varies ? at + (length < 255 ? 1 : 3) : at
    at = start + length
    return { start, end: at }
  })
}
