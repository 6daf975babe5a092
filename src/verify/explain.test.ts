// Which cause is named for which numbers: accounts made by hand, each as one fault would leave it, and the amounts that are
// booked to it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { memoryStore } from '../../test/support/store.ts'
import type { FlowKey } from '../kernel/flow.ts'
import { add, type Volume } from '../kernel/units.ts'
import type { Store } from '../store.ts'
import type { Case } from './case.ts'
import type { Cell } from './cells.ts'
import { explain } from './explain.ts'

let store: Store
beforeAll(async () => {
  store = await memoryStore('edge')
})
afterAll(() => store.close())

const direction = { total: { packets: 0, bytes: 0 }, flows: [], notIp: [] }
const none = { packets: 0, bytes: 0 }
const counted = { ...direction, overflow: none, oversize: none }
const exports = {
  ...{
    total: none,
    running: none,
    datagrams: 3,
    records: 9,
    domains: [],
    sequence: [],
    templates: [],
    uncounted: [],
    errors: [],
  },
}
const datagrams = { count: 0, first: [], smallest: 0, largest: 0 }

/** Only what the causes look at. */
const base = {
  probe: {
    ...{ name: 'edge', node: 'r2', process: 'pmacctd-edge', options: {} },
    export: { protocol: 'netflow9', port: 2100, address: '172.17.0.2', collector: 'main' },
  },
  collector: {
    ...{
      kind: 'nfacctd',
      name: 'main',
      node: 'col',
      process: 'nfacctd-main',
      address: '172.17.0.2',
      options: {},
    },
    exporters: [{ probe: 'edge', address: '172.17.0.1' }],
  },
  wire: { point: 'r2:eth0', opened: 0, closed: 1, directions: { in: counted, out: counted } },
  transport: {
    left: { packets: 3, bytes: 1 },
    arrived: { packets: 3, bytes: 1 },
    socketDrops: 0,
    listening: true,
  },
  ...{ exported: exports, arrived: exports, icmp: [] },
  repeats: { again: { count: 0, first: [] }, totals: { flows: 0, keys: new Set() } },
  datagrams: { lost: datagrams, more: datagrams, arrived: datagrams, arrivals: [] },
  said: { held: [] },
  ...{ logs: [], exits: [], captures: [], timeline: [], offloads: [] },
}

/** Flows of TCP and UDP in both directions; the last is IPv6. */
const flows = [
  ['in', '10.0.0.1', '10.1.0.1', 6, 1_000, 700_000],
  ['out', '10.1.0.1', '10.0.0.1', 6, 800, 60_000],
  ['in', '10.0.0.2', '10.1.0.2', 17, 400, 90_000],
  ['out', '10.1.0.2', '10.0.0.3', 17, 250, 6_000_000_000],
  ['in', '2001:db8::1', '2001:db8::2', 6, 120, 12_000],
  ['in', '2001:db8::1', '2001:db8::2', 17, 2, 300],
] as const

const given = (after: (before: Volume, cell: Cell) => Volume, more: object = {}): Case => {
  const cells = flows.map(([way, source, destination, protocol, packets, bytes], index): Cell => {
    const before = { packets, bytes }
    const key = { source, destination, protocol, sourcePort: 1000 + index, destinationPort: 80 }
    const cell = { ...key, direction: way, before, after: before, key: String(index) }
    return { ...cell, after: after(before, cell) }
  })
  const account = { name: 'exports', fields: ['source', 'destination'], cells, rows: {} }
  return { ...base, ...more, account } as unknown as Case
}

const lost =
  (share: number) =>
  ({ packets, bytes }: Volume): Volume => ({
    packets: Math.round(packets * share),
    bytes: Math.round(bytes * share),
  })
const left =
  (keep: (cell: Cell) => boolean) =>
  (before: Volume, cell: Cell): Volume =>
    keep(cell) ? before : none
/** Flows between two hosts, both ways, with keys that did not cross beside them: `becomes` says where the volume of each stands. */
const keyed = (becomes: (key: FlowKey) => FlowKey, share = 1): Case => {
  const made = given((before) => before)
  const fields = ['source', 'destination', 'protocol', 'sourcePort', 'destinationPort'] as const
  const text = (key: FlowKey): string => fields.map((field) => key[field]).join(' ')
  const after = new Map<string, Cell>()
  for (const cell of made.account.cells) {
    const key = { ...cell, ...becomes(cell) }
    const known = after.get(text(key))
    const volume = lost(share)(cell.before)
    after.set(text(key), { ...key, before: none, after: known ? add(known.after, volume) : volume })
  }
  const cells = made.account.cells.map((cell) => ({ ...cell, after: after.get(text(cell))?.after ?? none }))
  const strangers = [...after.values()].filter((cell) => !cells.some((each) => text(each) === text(cell)))
  return { ...made, account: { ...made.account, fields, cells: [...cells, ...strangers] } }
}
const portsExchanged = (key: FlowKey): FlowKey => ({
  ...key,
  sourcePort: key.destinationPort,
  destinationPort: key.sourcePort,
})

const kill = [{ at: 0, what: 'kill', target: 'probe edge' }]
const overrun = [
  { node: 'r2', process: 'pmacctd-edge', file: 'a.log', line: 3, text: 'WARN: Missing data detected' },
]

const metering: readonly (readonly [cause: string, given: Case])[] = [
  ['metered-twice', given(lost(2))],
  ['bytes-at-layer-2', given(({ packets, bytes }) => ({ packets, bytes: bytes + 14 * packets }))],
  ['probe-leaves-out', given(left((cell) => cell.direction === 'in'))],
  ['probe-leaves-out', given(left(({ source }) => !source.includes(':')))],
  ['probe-leaves-out', given(left(({ source, destination }) => ![source, destination].includes('10.0.0.1')))],
  ['flow-keys-wrong', keyed(portsExchanged)],
  ['flow-keys-wrong', keyed((key) => ({ ...key, sourcePort: 0, destinationPort: 0 }))],
  ['flow-keys-wrong', keyed((key) => ({ ...key, protocol: 17 }))],
  [
    'flow-keys-wrong',
    keyed((key) => ({
      ...key,
      source: key.source.replace(/^10\.(\d+)\..*/, '10.$1.0.0').replace('::1', '::'),
    })),
  ],
  ['flow-keys-absurd', keyed((key) => ({ ...key, source: '192.0.2.77', sourcePort: key.sourcePort + 9 }))],
  ['counters-distorted', given(({ packets, bytes }) => ({ packets: bytes, bytes: packets }))],
  ['counters-distorted', given(({ bytes }) => ({ packets: 0, bytes }))],
  ['counters-distorted', given(({ packets, bytes }) => ({ packets, bytes: bytes % 65_536 }))],
  // Cut into records of less than 4 GiB, of which one ran over.
  [
    'counters-overrun',
    given(({ packets, bytes }) => ({ packets, bytes: bytes > 2 ** 32 ? bytes - 2 ** 32 : bytes })),
  ],
  ['counters-overrun', given(({ packets, bytes }) => ({ packets, bytes: bytes % 2 ** 32 }))],
  ['constant-ratio', given(lost(0.3))],
  ['probe-away', given(lost(0.6), { timeline: kill })],
  ['probe-queue-overrun', given(lost(0.9), { logs: overrun })],
  [
    'nothing-exported',
    given(lost(0), { transport: { ...base.transport, left: none }, exported: { ...exports, datagrams: 0 } }),
  ],
  // Killed for a moment, and looking one way only: the numbers are the filter's.
  [
    'probe-leaves-out',
    given(
      left((cell) => cell.direction === 'in'),
      { timeline: kill },
    ),
  ],
  [
    'unexplained-metering',
    given(({ packets, bytes }, { protocol }) =>
      protocol === 17 ? { packets: packets - 7, bytes } : { packets, bytes: bytes + 9 },
    ),
  ],
]

test.each(metering)('%s', async (cause, given_) => {
  const [finding, ...others] = await explain(store, ['metering', 'exporting'], given_)
  expect(finding).toMatchObject({ cause, id: `${cause}@edge` })
  expect(others).toEqual([])
})

test('all that differs is booked, and no more', async () => {
  const both = given(
    (before, cell) =>
      cell.direction === 'out' ? none : { packets: before.packets - 3, bytes: before.bytes - 300 },
    { logs: overrun },
  )
  const found = await explain(store, ['metering'], both)
  expect(found.map(({ cause }) => cause)).toEqual(['probe-leaves-out', 'probe-queue-overrun'])
  const missing = both.account.cells.reduce(
    (sum, { before, after }) => sum + before.packets - after.packets,
    0,
  )
  expect(found.reduce((sum, { packets }) => sum + packets, 0)).toBe(missing)
})

test('what else fits is told, with the test that would tell it apart', async () => {
  const [finding] = await explain(store, ['metering'], given(lost(0.6), { timeline: kill, logs: overrun }))
  expect(finding).toMatchObject({ cause: 'probe-away', score: 1 })
  expect(finding?.alternatives).toMatchObject([{ cause: 'probe-queue-overrun', score: 1 }])
  expect(finding?.alternatives[0]?.test).toContain('rate')
})

test('a loss of one-way flows is no exchange of directions', async () => {
  const found = await explain(
    store,
    ['metering'],
    given(
      left((cell) => cell.protocol === 6),
      { logs: overrun },
    ),
  )
  expect(found.map(({ cause }) => cause)).not.toContain('metered-exchanged')
})

test('keys that are read by another’s template are no matter of metering', async () => {
  const changed = [{ what: 'changed', templateId: 256, offset: 20, message: { seconds: 1, nanoseconds: 0 } }]
  const { account } = keyed(portsExchanged)
  const spoilt = { ...given((before) => before), account, exported: { ...exports, templates: changed } }
  const [finding] = await explain(store, ['metering', 'exporting'], spoilt as unknown as Case)
  expect(finding).toMatchObject({ cause: 'template-changed' })
})

test('a process that ends with a code of its own when the books are closed was not away', async () => {
  const exits = [{ node: 'r2', process: 'pmacctd-edge', code: 1, at: 2 }]
  const early = [{ ...exits[0], at: 0.5 }]
  const [late] = await explain(store, ['metering'], given(lost(0.6), { exits }))
  expect(late?.cause).not.toBe('probe-away')
  const [away] = await explain(store, ['metering'], given(lost(0.6), { exits: early }))
  expect(away?.cause).toBe('probe-away')
})

test('where none fits, the largest differences are the evidence', async () => {
  const odd = metering.find(([cause]) => cause === 'unexplained-metering')?.[1]
  const [finding] = odd ? await explain(store, ['metering'], odd) : []
  expect(finding?.evidence[0]).toMatchObject({ kind: 'flow' })
  expect(finding?.score).toBeUndefined()
})

test('sfacctd renormalises by a rate of its own; what it lost is not put down to that', async () => {
  const estimated = {
    collector: { ...base.collector, kind: 'sfacctd', renormalize: true },
    sampling: { counters: 'sampled', announcedRate: 10, factors: [] },
  }
  const near = ({ packets, bytes }: Volume, { key }: Cell): Volume => {
    const share = 1 + (Number(key) % 2 === 0 ? 0.04 : -0.03)
    return { packets: Math.round(packets * share), bytes: Math.round(bytes * share) }
  }
  const [finding, ...others] = await explain(store, ['collecting'], given(near, estimated))
  expect(finding).toMatchObject({ cause: 'collector-estimates-rate', score: 1 })
  expect(others).toEqual([])
  const without = (before: Volume, cell: Cell): Volume => (cell.key === '4' ? none : near(before, cell))
  const found = await explain(store, ['collecting'], given(without, estimated))
  expect(found.map(({ cause }) => cause)).toEqual(['collector-estimates-rate', 'unexplained-collecting'])
  const [half] = await explain(store, ['collecting'], given(lost(0.5), estimated))
  expect(half?.cause).not.toBe('collector-estimates-rate')
})

test('where a cause has taken what is missing, a flow that sampling puts too high is nobody’s', async () => {
  const judged = { rate: 10, mtu: 1500 }
  const sampling = {
    sampling: {
      counters: 'sampled',
      judged,
      announced: [{ rate: 10, source: 'options', records: 9 }],
      intended: 10,
      announcedRate: 10,
      periods: [],
      factors: [],
    },
  }
  const errors = { exported: { ...exports, errors: ['set 0: expected 400 octets, found 20'] } }
  const high = (by: number) => (before: Volume, cell: Cell) =>
    cell.key === '4' ? { packets: before.packets + by, bytes: before.bytes } : lost(0.3)(before)
  const causesOf = async (by: number) =>
    (await explain(store, ['metering', 'exporting'], given(high(by), { ...sampling, ...errors }))).map(
      ({ cause }) => cause,
    )
  expect(await causesOf(10)).toEqual(['exports-unreadable'])
  expect(await causesOf(5_000)).toEqual(['exports-unreadable', 'unexplained-metering'])
})
