// IPv4 and IPv6 addresses and prefixes as value types: parse, format, compare, arithmetic. The hot path's column
// formats (uint32, 16 bytes) are written and read here too, so that every witness prints an address the same way.

/** The version of IP, as its header has it. */
export type Family = 4 | 6

/** An address: the family and its value. IPv4 values are below 2^32, IPv6 values below 2^128. */
export interface Address {
  readonly family: Family
  readonly value: bigint
}

/** A prefix: `address` has no bits set beyond `length`. */
export interface Prefix {
  readonly address: Address
  readonly length: number
}

/** An interface's address: a host's address together with the length of its subnet's prefix. */
export type InterfaceAddress = Prefix

/** Bits of an address. */
export const bitsOf = (family: Family): number => (family === 4 ? 32 : 128)

/** Dotted quad of a 32-bit value in host order, e.g. 3221225985 → `192.0.2.1`. */
export const formatIPv4 = (value: number): string =>
  `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`

/** RFC 5952 text of 16 bytes in network order, at `offset` of `bytes`. */
export function formatIPv6(bytes: Uint8Array, offset = 0): string {
  const words: number[] = []
  for (let i = 0; i < 16; i += 2) words.push(((bytes[offset + i] ?? 0) << 8) | (bytes[offset + i + 1] ?? 0))
  if (words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff)
    return `::ffff:${formatIPv4((((words[6] ?? 0) << 16) | (words[7] ?? 0)) >>> 0)}`
  let best = { start: -1, length: 1 }
  for (let start = 0; start < 8; start++) {
    let length = 0
    while (start + length < 8 && words[start + length] === 0) length++
    if (length > best.length) best = { start, length }
  }
  const hex = (part: number[]) => part.map((word) => word.toString(16)).join(':')
  if (best.start < 0) return hex(words)
  return `${hex(words.slice(0, best.start))}::${hex(words.slice(best.start + best.length))}`
}

/** The text of an address: dotted quad, or RFC 5952. */
export function formatAddress({ family, value }: Address): string {
  return family === 4 ? formatIPv4(Number(value)) : formatIPv6(toBytes({ family, value }))
}

/** The address in network order: 4 or 16 bytes. */
export function toBytes({ family, value }: Address): Uint8Array {
  const bytes = new Uint8Array(bitsOf(family) / 8)
  for (let i = bytes.length - 1, rest = value; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 255n)
  return bytes
}

/** The family of an address or prefix that is known to be one. */
export const familyOf = (text: string): Family => (text.includes(':') ? 6 : 4)

function parseIPv4(text: string): bigint | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (!match) return undefined
  let value = 0n
  for (const part of match.slice(1)) {
    if (Number(part) > 255 || (part.length > 1 && part.startsWith('0'))) return undefined
    value = (value << 8n) | BigInt(part)
  }
  return value
}

function parseIPv6(text: string): bigint | undefined {
  const quad = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  if (quad) {
    const low = parseIPv4(quad[2] ?? '')
    if (low === undefined) return undefined
    return parseIPv6(`${quad[1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`)
  }
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const words = halves.map((half) => (half === '' ? [] : half.split(':')))
  const given = words.flat()
  if (given.some((word) => !/^[0-9a-f]{1,4}$/i.test(word))) return undefined
  if (halves.length === 1 ? given.length !== 8 : given.length > 7) return undefined
  const filled = [...(words[0] ?? []), ...Array<string>(8 - given.length).fill('0'), ...(words[1] ?? [])]
  return filled.reduce((value, word) => (value << 16n) | BigInt(`0x${word}`), 0n)
}

/** Reads an address; undefined where the text is none. */
export function parseAddress(text: string): Address | undefined {
  const family = familyOf(text)
  const value = family === 4 ? parseIPv4(text) : parseIPv6(text)
  return value === undefined ? undefined : { family, value }
}

/** Reads `address/length`, host bits allowed; undefined where the text is none. */
export function parseInterfaceAddress(text: string): InterfaceAddress | undefined {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text)
  const address = match && parseAddress(match[1] ?? '')
  if (!match || !address || Number(match[2]) > bitsOf(address.family)) return undefined
  return { address, length: Number(match[2]) }
}

/** The prefix that an interface's address lies in: host bits cleared. */
export function network({ address, length }: InterfaceAddress): Prefix {
  const hostBits = BigInt(bitsOf(address.family) - length)
  return { address: { family: address.family, value: (address.value >> hostBits) << hostBits }, length }
}

/** Reads a prefix, host bits refused; undefined where the text is none. */
export function parsePrefix(text: string): Prefix | undefined {
  const given = parseInterfaceAddress(text)
  return given && network(given).address.value === given.address.value ? given : undefined
}

export const formatPrefix = ({ address, length }: Prefix): string => `${formatAddress(address)}/${length}`

/** Whether `prefix` covers `address`; never across families. */
export const covers = (prefix: Prefix, address: Address): boolean =>
  prefix.address.family === address.family &&
  network({ address, length: prefix.length }).address.value === network(prefix).address.value

/** Whether two prefixes share an address. */
export const overlap = (a: Prefix, b: Prefix): boolean =>
  a.length <= b.length ? covers(a, b.address) : covers(b, a.address)

/** The number of addresses in a prefix. */
export const sizeOf = (prefix: Prefix): bigint => 1n << BigInt(bitsOf(prefix.address.family) - prefix.length)

/** The address `offset` after the prefix's first. */
export const addressAt = (prefix: Prefix, offset: bigint): Address => ({
  family: prefix.address.family,
  value: prefix.address.value + offset,
})

/** `address:port`, an IPv6 address in brackets (RFC 3986, section 3.2.2). */
export const socketAddress = (address: string, port: number): string =>
  familyOf(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`
