// Filters as the store answers them must select what they select as predicates, which are held against libpcap.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { counted, memoryStore, rowsOf } from '../../test/support/store.ts'
import type { FlowKey } from '../kernel/flow.ts'
import { addressText, type Store } from '../store.ts'
import { compileFilter } from '../truth/filter.ts'
import { filterCondition, isMetered, type Looking } from './selection.ts'

const flow = (source: string, destination: string, protocol: number, from = 0, to = 0): FlowKey => ({
  source,
  destination,
  protocol,
  sourcePort: from,
  destinationPort: to,
})
const flows: readonly FlowKey[] = [
  flow('192.0.128.65', '192.16.0.2', 17, 40000, 10001),
  flow('192.0.128.65', '192.32.0.2', 6, 50000, 179),
  flow('192.32.0.2', '192.0.128.65', 6, 179, 50000),
  flow('192.0.128.65', '192.16.0.2', 1, 0, 8 * 256),
  flow('0.0.0.0', '255.255.255.255', 17, 68, 67),
  flow('10.0.0.1', '10.0.0.2', 89),
  flow('fe80::1', 'ff02::2', 58, 0, 133 * 256),
  flow('2001:db8::1', '2001:db8:1::2', 17, 1234, 53),
  flow('::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 6, 1234, 80),
]
const filters = [
  '',
  'ip',
  'ip6',
  'not ip',
  'dst net 192.0.128.0/24',
  'src net 192.0.128.0/17 and not icmp',
  'not (src host 192.32.0.2 or port 53)',
  'port 179 or dst port 10001',
  'net 2001:db8::/32',
  'src net 0.0.0.0/0',
  'dst net ::/0',
  'host ::',
  'tcp and src port 179 || udp',
]

let store: Store
beforeAll(async () => void (store = await memoryStore()))
afterAll(() => store.close())

const selected = async (condition: string | undefined): Promise<string[]> => {
  const rows = await store.ask<{ source: bigint; destination: bigint; protocol: number }>(
    `SELECT * FROM (${rowsOf(flows.map((each) => counted(each, 1)))}) WHERE ${condition}`,
  )
  return rows
    .map(({ source, destination, protocol }) =>
      [addressText(source), addressText(destination), protocol].join(' '),
    )
    .toSorted()
}
const named = (chosen: readonly FlowKey[]): string[] =>
  chosen.map(({ source, destination, protocol }) => [source, destination, protocol].join(' ')).toSorted()

test.each(filters)('%s', async (filter) => {
  const predicate = compileFilter(filter)
  expect(predicate).toBeDefined()
  expect(await selected(filterCondition(filter))).toEqual(named(flows.filter(predicate ?? (() => false))))
})

test('of a filter that says more than a flow key tells nothing is claimed', () => {
  expect(filterCondition('tcp[13] & 2 != 0')).toBeUndefined()
})

test('NetFlow v5 cannot tell of IPv6, and of nothing less', async () => {
  expect(await selected(isMetered({ export: { protocol: 'netflow5' } }))).toEqual(
    named(flows.filter(({ source }) => !source.includes(':'))),
  )
  expect(await selected(isMetered({ export: { protocol: 'ipfix' } }))).toEqual(named(flows))
})

test('a probe that looks one way tells nothing of the other', async () => {
  const direction = async (probe: Looking): Promise<number> => (await selected(isMetered(probe))).length
  expect(await direction({ direction: 'in', export: { protocol: 'ipfix' } })).toBe(flows.length)
  expect(await direction({ direction: 'out', export: { protocol: 'ipfix' } })).toBe(0)
})
