// What the exports say: the recorded datagrams of one probe, decoded and summed up by flow key. The only place where the
// verdict reads flow records; everything else works on these sums.

import type { CaptureProblem } from '../capture/problem.ts'
import { fileChunks } from '../capture/source.ts'
import type { RecordBatch } from '../decode/batch.ts'
import { numberAt } from '../decode/column.ts'
import { createDecoder } from '../decode/decoder.ts'
import { type DecodeError, errorText, type SequenceEvent, type TemplateEvent } from '../decode/report.ts'
import type { DomainStats } from '../decode/stats.ts'
import type { Value } from '../decode/value.ts'
import { replay } from './replay.ts'
import { type FlowKey, flowId } from '../kernel/flow.ts'
import { add, nothing, type Volume } from '../kernel/units.ts'

export interface ExportedFlow extends FlowKey, Volume {
  /** Flow records that the flow came in. */
  readonly records: number
}

export interface Exports {
  readonly flows: readonly ExportedFlow[]
  readonly total: Volume
  readonly datagrams: number
  readonly records: number
  readonly domains: readonly DomainStats[]
  readonly sequence: readonly SequenceEvent[]
  readonly templates: readonly TemplateEvent[]
  /** Whatever could not be read, in words with its place; the first hundred. */
  readonly errors: readonly string[]
}

const most = 100

/** Reads a recording of exports. Throws the system's error where the file cannot be read. */
export async function readExports(file: string): Promise<Exports> {
  const flows = new Map<string, ExportedFlow>()
  const sequence: SequenceEvent[] = []
  const templates: TemplateEvent[] = []
  const errors: string[] = []
  const complain = (text: string): void => void (errors.length < most && errors.push(text))
  const decoder = createDecoder(
    {},
    {
      records: (batch) => sumUp(batch, flows),
      event: (event) => (event.type === 'sequence' ? sequence.push(event) : templates.push(event)),
      // Octets that nothing announced, such as padding that is not zero, cost no record.
      error: (error: DecodeError) => error.kind === 'surplus' || complain(errorText(error)),
    },
  )
  const sink = {
    problem: ({ offset, expected, found }: CaptureProblem) =>
      complain(`${file}: octet ${offset}: expected ${expected}, found ${found}`),
    error: (error: DecodeError) => complain(errorText(error)),
  }
  await replay(file, fileChunks(file), decoder, {}, sink)
  decoder.flush()
  const all = [...flows.values()]
  return {
    flows: all,
    total: all.reduce<Volume>(add, nothing),
    datagrams: decoder.stats().datagrams,
    records: all.reduce((sum, { records }) => sum + records, 0),
    domains: [...decoder.stats().domains],
    sequence,
    templates,
    errors,
  }
}

/** By family: the fields that hold its addresses and its ICMP type and code. */
const families = [
  { source: 'sourceIPv4Address', destination: 'destinationIPv4Address', icmp: 'icmpTypeCodeIPv4' },
  { source: 'sourceIPv6Address', destination: 'destinationIPv6Address', icmp: 'icmpTypeCodeIPv6' },
] as const

/** Only records with addresses and counters are flows. A batch of samples has packets of both families. */
function sumUp(batch: RecordBatch, flows: Map<string, ExportedFlow>): void {
  const { fields, kind } = batch.layout
  const index = (name: string): number => fields.findIndex(({ element }) => element.name === name)
  const number = (name: string): ((row: number) => number) => {
    const column = batch.column(name)
    return (row) => (column ? (numberAt(column, row) ?? 0) : 0)
  }
  const volumeOf = volumesOf(batch)
  if (kind !== 'data' || !volumeOf) return
  const protocol = number('protocolIdentifier')
  const sourcePort = number('sourceTransportPort')
  const destinationPort = number('destinationTransportPort')
  const own = families.flatMap((family) => {
    const [source, destination] = [index(family.source), index(family.destination)]
    const icmp = batch.column(family.icmp) ? number(family.icmp) : destinationPort
    return source < 0 ? [] : [{ source, destination, icmp }]
  })
  for (let row = 0; row < batch.rows; row++) {
    const family = own.find(({ source }) => text(batch.value(row, source)) !== '')
    if (!family) continue
    const ip = protocol(row)
    const isIcmp = ip === 1 || ip === 58
    const key: FlowKey = {
      source: text(batch.value(row, family.source)),
      destination: text(batch.value(row, family.destination)),
      protocol: ip,
      sourcePort: isIcmp ? 0 : sourcePort(row),
      destinationPort: isIcmp ? family.icmp(row) : destinationPort(row),
    }
    const id = flowId(key)
    const before = flows.get(id)
    flows.set(id, {
      ...key,
      ...add(before ?? nothing, volumeOf(row)),
      records: (before?.records ?? 0) + 1,
    })
  }
}

/** Ethernet's header, in bytes. */
const ethernetHeader = 14
/** sFlow's number for Ethernet frames (sFlow v5, section 5.3, header_protocol). */
const ethernet = 1

/**
 * What a record tells of: a flow's packets and bytes, or the one packet that was sampled, of whose frame sFlow gives the
 * length: with the bytes that were stripped off it (the FCS) and the Ethernet header, which are not layer 3.
 */
function volumesOf(batch: RecordBatch): ((row: number) => Volume) | undefined {
  const number = (name: string): ((row: number) => number) | undefined => {
    const column = batch.column(name)
    return column && ((row) => numberAt(column, row) ?? 0)
  }
  const packets = number('packetDeltaCount')
  const bytes = number('octetDeltaCount')
  if (packets && bytes) return (row) => ({ packets: packets(row), bytes: bytes(row) })
  const frame = number('dataLinkFrameSize')
  const stripped = number('strippedOctets')
  const header = number('headerProtocol')
  if (!frame || !stripped || !header) return undefined
  return (row) => ({
    packets: 1,
    bytes: frame(row) - stripped(row) - (header(row) === ethernet ? ethernetHeader : 0),
  })
}

const text = (value: Value): string => (typeof value === 'string' ? value : '')
