// IPFIX (RFC 7011): header and templates.
import type { Datagram } from '../datagram.ts'
import type { Message } from '../message.ts'
import { readFields } from './fields.ts'
import { advance } from './restart.ts'
import { decodeSets, type Grammar, type SetDecoder } from './sets.ts'
import { fail, type Source, viewOf } from './source.ts'
import { sessionElement, type TemplateRecord } from './template.ts'

/** Octets of the header (RFC 7011 section 3.1). */
export const IPFIX_HEADER = 16
export const IPFIX_VERSION = 10

/** A template record (RFC 7011 section 3.4.1): ID, number of fields, fields; without fields it is a withdrawal. */
function readTemplate(source: Source, at: number, end: number): TemplateRecord | undefined {
  const id = source.view.getUint16(at)
  const read = readFields(
    source,
    `template ${id}`,
    at + 4,
    end,
    source.view.getUint16(at + 2),
    true,
    (enterprise, number) => sessionElement(source.domain.session, enterprise, number),
  )
  return read && { id, fields: read.fields, scopeFields: 0, kind: 'data', at, end: read.end }
}

/** An options template record (RFC 7011 section 3.4.2): ID, number of fields, of which scope fields, fields. */
function readOptionsTemplate(source: Source, at: number, end: number): TemplateRecord | undefined {
  const { view } = source
  const id = view.getUint16(at)
  const path = `options template ${id}`
  const count = view.getUint16(at + 2)
  if (count === 0) return { id, fields: [], scopeFields: 0, kind: 'options', at, end: at + 4 }
  if (end - at < 6) {
    fail(source, 'template', at, path, '6 octets of options template header', `${end - at}`)
    return undefined
  }
  const scopeFields = view.getUint16(at + 4)
  const read = readFields(source, path, at + 6, end, count, true, (enterprise, number) =>
    sessionElement(source.domain.session, enterprise, number),
  )
  if (read && (scopeFields === 0 || scopeFields > count))
    fail(source, 'template', at + 4, path, `1 to ${count} scope fields`, `${scopeFields}`)
  return (
    read && {
      id,
      fields: read.fields,
      scopeFields: Math.min(scopeFields, count),
      kind: 'options',
      at,
      end: read.end,
    }
  )
}

const grammar: Grammar = { 2: readTemplate, 3: readOptionsTemplate }

/**
 * Decodes a datagram that has at least a header. Some exporters send messages one after the other in one datagram; all
 * are decoded.
 */
export function decodeIpfix(decoder: SetDecoder, datagram: Datagram): void {
  const { payload } = datagram
  let at = 0
  do at += decodeMessage(decoder, datagram, at)
  while (payload.length - at >= IPFIX_HEADER && payload[at] === 0 && payload[at + 1] === IPFIX_VERSION)
}

/** Decodes the message that begins at `base`, and returns its length: all that is left if nothing like one follows. */
function decodeMessage(decoder: SetDecoder, datagram: Datagram, base: number): number {
  const bytes = base === 0 ? datagram.payload : datagram.payload.subarray(base)
  const view = viewOf(bytes)
  const id = view.getUint32(12)
  const domain = decoder.sessions.domain(datagram, 'ipfix', id)
  const message: Message = {
    protocol: 'ipfix',
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
    sequence: view.getUint32(8),
    exportSeconds: view.getUint32(4),
    exportNanoseconds: 0,
    sysUptime: undefined,
    sampling: undefined,
  }
  const source: Source = { context: decoder.context, domain, message, bytes, view, base }
  domain.stats.datagrams++
  const length = view.getUint16(2)
  const rest = bytes.length - length
  const follows = rest >= IPFIX_HEADER && view.getUint16(length) === IPFIX_VERSION
  if (length < IPFIX_HEADER) fail(source, 'length', 2, '', `at least ${IPFIX_HEADER} octets`, `${length}`)
  else if (rest < 0) fail(source, 'truncated', 2, '', `${length} octets`, `${bytes.length}`)
  else if (rest > 0 && !follows) fail(source, 'surplus', length, '', `${length} octets`, `${bytes.length}`)
  const end = Math.min(Math.max(length, IPFIX_HEADER), bytes.length)
  domain.stats.octets += end
  const { dataRecords } = decodeSets(decoder, grammar, source, IPFIX_HEADER, end)
  advance(source, rest < 0 ? undefined : dataRecords)
  return follows ? end : bytes.length
}
