// One line a record, like tcpdump's: when and from whom, then the flow in few words. Records that are no flows (options,
// counters) are printed field by field.
import type { RecordBatch } from '../batch.ts'
import type { Layout } from '../layout.ts'
import type { Value } from '../value.ts'
import { batchTimes, type FlowTimes, type Printer, templateName } from './printer.ts'
import type { Output } from './output.ts'

const protocols: Readonly<Record<number, string>> = {
  1: 'ICMP',
  2: 'IGMP',
  4: 'IPIP',
  6: 'TCP',
  17: 'UDP',
  41: 'IPv6',
  46: 'RSVP',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  58: 'ICMP6',
  89: 'OSPF',
  103: 'PIM',
  112: 'VRRP',
  132: 'SCTP',
}

/** As tcpdump writes them, from the lowest bit up. */
const flagLetters = ['F', 'S', 'R', 'P', '.', 'U', 'E', 'W', 'e']
const flagText = (flags: number): string => {
  const letters = flagLetters.filter((_, bit) => flags & (1 << bit)).join('')
  return letters === '' ? 'none' : letters
}

/** The fields of a layout by name: the first of each. */
const indexes = new WeakMap<Layout, Map<string, number>>()

function indexOf(layout: Layout): Map<string, number> {
  let index = indexes.get(layout)
  if (!index) {
    index = new Map()
    for (const [field, { element }] of layout.fields.entries())
      if (!index.has(element.name)) index.set(element.name, field)
    indexes.set(layout, index)
  }
  return index
}

/** Reads a row by name; the first name that has a value counts. */
class Row {
  private readonly batch: RecordBatch
  private readonly row: number
  private readonly index: Map<string, number>

  constructor(batch: RecordBatch, row: number) {
    this.batch = batch
    this.row = row
    this.index = indexOf(batch.layout)
  }

  get(...names: string[]): Value {
    for (const name of names) {
      const field = this.index.get(name)
      const value = field === undefined ? undefined : this.batch.value(this.row, field)
      if (value !== undefined) return value
    }
    return undefined
  }
}

/** `label value` of those fields that have a value other than 0 or an unspecified address. */
const details: readonly (readonly [label: string, ...names: string[]])[] = [
  ['tos', 'ipClassOfService'],
  ['in', 'ingressInterface'],
  ['out', 'egressInterface'],
  ['vlan', 'dot1qVlanId', 'vlanId'],
  ['next hop', 'ipNextHopIPv4Address', 'ipNextHopIPv6Address'],
  ['BGP next hop', 'bgpNextHopIPv4Address', 'bgpNextHopIPv6Address'],
  ['AS path', 'bgpDestinationAsPath'],
  ['tunnel', 'encapsulation'],
  ['firewall event', 'firewallEvent'],
  ['NAT event', 'natEvent'],
  ['application', 'applicationId'],
  ['discarded, reason', 'discardReason'],
  ['sampled 1 in', 'samplingInterval'],
]

const empty: ReadonlySet<Value> = new Set([undefined, 0, '', '0.0.0.0', '::'])

/** A value in one line. Control characters are escaped: an exporter must not write to the terminal. */
export const valueText = (value: Value): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).replaceAll(
    /\p{Cc}/gu,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )

function endpoint(address: Value, port: Value): string {
  return port === undefined ? valueText(address) : `${valueText(address)}.${valueText(port)}`
}

function span(times: FlowTimes | undefined, row: number): string[] {
  const [start, end] = [times?.start, times?.end]
  if (!start || !end) return []
  const seconds = (end.seconds[row] ?? NaN) - (start.seconds[row] ?? NaN)
  const duration = seconds + ((end.nanoseconds[row] ?? 0) - (start.nanoseconds[row] ?? 0)) / 1e9
  return Number.isNaN(duration) ? [] : [`${Number(duration.toFixed(6))} s`]
}

/** What the record says, or undefined if it is no flow. */
function flowText(row: Row, times: string[]): string | undefined {
  const source = row.get('sourceIPv4Address', 'sourceIPv6Address', 'sourceIPv4Prefix', 'sourceMacAddress')
  const destination = row.get(
    'destinationIPv4Address',
    'destinationIPv6Address',
    'destinationIPv4Prefix',
    'destinationMacAddress',
  )
  if (source === undefined && destination === undefined) return undefined
  const protocol = row.get('protocolIdentifier')
  const ports = protocol !== 1 && protocol !== 58
  const from = endpoint(source ?? '?', ports ? row.get('sourceTransportPort') : undefined)
  const to = endpoint(destination ?? '?', ports ? row.get('destinationTransportPort') : undefined)
  const parts: string[] = []
  if (typeof protocol === 'number') parts.push(protocols[protocol] ?? `protocol ${protocol}`)
  const flags = row.get('tcpControlBits')
  if (protocol === 6 && typeof flags === 'number') parts.push(`flags [${flagText(flags)}]`)
  const icmp = row.get('icmpTypeCodeIPv4', 'icmpTypeCodeIPv6')
  if (!ports && typeof icmp === 'number') parts.push(`type ${icmp >> 8} code ${icmp & 255}`)
  const packets = row.get('packetDeltaCount', 'packetTotalCount', 'initiatorPackets')
  const octets = row.get('octetDeltaCount', 'octetTotalCount', 'initiatorOctets')
  if (packets !== undefined) parts.push(`${valueText(packets)} packets`)
  if (octets !== undefined) parts.push(`${valueText(octets)} octets`)
  const frame = row.get('dataLinkFrameSize')
  if (frame !== undefined) parts.push(`frame of ${valueText(frame)} octets`)
  parts.push(...times)
  const sourceAs = row.get('bgpSourceAsNumber')
  const destinationAs = row.get('bgpDestinationAsNumber')
  if (!empty.has(sourceAs) || !empty.has(destinationAs))
    parts.push(`AS ${valueText(sourceAs ?? '?')} > ${valueText(destinationAs ?? '?')}`)
  for (const [label, ...names] of details) {
    const value = row.get(...names)
    if (!empty.has(value)) parts.push(`${label} ${valueText(value)}`)
  }
  const inner = row.get('innerSourceIPv4Address', 'innerSourceIPv6Address')
  const innerTo = row.get('innerDestinationIPv4Address', 'innerDestinationIPv6Address')
  if (inner !== undefined) {
    const innerFrom = endpoint(inner, row.get('innerSourceTransportPort'))
    parts.push(`inside ${innerFrom} > ${endpoint(innerTo ?? '?', row.get('innerDestinationTransportPort'))}`)
  }
  return `${from} > ${to}: ${parts.join(', ')}`
}

function fieldsText(batch: RecordBatch, row: number): string {
  const fields = Object.entries(batch.record(row)).map(([name, value]) => `${name} ${valueText(value)}`)
  return fields.join(', ')
}

const two = (value: number): string => String(value).padStart(2, '0')

/** The time of day here, to the microsecond, as tcpdump prints it. */
export function clock(seconds: number, nanoseconds: number): string {
  const date = new Date(seconds * 1000)
  const fraction = String(Math.floor(nanoseconds / 1000)).padStart(6, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${fraction}`
}

/** Prints a line a record. */
export function createLinePrinter(output: Output): Printer {
  let times: FlowTimes | undefined
  return {
    batch(batch) {
      times = batchTimes(batch)
    },
    record(batch, row) {
      const { seconds, nanoseconds, exporter, protocol, domain } = batch.message(row)
      const { layout } = batch
      const kind = layout.kind === 'options' ? 'options ' : ''
      const head = `${clock(seconds, nanoseconds)} ${exporter} ${protocol} ${domain}/${templateName(layout)} ${kind}`
      const text = layout.kind === 'data' ? flowText(new Row(batch, row), span(times, row)) : undefined
      output.write(`${head}${text ?? fieldsText(batch, row)}\n`)
    },
  }
}
