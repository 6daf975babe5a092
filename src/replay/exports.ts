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
import { type AnnouncedRate, Announcements } from './announced.ts'
import { RecordColumns, type Records } from './records.ts'
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
  /** Each of them, in the order in which they came. */
  readonly kept: Records
  /** What was announced of their sampling. */
  readonly announced: readonly AnnouncedRate[]
  readonly domains: readonly DomainStats[]
  readonly sequence: readonly SequenceEvent[]
  readonly templates: readonly TemplateEvent[]
  /** Whatever could not be read, in words with its place; the first hundred. */
  readonly errors: readonly string[]
}

/** A flow while it is summed up, and where it stands among all. */
type Sum = { -readonly [K in keyof ExportedFlow]: ExportedFlow[K] } & { readonly index: number }

const most = 100

/** Reads a recording of exports. Throws the system's error where the file cannot be read. */
export async function readExports(file: string): Promise<Exports> {
  const flows = new Map<string, Sum>()
  const kept = new RecordColumns()
  const announced = new Announcements()
  const sequence: SequenceEvent[] = []
  const templates: TemplateEvent[] = []
  const errors: string[] = []
  const complain = (text: string): void => void (errors.length < most && errors.push(text))
  const decoder = createDecoder(
    {},
    {
      records: (batch) => sumUp(batch, flows, kept, announced),
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
    kept,
    announced: announced.list(),
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

/** Only records with addresses and counters are flows. */
function sumUp(
  batch: RecordBatch,
  flows: Map<string, Sum>,
  kept: RecordColumns,
  announced: Announcements,
): void {
  const { fields, kind } = batch.layout
  const index = (name: string): number => fields.findIndex(({ element }) => element.name === name)
  const family = families.find(({ source }) => index(source) >= 0)
  const packets = batch.column('packetDeltaCount')
  const bytes = batch.column('octetDeltaCount')
  if (kind !== 'data' || !family || !packets || !bytes) return
  const [source, destination] = [index(family.source), index(family.destination)]
  const protocol = batch.column('protocolIdentifier')
  const sourcePort = batch.column('sourceTransportPort')
  const destinationPort = batch.column('destinationTransportPort')
  const icmp = batch.column(family.icmp)
  const number = (column: typeof packets | undefined, row: number): number =>
    column ? (numberAt(column, row) ?? 0) : 0
  const keep = kept.of(batch)
  const announce = announced.of(batch)
  for (let row = 0; row < batch.rows; row++) {
    const ip = number(protocol, row)
    const isIcmp = ip === 1 || ip === 58
    const key: FlowKey = {
      source: text(batch.value(row, source)),
      destination: text(batch.value(row, destination)),
      protocol: ip,
      sourcePort: isIcmp ? 0 : number(sourcePort, row),
      destinationPort: isIcmp && icmp ? number(icmp, row) : number(destinationPort, row),
    }
    const id = flowId(key)
    const sum = flows.get(id) ?? { ...key, ...nothing, records: 0, index: flows.size }
    flows.set(id, sum)
    const volume = { packets: number(packets, row), bytes: number(bytes, row) }
    sum.packets += volume.packets
    sum.bytes += volume.bytes
    sum.records++
    keep(row, sum.index, volume.packets, volume.bytes)
    announce(row)
  }
}

const text = (value: Value): string => (typeof value === 'string' ? value : '')
