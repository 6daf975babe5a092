// Flow samples and discarded packets (sFlow v5 section 5.3; sFlow Dropped Packet Notification Structures): a row each. The
// structures that most agents send are written into columns here, the others are read from their catalogue.
import { u32, u8 } from '../../kernel/octets.ts'
import type { RecordBatch } from '../batch.ts'
import { hex, type Value } from '../value.ts'
import { formatName } from './agents.ts'
import { type FlowColumns, flowColumns, putNumber, putOctets, putVariable } from './fields.ts'
import { flowStructures } from './flow-structures.ts'
import { writeGateway } from './gateway.ts'
import { HeaderReader } from './header.ts'
import { type StructureFault, StructureReader } from './structure.ts'
import type { Walk } from './walk.ts'

/** Structures with columns of their own: the name, the octets that they take at least, and who writes them. */
type Writer = (
  columns: FlowColumns,
  row: number,
  bytes: Uint8Array,
  at: number,
  end: number,
) => StructureFault | undefined
interface Known {
  readonly name: string
  readonly minimum: number
  readonly write: Writer
}

const header = new HeaderReader()

const writeSwitch: Writer = (columns, row, bytes, at) => {
  putNumber(columns.ingressVlan, row, u32(bytes, at))
  putNumber(columns.ingressVlanPriority, row, u32(bytes, at + 4))
  putNumber(columns.egressVlan, row, u32(bytes, at + 8))
  putNumber(columns.egressVlanPriority, row, u32(bytes, at + 12))
  return undefined
}

const writeNatPorts: Writer = (columns, row, bytes, at) => {
  putNumber(columns.natSourcePort, row, u32(bytes, at))
  putNumber(columns.natDestinationPort, row, u32(bytes, at + 4))
  return undefined
}

const writeHeader: Writer = (columns, row, bytes, at, end) => {
  const protocol = u32(bytes, at)
  const length = u32(bytes, at + 12)
  putNumber(columns.headerProtocol, row, protocol)
  putNumber(columns.frameSize, row, u32(bytes, at + 4))
  putNumber(columns.stripped, row, u32(bytes, at + 8))
  const start = at + 16
  const fault =
    length > end - start ? { at: at + 12, field: 'header', expected: `${length} octets` } : undefined
  const stop = fault ? end : start + length
  if (!header.read(columns, row, protocol, bytes, start, stop))
    putVariable(columns, columns.frameSection, row, bytes, start, stop - start)
  return fault
}

const writeEthernet: Writer = (columns, row, bytes, at) => {
  putNumber(columns.ethernetTotalLength, row, u32(bytes, at))
  putOctets(columns.sourceMac, row, bytes, at + 4)
  putOctets(columns.destinationMac, row, bytes, at + 12)
  putNumber(columns.ethernetType, row, u32(bytes, at + 20))
  return undefined
}

const writeIpv4: Writer = (columns, row, bytes, at) => {
  const { outer } = columns
  putNumber(outer.source4, row, u32(bytes, at + 8))
  putNumber(outer.destination4, row, u32(bytes, at + 12))
  return writePacket(columns, row, bytes, at, 16)
}

const writeIpv6: Writer = (columns, row, bytes, at) => {
  const { outer } = columns
  putOctets(outer.source6, row, bytes, at + 8)
  putOctets(outer.destination6, row, bytes, at + 24)
  return writePacket(columns, row, bytes, at, 40)
}

/** What sampled_ipv4 and sampled_ipv6 have in common, besides the addresses in their middle. */
function writePacket(
  { outer }: FlowColumns,
  row: number,
  bytes: Uint8Array,
  at: number,
  after: number,
): undefined {
  putNumber(outer.totalLength, row, u32(bytes, at))
  putNumber(outer.protocol, row, u32(bytes, at + 4))
  putNumber(outer.sourcePort, row, u32(bytes, at + after))
  putNumber(outer.destinationPort, row, u32(bytes, at + after + 4))
  putNumber(outer.tcpFlags, row, u32(bytes, at + after + 8))
  putNumber(outer.classOfService, row, u32(bytes, at + after + 12))
}

/** How many octets an address takes: its type and 4 or 16 more, or the type alone if it is unknown (type 0). */
export const addressSize = (type: number): number => (type === 1 ? 8 : type === 2 ? 20 : 4)

const writeRouter: Writer = (columns, row, bytes, at, end) => {
  const type = u32(bytes, at)
  const after = at + addressSize(type)
  if (after + 8 > end)
    return { at, field: 'nexthop', expected: `an address of type ${type} and 8 octets more` }
  if (type === 1) putNumber(columns.nextHop4, row, u32(bytes, at + 4))
  if (type === 2) putOctets(columns.nextHop6, row, bytes, at + 4)
  const six =
    columns.outer.source6.present[row] === 1 || (type === 2 && columns.outer.source4.present[row] === 0)
  putNumber(six ? columns.sourcePrefix6 : columns.sourcePrefix4, row, u32(bytes, after))
  putNumber(six ? columns.destinationPrefix6 : columns.destinationPrefix4, row, u32(bytes, after + 4))
  return undefined
}

const writeNat: Writer = (columns, row, bytes, at, end) => {
  const second = at + addressSize(u32(bytes, at))
  if (second + 4 > end || second + addressSize(u32(bytes, second)) > end)
    return { at, field: 'src_address', expected: 'two addresses' }
  const { natSource4, natSource6, natDestination4, natDestination6 } = columns
  if (u32(bytes, at) === 1) putNumber(natSource4, row, u32(bytes, at + 4))
  if (u32(bytes, at) === 2) putOctets(natSource6, row, bytes, at + 4)
  if (u32(bytes, second) === 1) putNumber(natDestination4, row, u32(bytes, second + 4))
  if (u32(bytes, second) === 2) putOctets(natDestination6, row, bytes, second + 4)
  return undefined
}

const known: ReadonlyMap<number, Known> = new Map<number, Known>([
  [1, { name: 'sampled_header', minimum: 16, write: writeHeader }],
  [2, { name: 'sampled_ethernet', minimum: 24, write: writeEthernet }],
  [3, { name: 'sampled_ipv4', minimum: 32, write: writeIpv4 }],
  [4, { name: 'sampled_ipv6', minimum: 56, write: writeIpv6 }],
  [1001, { name: 'extended_switch', minimum: 16, write: writeSwitch }],
  [1002, { name: 'extended_router', minimum: 12, write: writeRouter }],
  [1003, { name: 'extended_gateway', minimum: 28, write: writeGateway }],
  [1007, { name: 'extended_nat', minimum: 8, write: writeNat }],
  [1020, { name: 'extended_nat_port', minimum: 8, write: writeNatPorts }],
])

/** The published name of a flow sample's structure; undefined if nobody has described it. */
export const structureName = (format: number): string | undefined =>
  known.get(format)?.name ?? flowStructures.get(format)?.name

const reader = new StructureReader()

/** Writes all structures of a sample, which lie in octets `start` to `end`, into a row. */
export function writeStructures(
  walk: Walk,
  batch: RecordBatch,
  row: number,
  count: number,
  start: number,
  end: number,
): void {
  const columns = flowColumns(batch)
  const { bytes } = walk
  let at = start
  for (let number = 1; number <= count; number++) {
    walk.record = number
    walk.recordName = 'no format'
    if (at + 8 > end) {
      walk.error('length', at, '', `${count} records`, `${number - 1} before the sample's end`)
      break
    }
    const format = u32(bytes, at)
    const length = u32(bytes, at + 4)
    const structure = known.get(format)
    walk.recordName = structureName(format) ?? formatName(format)
    const from = at + 8
    if (length > end - from) {
      walk.error('length', at + 4, 'length', `at most ${end - from} octets`, String(length))
      break
    }
    const to = from + length
    if (!structure) writeExtended(walk, columns, row, format, from, to)
    else if (length < structure.minimum)
      walk.error('length', at + 4, 'length', `${structure.minimum} octets or more`, String(length))
    else {
      const fault = structure.write(columns, row, bytes, from, to)
      if (fault) fail(walk, fault, to)
    }
    at = from + ((length + 3) & ~3)
  }
  walk.record = 0
}

const fail = (walk: Walk, { at, field, expected }: StructureFault, end: number): void =>
  walk.error('length', at, field, expected, `${Math.max(0, end - at)} octets before the record's end`)

/** Structures without columns: by name into the row's `extendedData`, unknown ones as octets in hex. */
function writeExtended(
  walk: Walk,
  columns: FlowColumns,
  row: number,
  format: number,
  start: number,
  end: number,
): void {
  const { extendedData } = columns
  const structure = flowStructures.get(format)
  let value: Value
  if (structure) {
    reader.begin(walk.bytes, start, end)
    value = reader.object(structure.fields)
    if (reader.fault) return fail(walk, reader.fault, end)
  } else {
    walk.agent.passOver(format)
    value = hex(walk.bytes.subarray(start, end))
  }
  const name = structure?.name ?? formatName(format)
  const before = extendedData.present[row] ? (extendedData.values[row] as Record<string, Value>) : {}
  const same = before[name]
  extendedData.values[row] = {
    ...before,
    [name]: same === undefined ? value : [...(Array.isArray(same) ? same : [same]), value],
  }
  extendedData.present[row] = 1
}

/** An interface as expanded samples give it: its format and value. Format 1 is a reason to discard, 2 a number of interfaces. */
function putInterface(
  columns: FlowColumns,
  row: number,
  ingress: boolean,
  format: number,
  value: number,
): void {
  if (format === 0) putNumber(ingress ? columns.ingressInterface : columns.egressInterface, row, value)
  else if (format === 1) putNumber(columns.discardReason, row, value)
  else if (format === 2) putNumber(columns.egressInterfaces, row, value)
}

/** Octets of the fixed parts of the three kinds of samples. */
export const FLOW_SAMPLE = 32
export const EXPANDED_FLOW_SAMPLE = 44
export const DISCARDED_PACKET = 32

/** Writes a flow sample whose fixed part is there; false if it is not a whole one. */
export function writeFlowSample(
  walk: Walk,
  batch: RecordBatch,
  row: number,
  start: number,
  end: number,
  expanded: boolean,
): void {
  const columns = flowColumns(batch)
  const { bytes, agent, context, message } = walk
  const sequence = u32(bytes, start)
  const type = expanded ? u32(bytes, start + 4) : u8(bytes, start + 4)
  const index = expanded ? u32(bytes, start + 8) : u32(bytes, start + 4) & 0xffffff
  const at = start + (expanded ? 12 : 8)
  const rate = u32(bytes, at)
  const drops = u32(bytes, at + 8)
  putNumber(columns.sampleSequence, row, sequence)
  putNumber(columns.dataSourceType, row, type)
  putNumber(columns.dataSourceIndex, row, index)
  putNumber(columns.samplingInterval, row, rate)
  putNumber(columns.pool, row, u32(bytes, at + 4))
  putNumber(columns.drops, row, drops)
  agent.sampled(agent.sample(context, message, 'flow', type, index, sequence), rate, drops)
  const input = u32(bytes, at + 12)
  if (expanded) {
    putInterface(columns, row, true, input, u32(bytes, at + 16))
    putInterface(columns, row, false, u32(bytes, at + 20), u32(bytes, at + 24))
    return writeStructures(walk, batch, row, u32(bytes, at + 28), at + 32, end)
  }
  const output = u32(bytes, at + 16)
  putInterface(columns, row, true, input >>> 30, input & 0x3fffffff)
  putInterface(columns, row, false, output >>> 30, output & 0x3fffffff)
  writeStructures(walk, batch, row, u32(bytes, at + 20), at + 24, end)
}

/** Writes a discarded packet whose fixed part is there. */
export function writeDiscardedPacket(
  walk: Walk,
  batch: RecordBatch,
  row: number,
  start: number,
  end: number,
): void {
  const columns = flowColumns(batch)
  const { bytes, agent, context, message } = walk
  const [sequence, type, index] = [u32(bytes, start), u32(bytes, start + 4), u32(bytes, start + 8)]
  putNumber(columns.sampleSequence, row, sequence)
  putNumber(columns.dataSourceType, row, type)
  putNumber(columns.dataSourceIndex, row, index)
  putNumber(columns.drops, row, u32(bytes, start + 12))
  putNumber(columns.ingressInterface, row, u32(bytes, start + 16))
  putNumber(columns.egressInterface, row, u32(bytes, start + 20))
  putNumber(columns.discardReason, row, u32(bytes, start + 24))
  agent.sample(context, message, 'discarded', type, index, sequence)
  writeStructures(walk, batch, row, u32(bytes, start + 28), start + 32, end)
}
