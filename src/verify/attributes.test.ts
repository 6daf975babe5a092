// AS attributes by longest match, on tables small enough to see what each must be.
import { expect, test } from 'vitest'
import type { CollectedTable, Route, Row } from '../evidence.ts'
import { checkAttributes, type View, volumeOf } from './attributes.ts'

const routes: readonly Route[] = [
  { prefix: '0.0.0.0/0', path: [1], nextHop: '10.9.9.9' },
  { prefix: '192.0.128.0/24', path: [] },
  { prefix: '192.32.0.0/16', path: [65530], nextHop: '10.0.0.1' },
  { prefix: '192.32.0.0/24', path: [65530, 65533], nextHop: '10.0.0.2' },
]
const view = (...tables: (readonly Route[])[]): View => ({
  router: 'r2',
  tables: tables.map((own, taken) => ({ router: 'r2', taken, routes: own })),
  selves: ['10.0.0.254', '2001:db8::254'],
  exporter: '172.17.0.1',
  behind: 0,
  blind: [],
})
const aggregate = [
  'src_host',
  'dst_host',
  'src_as',
  'dst_as',
  'peer_src_as',
  'peer_dst_as',
  'src_as_path',
  'as_path',
  'peer_src_ip',
  'peer_dst_ip',
]
const table = (...rows: Row[]): CollectedTable => ({ name: 't', aggregate, rows })

/** Outbound, as pmacct prints it. */
const right: Row = {
  ip_src: '192.0.128.65',
  ip_dst: '192.32.0.2',
  as_src: 0,
  as_dst: 65533,
  peer_as_src: 0,
  peer_as_dst: 65530,
  src_as_path: '^$',
  as_path: '65530_65533',
  peer_ip_src: '172.17.0.1',
  peer_ip_dst: '10.0.0.2',
  packets: 10,
  bytes: 1000,
}

test('a row that agrees with the longest match is right in all it says', () => {
  expect(checkAttributes(table(right), view(routes))).toEqual({
    checked: 8,
    wrong: [],
    informed: 1,
    forgiven: [],
  })
})

test('towards its own AS a row has no path, and the router itself as next hop', () => {
  const inbound: Row = {
    ...right,
    ...{ ip_src: '192.32.0.2', ip_dst: '192.0.128.65', as_src: 65533, as_dst: 0, peer_as_src: 65530 },
    ...{ peer_as_dst: 0, src_as_path: '65530_65533', as_path: '', peer_ip_dst: '10.0.0.254' },
  }
  expect(checkAttributes(table(inbound), view(routes)).wrong).toEqual([])
})

test.each([
  ['as_dst', 'dst_as', 65530, '65533'],
  ['peer_as_dst', 'peer_dst_as', 1, '65530'],
  ['as_path', 'as_path', '65530', '65530 65533'],
  ['src_as_path', 'src_as_path', '65530', ''],
  ['peer_ip_dst', 'peer_dst_ip', '10.0.0.1', '10.0.0.2'],
  ['peer_ip_src', 'peer_src_ip', '172.17.0.9', '172.17.0.1'],
])('a false %s is found, with what it should be', (json, primitive, found, expected) => {
  const { wrong } = checkAttributes(table({ ...right, [json]: found }), view(routes))
  expect(wrong).toHaveLength(1)
  expect(wrong[0]).toMatchObject({ primitive, found: String(found).replaceAll('_', ' '), expected })
})

test('only what the table keeps is checked', () => {
  const kept = { ...table({ ...right, as_dst: 7 }), aggregate: ['src_host', 'dst_host', 'src_as'] }
  expect(checkAttributes(kept, view(routes))).toEqual({ checked: 1, wrong: [], informed: 0, forgiven: [] })
})

test('what the router believed at any time is right', () => {
  const former = routes.filter(({ prefix }) => prefix !== '192.32.0.0/24')
  const row = { ...right, as_dst: 65530, as_path: '65530', peer_ip_dst: '10.0.0.1' }
  expect(checkAttributes(table(row), view(routes)).wrong).toHaveLength(3)
  expect(checkAttributes(table(row), view(former, routes)).wrong).toEqual([])
})

test('without a route there is nothing to say', () => {
  const local = {
    ...right,
    ip_src: 'fe80::1',
    ip_dst: 'ff02::2',
    as_dst: 0,
    peer_as_dst: 0,
    as_path: '',
    peer_ip_dst: '',
  }
  expect(checkAttributes(table(local), view(routes)).wrong).toEqual([])
})

test('a row with several false attributes counts once', () => {
  const { wrong } = checkAttributes(table({ ...right, as_dst: 1, as_path: '1' }, right), view(routes))
  expect(wrong).toHaveLength(2)
  expect(volumeOf(wrong)).toEqual({ packets: 10, bytes: 1000 })
})

test('of IPv6 the longest match and the next hop are its own', () => {
  const both = view([
    ...routes,
    { prefix: '::/0', path: [1], nextHop: '2001:db8:ff::9' },
    { prefix: '2001:db8:1::/48', path: [] },
    { prefix: '2001:db8:2::/48', path: [65530], nextHop: '2001:db8:ff::1' },
  ])
  const row = (edit: Row): CollectedTable => ({
    name: 't',
    aggregate: ['src_host', 'dst_host', 'src_as', 'dst_as', 'peer_dst_ip'],
    rows: [{ ip_src: '2001:db8:1::5', ip_dst: '2001:db8:2::5', as_src: 0, packets: 1, bytes: 99, ...edit }],
  })
  const out = { as_dst: 65530, peer_ip_dst: '2001:db8:ff::1' }
  expect(checkAttributes(row(out), both).wrong).toEqual([])
  expect(checkAttributes(row({ ...out, as_dst: 1 }), both).wrong).toHaveLength(1)
  const own = { ip_src: '2001:db8:2::5', ip_dst: '2001:db8:1::5', as_src: 65530, as_dst: 0 }
  expect(checkAttributes(row({ ...own, peer_ip_dst: '2001:db8::254' }), both).wrong).toEqual([])
  expect(checkAttributes(row({ ...own, peer_ip_dst: '10.0.0.254' }), both).wrong).toHaveLength(1)
})
