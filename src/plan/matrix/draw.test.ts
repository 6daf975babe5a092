// The draw against what it promises: the same seed, the law of sizes, the shares of the matrix, arrivals; counted over the flows, by
// nothing that the draw itself uses.
import { describe, expect, test } from 'vitest'
import type { Family } from '../../kernel/address.ts'
import { bitsPerSecond, bytes, milliseconds } from '../../kernel/units.ts'
import type { MatrixTraffic } from '../../topology/topology.ts'
import { draw } from './draw.ts'
import { cellsOf } from './gravity.ts'

const end = (name: string, hosts: readonly string[], sends: number, receives = sends) => ({
  ...{ name, hosts, sends, receives },
})

const matrix: MatrixTraffic = {
  kind: 'matrix',
  at: milliseconds(0),
  ends: [end('65001', ['a1', 'a2'], 4, 1), end('65002', ['b'], 2), end('c', ['c'], 1, 3)],
  total: { flows: 8_000 },
  sizes: { pareto: [1.2, bytes(500), bytes(1_000_000)] },
  ...{ udp: 0.3, ipv6: 0.25 },
  pace: bitsPerSecond(2_000_000),
  for: milliseconds(20_000),
}
const both = (): ReadonlySet<Family> => new Set([4, 6])
const flows = draw(matrix, 7, 'matrix 0', both)
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const share = (holds: (flow: (typeof flows)[number]) => boolean) => flows.filter(holds).length / flows.length

test('gravity: by hand, for weights that send 4 2 1 and receive 1 2 3', () => {
  // 4·2 4·3 2·1 2·3 1·1 1·2: 31 in all.
  expect(cellsOf(matrix).map(({ from, to, share: of }) => [from.name, to.name, of * 31])).toEqual([
    ['65001', '65002', 8],
    ['65001', 'c', 12],
    ['65002', '65001', 2],
    ['65002', 'c', 6],
    ['c', '65001', 1],
    ['c', '65002', 2],
  ])
})

describe('a draw', () => {
  test('is the same for the same seed, another for another', () => {
    expect(draw(matrix, 7, 'matrix 0', both)).toEqual(flows)
    expect(draw(matrix, 8, 'matrix 0', both)).not.toEqual(flows)
    expect(draw(matrix, 7, 'matrix 1', both)).not.toEqual(flows)
  })

  test('has the mean of the law: 2344.24 bytes, by the midpoint rule over two million steps', () => {
    // What is left to chance is where in the last of 8,000 quantiles the largest flow lies.
    const mean = sum(flows.map((flow) => flow.bytes)) / flows.length
    expect(Math.abs(mean / 2344.24 - 1)).toBeLessThan(0.015)
  })

  test('has the tail of the law: its exponent by Hill’s estimator over the largest 400', () => {
    const largest = flows.map((flow) => flow.bytes).toSorted((a, b) => b - a)
    const least = largest[400] ?? 0
    const hill = 400 / sum(largest.slice(0, 400).map((size) => Math.log(size / least)))
    // The bound at a million makes the tail seem a little lighter than 1.2.
    expect(hill).toBeGreaterThan(1.15)
    expect(hill).toBeLessThan(1.4)
  })

  test('keeps the matrix: each cell has its share of the bytes within a thousandth of all', () => {
    const volume = sum(flows.map((flow) => flow.bytes))
    for (const cell of cellsOf(matrix)) {
      const own = flows.filter((flow) => flow.cell.from === cell.from && flow.cell.to === cell.to)
      expect(Math.abs(sum(own.map((flow) => flow.bytes)) / volume - cell.share)).toBeLessThan(0.001)
      expect(own.length).toBeGreaterThan(100)
    }
  })

  test('begins and ends within the span, small flows evenly over it', () => {
    for (const { at, lasts, bytes: size } of flows) {
      expect(lasts).toBeCloseTo((size * 8) / 2000, 6)
      expect(at).toBeGreaterThanOrEqual(0)
      expect(at + lasts).toBeLessThanOrEqual(20_000)
    }
    // Kolmogorov and Smirnov: at 99.9 % a sample of n stays within 1.95 / √n of the uniform law.
    const begins = flows.filter((flow) => flow.bytes < 2_000).map((flow) => flow.at / 20_000)
    const farthest = Math.max(
      ...begins.map((at, index) =>
        Math.max(Math.abs(at - index / begins.length), Math.abs(at - (index + 1) / begins.length)),
      ),
    )
    expect(farthest).toBeLessThan(1.95 / Math.sqrt(begins.length))
  })

  test('is in order, over both families and protocols, of all hosts of an AS', () => {
    expect(flows.map(({ at }) => at)).toEqual(flows.map(({ at }) => at).toSorted((a, b) => a - b))
    expect(share(({ protocol }) => protocol === 'udp')).toBeCloseTo(0.3, 1)
    expect(share(({ family }) => family === 6)).toBeCloseTo(0.25, 1)
    const ofA = flows.filter(({ cell }) => cell.from.name === '65001')
    expect(ofA.filter(({ source }) => source === 'a1').length / ofA.length).toBeCloseTo(0.5, 1)
  })
})

test('hosts that have one family in common use that, whatever share is asked for', () => {
  const has = (host: string): ReadonlySet<Family> => new Set<Family>(host === 'b' ? [6] : [4, 6])
  const drawn = draw({ ...matrix, ipv6: 0 }, 1, 'm', has)
  for (const { source, destination, family } of drawn)
    expect(family).toBe([source, destination].includes('b') ? 6 : 4)
})

test('demands are kept as they are written, within one AS between its hosts', () => {
  const drawn = draw(
    {
      ...matrix,
      demands: [
        { from: '65001', to: '65001', amount: 3 },
        { from: 'c', to: 'b', amount: 0 },
        { from: 'c', to: '65002', amount: 1 },
      ],
    },
    1,
    'm',
    both,
  )
  expect(new Set(drawn.map(({ source, destination }) => `${source} ${destination}`))).toEqual(
    new Set(['a1 a2', 'a2 a1', 'c b']),
  )
  const inside = sum(drawn.filter(({ source }) => source !== 'c').map((flow) => flow.bytes))
  expect(inside / sum(drawn.map((flow) => flow.bytes))).toBeCloseTo(0.75, 3)
})

test('a rate, a volume and a number come to the same', () => {
  const volume = { volume: bytes(20_000_000) }
  const rate = { rate: bitsPerSecond(8_000_000) }
  expect(draw({ ...matrix, total: rate }, 7, 'm', both)).toEqual(
    draw({ ...matrix, total: volume }, 7, 'm', both),
  )
  expect(sum(draw({ ...matrix, total: rate }, 7, 'm', both).map((flow) => flow.bytes)) / 20e6).toBeCloseTo(
    1,
    2,
  )
})
