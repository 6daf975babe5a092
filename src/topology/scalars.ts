// The small languages of the lab file's scalars: durations, rates, sizes, loss, AS numbers, endpoints. Text in, value out,
// undefined where the text is none; the words for what is wrong are fields.ts's.
import { bitsPerSecond, bytes, milliseconds, packetsPerSecond } from '../kernel/units.ts'
import type { BitsPerSecond, Bytes, Milliseconds, PacketsPerSecond } from '../kernel/units.ts'
import type { Distribution, Loss, SizeLaw } from './topology.ts'

/** An end of a link as it is written: without an interface it gets the node's next `ethN`. */
export interface WrittenEndpoint {
  readonly node: string
  readonly interface?: string
}

export const namePattern = /^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/
/** IFNAMSIZ leaves 15 characters; of those that the kernel takes, the ones that no tool prints differently. */
export const interfacePattern = /^(?!(?:lo|all|default)$)[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/
export const endpointPattern = /^[^:\s]+(?::[^:\s]+)?$/
export const durationPattern = /^(?:0|\d{1,9}(?:\.\d{1,6})?(?:ms|s|m))$/
export const ratePattern =
  /^(?:(?:(?:exponential|poisson) )?\d{1,9}(?:\.\d{1,3})?|uniform \d{1,9}(?:\.\d{1,3})?\.\.\d{1,9}(?:\.\d{1,3})?)pps$/
export const sizePattern =
  /^(?:(?:(?:exponential|poisson) )?\d{1,5}|uniform \d{1,5}\.\.\d{1,5}|(?:normal|pareto|cauchy|gamma|weibull) \d{1,5}(?:\.\d{1,3})? \d{1,5}(?:\.\d{1,3})?)$/
export const bitratePattern = /^\d{1,9}(?:\.\d{1,6})?(?:bit|kbit|mbit|gbit)$/
export const sizesPattern =
  /^(?:\d{1,10}|uniform \d{1,10}\.\.\d{1,10}|pareto \d{1,2}(?:\.\d{1,3})? \d{1,10}\.\.\d{1,10}|lognormal \d{1,10} \d{1,2}(?:\.\d{1,3})? \d{1,10}\.\.\d{1,10})$/
export const sharePattern = /^\d{1,3}(?:\.\d{1,6})?%$/
export const volumePattern = /^\d{1,12}(?:\.\d{1,6})?[kMG]?B$/
export const lossPattern = /^(?:\d{1,3}(?:\.\d{1,6})?%|1\/\d{1,9})$/

/** The longest duration: a day. */
export const longest: Milliseconds = milliseconds(24 * 60 * 60 * 1000)
export const fastest = packetsPerSecond(10_000_000)
/** The largest payload that UDP over IPv4 can carry: 65535 less 20 and 8. */
export const largest: Bytes = bytes(65_507)

const millisecondsPer: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 }

/** `4s`, `150ms`, `1.5s`, `2m`, `0`: whole milliseconds up to a day. */
export function parseDuration(text: string): Milliseconds | undefined {
  if (!durationPattern.test(text)) return undefined
  const [, amount = '', unit = 'ms'] = /^([\d.]+)(\w+)?$/.exec(text) ?? []
  // Micro-units are whole numbers below 2^53, so 1.1s is 1100 ms exactly.
  const value = Math.round(Number(amount) * (millisecondsPer[unit] ?? 1) * 1e6) / 1e6
  return Number.isInteger(value) && value <= longest ? milliseconds(value) : undefined
}

/** `X`, or a law and its numbers, each above 0 and up to `most`; of `uniform A..B` A is below B. */
function parseDistribution(text: string, most: number): Distribution<number> | undefined {
  const [, law = 'constant', first = '', second] =
    /^(?:(\w+) )?([\d.]+?)(?:(?:\.\.| )([\d.]+))?$/.exec(text) ?? []
  const values = [first, second].flatMap((value) => (value === undefined ? [] : Number(value)))
  if (!values.every((value) => value > 0 && value <= most)) return undefined
  if (law === 'uniform' && Number(first) >= Number(second)) return undefined
  // What laws there are, and of how many numbers, is the patterns'.
  return { [law]: second === undefined ? values[0] : values } as unknown as Distribution<number>
}

/** `400pps`, `exponential 500pps`, `uniform 200..600pps`. */
export const parseRate = (text: string): Distribution<PacketsPerSecond> | undefined =>
  ratePattern.test(text)
    ? (parseDistribution(text.slice(0, -'pps'.length), fastest) as Distribution<PacketsPerSecond> | undefined)
    : undefined

/** Bytes of payload: `512`, `exponential 300`, `uniform 64..1400`. */
export const parseSize = (text: string): Distribution<Bytes> | undefined =>
  sizePattern.test(text) ? (parseDistribution(text, largest) as Distribution<Bytes> | undefined) : undefined

const bitsPer: Readonly<Record<string, number>> = { bit: 1, kbit: 1e3, mbit: 1e6, gbit: 1e9 }

/** `500kbit`, `10mbit`, `1.5gbit`, as tc(8) writes rates: whole bits per second, from 1 kbit to 400 gbit. */
export function parseBitrate(text: string): BitsPerSecond | undefined {
  if (!bitratePattern.test(text)) return undefined
  const [, amount = '', unit = ''] = /^([\d.]+)(\w+)$/.exec(text) ?? []
  const value = Math.round(Number(amount) * (bitsPer[unit] ?? 0))
  return value >= 1e3 && value <= 4e11 ? bitsPerSecond(value) : undefined
}

/** A flow's payload, in bytes: generators stamp each packet, which takes up to 76; the most is what a day at 1 Mbit/s carries. */
const flowSizes = { least: 100, most: 10_000_000_000 }

/** `4000`, `uniform 200..4000`, `pareto SHAPE 500..1000000`, `lognormal MEDIAN SIGMA 100..1000000`: bytes a flow. */
export function parseSizes(text: string): SizeLaw | undefined {
  if (!sizesPattern.test(text)) return undefined
  const words = text.split(/ |\.\./)
  const law = words.length === 1 ? 'constant' : words[0]
  const numbers = words.slice(law === 'constant' ? 0 : 1).map(Number)
  const [least, most] = law === 'constant' ? [numbers[0], numbers[0]] : numbers.slice(-2)
  if (least === undefined || most === undefined || least < flowSizes.least || most > flowSizes.most)
    return undefined
  if (law === 'constant') return { constant: bytes(least) }
  if (least >= most || numbers.includes(0)) return undefined
  // A median beyond the bounds leaves nothing of the law between them.
  if (law === 'lognormal' && !(least <= (numbers[0] ?? 0) && (numbers[0] ?? 0) <= most)) return undefined
  // How many numbers each law has is the pattern's.
  return { [law ?? '']: numbers } as unknown as SizeLaw
}

/** `20%` as a fraction, 0 to 1. */
export function parseShare(text: string): number | undefined {
  const percent = sharePattern.test(text) ? Number(text.slice(0, -1)) : NaN
  return percent <= 100 ? percent / 100 : undefined
}

const bytesPer: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 }

/** `500kB`, `20MB`, `1.5GB`: whole bytes, from 100 to a thousand GB. */
export function parseVolume(text: string): Bytes | undefined {
  if (!volumePattern.test(text)) return undefined
  const [, amount = '', unit = ''] = /^([\d.]+)(\w+)$/.exec(text) ?? []
  const value = Math.round(Number(amount) * (bytesPer[unit] ?? 0))
  return value >= 100 && value <= 1e12 ? bytes(value) : undefined
}

/** `10%` of the packets at random, or `1/10`: exactly every tenth. */
export function parseLoss(text: string): Loss | undefined {
  if (!lossPattern.test(text)) return undefined
  if (text.startsWith('1/')) return Number(text.slice(2)) >= 2 ? { every: Number(text.slice(2)) } : undefined
  const percent = Number(text.slice(0, -1))
  return percent > 0 && percent <= 100 ? { random: percent / 100 } : undefined
}

/** AS_TRANS (RFC 6793, section 9): a router takes no peer of that number. */
const asTrans = 23_456

/** 1 to 4294967294 as one number (asplain, RFC 5396). */
export function parseAsn(text: string): number | undefined {
  const asn = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0
  return asn >= 1 && asn <= 4_294_967_294 && asn !== asTrans ? asn : undefined
}

/** The number that asdot (`1.10`, RFC 5396) stands for; undefined where the text is no asdot. */
export function parseAsdot(text: string): number | undefined {
  const [, high, low] = /^(\d{1,5})\.(\d{1,5})$/.exec(text) ?? []
  if (high === undefined || Number(high) > 65_535 || Number(low) > 65_535) return undefined
  return parseAsn(String(Number(high) * 65_536 + Number(low)))
}

export const communityPattern = /^(?:\d{1,10}:\d{1,10}(?::\d{1,10})?|no-export)$/

/** In numbers: `65001:100` (RFC 1997), `4200000001:1:2` (RFC 8092); `no-export` is 65535:65281 (RFC 1997). */
export function parseCommunity(text: string): string | undefined {
  if (text === 'no-export') return '65535:65281'
  const numbers = communityPattern.test(text) ? text.split(':').map(Number) : []
  const most = numbers.length === 2 ? 65_535 : 4_294_967_295
  return numbers.length > 0 && numbers.every((number) => number <= most) ? numbers.join(':') : undefined
}

/** `r2:eth0` or `r2`; whether there is such a node is not asked here. */
export function parseEndpoint(text: string): WrittenEndpoint | undefined {
  if (!endpointPattern.test(text)) return undefined
  const [node = '', name] = text.split(':')
  if (name === undefined) return { node }
  return interfacePattern.test(name) ? { node, interface: name } : undefined
}

/** A file or directory of the machine that a node sees; the source is as it was written, relative to the lab file. */
export interface Bind {
  readonly source: string
  readonly target: string
  readonly readonly: boolean
}

export const bindPattern = /^[^:\p{Cc}]{1,4096}:\/[^:\p{Cc}]{1,4095}(?::(?:ro|rw))?$/u

/** `SOURCE:TARGET` or `SOURCE:TARGET:ro`, as docker's `--volume` and containerlab write it; the target is absolute and below the root. */
export function parseBind(text: string): Bind | undefined {
  if (!bindPattern.test(text)) return undefined
  const [source = '', written = '', mode] = text.split(':')
  const names = written.split('/').filter((name) => name !== '' && name !== '.')
  if (names.length === 0 || names.includes('..')) return undefined
  return { source, target: `/${names.join('/')}`, readonly: mode === 'ro' }
}

/**
 * A command line as words, by the rules of a shell for quotes and backslashes and no others: no variables, no pipes. The
 * same as containerlab's `exec`. undefined where there is no word or a quote stays open.
 */
export function parseCommand(text: string): readonly string[] | undefined {
  if (/[^\P{Cc}\t]/u.test(text) || text.length > 10_000) return undefined
  const token =
    /(?<space>[ \t]+)|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\.)*)"|\\(?<escaped>.)|(?<plain>[^ \t'"\\]+)/suy
  const words: string[] = []
  let word: string | undefined
  while (token.lastIndex < text.length) {
    const groups = token.exec(text)?.groups
    if (!groups) return undefined
    const { space, single, double, escaped, plain } = groups
    if (space !== undefined) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else
      word = (word ?? '') + (single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? '')
  }
  if (word !== undefined) words.push(word)
  return words.length > 0 && words[0] !== '' ? words : undefined
}
