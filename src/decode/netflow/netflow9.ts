// NetFlow v9 (RFC 3954): header and templates.
import type { Datagram } from '../datagram.ts'
import { type Element, namedElement } from '../element.ts'
import type { Field } from '../layout.ts'
import type { Message } from '../message.ts'
import { readFields } from './fields.ts'
import { advance } from './restart.ts'
import { type Contents, decodeSets, type Grammar, type SetDecoder } from './sets.ts'
import { fail, type Source, viewOf } from './source.ts'
import { sessionElement, type TemplateRecord } from './template.ts'

/** Octets of the header (RFC 3954 section 5.1). */
export const NETFLOW9_HEADER = 20

/** Scope field types (RFC 3954 section 6.1). They are numbered apart from the elements. */
const scopes: Readonly<Record<number, Element>> = {
  1: namedElement('scopeSystem', 'octetArray'),
  2: namedElement('scopeInterface', 'unsigned32', '', 'identifier'),
  3: namedElement('scopeLineCard', 'unsigned32', '', 'identifier'),
  4: namedElement('scopeCache', 'octetArray'),
  5: namedElement('scopeTemplate', 'unsigned32', '', 'identifier'),
}

/** A template record (RFC 3954 section 5.2): ID, number of fields, fields. */
function readTemplate(source: Source, at: number, end: number): TemplateRecord | undefined {
  const id = source.view.getUint16(at)
  const element = (_enterprise: number, type: number) => sessionElement(source.domain.session, 0, type)
  const read = readFields(
    source,
    `template ${id}`,
    at + 4,
    end,
    source.view.getUint16(at + 2),
    false,
    element,
  )
  return read && { id, fields: read.fields, scopeFields: 0, kind: 'data', at, end: read.end }
}

/** An options template record (RFC 3954 section 6.1): ID, octets of scope fields, octets of option fields, fields. */
function readOptionsTemplate(source: Source, at: number, end: number): TemplateRecord | undefined {
  const { view } = source
  const id = view.getUint16(at)
  const path = `options template ${id}`
  if (end - at < 6) {
    fail(source, 'template', at, path, '6 octets of options template header', `${end - at}`)
    return undefined
  }
  const [scopeOctets, optionOctets] = [view.getUint16(at + 2), view.getUint16(at + 4)]
  if (scopeOctets % 4 !== 0 || optionOctets % 4 !== 0) {
    fail(
      source,
      'template',
      at + 2,
      path,
      'lengths that are multiples of 4',
      `${scopeOctets} and ${optionOctets}`,
    )
    return undefined
  }
  const [scopeFields, count] = [scopeOctets / 4, (scopeOctets + optionOctets) / 4]
  const element = (_enterprise: number, type: number, index: number) =>
    (index < scopeFields ? scopes[type] : undefined) ?? sessionElement(source.domain.session, 0, type)
  const read = readFields(source, path, at + 6, end, count, false, element)
  const fields: readonly Field[] | undefined = read?.fields
  return read && fields && { id, fields, scopeFields, kind: 'options', at, end: read.end }
}

const grammar: Grammar = { 0: readTemplate, 1: readOptionsTemplate }

/**
 * The header counts records, templates among them (RFC 3954 section 5.1). Exporters are known that count FlowSets, or leave
 * templates or options out (softflowd): one that announces more than there is has lost something, and one that announces less
 * than there are sets makes others lose it.
 */
function checkCount(source: Source, count: number, contents: Contents): void {
  const { dataRecords, templates, sets, beyond, whole } = contents
  if (beyond !== undefined) {
    const { context, message, base } = source
    context.event({ type: 'count', said: count, sets, message, offset: beyond + base })
  }
  if (dataRecords === undefined || !whole) return
  const records = dataRecords + templates
  if (count > Math.max(records, sets))
    fail(source, 'count', 2, 'count', `at most ${records} records, as many as there are`, `${count}`)
}

/** Decodes a datagram that has at least a header. */
export function decodeNetflow9(decoder: SetDecoder, datagram: Datagram): void {
  const { payload: bytes } = datagram
  const view = viewOf(bytes)
  const id = view.getUint32(16)
  const domain = decoder.sessions.domain(datagram, 'netflow9', id)
  const message: Message = {
    protocol: 'netflow9',
    seconds: datagram.seconds,
    nanoseconds: datagram.nanoseconds,
    transport: datagram.transport,
    number: datagram.number,
    sourceAddress: datagram.sourceAddress,
    sourcePort: datagram.sourcePort,
    destinationAddress: datagram.destinationAddress,
    destinationPort: datagram.destinationPort,
    exporter: datagram.sourceAddress,
    domain: id,
    sequence: view.getUint32(12),
    exportSeconds: view.getUint32(8),
    exportNanoseconds: 0,
    sysUptime: view.getUint32(4),
    sampling: undefined,
  }
  const source: Source = { context: decoder.context, domain, message, bytes, view, base: 0 }
  domain.stats.datagrams++
  domain.stats.octets += bytes.length
  const count = view.getUint16(2)
  checkCount(source, count, decodeSets(decoder, grammar, source, NETFLOW9_HEADER, bytes.length, count))
  advance(source, 1)
}
