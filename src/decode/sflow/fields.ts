// The fields of sFlow's flow samples, under the names that IANA's registry has for them, and their columns. A sample
// carries what its agent chose to send, so all fields are optional. What only few agents send is in `extendedData`.
import type { RecordBatch } from '../batch.ts'
import { type Element, type ElementType, namedElement, unknownElement } from '../element.ts'
import { publishedElement } from '../elements/registry.ts'
import { createLayout, type Field, VARIABLE_LENGTH } from '../layout.ts'
import type { Value } from '../value.ts'

const iana = (id: number): Element => publishedElement(0, id) ?? unknownElement(0, id)
const own = (name: string, type: ElementType = 'unsigned32', units = ''): Element =>
  namedElement(name, type, units)

/** Integers of up to 32 bits and IPv4 addresses; all in columns of 32 bits, so that writing them is one piece of code. */
const numbers = {
  sampleSequence: own('sampleSequence'),
  dataSourceType: own('dataSourceType'),
  dataSourceIndex: own('dataSourceIndex'),
  samplingInterval: iana(34),
  /** sample_pool: packets that could have been sampled. */
  pool: iana(318),
  /** Samples that the agent had to drop for lack of resources. */
  drops: own('sampleDrops', 'unsigned32', 'packets'),
  ingressInterface: iana(10),
  egressInterface: iana(14),
  /** Number of egress interfaces, where there are several; 0: an unknown number. */
  egressInterfaces: own('egressInterfaceCount'),
  discardReason: own('discardReason'),
  headerProtocol: own('headerProtocol'),
  frameSize: iana(312),
  stripped: own('strippedOctets', 'unsigned32', 'octets'),
  ethernetTotalLength: iana(242),
  ethernetType: iana(256),
  vlan: iana(243),
  priority: iana(244),
  customerVlan: iana(245),
  customerPriority: iana(246),
  pppoeSession: own('pppoeSessionId'),
  mplsDepth: iana(202),
  mplsTtl: iana(200),
  segmentsLeft: iana(498),
  greKey: own('greKey'),
  ingressVlan: iana(58),
  ingressVlanPriority: own('vlanPriority'),
  egressVlan: iana(59),
  egressVlanPriority: own('postVlanPriority'),
  nextHop4: iana(15),
  sourcePrefix4: iana(9),
  destinationPrefix4: iana(13),
  sourcePrefix6: iana(29),
  destinationPrefix6: iana(30),
  bgpNextHop4: iana(18),
  gatewayAs: own('gatewayAsNumber'),
  sourceAs: iana(16),
  sourcePeerAs: iana(129),
  destinationAs: iana(17),
  destinationPeerAs: iana(128),
  localPreference: own('bgpLocalPreference'),
  natSource4: iana(225),
  natDestination4: iana(226),
  natSourcePort: iana(227),
  natDestinationPort: iana(228),
}

/** Octets of one length. */
const octets = {
  sourceMac: [iana(56), 6],
  destinationMac: [iana(80), 6],
  mplsTop: [iana(70), 3],
  mpls2: [iana(71), 3],
  mpls3: [iana(72), 3],
  nextHop6: [iana(62), 16],
  bgpNextHop6: [iana(63), 16],
  natSource6: [iana(281), 16],
  natDestination6: [iana(282), 16],
} as const

/** Octets of any length. */
const variable = {
  /** The tunnels between the outer and the inner packet, outermost first, e.g. `vxlan` or `srv6>gre`. */
  encapsulation: own('encapsulation', 'string'),
  /** IPv6 addresses, the last segment first, as in the header. */
  segments: iana(497),
  /** As routers print it: `65530 65533 {65534,65535}`. */
  asPath: own('bgpDestinationAsPath', 'string'),
  /** As routers print them: `65530:100 65530:200`. */
  communities: { ...iana(485), type: 'string' } as Element,
  /** The sampled octets, where no IP packet was found in them. */
  frameSection: iana(315),
}

/** What the outermost IP packet says; the innermost one's fields are named after these. */
const packetNumbers = {
  source4: iana(8),
  destination4: iana(12),
  protocol: iana(4),
  sourcePort: iana(7),
  destinationPort: iana(11),
  tcpFlags: iana(6),
  classOfService: iana(5),
  ttl: iana(192),
  totalLength: iana(224),
  identification: iana(54),
  fragmentOffset: iana(88),
  flowLabel: iana(31),
  icmp4: iana(32),
  icmp6: iana(139),
}
const packetOctets = { source6: [iana(27), 16], destination6: [iana(28), 16] } as const

const segmentId = iana(351)
const extendedData = own('extendedData', 'basicList')

const inner = (element: Element): Element => ({
  ...element,
  id: 0,
  name: `inner${element.name.charAt(0).toUpperCase()}${element.name.slice(1)}`,
})
const of = (element: Element, length: number): Field => ({ element, length, optional: true })

const fields: Field[] = [
  ...Object.values(packetOctets).map(([element, length]) => of(element, length)),
  ...Object.values(packetNumbers).map((element) => of(element, 4)),
  ...Object.values(numbers).map((element) => of(element, 4)),
  ...Object.values(octets).map(([element, length]) => of(element, length)),
  ...Object.values(variable).map((element) => of(element, VARIABLE_LENGTH)),
  of(segmentId, 8),
  ...Object.values(packetOctets).map(([element, length]) => of(inner(element), length)),
  ...Object.values(packetNumbers).map((element) => of(inner(element), 4)),
  of(extendedData, VARIABLE_LENGTH),
]

/** Flow samples, compact and expanded. */
export const flowSampleLayout = createLayout('sflow5', 1, fields)
/** Discarded packets. */
export const discardedPacketLayout = createLayout('sflow5', 5, fields)

interface NumberColumn {
  readonly values: Uint32Array
  readonly present: Uint8Array
}
interface OctetColumn {
  readonly width: number
  readonly values: Uint8Array
  readonly present: Uint8Array
}
interface VariableColumn {
  readonly offsets: Uint32Array
  readonly lengths: Uint32Array
  readonly present: Uint8Array
}

type Columns<Keys extends PropertyKey, Kind> = { readonly [key in Keys]: Kind }

/** The columns of one IP packet's fields. */
export type PacketColumns = Columns<keyof typeof packetNumbers, NumberColumn> &
  Columns<keyof typeof packetOctets, OctetColumn>

/** The columns of a batch of flow samples, each at hand by name. */
export type FlowColumns = Columns<keyof typeof numbers, NumberColumn> &
  Columns<keyof typeof octets, OctetColumn> &
  Columns<keyof typeof variable, VariableColumn> & {
    readonly batch: RecordBatch
    readonly segmentId: {
      readonly high: Uint32Array
      readonly low: Uint32Array
      readonly present: Uint8Array
    }
    readonly extendedData: { readonly values: Value[]; readonly present: Uint8Array }
    readonly outer: PacketColumns
    readonly inner: PacketColumns
    /** Those of `inner`, to be cleared when a packet further inside is found. */
    readonly innerPresent: readonly Uint8Array[]
  }

const known = new WeakMap<RecordBatch, FlowColumns>()

/** The columns of this batch by name. */
export function flowColumns(batch: RecordBatch): FlowColumns {
  let columns = known.get(batch)
  if (!columns) {
    columns = findColumns(batch)
    known.set(batch, columns)
  }
  return columns
}

/** Every field is optional, and its kind of column follows from its length (column.ts): so they are as declared above. */
function findColumns(batch: RecordBatch): FlowColumns {
  const column = (element: Element) => batch.column(element.name) as unknown
  const elementOf = (entry: Element | readonly [Element, number]) => ('name' in entry ? entry : entry[0])
  const all = (
    table: Readonly<Record<string, Element | readonly [Element, number]>>,
    rename = (element: Element) => element,
  ) =>
    Object.fromEntries(Object.entries(table).map(([key, entry]) => [key, column(rename(elementOf(entry)))]))
  const within = all({ ...packetNumbers, ...packetOctets }, inner) as unknown as PacketColumns
  return {
    ...all({ ...numbers, ...octets, ...variable }),
    batch,
    segmentId: column(segmentId),
    extendedData: column(extendedData),
    outer: all({ ...packetNumbers, ...packetOctets }),
    inner: within,
    innerPresent: Object.values(within).map(({ present }) => present),
  } as unknown as FlowColumns
}

export function putNumber(column: NumberColumn, row: number, value: number): void {
  column.values[row] = value
  column.present[row] = 1
}

export function putOctets(column: OctetColumn, row: number, bytes: Uint8Array, at: number): void {
  const { width, values } = column
  const start = row * width
  for (let i = 0; i < width; i++) values[start + i] = bytes[at + i] ?? 0
  column.present[row] = 1
}

export function putVariable(
  { batch }: FlowColumns,
  column: VariableColumn,
  row: number,
  bytes: Uint8Array,
  at: number,
  length: number,
): void {
  column.offsets[row] = batch.addOctets(bytes, at, length)
  column.lengths[row] = length
  column.present[row] = 1
}
