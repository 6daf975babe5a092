// A traffic matrix → its flows, drawn from the seed. Pure: the same matrix and seed give the same flows.
//
// How many: the volume that is asked for, divided by the mean size. Of N flows the k-th has the size at the quantile (k + u) / N,
// u uniform (stratified sampling): each size follows the law, and their sum is hardly ever far from what was asked for, which
// with a heavy tail N independent draws would make it.
//
// To whom: the largest first, each to a cell with the probability of what its cell still lacks of its share of the volume. So every
// cell has its share but for something of the size of a small flow; a cell that is smaller than a flow seldom gets that flow.
//
// When: uniformly over what the span leaves after the flow's own duration, so that all end within the span. Small flows arrive as
// in a Poisson process of which the number of arrivals is known.

import type { Family } from '../../kernel/address.ts'
import { fraction } from '../../kernel/random.ts'
import type { Milliseconds } from '../../kernel/units.ts'
import { milliseconds } from '../../kernel/units.ts'
import { countOf, lastsOf, lawOf } from '../../topology/matrix.ts'
import type { MatrixTraffic } from '../../topology/topology.ts'
import { type Cell, cellsOf } from './gravity.ts'

export interface DrawnFlow {
  readonly cell: Cell
  /** Hosts. */
  readonly source: string
  readonly destination: string
  readonly family: Family
  readonly protocol: 'tcp' | 'udp'
  /** Of payload. */
  readonly bytes: number
  /** After the begin of the matrix, in whole microseconds. */
  readonly at: Milliseconds
  readonly lasts: Milliseconds
}

/**
 * In the order in which they begin.
 * @param name of the matrix, which tells its draws from another's
 * @param has the families of a host's addresses
 */
export function draw(
  matrix: MatrixTraffic,
  seed: number,
  name: string,
  has: (host: string) => ReadonlySet<Family>,
): DrawnFlow[] {
  const random = (what: string): number => fraction(seed, `${name} ${what}`)
  const flows = place(sizesOf(matrix, random), cellsOf(matrix), random).map(
    ({ cell, bytes }, index): DrawnFlow => {
      const of = (what: string): number => random(`flow ${index} ${what}`)
      const source = pick(cell.from.hosts, of('source'))
      // Of an AS that sends to itself, another host.
      const destination = pick(
        cell.to.hosts.filter((host) => host !== source),
        of('destination'),
      )
      const lasts = lastsOf(bytes, matrix)
      return {
        ...{ cell, source, destination, bytes, lasts },
        family: familyOf([has(source), has(destination)], of('family') < matrix.ipv6),
        protocol: of('protocol') < matrix.udp ? 'udp' : 'tcp',
        at: milliseconds(Math.floor(of('begin') * Math.max(0, matrix.for - lasts) * 1000) / 1000),
      }
    },
  )
  return flows.toSorted((a, b) => a.at - b.at)
}

type Random = (what: string) => number

const sizesOf = (matrix: MatrixTraffic, random: Random): number[] => {
  const { quantile } = lawOf(matrix.sizes)
  const count = countOf(matrix)
  return Array.from({ length: count }, (_, k) => Math.round(quantile((k + random(`size ${k}`)) / count)))
}

/** Each size to a cell, the largest first. */
function place(
  sizes: readonly number[],
  cells: readonly Cell[],
  random: Random,
): { readonly cell: Cell; readonly bytes: number }[] {
  const volume = sizes.reduce((sum, bytes) => sum + bytes, 0)
  const lacks = cells.map(({ share }) => share * volume)
  return sizes
    .toSorted((a, b) => b - a)
    .map((bytes, index) => {
      const open = lacks.map((lack) => Math.max(0, lack))
      const chosen = indexAt(open, random(`cell ${index}`))
      lacks[chosen] = (lacks[chosen] ?? 0) - bytes
      const cell = cells[chosen]
      if (!cell) throw new RangeError('a traffic matrix without a cell')
      return { cell, bytes }
    })
}

/** The index in which the share `u` of the sum of `weights` falls; that of the largest where rounding leaves none. */
function indexAt(weights: readonly number[], u: number): number {
  let rest = u * weights.reduce((sum, weight) => sum + weight, 0)
  for (const [index, weight] of weights.entries()) {
    if (rest < weight) return index
    rest -= weight
  }
  return weights.indexOf(Math.max(...weights))
}

function pick(hosts: readonly string[], u: number): string {
  const host = hosts[Math.floor(u * hosts.length)]
  if (host === undefined) throw new RangeError('an end of a traffic matrix without a host')
  return host
}

function familyOf(hosts: readonly ReadonlySet<Family>[], wishesIPv6: boolean): Family {
  const common = ([4, 6] as const).filter((family) => hosts.every((has) => has.has(family)))
  return common.length === 2 ? (wishesIPv6 ? 6 : 4) : (common[0] ?? 4)
}
