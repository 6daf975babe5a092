// The small end of the simulation (`run.ts` in this folder is the large one): healthy runs of every sampler with heavy-tailed flows
// are found right, and wrong rates are named as soon as the numbers allow.
import { describe, expect, test } from 'vitest'
import {
  analysisOf,
  found,
  generator,
  type Order,
  orders,
  sample,
  samplers,
  type Scene,
  traffic,
} from './simulate.ts'
import { judgePeriods } from '../../src/verify/sampling/periods.ts'
import { errorTable } from '../../src/verify/sampling/table.ts'

const healthy = (sampler: string, order: Order, rate: number, packets = 4_000): Scene => ({
  ...{ sampler, order, packets, done: rate, asked: rate, announced: rate, collector: rate },
})

test('a thousand healthy runs: no more false alarms than promised', () => {
  let alarms = 0
  let runs = 0
  for (const sampler of Object.keys(samplers))
    for (const order of Object.keys(orders) as Order[])
      for (const rate of [2, 10, 100])
        for (let seed = 1; seed <= 28; seed++) {
          runs++
          if (found(healthy(sampler, order, rate), seed * 7919 + rate).length > 0) alarms++
        }
  expect(runs).toBeGreaterThan(1_000)
  // One in a thousand is promised; more than four would come in one of two hundred such tests.
  expect(alarms).toBeLessThanOrEqual(4)
})

describe('a rate near the one that is said', () => {
  test.each([
    // Every Nth is exact: a few packets more than none are enough.
    ['every Nth', 100, 101, 25_000],
    ['every Nth', 10, 11, 400],
    ['each with probability 1/N', 10, 11, 40_000],
    ['each with probability 1/N', 10, 20, 1_000],
    // So few come that nothing tells their rate closely; but it is not the one that is said.
    ['each with probability 1/N', 10, 1_000, 10_000],
  ])('%s, said 1:%i, done 1:%i, %i packets: named', (sampler, said, done, packets) => {
    const named = Array.from({ length: 10 }, (_, seed) =>
      found({ ...healthy(sampler, 'mixed', said, packets), done }, seed + 1).includes('sampling-rate-wrong'),
    )
    expect(named.filter(Boolean).length).toBeGreaterThanOrEqual(9)
  })

  test('every Nth was promised, and one in N is taken by chance: named', () => {
    const scene = healthy('each with probability 1/N', 'mixed', 10, 20_000)
    const named = Array.from({ length: 20 }, (_, seed) =>
      found({ ...scene, said: 'deterministic' }, seed + 1),
    )
    expect(named.filter((names) => names.includes('sampling-rate-wrong')).length).toBeGreaterThanOrEqual(18)
    const { observed } = analysisOf(healthy('every Nth', 'mixed', 10, 20_000), 5)
    expect(observed?.low).toBeGreaterThan(9.98)
    expect(observed?.high).toBeLessThan(10.02)
  })
})

test('the table of errors holds what it says: 95 % of samplings are nearer, and as many pairs are never seen', () => {
  const packets = traffic(20_000, 'mixed', generator(3))
  const { wire } = sample(packets, () => false)
  const flows = wire.map((volume, flow) => ({
    ...{ source: `10.1.${flow >> 8}.${flow & 255}`, destination: '10.2.0.1', protocol: 17 },
    ...{ sourcePort: 1, destinationPort: 2, ...volume },
  }))
  const levels = [
    { name: 'all', keyOf: () => '' },
    { name: 'host', keyOf: ({ source }: { source: string }) => source },
  ]
  for (const rate of [10, 100]) {
    const [all, host] = errorTable(flows, levels, [rate], 1500)
    const random = generator(rate)
    const rounds = 400
    let [within, largestWithin, unseen] = [0, 0, 0]
    const largest = wire.reduce(
      (best, { bytes }, flow) => (bytes > (wire[best]?.bytes ?? 0) ? flow : best),
      0,
    )
    const total = wire.reduce((sum, { bytes }) => sum + bytes, 0)
    for (let round = 0; round < rounds; round++) {
      const { sampled } = sample(packets, () => random() < 1 / rate)
      const estimate = rate * sampled.reduce((sum, { bytes }) => sum + bytes, 0)
      if (Math.abs(estimate - total) <= (all?.largest ?? 0) * total) within++
      const own = wire[largest]?.bytes ?? 0
      if (Math.abs(rate * (sampled[largest]?.bytes ?? 0) - own) <= (host?.largest ?? 0) * own) largestWithin++
      unseen += sampled.filter(({ packets: count }) => count === 0).length / wire.length
    }
    // Sizes are bounded, not known: errors are upper bounds, so more than 95 % may lie within. 0.92 is three deviations below.
    expect(within / rounds).toBeGreaterThan(0.92)
    expect(largestWithin / rounds).toBeGreaterThan(0.92)
    expect(unseen / rounds).toBeCloseTo(host?.unseen ?? 0, 2)
  }
})

describe('a rate that an event changes', () => {
  const manner = { method: 'random', beside: 0, counters: 1 } as const
  /** Of packets chosen by chance, 1:10 and then 1:40; readings of the wire are some hundred packets apart. */
  const periods = (seed: number, said: readonly [number, number]) => {
    const random = generator(seed)
    const chosen = (packets: number, rate: number): number =>
      Array.from({ length: packets }, () => random() < 1 / rate).filter(Boolean).length
    const [before, after] = [5_000 + Math.floor(4_000 * random()), 9_000]
    const around = (packets: number) => ({ low: packets - 300, high: packets + 300 })
    return judgePeriods(
      [
        { rates: [said[0]], crossed: around(before), sampled: chosen(before, 10), estimate: 0 },
        {
          since: 'slower',
          rates: [said[1]],
          crossed: around(after),
          sampled: chosen(after, 40),
          estimate: 0,
        },
      ],
      manner,
    ).map(({ asItMustBe }) => asItMustBe)
  }
  const seeds = Array.from({ length: 100 }, (_, index) => index + 1)

  test('is judged by what was true then', () => {
    expect(seeds.filter((seed) => periods(seed, [10, 40]).includes(false))).toEqual([])
    expect(seeds.filter((seed) => periods(seed, [40, 10]).includes(true))).toEqual([])
    expect(seeds.filter((seed) => periods(seed, [10, 10])[1])).toEqual([])
  })

  test('of which nothing is sampled is found where so little cannot be', () => {
    const last = (crossed: number) =>
      judgePeriods(
        [
          { rates: [40], crossed: { low: 4_000, high: 4_000 }, sampled: 100, estimate: 4_000 },
          { since: 'slower', rates: [], crossed: { low: crossed, high: crossed }, sampled: 0, estimate: 0 },
        ],
        manner,
      ).at(-1)?.asItMustBe
    expect([0, 100, 1_000].map(last)).toEqual([true, true, false])
  })
})
