// The laws against samplers that are simulated here, packet by packet: they share nothing with the formulas but the definition
// of 1:N. Seeds are fixed, so a test gives the same every time.

import { describe, expect, test } from 'vitest'
import type { Volume } from '../../kernel/units.ts'
import { commonFactor, estimateRate, mistakeIn } from './estimate.ts'
import { bytesError, flowChance, type Method, packetsError, totalChance } from './law.ts'
import { holm } from './multiple.ts'
import { binomialTails, hypergeometricTails } from './probability.ts'
import { sizesChance, squaresOf } from './sizes.ts'

/** Marsaglia's xorshift, 32 bits. */
function generator(seed: number): () => number {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

describe('tails', () => {
  // By Python's integers and decimals of 40 digits, term by term.
  test.each([
    [() => binomialTails(100, 0.1, 3).atMost, 0.007836487121184399],
    [() => binomialTails(100, 0.1, 25).atLeast, 1.307281743125037e-5],
    [() => binomialTails(1_000_000, 0.001, 800).atMost, 3.164663925794739e-11],
  ])('are those of the tables: %s', (tail, value) => {
    expect(Math.abs(Math.log(tail() / value))).toBeLessThan(1e-7)
  })

  test('agree with counting all choices', () => {
    // 3 of 10 drawn, 4 are of the flow: 120 choices, of which C(4,2)·6 + C(4,3) = 40 have two or more.
    expect(hypergeometricTails(10, 4, 3, 2).atLeast).toBeCloseTo(40 / 120, 12)
    expect(hypergeometricTails(10, 4, 3, 2).atMost).toBeCloseTo(116 / 120, 12)
    // Of 10 coins: 1 + 10 + 45 of 1024.
    expect(binomialTails(10, 0.5, 2).atMost).toBeCloseTo(56 / 1024, 12)
    expect(binomialTails(10, 0.5, 2).atLeast).toBeCloseTo(1013 / 1024, 12)
    expect(binomialTails(10, 0.5, 11)).toEqual({ atMost: 1, atLeast: 0 })
  })
})

test('Holm: the worked example of its textbook', () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02])
  expect(holm([])).toEqual([])
})

interface Simulated {
  readonly wire: readonly Volume[]
  readonly sampled: readonly Volume[]
}

const sizes = { least: 40, most: 1500 }

/** Flows of very different sizes, mixed; `choose` says of the nth packet whether it is sampled. */
function simulate(random: () => number, flows: number, choose: (nth: number) => boolean): Simulated {
  const wire = Array.from({ length: flows }, () => ({ packets: 0, bytes: 0 }))
  const sampled = wire.map((flow) => ({ ...flow }))
  for (let nth = 0; nth < 20_000; nth++) {
    const flow = Math.floor(flows * random() ** 3)
    const size = flow % 3 === 0 ? (random() < 0.5 ? 40 : 1500) : 40 + Math.floor(random() * 1000)
    for (const volume of [wire[flow], choose(nth) ? sampled[flow] : undefined])
      if (volume) {
        volume.packets++
        volume.bytes += size
      }
  }
  return { wire, sampled }
}

const samplers: Readonly<Record<string, (rate: number, random: () => number) => (nth: number) => boolean>> = {
  'each with probability 1/N': (rate, random) => () => random() < 1 / rate,
  'one of each N in a row': (rate, random) => {
    let chosen = 0
    return (nth) => {
      if (nth % rate === 0) chosen = Math.floor(random() * rate)
      return nth % rate === chosen
    }
  },
  // pmacct's: the next after 1 to 2N − 1 packets, each as likely.
  'gaps of 1 to 2N − 1': (rate, random) => {
    let left = 1 + Math.floor(random() * (2 * rate - 1))
    return () => {
      if (--left > 0) return false
      left = 1 + Math.floor(random() * (2 * rate - 1))
      return true
    }
  },
  'every Nth': (rate, random) => {
    const phase = Math.floor(random() * rate)
    return (nth) => nth % rate === phase
  },
}

/** Smallest corrected chance of all tests that a verdict makes of a run. */
function smallest({ wire, sampled }: Simulated, method: Method, rate: number): number {
  const sum = (volumes: readonly Volume[]): number => volumes.reduce((all, { packets }) => all + packets, 0)
  const scope = { method, rate, packets: sum(wire), sampled: sum(sampled), beside: 0, counters: 1 }
  const chances = wire.flatMap((flow, index) => {
    const chosen = sampled[index] ?? { packets: 0, bytes: 0 }
    return flow.packets === 0
      ? []
      : [flowChance(scope, flow.packets, chosen.packets), sizesChance(flow, chosen, sizes)]
  })
  return Math.min(...holm([totalChance(scope), ...chances]))
}

const runs = 200

/** The smallest chance of each simulated run, judged as 1:`judged`. */
const chances = (sampler: string, method: Method, rate: number, judged: number): number[] =>
  Array.from({ length: runs }, (_, run) => {
    const random = generator((run + 1) * 7919)
    const choose = samplers[sampler]?.(rate, random) ?? (() => false)
    return smallest(simulate(random, 60, choose), method, judged)
  })

/** Share of the runs in which something is found at `alpha`. */
const found = (smallests: readonly number[], alpha: number): number =>
  smallests.filter((chance) => chance < alpha).length / runs

describe('false alarms', () => {
  test.each([
    ['each with probability 1/N', 'random', 10],
    ['each with probability 1/N', 'random', 100],
    ['one of each N in a row', 'random', 10],
    ['gaps of 1 to 2N − 1', 'random', 10],
    ['every Nth', 'deterministic', 10],
    ['every Nth', 'deterministic', 100],
  ] as const)('%s, judged as %s 1:%i: no more than promised', (sampler, method, rate) => {
    const smallests = chances(sampler, method, rate, rate)
    // At 5 % of 200 runs ten are promised at the most; 20 of ten would be three standard deviations off.
    expect(found(smallests, 0.05)).toBeLessThanOrEqual(0.1)
    expect(found(smallests, 0.0001)).toBe(0)
  })
})

describe('power', () => {
  test.each([
    ['each with probability 1/N', 'random', 10, 12],
    ['each with probability 1/N', 'random', 100, 200],
    ['gaps of 1 to 2N − 1', 'random', 10, 8],
    ['every Nth', 'deterministic', 10, 10.1],
    ['every Nth', 'deterministic', 100, 101],
  ] as const)('%s 1:%3$i, judged as %s of another rate: found', (sampler, method, rate, judged) => {
    expect(found(chances(sampler, method, rate, judged), 0.001)).toBeGreaterThan(0.95)
  })

  test('a flow of which every second sampled packet is lost is found', () => {
    const random = generator(5)
    const { wire, sampled } = simulate(random, 20, () => random() < 0.1)
    const less = sampled.map(({ packets, bytes }, index) =>
      index === 2 ? { packets: packets >> 1, bytes: bytes >> 1 } : { packets, bytes },
    )
    expect(smallest({ wire, sampled }, 'random', 10)).toBeGreaterThan(0.001)
    expect(smallest({ wire, sampled: less }, 'random', 10)).toBeLessThan(0.001)
  })

  test('bytes of layer 2 instead of 3, 14 a packet, are found where packets are right', () => {
    const wire = { packets: 5000, bytes: 5000 * 540 }
    const one = { least: 540, most: 540 }
    expect(sizesChance(wire, { packets: 500, bytes: 500 * 540 }, one)).toBe(1)
    expect(sizesChance(wire, { packets: 500, bytes: 500 * 554 }, one)).toBe(0)
    // A third of the packets is acknowledgements of 40 bytes, and sampled three times as often as they are.
    const mixed = { packets: 6000, bytes: 4000 * 1500 + 2000 * 40 }
    const biased = { packets: 600, bytes: 60 * 1500 + 540 * 40 }
    expect(sizesChance(mixed, { packets: 600, bytes: 405 * 1500 + 195 * 40 }, sizes)).toBeGreaterThan(0.05)
    expect(sizesChance(mixed, biased, sizes)).toBeLessThan(1e-6)
  })
})

test('errors are those that simulated sampling has', () => {
  const random = generator(11)
  const packetSizes = Array.from({ length: 400 }, (_, nth) => (nth % 4 === 0 ? 1500 : 60))
  const wire = { packets: 400, bytes: packetSizes.reduce((sum, size) => sum + size, 0) }
  const squares = packetSizes.reduce((sum, size) => sum + size * size, 0)
  let [packets, bytes] = [0, 0]
  const rounds = 4000
  for (let round = 0; round < rounds; round++) {
    const chosen = packetSizes.filter(() => random() < 1 / 20)
    packets += (20 * chosen.length - wire.packets) ** 2
    bytes += (20 * chosen.reduce((sum, size) => sum + size, 0) - wire.bytes) ** 2
  }
  expect(Math.sqrt(packets / rounds) / packetsError(20, wire.packets)).toBeCloseTo(1, 1)
  expect(Math.sqrt(bytes / rounds) / bytesError(20, squares)).toBeCloseTo(1, 1)
  expect(squaresOf(wire, { least: 60, most: 1500 })).toBeCloseTo(squares, 3)
  expect(squaresOf(wire, { least: 40, most: 9000 })).toBeGreaterThan(squares)
})

describe('the rate that the numbers show', () => {
  test('is within its interval as often as promised', () => {
    let outside = 0
    for (let seed = 1; seed <= runs; seed++) {
      const random = generator(seed * 104_729)
      const { wire, sampled } = simulate(random, 20, () => random() < 1 / 25)
      const flows = wire.map(({ packets }, index) => ({ packets, sampled: sampled[index]?.packets ?? 0 }))
      const ratio = estimateRate(flows, 0.95)
      if (!ratio || ratio.low > 25 || ratio.high < 25) outside++
      else expect(ratio.low).toBeLessThan(ratio.rate)
    }
    // Two tests of 5 % each: that the flows share a rate, and the interval.
    expect(outside / runs).toBeLessThanOrEqual(0.14)
  })

  test('is none where a flow is missing or where nothing is, and wide where little was sampled', () => {
    const flows = [
      { packets: 1000, sampled: 100 },
      { packets: 1000, sampled: 95 },
    ]
    expect(estimateRate(flows, 0.999)?.rate).toBeCloseTo(10.26, 2)
    expect(estimateRate([...flows, { packets: 500, sampled: 0 }], 0.999)).toBeUndefined()
    expect(estimateRate([{ packets: 50, sampled: 50 }], 0.999)).toBeUndefined()
    expect(estimateRate([{ packets: 50, sampled: 0 }], 0.999)).toBeUndefined()
    const little = estimateRate([{ packets: 50, sampled: 5 }], 0.999)
    expect(little?.low).toBeLessThan(4)
    expect(little?.high).toBeGreaterThan(50)
  })

  test('a factor is one only if most share it', () => {
    expect(commonFactor([pair(3, 30), pair(7, 70), pair(0, 0)])).toBe(10)
    expect(commonFactor([pair(3, 30), pair(7, 7)])).toBeUndefined()
    // What stands under another key, or is lost, is no other factor as long as it is little.
    expect(commonFactor([pair(90, 900), pair(5, 0), pair(0, 50), pair(5, 49)])).toBe(10)
    expect(commonFactor([pair(90, 0), pair(10, 10)])).toBeUndefined()
    expect(commonFactor([])).toBeUndefined()
  })

  const pair = (from: number, to: number) => ({ from, to })

  test.each([
    [0x4000 | 10, 'mode bits'],
    [10 << 8, 'two octets'],
    [10 * 2 ** 24, 'four octets'],
    [9, 'between two'],
    [100, 'multiplied by itself'],
  ])('announced as %i: %s', (said, words) => {
    expect(mistakeIn(said, { rate: 10.1, low: 9.6, high: 10.7 })).toContain(words)
  })

  test('a rate that nothing makes of it', () => {
    expect(mistakeIn(57, { rate: 10.1, low: 9.6, high: 10.7 })).toBeUndefined()
  })
})
