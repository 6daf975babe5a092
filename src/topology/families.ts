// Which families of address a lab, its links and its nodes have, and which one is taken where the file names none: said once
// for the checks and for the topology.
import type { Family } from '../kernel/address.ts'
import type { InterfaceName } from './topology.ts'

/** As the lab file names them. */
export const named = { ipv4: 4, ipv6: 6 } as const satisfies Readonly<Record<string, Family>>

export type FamilyName = keyof typeof named

export const nameOf = (family: Family): FamilyName => (family === 4 ? 'ipv4' : 'ipv6')

/** IPv4 first: it is taken where a choice is left. */
export const familiesOf = (word: FamilyName | 'dual' | undefined): readonly Family[] =>
  word === undefined || word === 'dual' ? [4, 6] : [named[word]]

/** What a link carries of the lab's families: those of which the file does not say none. */
const carried = (
  link: Readonly<Partial<Record<FamilyName, unknown>>>,
  families: readonly Family[],
): readonly Family[] => families.filter((family) => link[nameOf(family)] !== 'none')

interface Bridging {
  readonly kind?: string | undefined
  readonly ipv4?: unknown
  readonly ipv6?: unknown
}

/** Those of which a link's ends get addresses: at a bridge those of its segment, else what the link carries. */
export function addressed(
  link: Readonly<Partial<Record<FamilyName, unknown>>>,
  families: readonly Family[],
  nodes: readonly (Bridging | undefined)[],
): readonly Family[] {
  const bridges = nodes.filter((node) => node?.kind === 'bridge')
  if (bridges.length === 0) return carried(link, families)
  return families.filter((family) => bridges.every((bridge) => bridge?.[nameOf(family)] !== undefined))
}

interface Carrying {
  readonly ends: readonly (InterfaceName | undefined)[]
  readonly families: readonly Family[]
}

/** The families of which a node has any address. */
export function familiesByNode(
  links: readonly Carrying[],
): (node: string | undefined) => ReadonlySet<Family> {
  const byNode = new Map<string, Set<Family>>()
  for (const { ends, families } of links)
    for (const end of ends) {
      if (!end) continue
      const own = byNode.get(end.node) ?? new Set()
      for (const family of families) own.add(family)
      byNode.set(end.node, own)
    }
  return (node) => byNode.get(node ?? '') ?? new Set()
}

/** The family that is named, else the first that all have; undefined where they have none in common. */
export const chosen = (
  word: FamilyName | undefined,
  nodes: readonly ReadonlySet<Family>[],
): Family | undefined =>
  word === undefined
    ? ([4, 6] as const).find((family) => nodes.every((node) => node.has(family)))
    : named[word]
