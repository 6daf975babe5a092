// How the time and memory of a verdict's books grow with the number of records: recordings of NetFlow v9 as it was exported and as it
// arrived, one record in ten thousand lost between, ten records a flow and at most a million flows; read, decoded and loaded into the
// store, and reconciled there at two granularities. Beside it, in the same run, nfcapd takes the same datagrams and nfdump adds them
// up. A process a size, so that each has its own peak of memory.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ProbePlan } from '../src/plan/plan.ts'
import { loadExports } from '../src/run/evidence.ts'
import { putWide, type Store } from '../src/store.ts'
import { openStore } from '../src/store/duckdb/open.ts'
import { account, comparison, difference, sums } from '../src/verify/accounts.ts'
import { flowsOf } from '../src/verify/flows.ts'
import type { Field } from '../src/verify/granularity.ts'
import { addUp, collect, type Cost, isThere } from './collector.ts'
import { keyOf, volume, writeRecording } from './recording.ts'

const sizes = [1e4, 1e5, 1e6, 1e7]
const mostFlows = 1e6
const lostOneIn = 10_000
const memory = process.env['MEMORY'] ?? '2GB'

const flowsIn = (records: number): number => Math.min(mostFlows, Math.ceil(records / 10))
const isLost = (record: number): boolean => record % lostOneIn === lostOneIn - 1
/** Records of each flow: the last ones may have one less. */
const recordsOf = (flow: number, records: number): number =>
  Math.floor((records - flow - 1) / flowsIn(records)) + 1

/** What of a probe's plan the books ask for. */
const probe = {
  name: 'edge',
  point: 'r:eth0',
  export: { protocol: 'netflow9', collector: 'main' },
} as ProbePlan
const all: readonly Field[] = ['source', 'destination', 'protocol', 'sourcePort', 'destinationPort']
const hosts: readonly Field[] = ['source', 'destination']

interface Took {
  readonly wall: number
  readonly processor: number
}

async function timed(act: () => Promise<void>): Promise<Took> {
  const [begin, used] = [performance.now(), process.cpuUsage()]
  await act()
  const { user, system } = process.cpuUsage(used)
  return { wall: (performance.now() - begin) / 1000, processor: (user + system) / 1e6 }
}

const loadWire = (store: Store, records: number): Promise<void> =>
  store.load('wire', { point: 'r:eth0' }, async ({ room, columns, add, settle }) => {
    const { source, destination, protocol, sourcePort, destinationPort, packets, bytes } = columns
    protocol.values.fill(17)
    const flows = flowsIn(records)
    for (let from = 0; from < flows; from += room) {
      const rows = Math.min(room, flows - from)
      for (let row = 0; row < rows; row++) {
        const key = keyOf(from + row)
        source.values.set([key.source, 0xffff, 0, 0], 4 * row)
        destination.values.set([key.destination, 0xffff, 0, 0], 4 * row)
        sourcePort.values[row] = key.sourcePort
        destinationPort.values[row] = key.destinationPort
        putWide(packets, row, volume.packets * recordsOf(from + row, records))
        putWide(bytes, row, volume.bytes * recordsOf(from + row, records))
      }
      add(rows)
      await settle()
    }
  })

async function reconcile(store: Store, records: number): Promise<void> {
  const sources = await flowsOf(store, probe, [])
  const way = await account(store, 'account', sources, all)
  const metering = await difference(store, way, 'wire', 'exported')
  const transport = await difference(store, way, 'exported', 'arrived')
  const coarse = await account(store, 'account', sources, hosts)
  const { in: total } = await sums(store, coarse)
  await comparison(store, coarse, 'r:eth0')
  const expected = Math.floor(records / lostOneIn) * volume.packets
  if (
    metering.flows !== 0 ||
    transport.missing.packets !== expected ||
    total.wire.packets !== records * volume.packets
  )
    throw new Error(
      `${transport.missing.packets} packets missing of ${expected}, ${metering.flows} flows differ`,
    )
}

interface Result {
  readonly load: Took
  readonly reconcile: Took
  /** Resident at most, in megabytes. */
  readonly memory: number
  readonly peer: { readonly collect: Cost; readonly addUp: Cost } | undefined
}

const sum = (costs: readonly Cost[]): Cost => ({
  seconds: costs.reduce((total, { seconds }) => total + seconds, 0),
  memory: Math.max(...costs.map((cost) => cost.memory)),
})

async function measure(records: number, home: string): Promise<Result> {
  const recordings = {
    exported: join(home, 'exported.pcap'),
    arrived: join(home, 'arrived.pcap'),
  }
  writeRecording(recordings.exported, records, flowsIn(records))
  writeRecording(recordings.arrived, records, flowsIn(records), isLost)
  const store = await openStore({ names: ['r:eth0', 'edge'], overflow: join(home, 'overflow'), memory })
  const load = await timed(async () => {
    await loadWire(store, records)
    for (const table of ['exported', 'arrived'] as const)
      await loadExports(store, table, 'edge', recordings[table])
  })
  const reconciled = await timed(() => reconcile(store, records))
  store.close()
  const most = process.resourceUsage().maxRSS / 1024
  const sides = ['exported', 'arrived'] as const
  const collected: Cost[] = []
  for (const side of isThere() ? sides : []) collected.push(await collect(recordings[side], join(home, side)))
  const peer =
    collected.length > 0
      ? {
          collect: sum(collected),
          addUp: sum(sides.map((side) => addUp(join(home, side), join(home, `${side}.sums`)))),
        }
      : undefined
  return { load, reconcile: reconciled, memory: most, peer }
}

const own = fileURLToPath(import.meta.url)
const home = mkdtempSync(join(tmpdir(), 'flowlab-bench-'))
process.once('exit', () => rmSync(home, { recursive: true, force: true }))
const size = process.argv[2]
if (size !== undefined) {
  console.log(JSON.stringify(await measure(Number(size), home)))
} else {
  console.log(
    `\nRecords on both sides, against flows on the wire, store of ${memory}; seconds, and those of the processor:`,
  )
  const heads = 'records, flows, load, cpu, reconcile, cpu, MB, nfcapd cpu, nfdump -A cpu, MB, ratios'.split(
    ', ',
  )
  const show = (cells: readonly string[]) =>
    console.log(cells.map((cell, index) => cell.padStart(index === 8 ? 15 : 11)).join(''))
  show(heads)
  for (const records of sizes) {
    const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', own, String(records)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const { load, reconcile: books, memory: most, peer } = JSON.parse(stdout) as Result
    // Less than a tenth of a second is too little to compare: Linux counts it in hundredths.
    const ratio = (ours: Took, theirs: Cost | undefined) =>
      theirs && theirs.seconds >= 0.1 ? (ours.processor / theirs.seconds).toFixed(1) : '–'
    show([
      records.toExponential(0),
      String(flowsIn(records)),
      ...[load, books].flatMap(({ wall, processor }) => [wall.toFixed(2), processor.toFixed(2)]),
      most.toFixed(0),
      ...(peer
        ? [peer.collect.seconds.toFixed(2), peer.addUp.seconds.toFixed(2), peer.addUp.memory.toFixed(0)]
        : ['–', '–', '–']),
      `${ratio(load, peer?.collect)}, ${ratio(books, peer?.addUp)}`,
    ])
  }
}
