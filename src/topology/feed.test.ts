// What a feeder's file may say. That real tables in MRT are read is shown with BIRD's, in test/e2e/routers.test.ts.
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readFeed } from './feed.ts'

/** A record of TABLE_DUMP_V2: header, then sequence, length, prefix, one entry with these attributes. */
const rib = (subtype: number, length: number, prefix: string, attributes: string, entries = 1): Buffer => {
  const entry = Buffer.concat([
    Buffer.alloc(6),
    Buffer.from([0, attributes.length / 2]),
    Buffer.from(attributes, 'hex'),
  ])
  const body = Buffer.concat([
    Buffer.alloc(4),
    Buffer.from([length]),
    Buffer.from(prefix, 'hex'),
    Buffer.from([0, entries]),
    entry,
  ])
  const header = Buffer.alloc(12)
  header.writeUInt16BE(13, 4)
  header.writeUInt16BE(subtype, 6)
  header.writeUInt32BE(body.length, 8)
  return Buffer.concat([header, body])
}
// Flags, AS_PATH, length; AS_SEQUENCE of two: 65010 and 4200000001.
const path = '40020a02020000fdf2fa56ea01'

describe('a list', () => {
  test('has a prefix a line, its path behind it', () => {
    const text = '# all\n198.51.100.0/24 65010 4200000001 # one\n\n2001:DB8::/32\r\n198.51.100.0/24 1\n'
    expect(readFeed(Buffer.from(text))).toEqual(['198.51.100.0/24 65010 4200000001', '2001:db8::/32'])
    expect(readFeed(gzipSync(text))).toHaveLength(2)
  })
  test.each([
    ['10.0.0.1/8', 'line 1: expected a prefix and AS numbers, found "10.0.0.1/8"'],
    ['10.0.0.0/8 65010\n10.0.0.0/9 x; include', 'line 2: expected a prefix and AS numbers, found "x;"'],
  ])('%j is refused with its line', (text, message) => {
    expect(() => readFeed(Buffer.from(text))).toThrow(message)
  })
})

describe('MRT', () => {
  test('of both families, bits behind the prefix cleared', () => {
    const bytes = Buffer.concat([rib(2, 20, 'c63364', path), rib(4, 32, '20010db8', path)])
    expect(readFeed(bytes)).toEqual(['198.51.96.0/20 65010 4200000001', '2001:db8::/32 65010 4200000001'])
  })
  test('routes without a path, or with a set in it, are left out', () => {
    expect(readFeed(Buffer.concat([rib(2, 8, '0a', ''), rib(2, 8, '0b', '4002060101000000ff')]))).toEqual([])
  })
  test('whatever is cut off or wrong ends in an error that says where', () => {
    const whole = rib(2, 24, 'c63364', path)
    for (let length = 13; length < whole.length; length++)
      expect(() => readFeed(whole.subarray(0, length))).toThrow(/^byte \d+: expected/)
    for (let at = 8; at < whole.length; at++) {
      const broken = Buffer.from(whole)
      broken[at] = 255
      try {
        readFeed(broken)
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
      }
    }
    expect(() => readFeed(rib(2, 33, 'c633640000', path))).toThrow(
      'byte 16: expected a length up to 32, found 33',
    )
  })
})
