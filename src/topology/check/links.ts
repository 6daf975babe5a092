// Links: both ends at known nodes, each interface used once, and every host behind a router.
import type { Path } from '../problem.ts'
import type { InterfaceName } from '../topology.ts'
import { exists, isRouter } from './scene.ts'
import type { Scene } from './scene.ts'

export function checkLinks(scene: Scene): void {
  const { report, nodes, links, interfaces } = scene
  const used = new Map<string, number>()
  for (const [index, { path, ends, link }] of links.entries()) {
    checkJitter(report, link, path)
    for (const [side, end] of ends.entries()) {
      const at = [...path, 'endpoints', side]
      if (!exists(report, 'node', end?.node, nodes, at) || !end) continue
      const name = `${end.node}:${end.interface}`
      const first = used.get(name)
      if (first === undefined) used.set(name, index)
      else if (first !== index || ends[0]?.node !== ends[1]?.node)
        report(
          at,
          `expected a free interface, found ${name}, which links.${first} uses`,
          `Write ${end.node}:${free(interfaces.get(end.node))}, or ${end.node} for its next free interface.`,
        )
    }
    if (ends[0] && ends[0].node === ends[1]?.node)
      report(
        [...path, 'endpoints'],
        `expected two nodes, found ${ends[0].node} twice`,
        'Link it to another node.',
      )
  }
  checkBridged(scene)
  if (scene.wired) checkHosts(scene)
}

/** Packets that are not delayed cannot come sooner. */
export function checkJitter(report: Scene['report'], entry: object, path: Path): void {
  if ('jitter' in entry && !('delay' in entry))
    report(
      [...path, 'jitter'],
      'expected delay beside jitter, found none',
      'Write such as delay: 20ms: jitter is how far it varies.',
      'key',
    )
}

const free = (taken: ReadonlySet<string> = new Set()): string => {
  let number = 0
  while (taken.has(`eth${number}`)) number++
  return `eth${number}`
}

/**
 * A host has no use but behind a router, unless it sees to itself: by commands of its own, or on a link without addresses of
 * ours. A kind that could not be read may be a router's.
 */
function checkHosts({ draft, report, nodes, links, pairs }: Scene): void {
  const linked = new Set<string>()
  const behind = new Set<string>()
  for (const { ends, families } of links) {
    const [a, b] = ends
    if (!a || !b) continue
    for (const [end, other] of [
      [a, b],
      [b, a],
    ] satisfies [InterfaceName, InterfaceName][]) {
      linked.add(end.node)
      const kind = nodes.get(other.node)
      if (kind === undefined || isRouter(kind) || families.length === 0) behind.add(end.node)
    }
  }
  for (const {
    ends: [a, b],
  } of pairs) {
    if (isRouter(nodes.get(a.node))) behind.add(b.node)
    if (isRouter(nodes.get(b.node))) behind.add(a.node)
  }
  const routers = [...nodes].flatMap(([name, kind]) => (isRouter(kind) ? [name] : []))
  for (const [name, kind] of nodes) {
    if (kind === 'bridge' && !linked.has(name))
      report(
        ['nodes', name],
        `expected links of bridge ${name}, found none`,
        'Add them, or leave the bridge out.',
        'key',
      )
    if (kind === 'host' && !behind.has(name) && (draft.nodes?.[name]?.exec ?? []).length === 0)
      report(
        ['nodes', name],
        `expected a link from host ${name} to a router, found ${linked.has(name) ? 'links to hosts alone' : 'no link of it'}`,
        `Add a link such as - { endpoints: [${name}, ${routers[0] ?? 'r1'}] }, or leave the host out.`,
        'key',
      )
  }
}

/** A segment's addresses are its bridge's to give, or its nodes' to take. */
function checkBridged({ report, nodes, links }: Scene): void {
  for (const { path, ends, link } of links) {
    const bridge = ends.find((end) => end && nodes.get(end.node) === 'bridge')
    if (!bridge) continue
    for (const word of ['ipv4', 'ipv6'] as const) {
      const given = link[word]
      if (given !== undefined && given !== 'none')
        report(
          [...path, word],
          `expected no addresses on a link to bridge ${bridge.node}, found ${Array.isArray(given) ? 'two' : 'a prefix'}`,
          `Write ${word} at ${bridge.node} itself, or leave it out and give the nodes their addresses by exec or a configuration of their own.`,
        )
    }
  }
}
