// NetFlow v1, v5 and v7: one record layout each, no templates. Their fields carry the names of the information elements
// that say the same, so that records of all versions read alike.
import type { Datagram, Protocol } from '../datagram.ts'
import { ianaElement } from '../elements/registry.ts'
import { createLayout } from '../layout.ts'
import type { Message } from '../message.ts'
import type { Context } from '../port.ts'
import type { Sampling } from '../sampling.ts'
import { decodeRecords } from './records.ts'
import { advance } from './restart.ts'
import type { Sessions } from './session.ts'
import { allZero, fail, type Source, viewOf } from './source.ts'
import { createTemplate, type Template } from './template.ts'

/** Fields of a record in order, each with its octets. */
type Record = readonly (readonly [name: string, octets: number])[]

interface Version {
  readonly protocol: Protocol
  readonly header: number
  readonly record: Record
  /** Where the header's sequence number, engine (type and ID) and sampling stand; undefined if it has none. */
  readonly sequence?: number
  readonly engine?: number
  readonly sampling?: number
}

const key: Record = [
  ['sourceIPv4Address', 4],
  ['destinationIPv4Address', 4],
  ['ipNextHopIPv4Address', 4],
  ['ingressInterface', 2],
  ['egressInterface', 2],
  ['packetDeltaCount', 4],
  ['octetDeltaCount', 4],
  ['flowStartSysUpTime', 4],
  ['flowEndSysUpTime', 4],
  ['sourceTransportPort', 2],
  ['destinationTransportPort', 2],
]
const routing: Record = [
  ['bgpSourceAsNumber', 2],
  ['bgpDestinationAsNumber', 2],
  ['sourceIPv4PrefixLength', 1],
  ['destinationIPv4PrefixLength', 1],
]

const flowRecord1 = (padding: number): Record => [
  ...key,
  ['paddingOctets', 2],
  ['protocolIdentifier', 1],
  ['ipClassOfService', 1],
  ['tcpControlBits', 1],
  ['paddingOctets', padding],
]

/** v1's other record: some exporters pad it to 48 octets instead of 52. The datagram's length tells which. */
const SHORT_VERSION_1: Version = { protocol: 'netflow1', header: 16, record: flowRecord1(7) }
const SHORT_RECORD_1 = 48

/** By version number. Cisco's NetFlow export datagram formats; v1 and v7 as their collectors read them. */
export const fixedVersions: Readonly<globalThis.Record<number, Version>> = {
  1: { protocol: 'netflow1', header: 16, record: flowRecord1(11) },
  5: {
    protocol: 'netflow5',
    header: 24,
    sequence: 16,
    engine: 20,
    sampling: 22,
    record: [
      ...key,
      ['paddingOctets', 1],
      ['tcpControlBits', 1],
      ['protocolIdentifier', 1],
      ['ipClassOfService', 1],
      ...routing,
      ['paddingOctets', 2],
    ],
  },
  7: {
    protocol: 'netflow7',
    header: 24,
    sequence: 16,
    record: [
      ...key,
      ['paddingOctets', 1],
      ['tcpControlBits', 1],
      ['protocolIdentifier', 1],
      ['ipClassOfService', 1],
      ...routing,
      ['paddingOctets', 2],
      ['ipv4RouterSc', 4],
    ],
  },
}

/** The v5 header's sampling: mode in the upper 2 bits, interval in the other 14; an interval of 0 says nothing. */
export const headerSampling = (bits: number): Sampling | undefined =>
  bits & 0x3fff
    ? { rate: bits & 0x3fff, algorithm: bits >>> 14, source: 'header', sampler: undefined }
    : undefined

/** A decoder of the versions with fixed records; the datagram has at least its version's header. */
export function createFixedDecoder(context: Context, sessions: Sessions) {
  const templates = new Map<Version, Template>()

  const templateOf = (number: number, version: Version): Template => {
    const known = templates.get(version)
    if (known) return known
    const { protocol, record } = version
    const fields = record.map(([name, length]) => ({ element: ianaElement(name), length }))
    const template = createTemplate(createLayout(protocol, number, fields), '')
    templates.set(version, template)
    return template
  }

  return (datagram: Datagram): void => {
    const { payload: bytes } = datagram
    const view = viewOf(bytes)
    const number = view.getUint16(0)
    const count = view.getUint16(2)
    const short = number === 1 && bytes.length === SHORT_VERSION_1.header + count * SHORT_RECORD_1
    const version = short ? SHORT_VERSION_1 : fixedVersions[number]
    if (!version) return
    const { protocol, header } = version
    const id = version.engine === undefined ? 0 : view.getUint16(version.engine)
    const domain = sessions.domain(datagram, protocol, id)
    const sampling =
      version.sampling === undefined ? undefined : headerSampling(view.getUint16(version.sampling))
    const message: Message = {
      protocol,
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
      sequence: version.sequence === undefined ? undefined : view.getUint32(version.sequence),
      exportSeconds: view.getUint32(8),
      exportNanoseconds: view.getUint32(12),
      sysUptime: view.getUint32(4),
      sampling,
    }
    const source: Source = { context, domain, message, bytes, view, base: 0 }
    domain.stats.datagrams++
    domain.stats.octets += bytes.length
    if (sampling?.rate !== domain.stats.sampling[0]?.rate) domain.stats.sampling = sampling ? [sampling] : []

    const template = templateOf(number, version)
    const { minimumLength } = template.layout
    const end = header + count * minimumLength
    const whole = Math.min(count, Math.floor((bytes.length - header) / minimumLength))
    decodeRecords(source, template, header, header + whole * minimumLength)
    if (whole < count)
      fail(source, 'truncated', 2, '', `${count} records, ${end} octets`, `${bytes.length} octets`)
    else if (end < bytes.length) {
      const zeros = allZero(bytes, end, bytes.length) ? 'zeros' : 'octets'
      fail(
        source,
        'surplus',
        end,
        '',
        `${end} octets for ${count} records`,
        `${bytes.length - end} more ${zeros}`,
      )
    }
    advance(source, count)
  }
}
