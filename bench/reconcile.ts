// How the time of a verdict's books grows with the number of records: NetFlow v9 datagrams as exported and as arrived, one record in
// ten thousand lost between, ten records a flow and never more than a million flows, decoded into the store and reconciled there.
// Beside it the same flows added up and compared in maps of this language, as long as they fit.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RecordBatch } from '../src/decode/batch.ts'
import { numberAt } from '../src/decode/column.ts'
import { createDecoder } from '../src/decode/decoder.ts'
import { formatIPv4 } from '../src/kernel/address.ts'
import type { ProbePlan } from '../src/plan/plan.ts'
import { loadRecords } from '../src/replay/records.ts'
import { putWide, type Store } from '../src/store.ts'
import { openStore } from '../src/store/duckdb/open.ts'
import { account, comparison, difference, sums } from '../src/verify/accounts.ts'
import { flowsOf } from '../src/verify/flows.ts'
import type { Field } from '../src/verify/granularity.ts'

const SIZES = [1e4, 1e5, 1e6, 1e7]
/** Beyond it maps want more memory than Node gives a program. */
const MOST_IN_MAPS = 1e6
const MOST_FLOWS = 1e6
const LOST = 10_000
const PER_DATAGRAM = 29
const MEMORY = '2GB'

/** Spreads the numbers of flows over addresses and ports, the same every time (Murmur3's finaliser). */
function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Source, destination, ports of a flow. */
const keyOf = (flow: number) => ({
  source: (0x0a000000 | (mixed(flow) & 0xffff)) >>> 0,
  destination: (0xc0a80000 | (mixed(flow + 1) & 0xffff)) >>> 0,
  sourcePort: flow & 0xffff,
  destinationPort: 1024 + (flow >>> 16),
})
const flowsIn = (records: number): number => Math.min(MOST_FLOWS, Math.ceil(records / 10))
const PACKETS = 3
const BYTES = 1800

const fields = [[8, 4], [12, 4], [7, 2], [11, 2], [4, 1], [2, 4], [1, 4], [22, 4], [21, 4]] as const // biome-ignore format: a table
const RECORD = fields.reduce((sum, [, length]) => sum + length, 0)

/** Pushes so many records into a decoder, `skip` saying which are lost; one datagram's memory serves for all. */
function send(records: number, skip: (record: number) => boolean, take: (batch: RecordBatch) => void): void {
  const decoder = createDecoder({}, { records: take })
  const push = (payload: Buffer) =>
    decoder.push({
      ...{ seconds: 1_700_000_000, nanoseconds: 0, transport: 'udp', payload },
      ...{
        sourceAddress: '192.0.2.1',
        sourcePort: 40_000,
        destinationAddress: '192.0.2.2',
        destinationPort: 2055,
      },
    })
  const template = Buffer.alloc(20 + 8 + 4 * fields.length)
  template.writeUInt16BE(9, 0)
  template.writeUInt16BE(1, 2)
  template.writeUInt16BE(8 + 4 * fields.length, 22)
  template.writeUInt16BE(256, 24)
  template.writeUInt16BE(fields.length, 26)
  fields.forEach(([id, length], index) => {
    template.writeUInt16BE(id, 28 + 4 * index)
    template.writeUInt16BE(length, 30 + 4 * index)
  })
  push(template)
  const flows = flowsIn(records)
  const datagram = Buffer.alloc(24 + PER_DATAGRAM * RECORD)
  datagram.writeUInt16BE(9, 0)
  datagram.writeUInt32BE(1_700_000_000, 8)
  datagram.writeUInt16BE(256, 20)
  let [held, sequence] = [0, 1]
  const flush = () => {
    datagram.writeUInt16BE(held, 2)
    datagram.writeUInt32BE(sequence++, 12)
    datagram.writeUInt16BE(4 + held * RECORD, 22)
    push(datagram.subarray(0, 24 + held * RECORD))
    held = 0
  }
  for (let record = 0; record < records; record++) {
    if (skip(record)) continue
    const { source, destination, sourcePort, destinationPort } = keyOf(record % flows)
    const at = 24 + held++ * RECORD
    datagram.writeUInt32BE(source, at)
    datagram.writeUInt32BE(destination, at + 4)
    datagram.writeUInt16BE(sourcePort, at + 8)
    datagram.writeUInt16BE(destinationPort, at + 10)
    datagram.writeUInt8(17, at + 12)
    datagram.writeUInt32BE(PACKETS, at + 13)
    datagram.writeUInt32BE(BYTES, at + 17)
    datagram.writeUInt32BE(record & 0xffff, at + 21)
    datagram.writeUInt32BE(record & 0xffff, at + 25)
    if (held === PER_DATAGRAM) flush()
  }
  if (held > 0) flush()
  decoder.flush()
}

/** What of a probe's plan the books ask for. */
const probe = {
  name: 'edge',
  point: 'r:eth0',
  export: { protocol: 'netflow9', collector: 'main' },
} as ProbePlan
const none = () => false
const lost = (record: number) => record % LOST === LOST - 1
/** Records of each flow: the last ones may have one less. */
const recordsOf = (flow: number, records: number): number =>
  Math.floor((records - flow - 1) / flowsIn(records)) + 1

async function loadWire(store: Store, records: number): Promise<void> {
  const loader = await store.load('wire', { point: 'r:eth0' })
  const { source, destination, protocol, sourcePort, destinationPort, packets, bytes } = loader.columns
  protocol.values.fill(17)
  const flows = flowsIn(records)
  for (let from = 0; from < flows; from += loader.room) {
    const rows = Math.min(loader.room, flows - from)
    for (let row = 0; row < rows; row++) {
      const key = keyOf(from + row)
      source.values.set([key.source, 0xffff, 0, 0], 4 * row)
      destination.values.set([key.destination, 0xffff, 0, 0], 4 * row)
      sourcePort.values[row] = key.sourcePort
      destinationPort.values[row] = key.destinationPort
      putWide(packets, row, PACKETS * recordsOf(from + row, records))
      putWide(bytes, row, BYTES * recordsOf(from + row, records))
    }
    loader.add(rows)
  }
  loader.close()
}

const all: readonly Field[] = ['source', 'destination', 'protocol', 'sourcePort', 'destinationPort']
const hosts: readonly Field[] = ['source', 'destination']
const seconds = (since: number): number => (performance.now() - since) / 1000

async function inStore(records: number) {
  const overflow = join(tmpdir(), `flowlab-bench-${process.pid}`)
  const store = await openStore({ names: ['r:eth0', 'edge'], overflow, memory: MEMORY })
  const begin = performance.now()
  await loadWire(store, records)
  for (const [table, skip] of [
    ['exported', none],
    ['arrived', lost],
  ] as const) {
    const loader = await store.load(table, { probe: 'edge' })
    send(records, skip, (batch) => loadRecords(loader, batch))
    loader.close()
  }
  const load = seconds(begin)
  const loaded = performance.now()
  const sources = await flowsOf(store, probe, [])
  const way = await account(store, 'account', sources, all)
  const metering = await difference(store, way, 'wire', 'exported')
  const transport = await difference(store, way, 'exported', 'arrived')
  const coarse = await account(store, 'account', sources, hosts)
  const { in: total } = await sums(store, coarse)
  await comparison(store, coarse, 'r:eth0')
  const reconcile = seconds(loaded)
  store.close()
  const expected = Math.floor(records / LOST) * PACKETS
  if (
    metering.flows !== 0 ||
    transport.missing.packets !== expected ||
    total.wire.packets !== records * PACKETS
  )
    throw new Error(
      `${transport.missing.packets} packets missing of ${expected}, ${metering.flows} flows differ`,
    )
  return { load, reconcile }
}

/** One object a flow under one text, as a program without a database does it: the sums by flow, and the difference. */
function inMaps(records: number): number {
  const begin = performance.now()
  const sides = [none, lost].map((skip) => {
    const flows = new Map<string, { packets: number; bytes: number }>()
    send(records, skip, (batch) => {
      const column = (name: string) => {
        const found = batch.column(name)
        if (!found) throw new Error(`no ${name}`)
        return found
      }
      const [source, destination] = [column('sourceIPv4Address'), column('destinationIPv4Address')]
      const [from, to, protocol] = [
        column('sourceTransportPort'),
        column('destinationTransportPort'),
        column('protocolIdentifier'),
      ]
      const [packets, bytes] = [column('packetDeltaCount'), column('octetDeltaCount')]
      for (let row = 0; row < batch.rows; row++) {
        const number = (of: typeof source) => numberAt(of, row) ?? 0
        const id = `${formatIPv4(number(source))} ${formatIPv4(number(destination))} ${number(protocol)} ${number(from)} ${number(to)}`
        const sofar = flows.get(id)
        flows.set(id, {
          packets: (sofar?.packets ?? 0) + number(packets),
          bytes: (sofar?.bytes ?? 0) + number(bytes),
        })
      }
    })
    return flows
  })
  const [exported = new Map<string, { packets: number }>(), arrived] = sides
  let missing = 0
  for (const [id, { packets }] of exported) missing += packets - (arrived?.get(id)?.packets ?? 0)
  if (missing !== Math.floor(records / LOST) * PACKETS) throw new Error(`${missing} packets missing`)
  return seconds(begin)
}

console.log(`Records on both sides, against flows on the wire, store of ${MEMORY}; seconds:`)
console.log('   records     flows    decode, load   reconcile   in maps   ratio')
await inStore(1e4)
for (const records of SIZES) {
  const { load, reconcile } = await inStore(records)
  const maps = records <= MOST_IN_MAPS ? inMaps(records) : undefined
  const cells = [
    records.toExponential(0).padStart(10),
    String(flowsIn(records)).padStart(10),
    load.toFixed(2).padStart(16),
    reconcile.toFixed(2).padStart(12),
    (maps?.toFixed(2) ?? '–').padStart(10),
    (maps === undefined ? '–' : (maps / (load + reconcile)).toFixed(1)).padStart(8),
  ]
  console.log(cells.join(''))
}
console.log(`Resident at most: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`)
