// The books' arithmetic on small accounts whose outcome is plain.
import { expect, test } from 'vitest'
import type { Direction, Wire, WireFlow } from '../evidence.ts'
import type { FlowKey } from '../kernel/flow.ts'
import { nothing } from '../kernel/units.ts'
import { account, difference, select, sum } from './accounts.ts'
import type { Field } from './granularity.ts'

const key = (source: string, destination: string, port: number): FlowKey => ({
  source,
  destination,
  protocol: 17,
  sourcePort: 1,
  destinationPort: port,
})
const counted = (flow: FlowKey, packets: number, bytes = packets * 100) => ({ ...flow, packets, bytes })
const wire = (flows: Partial<Record<Direction, readonly WireFlow[]>>): Wire => {
  const direction = (own: readonly WireFlow[] = []) => ({
    total: nothing,
    flows: own,
    notIp: [],
    overflow: nothing,
    oversize: nothing,
  })
  return {
    point: 'r:eth0',
    opened: 0,
    closed: 0,
    directions: { in: direction(flows.in), out: direction(flows.out) },
  }
}
const all: readonly Field[] = ['source', 'destination', 'protocol', 'sourcePort', 'destinationPort']
const hosts: readonly Field[] = ['source', 'destination']
const [there, back] = [key('a', 'b', 53), key('b', 'a', 53)]
const none = { exported: [], arrived: [], collected: [] }

test('what all witnesses saw alike balances, by direction', () => {
  const counts = [counted(there, 10), counted(back, 7)]
  const entries = account(
    {
      wire: wire({ in: [counted(there, 10)], out: [counted(back, 7)] }),
      exported: counts,
      arrived: counts,
      collected: counts,
    },
    all,
  )
  expect(entries.map(({ direction }) => direction)).toEqual(['in', 'out'])
  expect(difference(entries, 'wire', 'collected')).toEqual({ missing: nothing, surplus: nothing, flows: 0 })
  expect(sum(entries, 'exported')).toEqual({ packets: 17, bytes: 1700 })
})

test('what is missing in one flow and too much in another do not cancel out', () => {
  const entries = account(
    {
      ...none,
      wire: wire({ in: [counted(there, 10), counted(key('a', 'b', 80), 5)] }),
      exported: [counted(there, 8), counted(key('a', 'b', 80), 7)],
    },
    all,
  )
  expect(difference(entries, 'wire', 'exported')).toEqual({
    missing: { packets: 2, bytes: 200 },
    surplus: { packets: -2, bytes: -200 },
    flows: 2,
  })
})

test('at a coarser granularity they are one flow, and do', () => {
  const entries = account(
    {
      ...none,
      wire: wire({ in: [counted(there, 10), counted(key('a', 'b', 80), 5)] }),
      exported: [counted(there, 8), counted(key('a', 'b', 80), 7)],
    },
    hosts,
  )
  expect(entries).toHaveLength(1)
  expect(difference(entries, 'wire', 'exported').flows).toBe(0)
})

test('bytes alone that differ are a difference', () => {
  const entries = account(
    { ...none, wire: wire({ in: [counted(there, 10, 1000)] }), exported: [counted(there, 10, 996)] },
    all,
  )
  expect(difference(entries, 'wire', 'exported')).toMatchObject({
    missing: { packets: 0, bytes: 4 },
    flows: 1,
  })
})

test('records of a flow add up, and a flow that the wire never had is too much', () => {
  const entries = account(
    {
      ...none,
      wire: wire({ in: [counted(there, 10)] }),
      exported: [counted(there, 4), counted(there, 6), counted(key('x', 'y', 1), 3)],
    },
    all,
  )
  expect(difference(entries, 'wire', 'exported')).toEqual({
    missing: nothing,
    surplus: { packets: -3, bytes: -300 },
    flows: 1,
  })
})

test('a flow that crossed both ways fills the way in first; the rest is the way out', () => {
  const entries = account(
    {
      ...none,
      wire: wire({ in: [counted(there, 3)], out: [counted(there, 5)] }),
      exported: [counted(there, 7)],
    },
    all,
  )
  expect(entries.map(({ direction, exported }) => [direction, exported.packets])).toEqual([
    ['in', 3],
    ['out', 4],
  ])
})

test('a filter leaves flows out, in both directions, and nothing else', () => {
  const before = wire({ in: [counted(there, 1), counted(back, 2)], out: [counted(back, 3)] })
  const after = select(before, ({ source }) => source === 'b')
  expect(after.directions.in.flows).toEqual([counted(back, 2)])
  expect(after.directions.out).toEqual(before.directions.out)
})
