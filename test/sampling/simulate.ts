// Samplers and traffic, simulated packet by packet: they share nothing with what judges them but the definition of 1:N. A run of
// theirs goes through the same door as that of a lab.
import type { Volume } from '../../src/kernel/units.ts'
import type { Case } from '../../src/verify/case.ts'
import { type Analysis, analyse, type Given } from '../../src/verify/sampling/analysis.ts'
import { samplingRemarks } from '../../src/verify/sampling/causes.ts'
import type { FlowPair } from '../../src/verify/sampling/judge.ts'
import type { Method } from '../../src/verify/sampling/law.ts'

/** Marsaglia's xorshift, 32 bits: a number in [0, 1). */
export function generator(seed: number): () => number {
  let state = Math.imul(seed, 0x9e37_79b1) | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

type Random = () => number

/** One packet of a link. */
export interface Packet {
  readonly flow: number
  /** Layer-3 bytes. */
  readonly size: number
}

/** Pareto's sizes with the exponent 1.1: most flows are of a packet or two, most packets in a few. */
const heavy = (random: Random): number => Math.min(5_000, Math.floor((1 - random()) ** (-1 / 1.1)))

/** How packets of flows follow one another. */
export const orders = {
  /** Without regard to one another. */
  mixed(flows: readonly number[], random: Random): number[] {
    const order = flows.flatMap((packets, flow) => Array<number>(packets).fill(flow))
    for (let last = order.length - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1))
      ;[order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0]
    }
    return order
  },
  /** In trains of up to twenty, as TCP sends a window. */
  trains(flows: readonly number[], random: Random): number[] {
    const trains = flows.flatMap((packets, flow) => {
      const own: number[][] = []
      for (let left = packets; left > 0; ) {
        const length = Math.min(left, 1 + Math.floor(random() * 20))
        own.push(Array<number>(length).fill(flow))
        left -= length
      }
      return own
    })
    return orders.mixed(Array<number>(trains.length).fill(1), random).flatMap((train) => trains[train] ?? [])
  },
  /** One flow after the other. */
  sequence: (flows: readonly number[]): number[] =>
    flows.flatMap((packets, flow) => Array<number>(packets).fill(flow)),
} as const

export type Order = keyof typeof orders

/** Some `total` packets of heavy-tailed flows. Every third flow has packets as short and as long as they can be, others such of any size. */
export function traffic(total: number, order: Order, random: Random): Packet[] {
  const flows: number[] = []
  for (let left = total; left > 0; ) {
    const packets = Math.min(left, heavy(random))
    flows.push(packets)
    left -= packets
  }
  return orders[order](flows, random).map((flow) => ({
    flow,
    size: flow % 3 === 0 ? (random() < 0.5 ? 40 : 1500) : 40 + Math.floor(random() * 1461),
  }))
}

type Chooser = (random: Random, rate: number) => (nth: number) => boolean

/** By name, and as what a verdict judges them. */
export const samplers: Readonly<Record<string, { readonly method: Method; readonly choose: Chooser }>> = {
  'each with probability 1/N': {
    method: 'random',
    choose: (random, rate) => () => random() < 1 / rate,
  },
  'one of each N in a row': {
    method: 'random',
    choose(random, rate) {
      let chosen = 0
      return (nth) => {
        if (nth % rate === 0) chosen = Math.floor(random() * rate)
        return nth % rate === chosen
      }
    },
  },
  // pmacct's: the next after 1 to 2N − 1 packets, each as likely.
  'gaps of 1 to 2N − 1': {
    method: 'random',
    choose(random, rate) {
      const gap = (): number => 1 + Math.floor(random() * (2 * rate - 1))
      let left = gap()
      return () => {
        if (--left > 0) return false
        left = gap()
        return true
      }
    },
  },
  'every Nth': {
    method: 'deterministic',
    choose(random, rate) {
      const phase = Math.floor(random() * rate)
      return (nth) => nth % rate === phase
    },
  },
}

/** What a run is made of; all rates are N of 1:N, 1 where there is none. */
export interface Scene {
  readonly sampler: string
  /** As which the lab file has it; by default as what it is. */
  readonly said?: Method
  readonly order: Order
  readonly packets: number
  readonly done: number
  /** By the lab file. */
  readonly asked: number
  /** By the exports. */
  readonly announced?: number | undefined
  /** By what the exporter multiplies its counters. */
  readonly exporter?: number
  /** By what the collector multiplies. */
  readonly collector: number
}

export const times = ({ packets, bytes }: Volume, by: number): Volume => ({
  packets: packets * by,
  bytes: bytes * by,
})

/** Both sides of what a sampler does to packets, flow by flow. */
export function sample(
  packets: readonly Packet[],
  isChosen: (nth: number) => boolean,
): { readonly wire: readonly Volume[]; readonly sampled: readonly Volume[] } {
  const flows = packets.reduce((most, { flow }) => Math.max(most, flow + 1), 0)
  const wire = Array.from({ length: flows }, () => ({ packets: 0, bytes: 0 }))
  const sampled = Array.from({ length: flows }, () => ({ packets: 0, bytes: 0 }))
  packets.forEach(({ flow, size }, nth) => {
    for (const volume of [wire[flow], isChosen(nth) ? sampled[flow] : undefined])
      if (volume) {
        volume.packets++
        volume.bytes += size
      }
  })
  return { wire, sampled }
}

/** Of a simulated run. */
export function analysisOf(scene: Scene, seed: number): Analysis {
  const random = generator(seed)
  const { method, choose } = samplers[scene.sampler] ?? { method: 'random', choose: () => () => false }
  const { wire, sampled } = sample(
    traffic(scene.packets, scene.order, random),
    scene.done > 1 ? choose(random, scene.done) : () => true,
  )
  const pairs = wire.map(
    (volume, index): FlowPair => ({
      flow: {
        ...{ source: '192.0.2.1', destination: `10.0.${index >> 8}.${index & 255}` },
        ...{ protocol: 17, sourcePort: 1, destinationPort: 2 },
      },
      wire: volume,
      sampled: times(sampled[index] ?? volume, scene.exporter ?? 1),
    }),
  )
  return analyse(
    givenOf(pairs, {
      intended: scene.asked > 1 ? { rate: scene.asked, method: scene.said ?? method } : undefined,
      announced: scene.announced,
      collector: scene.collector,
    }),
  )
}

/** A probe of which nothing is known but this; the collector multiplies by `collector`. */
export const givenOf = (
  pairs: readonly FlowPair[],
  {
    intended,
    announced,
    collector,
  }: Pick<Given, 'intended'> & { readonly announced: number | undefined; readonly collector: number },
): Given => ({
  intended,
  announced: [
    { rate: announced, source: announced === undefined ? undefined : 'options', records: pairs.length },
  ],
  ...{ hinted: false, reconfigured: false, periods: [], disturbed: false, pairs },
  conditions: { beside: 0, counters: 1, mtu: 1500 },
  tables: [
    {
      table: 'all',
      pairs: pairs.map(({ sampled }) => ({ arrived: sampled, collected: times(sampled, collector) })),
    },
  ],
})

/** What a verdict names in a simulated run, by the ids of findings; `doubtful` stands for flows that sampling does not explain. */
export function found(scene: Scene, seed: number): string[] {
  const sampling = analysisOf(scene, seed)
  if (!sampling.isSampled) return []
  const given = {
    ...{ probe: { name: 'edge', node: 'r2' }, collector: { name: 'main' }, sampling },
  } as unknown as Case
  return [
    ...samplingRemarks.flatMap((remark) => (remark.recognise(given) ? [remark.id] : [])),
    ...(sampling.judged && sampling.judged.doubtful.length > 0 ? ['doubtful'] : []),
  ]
}
