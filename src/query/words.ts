// The words of filters: what each is about, which columns of a row it looks at, and how a value is compared. Values become
// parameters; nothing of a filter's text becomes SQL.

import { bitsOf, parseAddress, parsePrefix } from '../kernel/address.ts'
import { addressValue } from '../store.ts'
import type { Shape } from './columns.ts'
import { protocols } from './protocols.ts'
import type { Values } from './statement.ts'

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='
export type Side = 'src' | 'dst' | 'in' | 'out'

export const aliases: Readonly<Record<string, string>> = {
  host: 'ip',
  net: 'ip',
  address: 'ip',
  exporter: 'probe',
  inet: 'ipv4',
  inet6: 'ipv6',
  router: 'probe',
  octets: 'bytes',
}

export function parseNetwork(text: string): { first: bigint; last: bigint } | undefined {
  const prefix = parsePrefix(text)
  const address = prefix?.address ?? parseAddress(text)
  if (!address) return undefined
  const length = prefix?.length ?? bitsOf(address.family)
  const first = addressValue(text.split('/')[0] ?? '')
  if (first === undefined) return undefined
  return { first, last: first + (1n << BigInt(bitsOf(address.family) - length)) - 1n }
}

/** SQL of a comparison with one value. Throws a text: what was expected. */
type Test = (column: string, comparison: Comparison, text: string, values: Values) => string

const largest = 2 ** 53

function numberOf(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,16}(?:\.\d{1,9})?)([kmgt]?)$/i.exec(text) ?? []
  if (digits === undefined) return undefined
  const value = Number(digits) * { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 }[unit.toLowerCase()]!
  return value <= largest ? value : undefined
}

const number: Test = (column, comparison, text, values) => {
  const value = numberOf(text)
  if (value === undefined) throw new RangeError('a number below 2^53, such as 1000 or 1.5k')
  return `${column} ${comparison} ${values.add(value)}`
}

const address: Test = (column, comparison, text, values) => {
  const range = parseNetwork(text)
  if (!range) throw new RangeError('an address, or a prefix without host bits, such as 192.0.2.0/24')
  if (comparison !== '=' && comparison !== '!=') throw new RangeError('= or !=')
  const inside = `${column} BETWEEN ${values.add(range.first)} AND ${values.add(range.last)}`
  return comparison === '=' ? inside : `NOT (${inside})`
}

const protocol: Test = (column, comparison, text, values) =>
  number(column, comparison, String(protocols[text.toLowerCase()] ?? text), values)

const name: Test = (column, comparison, text, values) => {
  if (comparison !== '=' && comparison !== '!=') throw new RangeError('= or !=')
  return `${column} ${comparison} ${values.add(text)}`
}

const flagLetters = 'FSRPAUEC'

const flags: Test = (column, comparison, text, values) => {
  if (comparison !== '=' || !new RegExp(`^[${flagLetters}]+$`, 'i').test(text))
    throw new RangeError(`letters of ${flagLetters}, all of which are set`)
  const mask = text
    .toUpperCase()
    .split('')
    .reduce((sum, letter) => sum | (1 << flagLetters.indexOf(letter)), 0)
  const parameter = values.add(mask)
  return `(${column} & ${parameter}) = ${parameter}`
}

export interface Word {
  readonly about: string
  readonly example: string
  readonly test: Test
  /** By side, or one for all; several: any of them. */
  readonly columns: readonly string[]
  readonly sides?: readonly Side[]
  /** Of the witnesses that have it. */
  readonly of: readonly Shape[]
  /** Stands for itself, without a value. */
  readonly alone?: true
}

const all: readonly Shape[] = ['wire', 'record', 'collected']
const ends = ['src', 'dst'] as const

const duration = "date_diff('microsecond', r.first, r.last) / 1000.0"
const perSecond = (what: string): string => `(${what}) / nullif(${duration} / 1000.0, 0)`

export const words: Readonly<Record<string, Word>> = {
  ip: {
    about: 'address or prefix of either end; host and net are the same',
    example: 'src 192.0.2.0/24',
    test: address,
    columns: ['r.source', 'r.destination'],
    sides: ends,
    of: all,
  },
  port: {
    about: 'port of either end',
    example: 'dst port 53',
    test: number,
    columns: ['r.sourcePort', 'r.destinationPort'],
    sides: ends,
    of: all,
  },
  proto: { about: 'IP protocol', example: 'proto udp', test: protocol, columns: ['r.protocol'], of: all },
  packets: { about: 'packets', example: 'packets > 10', test: number, columns: ['r.packets'], of: all },
  bytes: { about: 'layer-3 bytes', example: 'bytes > 1.5M', test: number, columns: ['r.bytes'], of: all },
  as: {
    about: 'AS of either end, as the record says',
    example: 'src as 65530',
    test: number,
    columns: ['r.sourceAs', 'r.destinationAs'],
    sides: ends,
    of: ['record', 'collected'],
  },
  next: {
    about: 'next hop',
    example: 'next 192.0.2.1',
    test: address,
    columns: ['r.nextHop'],
    of: ['record'],
  },
  if: {
    about: 'SNMP index of an interface',
    example: 'in if 3',
    test: number,
    columns: ['r.ingress', 'r.egress'],
    sides: ['in', 'out'],
    of: ['record'],
  },
  tos: { about: 'type of service', example: 'tos 184', test: number, columns: ['r.tos'], of: ['record'] },
  flags: {
    about: `TCP flags that are set, of ${flagLetters}`,
    example: 'flags SA',
    test: flags,
    columns: ['r.tcpFlags'],
    of: ['record'],
  },
  duration: {
    about: 'from first to last packet, in ms',
    example: 'duration > 500',
    test: number,
    columns: [duration],
    of: ['record'],
  },
  bps: {
    about: 'bits a second over its duration',
    example: 'bps > 1M',
    test: number,
    columns: [perSecond('r.bytes * 8')],
    of: ['record'],
  },
  pps: {
    about: 'packets a second over its duration',
    example: 'pps > 100',
    test: number,
    columns: [perSecond('r.packets')],
    of: ['record'],
  },
  bpp: {
    about: 'bytes a packet',
    example: 'bpp < 100',
    test: number,
    columns: ['r.bytes / nullif(r.packets, 0)'],
    of: all,
  },
  domain: {
    about: 'observation domain',
    example: 'domain 0',
    test: number,
    columns: ['r.domain'],
    of: ['record'],
  },
  rate: {
    about: 'N of sampling 1:N',
    example: 'rate > 1',
    test: number,
    columns: ['r.samplingRate'],
    of: ['record'],
  },
  direction: {
    about: 'in or out, as seen from the observation point',
    example: 'direction in',
    test: name,
    columns: ['r.direction'],
    of: ['wire', 'record'],
  },
  point: {
    about: 'observation point',
    example: 'point "r2:eth0"',
    test: name,
    columns: ['r.point'],
    of: all,
  },
  probe: {
    about: 'probe; exporter is the same',
    example: 'probe edge',
    test: name,
    columns: ['r.probe'],
    of: all,
  },
  collector: {
    about: 'collector that it is meant for',
    example: 'collector main',
    test: name,
    columns: ['r.collector'],
    of: all,
  },
  table: {
    about: "the collector's table",
    example: 'table all',
    test: name,
    columns: ['r."table"'],
    of: ['collected'],
  },
  ipv4: {
    about: 'of IPv4',
    example: 'ipv4',
    test: name,
    columns: ['(r.source >> 32) = 65535'],
    of: all,
    alone: true,
  },
  ipv6: {
    about: 'of IPv6',
    example: 'ipv6',
    test: name,
    columns: ['(r.source >> 32) <> 65535'],
    of: all,
    alone: true,
  },
}
