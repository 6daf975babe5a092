// The books' arithmetic on small accounts whose outcome is plain.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { counted, memoryStore, rowsOf } from '../../test/support/store.ts'
import type { Direction } from '../evidence.ts'
import type { FlowKey } from '../kernel/flow.ts'
import { add, nothing, type Volume } from '../kernel/units.ts'
import type { Store } from '../store.ts'
import { account, comparison, difference, sums, type Witness } from './accounts.ts'
import type { Field } from './granularity.ts'

const [a, b, x] = ['192.0.2.1', '192.0.2.2', '2001:db8::1']
const key = (source: string, destination: string, port: number): FlowKey => ({
  source,
  destination,
  protocol: 17,
  sourcePort: 1,
  destinationPort: port,
})
const all: readonly Field[] = ['source', 'destination', 'protocol', 'sourcePort', 'destinationPort']
const hosts: readonly Field[] = ['source', 'destination']
const [there, back] = [key(a, b, 53), key(b, a, 53)]

let store: Store
beforeAll(async () => void (store = await memoryStore()))
afterAll(() => store.close())

type Flows = readonly (FlowKey & Volume)[]
interface Given extends Partial<Record<Exclude<Witness, 'wire'>, Flows>> {
  readonly wire: Partial<Record<Direction, Flows>>
}

const books = ({ wire, exported = [], arrived = [], collected = [] }: Given, fields: readonly Field[]) =>
  account(
    store,
    'account',
    {
      wire: rowsOf([
        ...(wire.in ?? []).map((flow) => ({ ...flow, direction: 0 })),
        ...(wire.out ?? []).map((flow) => ({ ...flow, direction: 1 })),
      ]),
      exported: rowsOf(exported),
      arrived: rowsOf(arrived),
      collected: rowsOf(collected),
    },
    fields,
  )
const gap = (from: Witness, to: Witness) => difference(store, 'account', from, to)

test('what all witnesses saw alike balances, by direction', async () => {
  const counts = [counted(there, 10), counted(back, 7)]
  await books(
    {
      wire: { in: [counted(there, 10)], out: [counted(back, 7)] },
      exported: counts,
      arrived: counts,
      collected: counts,
    },
    all,
  )
  expect(await gap('wire', 'collected')).toEqual({ missing: nothing, surplus: nothing, flows: 0 })
  const { in: inward, out } = await sums(store, 'account')
  expect([inward.exported.packets, out.exported.packets]).toEqual([10, 7])
  expect(add(inward.exported, out.exported)).toEqual({ packets: 17, bytes: 1700 })
})

test('what is missing in one flow and too much in another do not cancel out', async () => {
  await books(
    {
      wire: { in: [counted(there, 10), counted(key(a, b, 80), 5)] },
      exported: [counted(there, 8), counted(key(a, b, 80), 7)],
    },
    all,
  )
  expect(await gap('wire', 'exported')).toEqual({
    missing: { packets: 2, bytes: 200 },
    surplus: { packets: -2, bytes: -200 },
    flows: 2,
  })
})

test('at a coarser granularity they are one flow, and do', async () => {
  await books(
    {
      wire: { in: [counted(there, 10), counted(key(a, b, 80), 5)] },
      exported: [counted(there, 8), counted(key(a, b, 80), 7)],
    },
    hosts,
  )
  expect(await comparison(store, 'account', 'r:eth0')).toHaveLength(1)
  expect((await gap('wire', 'exported')).flows).toBe(0)
})

test('bytes alone that differ are a difference', async () => {
  await books({ wire: { in: [counted(there, 10, 1000)] }, exported: [counted(there, 10, 996)] }, all)
  expect(await gap('wire', 'exported')).toMatchObject({ missing: { packets: 0, bytes: 4 }, flows: 1 })
})

test('records of a flow add up, and a flow that the wire never had is too much', async () => {
  await books(
    {
      wire: { in: [counted(there, 10)] },
      exported: [counted(there, 4), counted(there, 6), counted(key(x, b, 1), 3)],
    },
    all,
  )
  expect(await gap('wire', 'exported')).toEqual({
    missing: nothing,
    surplus: { packets: -3, bytes: -300 },
    flows: 1,
  })
})

test('a flow that crossed both ways fills the way in first; the rest is the way out', async () => {
  await books(
    { wire: { in: [counted(there, 3)], out: [counted(there, 5)] }, exported: [counted(there, 7)] },
    all,
  )
  const { in: inward, out } = await sums(store, 'account')
  expect([inward.exported.packets, out.exported.packets]).toEqual([3, 4])
})

test('host pairs that differ come first, then the larger ones', async () => {
  const flows = [counted(there, 100), counted(back, 50), counted(key(x, b, 1), 1)]
  await books({ wire: { in: flows }, exported: flows.slice(0, 2), collected: flows.slice(0, 2) }, all)
  const pairs = await comparison(store, 'account', 'r:eth0')
  expect(pairs.map(({ source, wire }) => [source, wire.packets])).toEqual([
    [x, 1],
    [a, 100],
    [b, 50],
  ])
})

test('counters of 2^64 - 1 add up to more than that, and are not taken for anything less', async () => {
  const most = 2n ** 64n - 1n
  const record = { ...there, packets: most, bytes: most }
  await account(
    store,
    'account',
    { wire: rowsOf([{ ...there, packets: 1, bytes: 1 }]), exported: rowsOf([record, record, record]) },
    all,
  )
  const { surplus, missing } = await gap('wire', 'exported')
  expect(missing).toEqual(nothing)
  expect(surplus.packets).toBe(Number(1n - 3n * most))
  const { in: inward } = await sums(store, 'account')
  expect(inward.exported.bytes).toBe(Number(3n * most))
})
