// The arithmetic behind the checks: which prefixes overlap, and how large a packet can get through.

import { describe, expect, it } from 'vitest'
import { overlap, parsePrefix } from '../../kernel/address.ts'
import { overlaps } from './overlaps.ts'
import { widestWays } from './reach.ts'
import type { Edge } from './reach.ts'

/** The same numbers every time. */
const random = (() => {
  let state = 1
  return (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below
})()

describe('overlaps', () => {
  const prefixes = (...texts: string[]) =>
    texts.map((text) => ({ text, prefix: parsePrefix(text) ?? expect.unreachable(text) }))
  const texts = (items: ReturnType<typeof prefixes>) =>
    overlaps(items).map(([a, b]) => `${b.text} in ${a.text}`)

  it('finds the smallest prefix around each', () => {
    const items = prefixes(
      '10.1.1.0/24',
      '10.0.0.0/8',
      '10.2.0.0/16',
      '192.0.2.0/24',
      '10.1.0.0/16',
      '192.0.2.0/24',
    )
    expect(texts(items)).toEqual([
      '10.1.0.0/16 in 10.0.0.0/8',
      '10.1.1.0/24 in 10.1.0.0/16',
      '10.2.0.0/16 in 10.0.0.0/8',
      '192.0.2.0/24 in 192.0.2.0/24',
    ])
  })

  it('agrees with comparing each with each', () => {
    for (let round = 0; round < 200; round++) {
      const items = prefixes(
        ...Array.from({ length: random(12) }, () => {
          const length = 1 + random(6)
          return `${random(2 ** length) * 2 ** (8 - length)}.0.0.0/${length}`
        }),
      )
      const expected = items.filter(({ prefix }, i) =>
        items.some(
          (other, j) =>
            overlap(other.prefix, prefix) &&
            (other.prefix.length < prefix.length || (other.prefix.length === prefix.length && j < i)),
        ),
      )
      expect(new Set(overlaps(items).map(([, inner]) => inner))).toEqual(new Set(expected))
    }
  })
})

describe('widest ways', () => {
  /** Floods from a node over links of at least some MTU, the largest first: slow and plain. */
  const widest = (edges: readonly Edge[], from: string, to: string): number => {
    for (const mtu of [...new Set(edges.map((edge) => edge.mtu))].sort((a, b) => b - a)) {
      const reached = new Set([from])
      for (let before = 0; before < reached.size; ) {
        before = reached.size
        for (const { ends, mtu: own } of edges)
          if (own >= mtu && ends.some((end) => reached.has(end))) for (const end of ends) reached.add(end)
      }
      if (reached.has(to)) return mtu
    }
    return 0
  }

  it('agree with flooding', () => {
    for (let round = 0; round < 200; round++) {
      const nodes = 2 + random(9)
      const edges = Array.from(
        { length: random(14) },
        (): Edge => ({
          ends: [`n${random(nodes)}`, `n${random(nodes)}`],
          mtu: 1000 + 100 * random(6),
        }),
      )
      const answer = widestWays(edges)
      for (let to = 1; to < nodes; to++) expect(answer('n0', `n${to}`)).toBe(widest(edges, 'n0', `n${to}`))
    }
  })
})
