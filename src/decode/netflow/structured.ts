// Structured data (RFC 6313): lists within records, lists within lists. They are rare and free in shape, so they are read
// into values at once, while their templates are in force.
import { type Field, type Layout, VARIABLE_LENGTH } from '../layout.ts'
import { hex, octetsValue, type Value } from '../value.ts'
import { fail, type Source } from './source.ts'
import { sessionElement } from './template.ts'

/** RFC 6313 section 4.4. */
const semanticNames: Record<number, string> = {
  0: 'noneOf',
  1: 'exactlyOneOf',
  2: 'oneOrMoreOf',
  3: 'allOf',
  4: 'ordered',
  255: 'undefined',
}
const semantic = (octet: number): Value => semanticNames[octet] ?? octet

/** Where in the message a value lies, for errors. */
interface Place {
  readonly source: Source
  readonly path: string
  readonly depth: number
}

const deeper = (place: Place, step: string): Place => ({
  ...place,
  path: `${place.path} > ${step}`,
  depth: place.depth + 1,
})

/** Reads the list of a field: the octets from `at`, `length` of them. What cannot be read is reported and left out. */
export function readList(source: Source, path: string, field: Field, at: number, length: number): Value {
  return readValue({ source, path, depth: 0 }, field, at, length)
}

function readValue(place: Place, field: Field, at: number, length: number): Value {
  const end = at + length
  const { type, name } = field.element
  if (type !== 'basicList' && type !== 'subTemplateList' && type !== 'subTemplateMultiList')
    return octetsValue(type, place.source.bytes.subarray(at, end))
  const inside = deeper(place, name)
  if (length === 0) return undefined
  if (inside.depth > place.source.context.limits.listDepth) {
    fail(
      place.source,
      'limit',
      at,
      inside.path,
      `at most ${place.source.context.limits.listDepth} nested lists`,
      'one more',
    )
    return undefined
  }
  if (type === 'basicList') return basicList(inside, at, end)
  return type === 'subTemplateList' ? subTemplateList(inside, at, end) : subTemplateMultiList(inside, at, end)
}

function tooShort({ source, path }: Place, at: number, end: number, needed: number, what: string): boolean {
  if (end - at >= needed) return false
  fail(source, 'record', at, path, `${needed} octets of ${what}`, `${end - at}`)
  return true
}

/** RFC 6313 section 4.5.1. */
function basicList(place: Place, at: number, end: number): Value {
  const { view, domain } = place.source
  if (tooShort(place, at, end, 5, 'basicList header')) return undefined
  const number = view.getUint16(at + 1)
  const enterprise = number & 0x8000
  if (enterprise && tooShort(place, at, end, 9, 'basicList header')) return undefined
  const field: Field = {
    element: sessionElement(domain.session, enterprise ? view.getUint32(at + 5) : 0, number & 0x7fff),
    length: view.getUint16(at + 3),
  }
  const values: Value[] = []
  let next = at + (enterprise ? 9 : 5)
  while (next < end) {
    const extent = extentOf(place, field, next, end)
    if (!extent) break
    if (extent.end === next) {
      fail(place.source, 'record', next, place.path, 'elements of at least one octet', 'elements of none')
      break
    }
    values.push(readValue(place, field, extent.start, extent.end - extent.start) ?? null)
    next = extent.end
  }
  return { semantic: semantic(view.getUint8(at)), element: field.element.name, values }
}

/** RFC 6313 section 4.5.2. */
function subTemplateList(place: Place, at: number, end: number): Value {
  if (tooShort(place, at, end, 3, 'subTemplateList header')) return undefined
  const { view } = place.source
  return { semantic: semantic(view.getUint8(at)), ...records(place, view.getUint16(at + 1), at + 3, end) }
}

/** RFC 6313 section 4.5.3. */
function subTemplateMultiList(place: Place, at: number, end: number): Value {
  const { view } = place.source
  const lists: Value[] = []
  let next = at + 1
  while (next < end) {
    if (tooShort(place, next, end, 4, 'list header')) break
    const length = view.getUint16(next + 2)
    if (length < 4 || length > end - next) {
      fail(place.source, 'length', next + 2, place.path, `4 to ${end - next} octets`, `${length}`)
      break
    }
    lists.push(records(place, view.getUint16(next), next + 4, next + length))
    next += length
  }
  return { semantic: semantic(view.getUint8(at)), lists }
}

/** The records of one template, as many as there are; their octets if the template is unknown. */
function records(
  place: Place,
  template: number,
  at: number,
  end: number,
): { readonly [name: string]: Value } {
  const { source } = place
  const layout = source.domain.templates.get(template)?.layout
  if (!layout || layout.minimumLength === 0) return { template, octets: hex(source.bytes.subarray(at, end)) }
  const list: Value[] = []
  const inside = { ...place, path: `${place.path} > template ${template}` }
  for (let next: number | undefined = at; next !== undefined && next < end; ) {
    const start: number = next
    const record: Record<string, Value> = {}
    next = readRecord(inside, layout, start, end, record)
    if (next !== undefined) list.push(record)
  }
  return { template, records: list }
}

/** Reads one record into `record`, and returns where it ends; undefined if it overruns `end`. */
function readRecord(
  place: Place,
  layout: Layout,
  at: number,
  end: number,
  record: Record<string, Value>,
): number | undefined {
  let next = at
  for (const field of layout.fields) {
    const { name } = field.element
    const extent = extentOf(deeper(place, name), field, next, end)
    if (!extent) return undefined
    const value = readValue(place, field, extent.start, extent.end - extent.start)
    next = extent.end
    if (value === undefined || name === 'paddingOctets') continue
    const before = Object.hasOwn(record, name) ? record[name] : undefined
    record[name] =
      before === undefined ? value : Array.isArray(before) ? [...(before as Value[]), value] : [before, value]
  }
  return next
}

/** Where a field's value begins and ends; undefined, and reported, if that is beyond `end`. */
export function extentOf(
  { source, path }: { readonly source: Source; readonly path: string },
  field: Field,
  at: number,
  end: number,
): { start: number; end: number } | undefined {
  let [start, length] = [at, field.length]
  if (length === VARIABLE_LENGTH) {
    length = at < end ? source.view.getUint8(at) : 0
    start = at + 1
    if (length === 255) {
      length = at + 3 <= end ? source.view.getUint16(at + 1) : 0
      start = at + 3
    }
  }
  if (start + length <= end) return { start, end: start + length }
  fail(
    source,
    'record',
    at,
    path,
    `${start - at + length} octets`,
    `${end - at} to the end of the set or list`,
  )
  return undefined
}
