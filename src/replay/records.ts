// Flow records from the decoder's batches into the store's tables, column by column: nothing is made for a record. Values that a
// column is too narrow for become its largest one, so that a record is wrong rather than somebody else's.

import type { RecordBatch } from '../decode/batch.ts'
import { type Column, numberAt } from '../decode/column.ts'
import { flowTimes, type Times } from '../decode/times.ts'
import { type Loader, putNothing, putWide, type Staged } from '../store.ts'

type Records = Loader<'exported'> | Loader<'arrived'>
type Target = keyof Records['columns']

/** By family: the elements that hold its addresses and its ICMP type and code. */
const families = [
  {
    source: 'sourceIPv4Address',
    destination: 'destinationIPv4Address',
    nextHop: 'ipNextHopIPv4Address',
    sourceMask: 'sourceIPv4PrefixLength',
    destinationMask: 'destinationIPv4PrefixLength',
    icmp: { both: 'icmpTypeCodeIPv4', type: 'icmpTypeIPv4', code: 'icmpCodeIPv4' },
  },
  {
    source: 'sourceIPv6Address',
    destination: 'destinationIPv6Address',
    nextHop: 'ipNextHopIPv6Address',
    sourceMask: 'sourceIPv6PrefixLength',
    destinationMask: 'destinationIPv6PrefixLength',
    icmp: { both: 'icmpTypeCodeIPv6', type: 'icmpTypeIPv6', code: 'icmpCodeIPv6' },
  },
] as const

/** Elements of the same name in both families. */
const elements = {
  protocol: 'protocolIdentifier',
  sourcePort: 'sourceTransportPort',
  destinationPort: 'destinationTransportPort',
  direction: 'flowDirection',
  packets: 'packetDeltaCount',
  bytes: 'octetDeltaCount',
  sourceAs: 'bgpSourceAsNumber',
  destinationAs: 'bgpDestinationAsNumber',
  ingress: 'ingressInterface',
  egress: 'egressInterface',
  tos: 'ipClassOfService',
  tcpFlags: 'tcpControlBits',
} as const satisfies Partial<Record<Target, string>>

/** Part of the flow key: 0 where the record does not say. */
const zeroWithout: ReadonlySet<string> = new Set(['protocol', 'sourcePort', 'destinationPort'])

/** What may hold a value: a column of each family that the batch has, of which a row has one. */
type Sources = ReadonlyMap<Target, readonly Column[]>

/**
 * The columns of a batch of flow records, by where they go; undefined where its records have no addresses, or neither counters
 * nor a sampled packet to count.
 */
export function flowColumns(batch: RecordBatch): Sources | undefined {
  const own = families.filter(({ source }) => batch.column(source))
  if (batch.layout.kind !== 'data' || own.length === 0) return undefined
  const columns = new Map<Target, Column[]>()
  const put = (target: string, element: string) => {
    const column = batch.column(element)
    if (column) columns.set(target as Target, [...(columns.get(target as Target) ?? []), column])
  }
  for (const [target, element] of Object.entries(elements)) put(target, element)
  for (const { icmp: _, ...addresses } of own)
    for (const [target, element] of Object.entries(addresses)) put(target, element)
  const counts = columns.has('packets') && columns.has('bytes')
  return counts || batch.column('dataLinkFrameSize') ? columns : undefined
}

/** Ethernet's header, in bytes, and sFlow's number for its frames (sFlow v5, section 5.3, header_protocol). */
const ethernet = { header: 14, number: 1 }

/** Layer-3 bytes of a sampled packet: its frame, without what was stripped off it (the FCS) and without Ethernet's header. */
export function sampledBytes(batch: RecordBatch, row: number): number {
  const of = (element: string): number => {
    const column = batch.column(element)
    return column ? (numberAt(column, row) ?? 0) : 0
  }
  const header = of('headerProtocol') === ethernet.number ? ethernet.header : 0
  return Math.max(0, of('dataLinkFrameSize') - of('strippedOctets') - header)
}

/** Who takes records. */
export interface RecordsTaker {
  /** A batch is valid during the call only. */
  readonly take: (batch: RecordBatch) => void
  /** Awaited before more is read. */
  readonly settle: () => Promise<void>
}

/** Takes flow records into a table. */
export const recordsInto = (loader: Records): RecordsTaker => ({
  take: (batch) => loadRecords(loader, batch),
  settle: loader.settle,
})

/** Adds a batch's flow records; other batches are passed over. */
function loadRecords(loader: Records, batch: RecordBatch): void {
  const columns = flowColumns(batch)
  if (!columns) return
  const icmp = families.map((family) => icmpOf(batch, family.icmp))
  const [starts, ends] = [flowTimes(batch, 'Start'), flowTimes(batch, 'End')]
  const into = loader.columns
  for (let from = 0; from < batch.rows; from += loader.room) {
    const rows = Math.min(loader.room, batch.rows - from)
    for (const target of [...Object.keys(elements), ...addressTargets] as Target[]) {
      const [first, second] = columns.get(target) ?? []
      copy(first, from, rows, into[target], zeroWithout.has(target))
      if (second) fill(second, from, rows, into[target])
    }
    if (!columns.has('packets')) countSamples(batch, from, rows, into)
    settleIcmp(icmp, from, rows, into)
    copyTimes(starts, from, rows, into.flowStart)
    copyTimes(ends, from, rows, into.flowEnd)
    clocks(batch, starts, from, rows, into.clock)
    places(batch, from, rows, into)
    rates(batch, from, rows, into)
    loader.add(rows)
  }
}

/** A sample is one packet. */
function countSamples(batch: RecordBatch, from: number, rows: number, into: Records['columns']): void {
  const { packets, bytes } = into
  for (const column of [packets, bytes]) Object.assign(column, { given: true, missing: undefined })
  for (let row = 0; row < rows; row++) {
    putWide(packets, row, 1)
    putWide(bytes, row, sampledBytes(batch, from + row))
  }
}

const addressTargets = ['source', 'destination', 'nextHop', 'sourceMask', 'destinationMask'] as const

/** What says a family's type × 256 + code, by row; undefined where nothing does. */
function icmpOf(
  batch: RecordBatch,
  { both, type, code }: (typeof families)[number]['icmp'],
): ((row: number) => number) | undefined {
  const of = (element: string) => {
    const column = batch.column(element)
    return column && ((row: number) => numberAt(column, row) ?? 0)
  }
  const [types, codes] = [of(type), of(code)]
  return of(both) ?? (types && ((row) => types(row) * 256 + (codes?.(row) ?? 0)))
}

/**
 * ICMP has no ports: type × 256 + code stands in the destination port, where the exporter gives it: in its family's field or
 * fields (type and code apart: Open vSwitch), or in the other's. Some (fprobe 1.1) have the type in the source port and the code in
 * the destination's.
 */
function settleIcmp(
  [four, six]: readonly (((row: number) => number) | undefined)[],
  from: number,
  rows: number,
  into: Records['columns'],
): void {
  const { protocol, sourcePort, destinationPort } = into
  for (let row = 0; row < rows; row++) {
    const number = protocol.values[row]
    if (number !== 1 && number !== 58) continue
    const [type = 0, code = 0] = [sourcePort.values[row], destinationPort.values[row]]
    if (type > 0 && type < 256 && code < 256) destinationPort.values[row] = type * 256 + code
    sourcePort.values[row] = 0
    const [own, other] = number === 1 ? [four, six] : [six, four]
    const typeAndCode = own ?? other
    if (typeAndCode) destinationPort.values[row] = typeAndCode(from + row)
  }
}

/** Where each record stands. Those of one message lie side by side. */
function places(batch: RecordBatch, from: number, rows: number, into: Records['columns']): void {
  const { packet, octet, seen, domain } = into
  const { messageIndex } = batch
  for (let row = 0; row < rows; ) {
    const { number = 0, seconds, nanoseconds, domain: of } = batch.message(from + row)
    const at = seconds * 1e6 + Math.floor(nanoseconds / 1000)
    const index = messageIndex[from + row]
    const begin = row
    for (; row < rows && messageIndex[from + row] === index; row++) putWide(seen, row, at)
    packet.values.fill(number, begin, row)
    domain.values.fill(of, begin, row)
  }
  octet.values.set(batch.offset.subarray(from, from + rows))
}

/** What a record says by which its sampling is known. */
const samplingElements = [
  'samplerId',
  'selectorId',
  'samplingInterval',
  'selectionSequenceId',
  'ingressInterface',
]

/** How each record was sampled: as the one before it, where it says the same of it in the same message. */
function rates(batch: RecordBatch, from: number, rows: number, { samplingRate }: Records['columns']): void {
  samplingRate.missing = undefined
  const { samplers } = batch.exporterState
  const isSaid = samplers.size > 0 || batch.column('samplingInterval') !== undefined
  samplingRate.given = isSaid || batch.messages.some(({ sampling }) => sampling)
  if (!samplingRate.given) return
  const told = isSaid ? samplingElements.flatMap((name) => batch.column(name) ?? []) : []
  const isAsBefore = (row: number): boolean =>
    batch.messageIndex[row] === batch.messageIndex[row - 1] &&
    told.every(
      (column) =>
        numberAt(column, row) === numberAt(column, row - 1) &&
        column.present?.[row] === column.present?.[row - 1],
    )
  let rate: number | undefined
  for (let row = 0; row < rows; row++) {
    if (row === 0 || !isAsBefore(from + row)) {
      const sampling = isSaid ? batch.sampling(from + row) : batch.message(from + row).sampling
      rate = sampling && Math.round(sampling.rate)
    }
    if (rate === undefined) putNothing(samplingRate, row)
    else samplingRate.values[row] = rate
  }
}

const largest = { u8: 0xff, u16: 0xffff, u32: 0xffff_ffff } as const

function copy(
  column: Column | undefined,
  from: number,
  rows: number,
  into: Staged,
  zeroWithoutColumn: boolean,
): void {
  const { kind, values } = into
  into.missing = undefined
  into.given = column !== undefined || zeroWithoutColumn
  if (!column) {
    if (zeroWithoutColumn) values.fill(0, 0, rows)
    return
  }
  if (kind === 'address') copyAddresses(column, from, rows, into)
  else if (kind === 'u64') copyCounters(column, from, rows, values)
  else if (kind === 'u8' || kind === 'u16' || kind === 'u32') {
    if (column.kind === kind) values.set(column.values.subarray(from, from + rows))
    else
      for (let row = 0; row < rows; row++)
        values[row] = Math.min(Math.max(numberAt(column, from + row) ?? 0, 0), largest[kind])
  }
  if (column.present)
    for (let row = 0; row < rows; row++)
      if (column.present[from + row] !== 1) {
        if (zeroWithoutColumn) values[row] = 0
        else putNothing(into, row)
      }
}

/** Gives the rows that have no value yet this column's. */
function fill(column: Column, from: number, rows: number, into: Staged): void {
  const { missing, values } = into
  if (!missing) return
  const words = into.kind === 'address' ? 4 : 1
  const [held, lacked] = [values.slice(0, words * rows), missing.slice(0, rows)]
  copy(column, from, rows, into, false)
  for (let row = 0; row < rows; row++) {
    if (lacked[row] === 1) continue
    values.set(held.subarray(words * row, words * (row + 1)), words * row)
    if (into.missing) into.missing[row] = 0
  }
}

/** A time that cannot be known is none. */
function copyTimes(times: Times | undefined, from: number, rows: number, into: Staged): void {
  into.given = times !== undefined
  into.missing = undefined
  if (!times) return
  for (let row = 0; row < rows; row++) {
    const at = (times.seconds[from + row] ?? NaN) * 1e6 + (times.nanoseconds[from + row] ?? 0) / 1000
    if (at >= 0) putWide(into, row, Math.floor(at))
    else putNothing(into, row)
  }
}

/** In microseconds. */
const units: Readonly<Record<Times['unit'], number>> = { s: 1_000_000, ms: 1_000, us: 1, ns: 1 }

/** Times that count from the export or the exporter's start are as good as the header's clock: that of NetFlow v9 has seconds. */
function clocks(
  batch: RecordBatch,
  times: Times | undefined,
  from: number,
  rows: number,
  into: Staged,
): void {
  into.given = times !== undefined
  if (!times) return
  const byHeader = /SysUpTime|Delta/.test(times.element) && batch.message(from).protocol === 'netflow9'
  into.values.fill(byHeader || times.element.includes('Delta') ? units.s : units[times.unit], 0, rows)
}

function copyCounters(column: Column, from: number, rows: number, values: Staged['values']): void {
  if (column.kind === 'u64')
    for (let row = 0; row < rows; row++) {
      values[2 * row] = column.low[from + row] ?? 0
      values[2 * row + 1] = column.high[from + row] ?? 0
    }
  else
    for (let row = 0; row < rows; row++) {
      values[2 * row] = numberAt(column, from + row) ?? 0
      values[2 * row + 1] = 0
    }
}

function copyAddresses(column: Column, from: number, rows: number, into: Staged): void {
  const { values } = into
  if (column.kind === 'u32')
    for (let row = 0; row < rows; row++) {
      values[4 * row] = column.values[from + row] ?? 0
      values[4 * row + 1] = 0xffff
      values[4 * row + 2] = 0
      values[4 * row + 3] = 0
    }
  else if (column.kind === 'bytes' && column.width === 16) {
    const view = new DataView(column.values.buffer, column.values.byteOffset, column.values.byteLength)
    for (let row = 0; row < rows; row++)
      for (let word = 0; word < 4; word++)
        values[4 * row + word] = view.getUint32(16 * (from + row) + 12 - 4 * word)
  } else into.given = false
}
