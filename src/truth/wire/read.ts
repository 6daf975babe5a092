// Reads the kernel's count back from `nft -j -n list table`: sets of elements with their counters, and named counters.

import { endianness } from 'node:os'
import type { Direction, Wire, WireDirection, WireFlow } from '../../evidence.ts'
import { formatAddress, parseAddress } from '../../kernel/address.ts'
import type { Volume } from '../../kernel/units.ts'
import { ethernetHeader } from './ruleset.ts'

interface NftCounter {
  readonly name: string
  readonly packets: number
  readonly bytes: number
}

type Word = string | number

interface NftSet {
  readonly name: string
  readonly elem?: readonly {
    readonly elem: {
      readonly val: Word | { readonly concat: readonly Word[] }
      readonly counter: Volume
    }
  }[]
}

export type Counted = Pick<Wire, 'directions'>

interface Listed {
  readonly nftables: readonly { readonly counter?: NftCounter; readonly set?: NftSet }[]
}

const layer3 = (direction: Direction, { packets, bytes }: Volume): Volume => ({
  packets,
  bytes: direction === 'in' ? bytes : bytes - packets * ethernetHeader,
})

/** A counter by its name, of one of the directions. */
function countersOf({ nftables }: Listed): (direction: Direction, name: string) => Volume {
  const counters = new Map(
    nftables.flatMap(({ counter }) => (counter ? [[counter.name, counter] as const] : [])),
  )
  return (direction, name) => {
    const found = counters.get(`${direction}_${name}`)
    if (!found) throw new Error(`nft lists no counter ${direction}_${name}`)
    return layer3(direction, found)
  }
}

/** Of the table of totals. Throws where the text is not nft's. */
export function parseTotals(json: string): Readonly<Record<Direction, Volume>> {
  const counter = countersOf(JSON.parse(json) as Listed)
  return { in: counter('in', 'total'), out: counter('out', 'total') }
}

/** Throws where the text is not nft's, or an element is of no kind that the ruleset makes. */
export function parse(json: string): Counted {
  const listed = JSON.parse(json) as Listed
  const counterOf = countersOf(listed)
  const sets = new Map(listed.nftables.flatMap(({ set }) => (set ? [[set.name, set] as const] : [])))
  const read = (direction: Direction): WireDirection => {
    const counter = (name: string): Volume => counterOf(direction, name)
    const elements = (name: string): Element[] =>
      (sets.get(`${direction}_${name}`)?.elem ?? []).map(({ elem }) => ({
        key: typeof elem.val === 'object' ? elem.val.concat : [elem.val],
        volume: layer3(direction, elem.counter),
      }))
    return {
      total: counter('total'),
      flows: Object.entries(keyKinds).flatMap(([kind, flow]) =>
        [4, 6].flatMap((family) =>
          elements(`${kind}${family}`).map(({ key, volume }) => ({ ...flow(key, family), ...volume })),
        ),
      ),
      notIp: elements('not_ip').map(({ key, volume }) => ({ etherType: swapped(number(key[0])), ...volume })),
      overflow: counter('overflow'),
      oversize: counter('oversize'),
    }
  }
  return { directions: { in: read('in'), out: read('out') } }
}

interface Element {
  readonly key: readonly Word[]
  readonly volume: Volume
}

type Key = Omit<WireFlow, keyof Volume>

const icmp: Readonly<Record<number, number>> = { 4: 1, 6: 58 }

/** By kind of set, as ruleset.ts names them: what an element's key says. */
const keyKinds: Readonly<Record<string, (key: readonly Word[], family: number) => Key>> = {
  ports: (key) => ({
    ...hosts(key),
    protocol: number(key[2]),
    sourcePort: number(key[3]),
    destinationPort: number(key[4]),
  }),
  icmp: (key, family) => ({
    ...hosts(key),
    protocol: icmp[family] ?? 0,
    sourcePort: 0,
    destinationPort: number(key[2]) * 256 + number(key[3]),
  }),
  other: (key) => ({ ...hosts(key), protocol: number(key[2]), sourcePort: 0, destinationPort: 0 }),
  fragments: (key) => ({
    ...hosts(key),
    protocol: number(key[2]),
    sourcePort: 0,
    destinationPort: 0,
    fragments: true,
  }),
}

const hosts = (key: readonly Word[]): Pick<Key, 'source' | 'destination'> => ({
  source: address(key[0]),
  destination: address(key[1]),
})

function address(word: Word | undefined): string {
  const parsed = typeof word === 'string' ? parseAddress(word) : undefined
  if (!parsed) throw new Error(`nft gave ${JSON.stringify(word)} for an address`)
  return formatAddress(parsed)
}

function number(word: Word | undefined): number {
  const value = Number(word)
  if (word === undefined || !Number.isInteger(value))
    throw new Error(`nft gave ${JSON.stringify(word)} for a number`)
  return value
}

/** nft -n prints an ethertype in the machine's byte order, though it is kept in the network's. */
const swapped = (value: number): number =>
  endianness() === 'LE' ? ((value & 255) << 8) | (value >> 8) : value
