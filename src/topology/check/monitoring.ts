// Probes and collectors: where they run, to whom they export and with whom they speak BGP.
import type { Family } from '../../kernel/address.ts'
import { collectorCapabilities, probeCan, probeCapabilities } from '../capabilities.ts'
import { chosen, type FamilyName, nameOf, named } from '../families.ts'
import type { Path } from '../problem.ts'
import { inventory, listing } from '../suggest.ts'
import { type Edge, widestWays } from './reach.ts'
import { checkCollectorCan, checkProbeCan } from './capable.ts'
import { exists, isOfLab, isRouter } from './scene.ts'
import type { Scene } from './scene.ts'

/** The name of pmacctd's nfprobe plugin in the configurations that flowlab writes. */
const exportingPlugin = 'collect'

export function checkMonitoring(scene: Scene): void {
  checkCollectors(scene)
  checkProbes(scene)
}

function checkCollectors(scene: Scene): void {
  const { draft, report, nodes } = scene
  const ports = new Map<string, string>()
  for (const [name, collector] of Object.entries(draft.collectors ?? {})) {
    const path = ['collectors', name]
    checkBgp(scene, collector?.bgp, [...path, 'bgp'])
    if (collector?.kind) checkCollectorCan(scene, collector.kind, collector, path)
    const at = collector?.node
    if (!exists(report, 'node', at, nodes, [...path, 'node'])) continue
    checkFamily(scene, collector?.family, at, [...path, 'family'])
    if (collector?.port === undefined) continue
    const address = `${collector.node} ${collector.port}`
    const first = ports.get(address)
    if (first === undefined) ports.set(address, name)
    else
      report(
        [...path, 'port'],
        `expected a free port on ${collector.node}, found ${collector.port}, on which ${first} listens`,
        'Give each collector of a node a port of its own.',
      )
  }
}

/** A family that is named must be the lab's, and the node's. */
function checkFamily(scene: Scene, word: FamilyName | undefined, node: string, path: Path): void {
  if (word === undefined || !isOfLab(scene, named[word], path)) return
  if (scene.wired && !scene.familiesAt(node).has(named[word]))
    scene.report(
      path,
      `expected a family of which ${node} has an address, found ${word}`,
      'Take the other one, or leave out the none at its links.',
    )
}

type ProbeDraft = NonNullable<Scene['draft']['probes']>[string]

/** The collectors that a probe names, each with where it does. */
function receiversOf(probe: ProbeDraft, path: Path): { name: string; path: Path }[] {
  const to = probe?.export?.to
  if (typeof to === 'string') return [{ name: to, path: [...path, 'export', 'to'] }]
  return (to ?? []).flatMap((name, index) =>
    name === undefined ? [] : [{ name, path: [...path, 'export', 'to', index] }],
  )
}

function checkProbes(scene: Scene): void {
  const { draft, report, nodes, interfaces } = scene
  const ways = { 4: waysWith(scene, 4), 6: waysWith(scene, 6) }
  const collectors = new Map(Object.entries(draft.collectors ?? {}))
  for (const [name, probe] of Object.entries(draft.probes ?? {})) {
    const path = ['probes', name]
    checkBgp(scene, probe?.bgp, [...path, 'bgp'])
    if (probe?.kind) checkProbeCan(scene, probe.kind, probe, path)
    const seen = new Set<string>()
    for (const receiver of receiversOf(probe, path)) {
      if (seen.has(receiver.name))
        report(receiver.path, `expected each collector once, found ${receiver.name} again`, 'Leave it out.')
      seen.add(receiver.name)
      if (!draft.collectors || !exists(report, 'collector', receiver.name, collectors, receiver.path))
        continue
      checkUnderstood(scene, probe, receiver)
      checkReached(scene, probe, receiver, ways)
    }
    for (const table of Object.keys(probe?.tables ?? {}))
      if (table === exportingPlugin || table.startsWith(`${exportingPlugin}-`))
        report(
          [...path, 'tables', table],
          `expected another name, found ${table}, by which pmacctd's exporting plugin goes`,
          'Call the table something else.',
        )
    const at = probe?.at
    if (!at || !exists(report, 'node', at.node, nodes, [...path, 'at'])) continue
    const own = [...(interfaces.get(at.node) ?? [])]
    if (scene.wired && !own.includes(at.interface))
      report(
        [...path, 'at'],
        `expected an interface of a link, found ${at.node}:${at.interface}`,
        inventory('interface', own, ` of ${at.node}`),
      )
  }
  checkToldApart(scene)
  checkInLine(scene)
}

/** A collector must understand the protocol in which it is told. */
function checkUnderstood(
  { draft, report }: Scene,
  probe: ProbeDraft,
  { name, path }: { name: string; path: Path },
): void {
  const kind = draft.collectors?.[name]?.kind
  const protocol = probe?.export?.protocol
  if (!kind || !protocol || collectorCapabilities[kind].protocols.includes(protocol)) return
  const others = Object.entries(collectorCapabilities).filter(([, { protocols }]) =>
    protocols.includes(protocol),
  )
  report(
    path,
    `expected a collector that understands ${protocol}, found ${name}, which is of kind ${kind}`,
    `Take a collector of kind ${listing(others.map(([other]) => other))}, or another protocol.`,
  )
}

type Ways = Readonly<Record<Family, ReturnType<typeof widestWays>>>

const waysWith = ({ links }: Scene, family: Family) =>
  widestWays(
    links.flatMap(({ link, families, ends: [a, b] }): Edge[] =>
      a && b && families.includes(family) ? [{ ends: [a.node, b.node], mtu: link.mtu ?? Infinity }] : [],
    ),
  )

/** Exports go by links of the family of the collector's address, and come from an address of that family. */
function checkReached(
  { draft, report, wired, nodes, families, familiesAt }: Scene,
  probe: ProbeDraft,
  { name, path }: { name: string; path: Path },
  ways: Ways,
): void {
  const { node, family: word } = draft.collectors?.[name] ?? {}
  const from = probe?.at?.node
  if (!wired || from === undefined || node === undefined || !nodes.has(node) || !nodes.has(from)) return
  const family = chosen(word, [familiesAt(node)])
  if (family === undefined) return
  if (ways[family](from, node) === 0)
    report(
      path,
      `expected links ${families.length > 1 ? `with ${nameOf(family)} ` : ''}that lead from ${from} to ${name} on ${node}, found none`,
      families.length > 1
        ? 'Add the missing link, or take the other family for the collector.'
        : 'Add the missing link.',
    )
  if (probe?.export?.source !== undefined && family === 6)
    report(
      path,
      `expected a collector on ipv4, as the source ${probe.export.source}, found ${name} on ipv6`,
      'Leave the source out, or write family: ipv4 for the collector.',
    )
}

/**
 * Exports that one node sends to one collector are told apart by their source address, protocol and observation domain. A
 * domain that the file does not give is the plan's to choose, if the program can be told.
 */
function checkToldApart({ draft, report }: Scene): void {
  const exporters = new Map<string, string>()
  for (const [name, probe] of Object.entries(draft.probes ?? {})) {
    if (!probe?.kind || !probe.at || !probe.export) continue
    const can = probeCan(probe.kind, probe.export.protocol)
    const { protocol, source, domain = can.domain ? undefined : 0 } = probe.export
    if (domain === undefined) continue
    for (const receiver of receiversOf(probe, ['probes', name])) {
      const way = [probe.at.node, receiver.name, protocol, source, domain].join(' ')
      const first = exporters.get(way)
      if (first === undefined) exporters.set(way, name)
      else
        report(
          receiver.path,
          `expected a collector to which ${probe.at.node} sends no other ${protocol} of domain ${domain}, found ${receiver.name}, to which ${first} does`,
          can.domain
            ? 'Give each probe of a node a domain of its own.'
            : `Exports of ${probe.kind} cannot be told apart: give each of a node a collector${can.source ? ' or a source' : ''} of its own.`,
        )
    }
  }
}

/** A probe that is a switch stands between an interface and its link: one at each, and none where bridges do. */
function checkInLine({ draft, report, nodes }: Scene): void {
  const first = new Map<string, string>()
  for (const [name, probe] of Object.entries(draft.probes ?? {})) {
    if (!probe?.kind || !probe.at || !probeCapabilities[probe.kind].inLine) continue
    const point = `${probe.at.node}:${probe.at.interface}`
    const path = ['probes', name, 'at']
    const other = first.get(point)
    if (other !== undefined)
      report(
        path,
        `expected one ${probe.kind} at ${point}, found ${name} beside ${other}`,
        'Take another interface, or another kind of probe.',
      )
    else if (nodes.get(probe.at.node) === 'bridge')
      report(
        path,
        `expected a router or host for ${probe.kind}, which exports from an address of its node, found bridge ${probe.at.node}`,
        'Write the other end of the link.',
      )
    first.set(point, other ?? name)
  }
}

function checkBgp({ report, nodes }: Scene, name: string | undefined, path: Path): void {
  const routers = [...nodes].flatMap(([node, kind]) => (isRouter(kind) ? [node] : []))
  if (!exists(report, 'node', name, nodes, path)) return
  const kind = nodes.get(name)
  if (kind === undefined || isRouter(kind)) return
  report(path, `expected a router to speak BGP with, found ${kind} ${name}`, inventory('router', routers))
}
