// Who learns what under policies between ASes: each case follows from the rules of Gao and Rexford, not from this code.
import { describe, expect, test } from 'vitest'
import type { Link, Relation } from '../topology/topology.ts'
import { policiesOf } from './policy.ts'
import { learners, type Way } from './propagation.ts'

type Tie = readonly [a: number, relation: Relation | undefined, b: number, bgp?: Link['bgp']]

/** `[1, 'customer', 2]`: 2 is a customer of 1. Each AS is one router of that name. */
const ways = (ties: readonly Tie[]): Way[] =>
  ties.flatMap(([a, relation, b, bgp = {}]) => {
    const end = (node: number) => ({ node: String(node), interface: 'eth0', addresses: [] })
    const link = {
      ...{ families: [4], prefixes: [], mtu: 1500, offloads: false, cost: 10 },
      ...(relation ? { relation } : {}),
      endpoints: [end(a), end(b)],
      bgp,
    } as unknown as Link
    const of = (as: number) => policiesOf(String(as), as, link)
    return [
      { from: a, to: b, out: of(a).out, in: of(b).in },
      { from: b, to: a, out: of(b).out, in: of(a).in },
    ]
  })

const learned = (origin: number, ties: readonly Tie[]): number[] =>
  [...learners(origin, ways(ties))].toSorted((a, b) => a - b)

describe('who learns what', () => {
  test('without relations everyone', () => {
    expect(
      learned(1, [
        [1, undefined, 2],
        [2, undefined, 3],
        [3, undefined, 4],
      ]),
    ).toEqual([1, 2, 3, 4])
  })

  test('a customer’s routes go up, across once, and down', () => {
    // 10 ═ 20 peers; 11 below 10, 21 below 20.
    expect(
      learned(11, [
        [10, 'customer', 11],
        [10, 'peer', 20],
        [20, 'customer', 21],
      ]),
    ).toEqual([10, 11, 20, 21])
  })

  test('no peer passes a peer’s routes to a third', () => {
    expect(
      learned(10, [
        [10, 'peer', 20],
        [20, 'peer', 30],
        [30, 'customer', 31],
      ]),
    ).toEqual([10, 20])
  })

  test('no customer stands between its two providers', () => {
    expect(
      learned(10, [
        [10, 'customer', 15],
        [20, 'customer', 15],
      ]),
    ).toEqual([10, 15])
  })

  test('who prefers its provider’s way to its customer’s has nothing to tell its peers', () => {
    // 5 is a customer of 1 and of 9, which is 1's provider; 2 is 1's peer.
    const ties: Tie[] = [
      [1, 'customer', 5],
      [9, 'customer', 1],
      [9, 'customer', 5],
      [1, 'peer', 2],
    ]
    expect(learned(5, ties)).toEqual([1, 2, 5, 9])
    const [up, ...others] = [
      [9, 'customer', 1, { 1: { prefer: 300, communities: [] } }],
      ...ties.filter((_, index) => index !== 1),
    ] as [Tie, ...Tie[]]
    expect(learned(5, [up, ...others])).toEqual([1, 5, 9])
  })

  test('what is told with no-export goes no further', () => {
    const kept = { 1: { communities: ['65535:65281'] } }
    expect(
      learned(1, [
        [1, undefined, 2, kept],
        [2, undefined, 3],
      ]),
    ).toEqual([1, 2])
    expect(
      learned(1, [
        [1, undefined, 2, { 1: { communities: ['1:1'] } }],
        [2, undefined, 3],
      ]),
    ).toEqual([1, 2, 3])
  })

  test('policies that never come to rest end all the same', () => {
    // Each of 1, 2 and 3 prefers the way by the next one to its own (Griffin and Wilfong, 1999, "BAD GADGET").
    const by = (next: number, node: number): Tie => [
      node,
      undefined,
      next,
      { [node]: { prefer: 200, communities: [] } },
    ]
    const ties: Tie[] = [
      [9, undefined, 1],
      [9, undefined, 2],
      [9, undefined, 3],
      by(2, 1),
      by(3, 2),
      by(1, 3),
    ]
    expect(learned(9, ties)).toEqual([1, 2, 3, 9])
  })
})
