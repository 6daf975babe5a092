// One probe's sampling: pairs what crossed with what was sampled, flow by flow, and tells "as wrong as sampling must be" from
// "wrong". What it says is a value; causes.ts in this folder makes findings of it.

import type { FlowKey } from '../../kernel/flow.ts'
import { add, nothing, type Volume } from '../../kernel/units.ts'
import { type Field, project } from '../granularity.ts'
import { flowChance, type Method, packetsError, bytesError, type Scope, totalChance } from './law.ts'
import type { Pair } from './estimate.ts'
import { holm } from './multiple.ts'
import { withinDeviations } from '../../kernel/normal.ts'
import { type Sizes, sizesChance, squaresOf } from './sizes.ts'

/** The chance that a healthy run is found wrong, all tests of a probe together. */
export const alpha = 0.001
export const confidence = 1 - alpha
/** Half of it is kept for the sum of all flows, by which a rate is judged; the flows one by one have the other half. */
const halves = 2
/** At which the interval of a rate is given: it leaves out a rate exactly where the sum's chance falls below `alpha`. */
export const confidenceOfRate = 1 - alpha / halves

const corrected = (chance: number): number => Math.min(1, halves * chance)

/** One flow on both sides: sampled counters are those of the records, as they are. */
export interface FlowPair {
  readonly flow: FlowKey
  readonly wire: Volume
  readonly sampled: Volume
}

/** Its packets, as a rate is estimated from them. */
export const countsOf = ({ wire, sampled }: FlowPair): Pair => ({
  packets: wire.packets,
  sampled: sampled.packets,
})

/** Both sides at the fields that both tell apart. */
export function pairUp(
  wire: readonly (FlowKey & Volume)[],
  sampled: readonly (FlowKey & Volume)[],
  fields: readonly Field[],
): FlowPair[] {
  const pairs = new Map<string, { flow: FlowKey; wire: Volume; sampled: Volume }>()
  for (const [side, flows] of [['wire', wire] as const, ['sampled', sampled] as const])
    for (const flow of flows) {
      const id = project(flow, fields)
      const pair = pairs.get(id) ?? { flow, wire: nothing, sampled: nothing }
      pair[side] = add(pair[side], flow)
      pairs.set(id, pair)
    }
  return [...pairs.values()]
}

export interface Conditions {
  readonly method: Method
  readonly rate: number
  readonly beside: number
  readonly counters: number
  /** Longest packet of the point, in layer-3 bytes. */
  readonly mtu: number
}

/** A flow whose counters cannot be explained by sampling. */
export interface Doubtful extends FlowPair {
  /** Corrected for the number of tests; 0 where no choice of packets gives the counters. */
  readonly chance: number
  readonly of: 'packets' | 'bytes'
}

export interface Judgement {
  readonly method: Method
  readonly rate: number
  readonly mtu: number
  readonly wire: Volume
  readonly sampled: Volume
  /** What N × sampled stays within of the wire's, at the confidence, on the side where it is; of all flows together. */
  readonly margin: Volume
  /** Of the total, corrected like the flows'. */
  readonly chance: number
  readonly flows: number
  /** Tests that were made: the total, and packets and bytes of each flow. */
  readonly tests: number
  readonly doubtful: readonly Doubtful[]
}

/** By protocol number, the shortest layer-4 header. */
const shortest: Readonly<Record<number, number>> = { 1: 8, 6: 20, 17: 8, 58: 8, 132: 12 }

export const sizesOf = ({ source, protocol }: FlowKey, mtu: number): Sizes => ({
  least: (source.includes(':') ? 40 : 20) + (shortest[protocol] ?? 0),
  most: mtu,
})

/** Fragments but the first carry no layer-4 header, and go by port 0. */
const leastOf = (flow: FlowKey, mtu: number): Sizes => {
  const sizes = sizesOf(flow, mtu)
  return flow.sourcePort === 0 && flow.destinationPort === 0
    ? { ...sizes, least: flow.source.includes(':') ? 40 : 20 }
    : sizes
}

const sum = (pairs: readonly FlowPair[], side: 'wire' | 'sampled'): Volume =>
  pairs.reduce((total, pair) => add(total, pair[side]), nothing)

export function judgeSampling(pairs: readonly FlowPair[], conditions: Conditions): Judgement {
  const { method, rate, mtu } = conditions
  const [wire, sampled] = [sum(pairs, 'wire'), sum(pairs, 'sampled')]
  const scope: Scope = { ...conditions, packets: wire.packets, sampled: sampled.packets }
  const tests = pairs.flatMap((pair) => [
    { pair, of: 'packets' as const, chance: flowChance(scope, pair.wire.packets, pair.sampled.packets) },
    { pair, of: 'bytes' as const, chance: sizesChance(pair.wire, pair.sampled, leastOf(pair.flow, mtu)) },
  ])
  const chances = holm(tests.map(({ chance }) => chance)).map(corrected)
  const squares = pairs.reduce((all, { flow, wire: own }) => all + squaresOf(own, leastOf(flow, mtu)), 0)
  const deviations = withinDeviations(confidence)
  const { counters, beside } = conditions
  // What crossed besides may have been chosen instead of packets of these flows, or have brought the counter to choose them.
  const packets =
    method === 'random'
      ? deviations * packetsError(rate, wire.packets)
      : rate * counters + (rate * sampled.packets < wire.packets ? rate * beside : beside)
  const meanSize = method === 'random' || wire.packets === 0 ? 0 : wire.bytes / wire.packets
  const doubtful = new Map<FlowPair, Doubtful>()
  tests.forEach(({ pair, of }, index) => {
    const chance = chances[index] ?? 1
    const known = doubtful.get(pair)
    if (chance < alpha && (known?.chance ?? 1) > chance) doubtful.set(pair, { ...pair, of, chance })
  })
  return {
    ...{ method, rate, mtu, wire, sampled },
    margin: {
      packets: Math.round(packets),
      bytes: Math.round(deviations * bytesError(rate, squares) + packets * meanSize),
    },
    chance: corrected(totalChance(scope)),
    flows: pairs.length,
    tests: tests.length + 1,
    doubtful: [...doubtful.values()].toSorted((a, b) => a.chance - b.chance),
  }
}

/** Whether the numbers are those that sampling must give. */
export const isAsItMustBe = ({ chance, doubtful }: Judgement): boolean =>
  chance >= alpha && doubtful.length === 0

/** Whether N × sampled may be so far from the volume of a flow by chance, whatever the sizes of its packets. */
export const isWithinChance = ({ rate, mtu }: Judgement, volume: Volume, off: Volume): boolean =>
  Math.abs(off.packets) <= withinDeviations(confidence) * packetsError(rate, volume.packets) &&
  Math.abs(off.bytes) <= withinDeviations(confidence) * bytesError(rate, volume.bytes * mtu)
