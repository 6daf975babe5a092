// Values as text and JSON have them: the one place that says how each abstract data type is printed.
import { formatIPv4, formatIPv6 } from '../kernel/address.ts'
import type { ElementType } from './element.ts'

/**
 * A value as NDJSON carries it. Integers are numbers up to 2^53 - 1 and decimal strings above; times are ISO 8601 in UTC
 * with exactly the digits of their unit; addresses are text; octets are lower-case hex; undefined is a field without a
 * value (of length 0, or absent from this record).
 */
export type Value =
  | number
  | string
  | boolean
  | null
  | undefined
  | readonly Value[]
  | { readonly [name: string]: Value }

const SAFE_HIGH = 0x20_0000

/** An unsigned 64-bit integer from its halves: a number up to 2^53 - 1, else a decimal string. */
export const unsigned64 = (high: number, low: number): number | string =>
  high < SAFE_HIGH ? high * 0x1_0000_0000 + low : String((BigInt(high) << 32n) | BigInt(low))

/** A two's complement 64-bit integer from its halves, likewise. */
export function signed64(high: number, low: number): number | string {
  const value = (high | 0) * 0x1_0000_0000 + low
  return Number.isSafeInteger(value) ? value : String(BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low)))
}

/** Octets as hex, two digits each. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

const utf8 = new TextDecoder('utf-8')

/** Text up to the padding of NULs that fixed-length fields carry; what is not UTF-8 shows as U+FFFD. */
export function text(bytes: Uint8Array): string {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  return utf8.decode(bytes.subarray(0, end))
}

/** Seconds between the epochs of NTP (1900) and Unix (1970). */
const NTP_TO_UNIX = 2_208_988_800

/**
 * An NTP timestamp of era 0 (RFC 7011 sections 6.1.9 and 6.1.10) as Unix seconds and nanoseconds. `micro` gives whole
 * microseconds and leaves the 11 lowest bits of the fraction out, as the RFC says; both round to the nearest.
 */
export function fromNtp(
  seconds: number,
  fraction: number,
  micro: boolean,
): { seconds: number; nanoseconds: number } {
  const perSecond = micro ? 1e6 : 1e9
  const units = Math.round(((micro ? (fraction & ~0x7ff) >>> 0 : fraction) * perSecond) / 0x1_0000_0000)
  const carry = units === perSecond ? 1 : 0
  return { seconds: seconds - NTP_TO_UNIX + carry, nanoseconds: carry ? 0 : units * (1e9 / perSecond) }
}

/** ISO 8601 in UTC, with `digits` decimals of a second (0, 3, 6 or 9). Far years are printed as Unix seconds. */
export function isoTime(seconds: number, nanoseconds: number, digits: 0 | 3 | 6 | 9): string {
  const date = new Date(seconds * 1000)
  const fraction = digits === 0 ? '' : `.${String(nanoseconds).padStart(9, '0').slice(0, digits)}`
  if (Number.isNaN(date.getTime())) return `${seconds}${fraction}`
  return `${date.toISOString().slice(0, -5)}${fraction}Z`
}

const milliseconds = (high: number, low: number): string => {
  const whole = high * 0x1_0000_0000 + low
  return isoTime(Math.floor(whole / 1000), (whole % 1000) * 1e6, 3)
}

/** The value of an integer (up to 64 bits, its halves given) of this type. */
export function integerValue(type: ElementType, high: number, low: number): Value {
  switch (type) {
    case 'ipv4Address':
      return formatIPv4(low)
    case 'boolean':
      // RFC 7011 section 6.1.5: 1 is true and 2 is false; others are undefined and shown as they are.
      return low === 1 ? true : low === 2 ? false : low
    case 'dateTimeSeconds':
      return isoTime(high * 0x1_0000_0000 + low, 0, 0)
    case 'dateTimeMilliseconds':
      return milliseconds(high, low)
    case 'dateTimeMicroseconds':
    case 'dateTimeNanoseconds': {
      const micro = type === 'dateTimeMicroseconds'
      const time = fromNtp(high, low, micro)
      return isoTime(time.seconds, time.nanoseconds, micro ? 6 : 9)
    }
    default:
      return unsigned64(high, low)
  }
}

const signedTypes: ReadonlySet<ElementType> = new Set<ElementType>([
  'signed8',
  'signed16',
  'signed32',
  'signed64',
])
const floatTypes: ReadonlySet<ElementType> = new Set<ElementType>(['float32', 'float64'])
const integerTypes: ReadonlySet<ElementType> = new Set<ElementType>([
  ...signedTypes,
  'unsigned8',
  'unsigned16',
  'unsigned32',
  'unsigned64',
  'boolean',
  'dateTimeSeconds',
  'dateTimeMilliseconds',
])
const exactLength: Partial<Record<ElementType, number>> = {
  ipv4Address: 4,
  dateTimeMicroseconds: 8,
  dateTimeNanoseconds: 8,
}

/** A float as JSON can carry it: those that are no finite number as text. */
export const floatValue = (value: number): number | string => (Number.isFinite(value) ? value : String(value))

/** The value of octets of this type, at any length; hex where the length makes no sense for the type. */
export function octetsValue(type: ElementType, bytes: Uint8Array): Value {
  const { length } = bytes
  if (type === 'string') return text(bytes)
  if (length === 0) return type === 'octetArray' ? '' : undefined
  if (type === 'ipv6Address' && length === 16) return formatIPv6(bytes)
  if (type === 'macAddress' && length === 6) return (hex(bytes).match(/../g) ?? []).join(':')
  if (floatTypes.has(type) && (length === 4 || length === 8)) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, length)
    return floatValue(length === 4 ? view.getFloat32(0) : view.getFloat64(0))
  }
  if (exactLength[type] !== length && (length > 8 || !integerTypes.has(type))) return hex(bytes)
  const negative = signedTypes.has(type) && (bytes[0] ?? 0) > 127
  let [high, low] = negative ? [0xffff_ffff, 0xffff_ffff] : [0, 0]
  for (const byte of bytes) {
    high = ((high << 8) | (low >>> 24)) >>> 0
    low = ((low << 8) | byte) >>> 0
  }
  return signedTypes.has(type) ? signed64(high, low) : integerValue(type, high, low)
}
