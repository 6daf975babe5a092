// A containerlab topology file's data → nodes with all that they inherit, and links in one form. Nothing is judged here but the
// shape. Source: containerlab's manual, "Topology definition" and "Links".

import type { Path } from '../../topology/problem.ts'

export type Mapping = Readonly<Record<string, unknown>>

export interface Setting {
  readonly value: unknown
  /** Where the file says it. */
  readonly path: Path
}

export interface ClabNode {
  readonly name: string
  readonly path: Path
  /** By key; of lists and mappings all that the node inherits, the most general first. */
  readonly settings: ReadonlyMap<string, readonly Setting[]>
}

export interface ClabEnd {
  readonly node: string
  readonly interface: string
  readonly ipv4?: unknown
  readonly mac?: unknown
}

export interface ClabLink {
  readonly path: Path
  /** Of a link in long form; a brief one is a veth. */
  readonly type: string
  readonly ends: readonly (ClabEnd | undefined)[]
  readonly mtu?: unknown
}

export const isMapping = (found: unknown): found is Mapping =>
  typeof found === 'object' && found !== null && !Array.isArray(found)

const mapping = (found: unknown): Mapping => (isMapping(found) ? merged(found) : {})

/** `<<` of YAML 1.1, which containerlab's files may use: what the mapping has itself comes first. */
function merged(found: Mapping): Mapping {
  const base = found['<<']
  if (base === undefined) return found
  const { '<<': _, ...own } = found
  const bases = (Array.isArray(base) ? base : [base]).filter(isMapping)
  return { ...Object.assign({}, ...bases.toReversed().map(merged)), ...own } as Mapping
}

const kindOf = (...levels: readonly Mapping[]): unknown =>
  levels.map(({ kind }) => kind).find((kind) => kind !== undefined)

/** A node has what itself, its group, its kind and the defaults say, in this order of precedence. */
export function nodesOf(topology: Mapping): ClabNode[] {
  const levels = { defaults: mapping(topology['defaults']) }
  const kinds = mapping(topology['kinds'])
  const groups = mapping(topology['groups'])
  return Object.entries(mapping(topology['nodes'])).map(([name, written]) => {
    const own = mapping(written)
    const groupName = String(
      own['group'] ?? mapping(kinds[String(own['kind'])])['group'] ?? levels.defaults['group'],
    )
    const group = mapping(groups[groupName])
    const kind = String(kindOf(own, group, levels.defaults))
    const path = ['topology', 'nodes', name]
    const inherited: [Mapping, Path][] = [
      [levels.defaults, ['topology', 'defaults']],
      [mapping(kinds[kind]), ['topology', 'kinds', kind]],
      [group, ['topology', 'groups', groupName]],
      [own, path],
    ]
    const settings = new Map<string, Setting[]>()
    for (const [level, at] of inherited)
      for (const [key, value] of Object.entries(level))
        settings.set(key, [...(settings.get(key) ?? []), { value, path: [...at, key] }])
    return { name, path, settings }
  })
}

export function linksOf(topology: Mapping): ClabLink[] {
  const links = Array.isArray(topology['links']) ? (topology['links'] as unknown[]) : []
  return links.map((written, index) => {
    const link = mapping(written)
    const given = link['endpoints'] ?? (link['endpoint'] === undefined ? [] : [link['endpoint']])
    const ends = Array.isArray(given) ? (given as unknown[]) : []
    const addresses = Array.isArray(link['ipv4']) ? (link['ipv4'] as unknown[]) : []
    return {
      path: ['topology', 'links', index],
      type: typeof link['type'] === 'string' ? link['type'] : 'veth',
      ends: ends.map((end, side) => endOf(end, addresses[side])),
      ...(link['mtu'] === undefined ? {} : { mtu: link['mtu'] }),
    }
  })
}

/** `node:interface`, or a mapping of a link in long form. */
function endOf(found: unknown, ipv4: unknown): ClabEnd | undefined {
  if (typeof found === 'string') {
    const [, node, name] = /^([^:\s]+):([^\s]+)$/.exec(found) ?? []
    return node === undefined || name === undefined
      ? undefined
      : { node, interface: name, ...(ipv4 === undefined ? {} : { ipv4 }) }
  }
  if (!isMapping(found) || typeof found['node'] !== 'string') return undefined
  const { node, interface: name, ipv4: own, mac } = found
  return {
    node,
    interface: typeof name === 'string' ? name : '',
    ...(own === undefined ? {} : { ipv4: own }),
    ...(mac === undefined ? {} : { mac }),
  }
}
