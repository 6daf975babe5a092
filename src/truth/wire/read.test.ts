// nft 1.0.6's listing of a point that TCP, UDP, ICMP, fragments, IPv6 and ARP had crossed. The kernel's own total, counted by
// another rule, is what the flows must add up to.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { add, nothing } from '../../kernel/units.ts'
import { parse, parseTotals } from './read.ts'

const listing = readFileSync(join(import.meta.dirname, 'fixtures', 'table.json'), 'utf8')
const { directions } = parse(listing)

describe.each(['in', 'out'] as const)('%s', (direction) => {
  const { total, flows, notIp, overflow } = directions[direction]

  test('flows, what is not IP and overflow add up to the total', () => {
    expect([...flows, ...notIp, overflow].reduce(add, nothing)).toEqual(total)
  })

  test('totals are read as those of the flows are', () =>
    expect(parseTotals(listing)[direction]).toEqual(total))

  test('ARP is known by its ethertype, whatever the byte order of the machine', () => {
    expect(notIp).toEqual([{ etherType: 0x0806, packets: 1, bytes: 28 }])
  })
})

const x = 'fe80::5483:54ff:fed5:9e18'
const r2 = 'fe80::9cce:b2ff:fee0:a2b6'

test.each([
  [
    'UDP',
    'out',
    {
      source: '192.0.128.65',
      destination: '192.16.0.2',
      protocol: 17,
      sourcePort: 38470,
      destinationPort: 10001,
      packets: 312,
      bytes: 312 * (512 + 28),
    },
  ],
  [
    'ICMP: type and code',
    'in',
    {
      source: '192.16.0.2',
      destination: '192.0.128.65',
      protocol: 1,
      sourcePort: 0,
      destinationPort: 3 * 256 + 3,
      packets: 1,
      bytes: 576,
    },
  ],
  [
    'fragments of ICMP',
    'in',
    {
      source: '192.16.0.2',
      destination: '192.0.128.65',
      protocol: 1,
      sourcePort: 0,
      destinationPort: 0,
      fragments: true,
      packets: 4,
      bytes: 3136,
    },
  ],
  [
    'fragments of UDP',
    'out',
    {
      source: '192.0.128.65',
      destination: '192.16.0.2',
      protocol: 17,
      sourcePort: 0,
      destinationPort: 0,
      fragments: true,
      packets: 2,
      bytes: 2596 - 28,
    },
  ],
  [
    'UDP over IPv6',
    'out',
    {
      source: r2,
      destination: x,
      protocol: 17,
      sourcePort: 59209,
      destinationPort: 9999,
      packets: 1,
      bytes: 40 + 8 + 'hello\n'.length,
    },
  ],
  [
    'ICMPv6',
    'in',
    {
      source: x,
      destination: 'ff02::2',
      protocol: 58,
      sourcePort: 0,
      destinationPort: 133 * 256,
      packets: 3,
      bytes: 168,
    },
  ],
  [
    'fragments of ICMPv6',
    'in',
    {
      source: x,
      destination: r2,
      protocol: 58,
      sourcePort: 0,
      destinationPort: 0,
      fragments: true,
      packets: 4,
      bytes: 3312,
    },
  ],
] as const)('%s', (_, direction, flow) => {
  expect(directions[direction].flows).toContainEqual(flow)
})

test('a listing without its counters is refused', () => {
  expect(() => parse('{"nftables": []}')).toThrow('nft lists no counter in_total')
  expect(() => parse('Error: No such file or directory')).toThrow(SyntaxError)
})
