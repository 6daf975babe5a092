// Text and value of addresses, both ways; the examples of RFC 4291 (section 2.2) and RFC 5952 (sections 4 and 5).
import { expect, test } from 'vitest'
import {
  addressAt,
  covers,
  formatAddress,
  formatIPv4,
  formatIPv6,
  formatPrefix,
  network,
  overlap,
  parseAddress,
  parseInterfaceAddress,
  parsePrefix,
  sizeOf,
  toBytes,
} from './address.ts'

const prefix = (text: string) => {
  const parsed = parsePrefix(text)
  if (!parsed) throw new Error(text)
  return parsed
}
const address = (text: string) => {
  const parsed = parseAddress(text)
  if (!parsed) throw new Error(text)
  return parsed
}

test.each([
  ['0.0.0.0', '0.0.0.0'],
  ['255.255.255.255', '255.255.255.255'],
  ['192.0.2.1', '192.0.2.1'],
  ['2001:DB8:0:0:8:800:200C:417A', '2001:db8::8:800:200c:417a'],
  ['FF01:0:0:0:0:0:0:101', 'ff01::101'],
  ['0:0:0:0:0:0:0:1', '::1'],
  ['0:0:0:0:0:0:0:0', '::'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ['::ffff:192.0.2.128', '::ffff:192.0.2.128'],
  ['0:0:0:0:0:FFFF:129.144.52.38', '::ffff:129.144.52.38'],
])('%s is %s', (given, canonical) => {
  expect(formatAddress(address(given))).toBe(canonical)
  expect(formatAddress(address(canonical))).toBe(canonical)
})

test.each([
  '',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.256',
  '01.2.3.4',
  ' 1.2.3.4',
  '1.2.3.4/24',
  '1.2.3.x',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7:8::',
  '12345::',
  'g::',
  '::1.2.3',
  'fe80::1%eth0',
])('"%s" is no address', (text) => expect(parseAddress(text)).toBeUndefined())

test('octets are in network order', () => {
  expect([...toBytes(address('192.0.2.1'))]).toEqual([192, 0, 2, 1])
  expect(formatIPv4(0xc0000201)).toBe('192.0.2.1')
  const bytes = Uint8Array.from([9, 0x20, 1, 0xd, 0xb8, ...Array<number>(11).fill(0), 7])
  expect(formatIPv6(bytes, 1)).toBe('2001:db8::7')
  expect([...toBytes(address('2001:db8::7'))]).toEqual([...bytes.subarray(1)])
})

test('a prefix has no host bits, an interface may', () => {
  expect(parsePrefix('192.0.2.1/24')).toBeUndefined()
  const given = parseInterfaceAddress('192.0.2.1/24')
  expect(given && formatPrefix(network(given))).toBe('192.0.2.0/24')
  for (const text of ['192.0.2.0/33', '::/129', '192.0.2.0', '192.0.2.0/', '192.0.2.0/-1', '/24'])
    expect(parseInterfaceAddress(text)).toBeUndefined()
})

test.each([
  ['192.0.128.0/24', '192.0.128.255', true],
  ['192.0.128.0/24', '192.0.129.0', false],
  ['0.0.0.0/0', '255.255.255.255', true],
  ['0.0.0.0/0', '::', false],
  ['::/0', '1.2.3.4', false],
  ['192.0.2.7/32', '192.0.2.7', true],
  ['192.0.2.7/32', '192.0.2.6', false],
  ['2001:db8::/33', '2001:db8:7fff::', true],
  ['2001:db8::/33', '2001:db8:8000::', false],
])('%s covers %s: %s', (outer, inner, is) => expect(covers(prefix(outer), address(inner))).toBe(is))

test('prefixes that share an address overlap, whichever is longer', () => {
  expect(overlap(prefix('10.0.0.0/8'), prefix('10.1.0.0/16'))).toBe(true)
  expect(overlap(prefix('10.1.0.0/16'), prefix('10.0.0.0/8'))).toBe(true)
  expect(overlap(prefix('10.0.0.0/9'), prefix('10.128.0.0/9'))).toBe(false)
  expect(overlap(prefix('0.0.0.0/0'), prefix('::/0'))).toBe(false)
})

test('size and the n-th address', () => {
  expect(sizeOf(prefix('192.0.2.0/28'))).toBe(16n)
  expect(sizeOf(prefix('2001:db8::/64'))).toBe(1n << 64n)
  expect(formatAddress(addressAt(prefix('192.0.2.0/24'), 255n))).toBe('192.0.2.255')
})
