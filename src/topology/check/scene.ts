// What the checks look at: the draft, and what several of them need to know of it.
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
  /** Whether its ends get addresses: not at a bridge, not where the file says none. */
  readonly numbered: boolean
}

export interface Scene {
  readonly draft: LabDraft
  readonly report: Report
  /** Every node that the file names; undefined where its kind could not be read. */
  readonly nodes: ReadonlyMap<string, NodeKind | undefined>
  readonly links: readonly LinkEnds[]
  /** The interfaces of each node that has any. */
  readonly interfaces: ReadonlyMap<string, ReadonlySet<string>>
  /** Whether every end of every link is at a known node: only then is a missing link worth a word. */
  readonly wired: boolean
}

/** Whether a node of this kind forwards packets and speaks BGP. */
export const isRouter = (kind: NodeKind | undefined): boolean => kind === 'frr' || kind === 'bird'

export function sceneOf(draft: LabDraft, report: Report): Scene {
  const nodes = new Map(Object.entries(draft.nodes ?? {}).map(([name, node]) => [name, node?.kind] as const))
  const written = draft.links ?? []
  const names = nameInterfaces(written.flatMap((link) => [link?.endpoints?.[0], link?.endpoints?.[1]]))
  const links = written.map((link, index): LinkEnds => {
    const ends = [names[2 * index], names[2 * index + 1]] as const
    const bridged = ends.some((end) => end && nodes.get(end.node) === 'bridge')
    return { path: ['links', index], link: link ?? {}, ends, numbered: link?.ipv4 !== 'none' && !bridged }
  })
  const interfaces = new Map<string, Set<string>>()
  for (const end of names)
    if (end) interfaces.set(end.node, (interfaces.get(end.node) ?? new Set()).add(end.interface))
  const wired = draft.nodes !== undefined && names.every((end) => end !== undefined && nodes.has(end.node))
  return { draft, report, nodes, links, interfaces, wired: wired && draft.links !== undefined }
}

/** Reports a name that `known` has not. Whether it is there is the answer; a name that could not be read is not asked about. */
export function exists(
  report: Report,
  what: string,
  name: string | undefined,
  known: { has(name: string): boolean; keys(): Iterable<string> },
  path: Path,
): name is string {
  if (name === undefined) return false
  if (known.has(name)) return true
  const names = [...known.keys()]
  report(
    path,
    `expected a ${what} of the lab, found ${name}`,
    suggestion(name, names, inventory(what, names)),
  )
  return false
}
