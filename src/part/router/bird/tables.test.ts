// birdc's own answers, from a BIRD 2.0.12 in the middle of three ASes.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseRoutes, parseSessions } from './tables.ts'

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')

test('routes: those of BGP with path and next hop, the announced one with neither', () => {
  expect(parseRoutes(fixture('route-primary-all.txt'))).toEqual([
    { prefix: '192.16.0.0/24', path: [] },
    { prefix: '192.32.0.0/24', path: [65533], nextHop: '10.0.0.2' },
    { prefix: '192.0.128.0/24', path: [65531], nextHop: '192.168.56.3' },
  ])
})

test('routes of both families, of two next hops the global one', () => {
  expect(parseRoutes(fixture('route-primary-all-dual.txt'))).toEqual([
    { prefix: '198.51.100.0/24', path: [] },
    { prefix: '192.0.2.0/24', path: [65001], nextHop: '203.0.113.1' },
    { prefix: '2001:db8:1::/48', path: [65001], nextHop: '2001:db8:ff::' },
    { prefix: '2001:db8:2::/48', path: [] },
  ])
})

test('sessions: of the protocols, those that are BGP', () => {
  expect(parseSessions(fixture('protocols-all.txt'))).toEqual([
    { peer: '192.168.56.3', as: 65531, established: true, state: 'Established' },
    { peer: '10.0.0.2', as: 65533, established: true, state: 'Established' },
  ])
})

test('of an empty table nothing is read', () => {
  expect(parseRoutes('BIRD 2.0.12 ready.\nTable master4:\n')).toEqual([])
  expect(parseSessions('BIRD 2.0.12 ready.\n')).toEqual([])
})
