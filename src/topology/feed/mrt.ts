// A table of routes as route collectors publish it: MRT, TABLE_DUMP_V2 (RFC 6396, section 4.3; with path identifiers RFC 8050).
// All numbers are in network byte order. Of each prefix the first entry's path of AS numbers is taken.

import { formatPrefix } from '../../kernel/address.ts'
import type { Family } from '../../kernel/address.ts'

const tableDump2 = 13

/** By subtype; all others of TABLE_DUMP_V2 have no unicast routes. */
const subtypes: Readonly<Record<number, { readonly family: Family; readonly paths: boolean }>> = {
  2: { family: 4, paths: false },
  4: { family: 6, paths: false },
  8: { family: 4, paths: true },
  10: { family: 6, paths: true },
}

/** Whether bytes begin with a record of TABLE_DUMP_V2. */
export const isMrt = (bytes: Buffer): boolean => bytes.length >= 12 && bytes.readUInt16BE(4) === tableDump2

/**
 * Each prefix with its path, `198.51.100.0/24 65010 65020`, the origin last.
 * @throws RangeError with the byte offset where a record ends before its content.
 */
export function* readMrt(bytes: Buffer): Generator<string> {
  for (let at = 0; at < bytes.length; ) {
    const header = slice(bytes, at, 12)
    const body = slice(bytes, at + 12, header.readUInt32BE(8))
    const subtype = header.readUInt16BE(4) === tableDump2 ? subtypes[header.readUInt16BE(6)] : undefined
    const route = subtype && readRoute(body, at + 12, subtype)
    if (route !== undefined) yield route
    at += 12 + body.length
  }
}

/** @param start of `body` in the file. */
function readRoute(
  body: Buffer,
  start: number,
  { family, paths }: { readonly family: Family; readonly paths: boolean },
): string | undefined {
  const bits = family === 4 ? 32 : 128
  const length = slice(body, 4, 1, start).readUInt8()
  if (length > bits)
    throw new RangeError(`byte ${start + 4}: expected a length up to ${bits}, found ${length}`)
  const octets = Math.ceil(length / 8)
  const written = slice(body, 5, octets, start)
    .toString('hex')
    .padEnd(bits / 4, '0')
  // Bits behind the prefix are not to be relied on.
  const value = (BigInt(`0x${written}`) >> BigInt(bits - length)) << BigInt(bits - length)
  let at = 5 + octets
  const entries = slice(body, at, 2, start).readUInt16BE()
  at += 2
  for (let entry = 0; entry < entries; entry++) {
    const fixed = paths ? 12 : 8
    const size = slice(body, at, fixed, start).readUInt16BE(fixed - 2)
    const path = readPath(slice(body, at + fixed, size, start), start + at + fixed)
    if (path !== undefined) return [formatPrefix({ address: { family, value }, length }), ...path].join(' ')
    at += fixed + size
  }
  return undefined
}

/** AS_PATH (RFC 4271, section 4.3) of four bytes a number; undefined where there is none, or one with a set. */
function readPath(attributes: Buffer, start: number): number[] | undefined {
  for (let at = 0; at < attributes.length; ) {
    const [flags = 0, type = 0] = slice(attributes, at, 2, start)
    const isExtended = (flags & 0x10) !== 0
    const size = isExtended
      ? slice(attributes, at + 2, 2, start).readUInt16BE()
      : slice(attributes, at + 2, 1, start).readUInt8()
    at += isExtended ? 4 : 3
    const value = slice(attributes, at, size, start)
    if (type === 2) return readSegments(value, start + at)
    at += size
  }
  return undefined
}

function readSegments(value: Buffer, start: number): number[] | undefined {
  const path: number[] = []
  for (let at = 0; at < value.length; ) {
    const [type = 0, count = 0] = slice(value, at, 2, start)
    if (type !== 2) return undefined
    const numbers = slice(value, at + 2, 4 * count, start)
    for (let index = 0; index < count; index++) path.push(numbers.readUInt32BE(4 * index))
    at += 2 + 4 * count
  }
  return path
}

function slice(bytes: Buffer, at: number, length: number, start = 0): Buffer {
  if (at + length > bytes.length)
    throw new RangeError(
      `byte ${start + at}: expected ${length} bytes, found ${Math.max(0, bytes.length - at)}`,
    )
  return bytes.subarray(at, at + length)
}
