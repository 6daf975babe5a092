// What follows from the words of a traffic matrix, for its checks and for its draw: its ends with their hosts, how many flows it
// becomes, how large they are and how long they last.

import { boundedPareto, type Law, truncatedLognormal, uniform } from '../kernel/sizes.ts'
import type { Milliseconds } from '../kernel/units.ts'
import { milliseconds } from '../kernel/units.ts'
import type { Draft } from './read.ts'
import type { LabFile } from './schema.ts'
import type { MatrixTraffic, SizeLaw } from './traffic.ts'

export interface MatrixHost {
  readonly name: string
  readonly as?: number | undefined
  /** A collector stands there, so that it sends nothing unless it is named. */
  readonly collects: boolean
}

/** The hosts of a lab file, or of what could be read of it. */
export function matrixHosts({
  nodes = {},
  collectors = {},
}: Pick<Draft<typeof LabFile>, 'nodes' | 'collectors'>): MatrixHost[] {
  const collecting = new Set(Object.values(collectors).map((collector) => collector?.node))
  return Object.entries(nodes).flatMap(([name, node]) =>
    node?.kind === 'host' ? [{ name, as: node.as, collects: collecting.has(name) }] : [],
  )
}

/**
 * The ends that the file names, or all ASes with hosts besides: an AS has those of its hosts that are not named themselves.
 * ASes by their number, then hosts in their order; an end may be without a host.
 */
export function endsOf(
  hosts: readonly MatrixHost[],
  named: readonly string[],
  which: 'named' | 'all',
): { readonly name: string; readonly hosts: readonly string[] }[] {
  const single = hosts.filter(({ name }) => named.includes(name))
  const others = hosts.filter(({ name, collects }) => !named.includes(name) && !collects)
  const ases = new Set([
    ...named.filter((name) => hosts.some(({ as }) => String(as) === name)),
    ...(which === 'all' ? others.flatMap(({ as }) => (as === undefined ? [] : [String(as)])) : []),
  ])
  // A host may be called by a number.
  for (const { name } of single) ases.delete(name)
  return [
    ...[...ases]
      .toSorted((a, b) => Number(a) - Number(b))
      .map((asn) => ({
        name: asn,
        hosts: others.filter(({ as }) => String(as) === asn).map(({ name }) => name),
      })),
    ...single.map(({ name }) => ({ name, hosts: [name] })),
  ]
}

export function lawOf(sizes: SizeLaw): Law {
  if ('constant' in sizes) return uniform(sizes.constant, sizes.constant)
  if ('uniform' in sizes) return uniform(...sizes.uniform)
  return 'pareto' in sizes ? boundedPareto(...sizes.pareto) : truncatedLognormal(...sizes.lognormal)
}

/** The largest size that the law can give, in bytes. */
export const largestOf = (sizes: SizeLaw): number =>
  'constant' in sizes ? sizes.constant : ((Object.values(sizes) as readonly number[][])[0]?.at(-1) ?? 0)

/** How many flows make up the total: the volume divided by the mean size. */
export function countOf({ total, sizes, for: span }: Pick<MatrixTraffic, 'total' | 'sizes' | 'for'>): number {
  if ('flows' in total) return total.flows
  const volume = 'volume' in total ? total.volume : (total.rate / 8) * (span / 1000)
  return Math.max(1, Math.round(volume / lawOf(sizes).mean))
}

/** How long a flow lasts that is sent at an even pace. */
export const lastsOf = (bytes: number, { pace }: Pick<MatrixTraffic, 'pace'>): Milliseconds =>
  milliseconds((bytes * 8000) / pace)

/** How many flows are under way at once, in the mean over their sizes: each begins at any time that the span leaves it. */
export function atOnce({
  total,
  sizes,
  for: span,
  pace,
}: Pick<MatrixTraffic, 'total' | 'sizes' | 'for' | 'pace'>): number {
  const count = countOf({ total, sizes, for: span })
  const lasts = lastsOf(lawOf(sizes).mean, { pace })
  return Math.round(count * Math.min(1, lasts / Math.max(1, span - lasts)))
}

/** mgen 5.02b has a socket for each flow that is under way, and is ended by the 1024th file that it opens (FD_SETSIZE). */
export const mostAtOnce = 1000
