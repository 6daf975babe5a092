// The layout of records: one version of one template, or what a protocol fixes once and for all (NetFlow v5's record,
// an sFlow sample's). A RecordBatch holds records of exactly one Layout.
import type { Protocol } from './datagram.ts'
import type { Element } from './element.ts'

/** A field's length in a template that means "each value carries its own length" (RFC 7011 section 7). */
export const VARIABLE_LENGTH = 0xffff

/** One field of a layout, in the order of the wire. */
export interface Field {
  readonly element: Element
  /** Octets on the wire, or VARIABLE_LENGTH. */
  readonly length: number
  /** Some records lack this field (never in a template; sFlow samples carry what they carry). */
  readonly optional?: boolean
}

/** How a record's fields lie. Layouts are compared by identity: a template that changes gets a new one. */
export interface Layout {
  readonly protocol: Protocol
  /** Template ID (256 to 65535), or a number below 256 that names a fixed layout. */
  readonly id: number
  /** Flow records, or options records whose first `scopeFields` fields say what the rest is about. */
  readonly kind: 'data' | 'options'
  readonly scopeFields: number
  readonly fields: readonly Field[]
  /** By element name: the indexes of its fields. A template may repeat an element. */
  readonly byName: ReadonlyMap<string, readonly number[]>
  /** Octets of the shortest record: the sum of the lengths, a variable-length field counting 1. */
  readonly minimumLength: number
  /** Whether all records have `minimumLength`. */
  readonly fixedLength: boolean
}

/** A layout of the given fields, its lengths summed up. */
export function createLayout(
  protocol: Protocol,
  id: number,
  fields: readonly Field[],
  scopeFields = 0,
  kind: Layout['kind'] = scopeFields > 0 ? 'options' : 'data',
): Layout {
  const variable = fields.filter((field) => field.length === VARIABLE_LENGTH).length
  const byName = new Map<string, number[]>()
  fields.forEach(({ element: { name } }, index) => {
    const indexes = byName.get(name)
    if (indexes) indexes.push(index)
    else byName.set(name, [index])
  })
  const sum = fields.reduce((total, field) => total + field.length, 0)
  return {
    protocol,
    id,
    kind,
    scopeFields,
    fields,
    byName,
    minimumLength: sum - variable * (VARIABLE_LENGTH - 1),
    fixedLength: variable === 0,
  }
}

/** Index of the `nth` field (from 0) whose element has this name, or -1. */
export const fieldIndex = (layout: Layout, name: string, nth = 0): number =>
  layout.byName.get(name)?.[nth] ?? -1
