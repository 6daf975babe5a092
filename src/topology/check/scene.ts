// What the checks look at: the draft, and what several of them need to know of it.
import type { Family } from '../../kernel/address.ts'
import { addressed, familiesByNode, familiesOf, nameOf } from '../families.ts'
import { nameInterfaces } from '../interfaces.ts'
import type { Path } from '../problem.ts'
import type { Draft } from '../read.ts'
import type { Report } from '../report.ts'
import type { LabFile } from '../schema.ts'
import { inventory, suggestion } from '../suggest.ts'
import type { InterfaceName, NodeKind } from '../topology.ts'

export type LabDraft = Draft<typeof LabFile>
type LinkDraft = NonNullable<NonNullable<LabDraft['links']>[number]>

export interface LinkEnds {
  readonly path: Path
  readonly link: LinkDraft
  /** The interfaces that it joins; undefined where the file's text is no endpoint. */
  readonly ends: readonly [InterfaceName | undefined, InterfaceName | undefined]
  /** Those of which its ends get addresses: none at a bridge, nor where the file says so. */
  readonly families: readonly Family[]
}

/** Two interfaces on one link or one bridge's segment, both with addresses of ours. */
export interface Pair {
  readonly ends: readonly [InterfaceName, InterfaceName]
  readonly bridge?: string
}

export interface Scene {
  readonly draft: LabDraft
  readonly report: Report
  /** Says what is allowed, and probably not meant. */
  readonly warn: Report
  /** Every node that the file names; undefined where its kind could not be read. */
  readonly nodes: ReadonlyMap<string, NodeKind | undefined>
  /** The lab's; both where the file's word for them could not be read. */
  readonly families: readonly Family[]
  /** Those of which a node has any address. */
  readonly familiesAt: (node: string | undefined) => ReadonlySet<Family>
  readonly links: readonly LinkEnds[]
  readonly pairs: readonly Pair[]
  /** The interfaces of each node that has any. */
  readonly interfaces: ReadonlyMap<string, ReadonlySet<string>>
  /** Whether every end of every link is at a known node: only then is a missing link worth a word. */
  readonly wired: boolean
}

/** Whether a node of this kind forwards packets and speaks BGP. */
export const isRouter = (kind: NodeKind | undefined): boolean => kind === 'frr' || kind === 'bird'

export function sceneOf(draft: LabDraft, report: Report, warn: Report): Scene {
  const nodes = new Map(Object.entries(draft.nodes ?? {}).map(([name, node]) => [name, node?.kind] as const))
  const families = familiesOf(draft.family)
  const written = draft.links ?? []
  const names = nameInterfaces(written.flatMap((link) => [link?.endpoints?.[0], link?.endpoints?.[1]]))
  const links = written.map((link, index): LinkEnds => {
    const ends = [names[2 * index], names[2 * index + 1]] as const
    return {
      path: ['links', index],
      link: link ?? {},
      ends,
      families: addressed(
        link ?? {},
        families,
        ends.map((end) => draft.nodes?.[end?.node ?? '']),
      ),
    }
  })
  const interfaces = new Map<string, Set<string>>()
  for (const end of names)
    if (end) interfaces.set(end.node, (interfaces.get(end.node) ?? new Set()).add(end.interface))
  const wired = draft.nodes !== undefined && names.every((end) => end !== undefined && nodes.has(end.node))
  return {
    draft,
    report,
    warn,
    nodes,
    families,
    familiesAt: familiesByNode(links),
    links,
    pairs: pairsOf(links, nodes),
    interfaces,
    wired: wired && draft.links !== undefined,
  }
}

function pairsOf(links: readonly LinkEnds[], nodes: Scene['nodes']): Pair[] {
  const segments = new Map<string, InterfaceName[]>()
  const pairs: Pair[] = []
  for (const {
    families,
    ends: [a, b],
  } of links) {
    if (families.length === 0 || !a || !b) continue
    const bridge = [a, b].find(({ node }) => nodes.get(node) === 'bridge')
    if (!bridge) pairs.push({ ends: [a, b] })
    else {
      const end = bridge === a ? b : a
      const segment = segments.get(bridge.node) ?? []
      pairs.push(...segment.map((other): Pair => ({ ends: [other, end], bridge: bridge.node })))
      segments.set(bridge.node, [...segment, end])
    }
  }
  return pairs
}

/** Reports a name that `known` has not. Whether it is there is the answer; a name that could not be read is not asked about. */
export function exists(
  report: Report,
  what: string,
  name: string | undefined,
  known: { has(name: string): boolean; keys(): Iterable<string> },
  path: Path,
  part?: 'key',
): name is string {
  if (name === undefined) return false
  if (known.has(name)) return true
  const names = [...known.keys()]
  report(
    path,
    `expected a ${what} of the lab, found ${name}`,
    suggestion(name, names, inventory(what, names)),
    part,
  )
  return false
}

/** Reports what is of a family that the lab has not. Whether it has it is the answer. */
export function isOfLab({ families, report }: Scene, family: Family, path: Path): boolean {
  if (families.includes(family)) return true
  report(
    path,
    `expected ${families.map(nameOf).join()} alone, which is this lab's family, found ${nameOf(family)}`,
    'Write family: dual at the top for both, or leave it out.',
  )
  return false
}
