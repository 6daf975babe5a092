// Counter samples (sFlow v5 section 5.3): a row for each structure in them, each kind of structure having its layout, made
// from the catalogue when the first of its kind comes.
import { u32, u8 } from '../../kernel/octets.ts'
import type { Column } from '../column.ts'
import { type ElementType, namedElement } from '../element.ts'
import { createLayout, type Field, type Layout, VARIABLE_LENGTH } from '../layout.ts'
import { formatName } from './agents.ts'
import { counterStructures } from './counter-structures.ts'
import { type ScalarType, type Structure, type StructureField, StructureReader } from './structure.ts'
import type { Walk } from './walk.ts'

/** Element type and length of a field's column. */
const columnOf: Readonly<Record<ScalarType, readonly [ElementType, number]>> = {
  u32: ['unsigned32', 4],
  i32: ['signed32', 4],
  u64: ['unsigned64', 8],
  f32: ['float32', 4],
  string: ['string', VARIABLE_LENGTH],
  opaque: ['octetArray', VARIABLE_LENGTH],
  mac: ['macAddress', 6],
  ipv4: ['ipv4Address', 4],
  ipv6: ['ipv6Address', 16],
  uuid: ['octetArray', 16],
  // Lists are columns of values already read.
  address: ['basicList', VARIABLE_LENGTH],
  rest: ['basicList', VARIABLE_LENGTH],
}

/** In front of every structure's own fields. */
const sampleFields = ['sampleSequence', 'dataSourceType', 'dataSourceIndex']

function fieldOf({ name, type, array, optional }: StructureField): Field {
  const [element, length] = array ? columnOf.rest : columnOf[type]
  return { element: namedElement(name, element), length, ...(optional ? { optional } : {}) }
}

const layouts = new Map<number, Layout>()
const names = new Map<Layout, string>()

/** Layouts of counters are numbered from here, in the catalogue's order. */
const FIRST_LAYOUT = 16

function layoutOf(format: number, structure: Structure): Layout {
  let layout = layouts.get(format)
  if (!layout) {
    const fields = sampleFields.map(
      (name): Field => ({ element: namedElement(name, 'unsigned32'), length: 4 }),
    )
    const number = FIRST_LAYOUT + [...counterStructures.keys()].indexOf(format)
    layout = createLayout('sflow5', number, [...fields, ...structure.fields.map(fieldOf)])
    layouts.set(format, layout)
    names.set(layout, structure.name)
  }
  return layout
}

/** The structure's name of a layout of counters, e.g. `if_counters`. */
export const counterName = (layout: Layout): string | undefined => names.get(layout)

const reader = new StructureReader()

/** Octets of the fixed parts of the two kinds of samples. */
export const COUNTER_SAMPLE = 12
export const EXPANDED_COUNTER_SAMPLE = 16

/** Writes the structures of a counter sample whose fixed part is there. */
export function writeCounterSample(walk: Walk, start: number, end: number, expanded: boolean): void {
  const { bytes, agent, context, message } = walk
  const sequence = u32(bytes, start)
  const type = expanded ? u32(bytes, start + 4) : u8(bytes, start + 4)
  const index = expanded ? u32(bytes, start + 8) : u32(bytes, start + 4) & 0xffffff
  agent.sample(context, message, 'counter', type, index, sequence)
  const count = u32(bytes, start + (expanded ? 12 : 8))
  let at = start + (expanded ? EXPANDED_COUNTER_SAMPLE : COUNTER_SAMPLE)
  for (let number = 1; number <= count; number++) {
    walk.record = number
    walk.recordName = 'no format'
    if (at + 8 > end) {
      walk.error('length', at, '', `${count} records`, `${number - 1} before the sample's end`)
      break
    }
    const format = u32(bytes, at)
    const length = u32(bytes, at + 4)
    const structure = counterStructures.get(format)
    walk.recordName = structure?.name ?? formatName(format)
    if (length > end - at - 8) {
      walk.error('length', at + 4, 'length', `at most ${end - at - 8} octets`, String(length))
      break
    }
    if (structure)
      writeCounters(walk, layoutOf(format, structure), structure, at + 8, at + 8 + length, [
        sequence,
        type,
        index,
      ])
    else agent.passOver(format)
    at += 8 + ((length + 3) & ~3)
  }
  walk.record = 0
}

function writeCounters(
  walk: Walk,
  layout: Layout,
  { fields }: Structure,
  start: number,
  end: number,
  sample: readonly number[],
): void {
  const batch = walk.context.batches.room(layout)
  const row = batch.rows
  reader.begin(walk.bytes, start, end)
  sample.forEach((value, index) => {
    const column = batch.columns[index]
    if (column?.kind === 'u32') column.values[row] = value
  })
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i]
    const column = batch.columns[sampleFields.length + i]
    if (!field || !column || (field.optional && reader.over)) break
    writeValue(column, field)
    if (reader.fault) break
    if (column.present) column.present[row] = 1
  }
  if (reader.fault) {
    const { at, field, expected } = reader.fault
    for (const { present } of batch.columns) if (present) present[row] = 0
    return walk.error('length', at, field, expected, `${end - at} octets before the record's end`)
  }
  batch.messageIndex[row] = batch.addMessage(walk.message)
  batch.offset[row] = start
  batch.rows++
  walk.agent.stats.records++

  function writeValue(column: Column, field: StructureField): void {
    const { name, type } = field
    switch (column.kind) {
      case 'u32':
      case 'i32':
        if (reader.need(4, name)) column.values[row] = reader.word()
        break
      case 'f64':
        if (reader.need(4, name)) column.values[row] = reader.float()
        break
      case 'u64':
        if (!reader.need(8, name)) break
        column.high[row] = reader.word()
        column.low[row] = reader.word()
        break
      case 'bytes': {
        const space = type === 'mac' ? 8 : column.width
        if (reader.need(space, name)) column.values.set(reader.fixed(column.width, space), row * column.width)
        break
      }
      case 'variable': {
        const octets = reader.opaque(name)
        if (!octets) break
        column.offsets[row] = batch.addOctets(octets, 0, octets.length)
        column.lengths[row] = octets.length
        break
      }
      case 'list':
        column.values[row] = reader.value(field)
        break
    }
  }
}
