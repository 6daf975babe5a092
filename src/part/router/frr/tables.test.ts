// vtysh's own answers, from an FRR 8.4 at an AS's border with a probe and a collector as BGP listeners.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { routes, sessions } from './tables.ts'

const fixture = (name: string) => (): Promise<string> =>
  Promise.resolve(readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8'))

test('routes: best paths, the own one without a next hop', async () => {
  const before = Date.now()
  const table = await routes(async (...argv) => {
    const families = argv.join(' ').match(/ipv\d/g) ?? []
    return (await Promise.all(families.map((family) => fixture(`bgp-${family}-unicast.json`)()))).join('')
  }, 'r2')
  expect(table.router).toBe('r2')
  expect(table.taken).toBeGreaterThanOrEqual(before)
  expect(table.routes).toEqual([
    { prefix: '192.0.128.0/24', path: [] },
    { prefix: '192.16.0.0/24', path: [65530], nextHop: '192.168.56.2' },
    { prefix: '192.32.0.0/24', path: [65530, 65533], nextHop: '192.168.56.2' },
    { prefix: '2001:db8:1::/48', path: [] },
    // Not the link-local one by which it forwards.
    { prefix: '2001:db8:2::/48', path: [65002], nextHop: '2001:db8:ff::1' },
  ])
})

test('sessions: every neighbour with its AS and state', async () => {
  const found = await sessions(fixture('bgp-summary.json'))
  expect(found.toSorted((a, b) => a.peer.localeCompare(b.peer))).toEqual(
    [
      { peer: '10.254.0.1', as: 65531 },
      { peer: '10.255.0.1', as: 65531 },
      { peer: '172.17.0.2', as: 65531 },
      { peer: '192.168.56.2', as: 65530 },
    ].map((each) => ({ ...each, established: true, state: 'Established' })),
  )
})

test('sessions in dual stack: each neighbour once, whatever routes it is told', async () => {
  const found = await sessions(fixture('bgp-summary-dual.json'))
  expect(found.map(({ peer }) => peer).toSorted()).toEqual([
    '10.0.0.6',
    '10.254.0.1',
    '10.255.0.1',
    '2001:db8:ff::1',
    '203.0.113.2',
    'fd00:255::1',
  ])
})

test('a router without BGP has neither', async () => {
  expect((await routes(() => Promise.resolve('{}'), 'r')).routes).toEqual([])
  expect(await sessions(() => Promise.resolve('{}'))).toEqual([])
})
