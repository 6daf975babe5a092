// Flow keys of which some fields are left open, and the wire's flows looked up by them.

import type { WireFlow } from '../../evidence.ts'
import { add, nothing, type Volume } from '../../kernel/units.ts'

/** What is absent may be anything. */
export interface Key {
  readonly source: string
  readonly destination: string
  readonly protocols?: readonly number[]
  readonly sourcePort?: number
  readonly destinationPort?: number
}

/** Whether a packet may have both. */
export const overlap = (a: Key, b: Key): boolean =>
  a.source === b.source &&
  a.destination === b.destination &&
  (!a.protocols || !b.protocols || a.protocols.some((protocol) => b.protocols?.includes(protocol))) &&
  isOpen(a.sourcePort, b.sourcePort) &&
  isOpen(a.destinationPort, b.destinationPort)

const isOpen = (a: number | undefined, b: number | undefined): boolean =>
  a === undefined || b === undefined || a === b

/** By host pair. */
export function pairs<T>(all: readonly T[], keyOf: (each: T) => Pick<Key, 'source' | 'destination'>) {
  const found = new Map<string, T[]>()
  for (const each of all) {
    const id = idOf(keyOf(each))
    const own = found.get(id)
    if (own) own.push(each)
    else found.set(id, [each])
  }
  return (key: Pick<Key, 'source' | 'destination'>): readonly T[] => found.get(idOf(key)) ?? []
}

const idOf = ({ source, destination }: Pick<Key, 'source' | 'destination'>): string =>
  `${source} ${destination}`

/** What of some flows has the key; of a packet in fragments, the first. Neighbour discovery is no generator's. */
export type Count = (key: Key) => Volume

export function countIn(flows: readonly WireFlow[]): Count {
  const between = pairs(flows, (flow) => flow)
  return (key) =>
    between(key)
      .filter(
        (flow) =>
          flow.fragments === undefined &&
          !isDiscovery(flow) &&
          overlap(key, { ...flow, protocols: [flow.protocol] }),
      )
      .reduce<Volume>(add, nothing)
}

/** ICMPv6 types 133 to 137 (RFC 4861). */
const isDiscovery = ({ protocol, destinationPort }: WireFlow): boolean =>
  protocol === 58 && destinationPort >> 8 >= 133 && destinationPort >> 8 <= 137
