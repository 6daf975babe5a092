// A containerlab topology → a lab file, and a remark for everything that could not be carried over: where it stands, what it
// is, and what became of it. node.ts does a single node.

import { stringify } from 'yaml'
import { parseInterfaceAddress } from '../../kernel/address.ts'
import { readDocument } from '../../topology/document.ts'
import { LabFileError, type Path, type Problem } from '../../topology/problem.ts'
import { interfacePattern } from '../../topology/scalars.ts'
import { type Context, nodeOf, type LabNode } from './node.ts'
import { type ClabEnd, type ClabLink, isMapping, linksOf, nodesOf } from './read.ts'
import { expand } from './variables.ts'

export interface Imported {
  /** A lab file. */
  readonly text: string
  readonly remarks: readonly Problem[]
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether there is such a file or directory, named from the topology file's directory. */
  readonly exists: (path: string) => boolean
  /** The same place, as the lab file is to name it. */
  readonly place: (path: string) => string
}

interface LabLink {
  readonly endpoints: readonly [string, string]
  readonly ipv4?: 'none' | readonly [string, string]
  readonly mtu?: number
}

/**
 * @param file the topology file's name, for positions.
 * @throws LabFileError where the text is no containerlab topology, or none of its links could be carried over.
 */
export function importContainerlab(text: string, file: string, surroundings: Surroundings): Imported {
  const { value: raw, positionOf, problems } = readDocument(text, file)
  const remarks: Problem[] = [...problems]
  const remark = (path: Path, message: string, remedy: string, part?: 'key') =>
    void remarks.push({ position: positionOf(path, part), path, message, remedy })
  const refuse = (path: Path, message: string, remedy: string): never => {
    throw new LabFileError([...remarks, { position: positionOf(path), path, message, remedy }])
  }
  const value = substitute(raw, surroundings, [], remark)
  const topology = isMapping(value) ? value['topology'] : undefined
  if (!isMapping(value) || !isMapping(topology) || !isMapping(topology['nodes']))
    return refuse(
      [],
      'expected a topology of containerlab, with topology.nodes, found none',
      'Give a .clab.yml file.',
    )
  const title = typeof value['name'] === 'string' ? value['name'] : 'lab'
  const lab = named(title)
  if (value['mgmt'] !== undefined)
    remark(
      ['mgmt'],
      'not carried over: the management network',
      'Nodes have the links of the topology and no others.',
      'key',
    )

  const links = linksOf(topology)
  const counts = new Map<string, number>()
  for (const { ends } of links)
    for (const end of ends) if (end) counts.set(end.node, (counts.get(end.node) ?? 0) + 1)
  const context: Context = {
    lab: title,
    surroundings,
    remark,
    linksOf: (node) => counts.get(node) ?? 0,
  }

  const names = uniqueNames(Object.keys(topology['nodes']), remark)
  const nodes = new Map<string, LabNode>()
  for (const node of nodesOf(topology)) {
    const translated = nodeOf(node, context)
    if (translated) nodes.set(node.name, translated)
  }
  const kept = links.flatMap((link) => linkOf(link, { nodes, names, remark }) ?? [])
  const linked = new Set(kept.flatMap(({ endpoints }) => endpoints.map((end) => end.split(':')[0])))
  for (const name of nodes.keys())
    if (!linked.has(names.get(name))) {
      remark(
        ['topology', 'nodes', name],
        `not carried over: ${name}, of which no link is left`,
        'Nothing could reach it.',
        'key',
      )
      nodes.delete(name)
    }
  if (kept.length === 0)
    return refuse(
      ['topology'],
      'expected a link between two nodes that can be carried over, found none',
      'Nodes of kind linux, with their own FRR or BIRD or without, and bridges can be.',
    )
  const document = {
    name: lab,
    description: `From containerlab's ${file.split('/').at(-1)}.`,
    nodes: Object.fromEntries([...nodes].map(([name, node]) => [names.get(name), node])),
    links: kept,
  }
  // What is left of dollar signs is text: no variable of a lab file.
  const written = stringify(document, { lineWidth: 120, flowCollectionPadding: true })
  return { text: written.replaceAll('${', () => '$${'), remarks }
}

/** A name that a lab file takes. */
const named = (text: string): string =>
  text
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63) || 'lab'

type Remark = Context['remark']

function uniqueNames(given: readonly string[], remark: Remark): Map<string, string> {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  for (const name of given) {
    let own = named(name)
    for (let number = 2; taken.has(own); number++) own = `${named(name).slice(0, 58)}-${number}`
    taken.add(own)
    names.set(name, own)
    if (own !== name)
      remark(
        ['topology', 'nodes', name],
        `carried over by another name: ${name} as ${own}`,
        'Names here have letters, digits and -.',
        'key',
      )
  }
  return names
}

/** Every text with its variables replaced. What stands for another is bounded by the document's limits. */
function substitute(found: unknown, surroundings: Surroundings, path: Path, remark: Remark): unknown {
  if (typeof found === 'string') {
    const { text, unset } = expand(found, surroundings.env)
    for (const name of unset)
      remark(
        path,
        `not carried over: the variable ${name}, which is not set`,
        'Set it for the import, or give a default: ${NAME:=value}.',
      )
    return text
  }
  if (Array.isArray(found))
    return found.map((item, index) => substitute(item, surroundings, [...path, index], remark))
  if (!isMapping(found)) return found
  return Object.fromEntries(
    Object.entries(found).map(([key, inner]) => [
      key,
      substitute(inner, surroundings, [...path, key], remark),
    ]),
  )
}

interface LinkContext {
  readonly nodes: ReadonlyMap<string, LabNode>
  readonly names: ReadonlyMap<string, string>
  readonly remark: Remark
}

/** Ends that are no nodes. */
const outside: Readonly<Record<string, string>> = {
  host: "the machine's own network",
  'mgmt-net': 'the management network',
  macvlan: "an interface of the machine's",
  dummy: 'a dummy interface',
}

function linkOf(
  { path, type, ends, mtu }: ClabLink,
  { nodes, names, remark }: LinkContext,
): LabLink | undefined {
  const drop = (message: string, remedy = 'The link is left out.'): undefined =>
    remark(path, `not carried over: ${message}`, remedy)
  if (type !== 'veth') return drop(`a link of type ${type}: only veth links two nodes of the lab`)
  const [a, b, ...more] = ends
  if (!a || !b || more.length > 0) return drop('a link without two endpoints of the form node:interface')
  const away = [a, b].find((end) => Object.hasOwn(outside, end.node) && !names.has(end.node))
  if (away) return drop(`a link to ${outside[away.node]}`, 'A lab has no way out; the link is left out.')
  const absent = [a, b].find((end) => !names.has(end.node))
  if (absent) return drop(`a link to ${absent.node}, which is no node of the topology`)
  // Of a node that was left out it has been said already.
  if (![a, b].every((end) => nodes.has(end.node))) return undefined
  const odd = [a, b].find((end) => !interfacePattern.test(end.interface))
  if (odd)
    return drop(`a link at interface ${odd.interface} of ${odd.node}: no name for an interface of Linux`)
  for (const [side, end] of [a, b].entries())
    if (end.mac !== undefined)
      remark(
        [...path, 'endpoints', side],
        'not carried over: a MAC address',
        'The kernel chooses it; an exec line can set it: ip link set dev … address ….',
      )
  const size = Number(mtu)
  return {
    endpoints: [`${names.get(a.node)}:${a.interface}`, `${names.get(b.node)}:${b.interface}`],
    ...addressesOf([a, b], { nodes, remark, path }),
    ...(Number.isInteger(size) && size >= 68 && size <= 65_535 ? { mtu: size } : {}),
  }
}

/** Without addresses in the link the nodes see to them by their configurations and commands, as they do in containerlab. */
function addressesOf(
  ends: readonly [ClabEnd, ClabEnd],
  { nodes, remark, path }: Pick<LinkContext, 'nodes' | 'remark'> & { readonly path: Path },
): Pick<LabLink, 'ipv4'> {
  if (ends.some(({ node }) => nodes.get(node)?.kind === 'bridge')) return {}
  const [a, b] = ends.map(({ ipv4 }) => ipv4)
  if (a === undefined && b === undefined) return { ipv4: 'none' }
  if (typeof a === 'string' && typeof b === 'string' && parseInterfaceAddress(a) && parseInterfaceAddress(b))
    return { ipv4: [a, b] }
  remark(
    path,
    'not carried over: addresses that are not two, one for each end',
    'Give both, or set them by exec.',
  )
  return { ipv4: 'none' }
}
