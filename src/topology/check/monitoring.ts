// Probes, collectors and what happens to them: where they run, to whom they export and with whom they speak BGP.
import { type Capabilities, collectorCapabilities, probeCapabilities } from '../capabilities.ts'
import { type FamilyName, named } from '../families.ts'
import type { Path } from '../problem.ts'
import type { ProbeKind } from '../topology.ts'
import { inventory, listing } from '../suggest.ts'
import { exists, isOfLab, isRouter } from './scene.ts'
import type { Scene } from './scene.ts'

/** The name of pmacctd's nfprobe plugin in the configurations that flowlab writes. */
const exportingPlugin = 'collect'

export function checkMonitoring(scene: Scene): void {
  checkCollectors(scene)
  checkProbes(scene)
  checkEvents(scene)
}

function checkCollectors(scene: Scene): void {
  const { draft, report, nodes } = scene
  const ports = new Map<string, string>()
  for (const [name, collector] of Object.entries(draft.collectors ?? {})) {
    const path = ['collectors', name]
    checkBgp(scene, collector?.bgp, [...path, 'bgp'])
    if (collector?.kind) checkCapable(scene, collector.kind, collectorCapabilities, collector, path)
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
      'Take the other one, or leave out the off at its links.',
    )
}

function checkProbes(scene: Scene): void {
  const { draft, report, nodes, interfaces } = scene
  const collectors = new Map(Object.entries(draft.collectors ?? {}))
  const exporters = new Map<string, string>()
  for (const [name, probe] of Object.entries(draft.probes ?? {})) {
    const path = ['probes', name]
    checkBgp(scene, probe?.bgp, [...path, 'bgp'])
    if (probe?.kind) {
      checkCapable(scene, probe.kind, probeCapabilities, probe, path)
      checkKey(scene, probe.kind, probe.export, [...path, 'export'])
    }
    if (draft.collectors)
      exists(report, 'collector', probe?.export?.to, collectors, [...path, 'export', 'to'])
    if (probe?.tables?.[exportingPlugin])
      report(
        [...path, 'tables', exportingPlugin],
        `expected another name, found ${exportingPlugin}, by which pmacctd's exporting plugin goes`,
        'Call the table something else.',
      )
    const at = probe?.at
    const way = `${at?.node} ${probe?.export?.to}`
    const first = exporters.get(way)
    if (at && probe?.export?.to !== undefined && first !== undefined)
      report(
        [...path, 'export', 'to'],
        `expected a collector to which no other probe of ${at.node} exports, found ${probe.export.to}, to which ${first} does`,
        'Exports from one address cannot be told apart: give each probe of a node a collector of its own.',
      )
    exporters.set(way, first ?? name)
    if (!at || !exists(report, 'node', at.node, nodes, [...path, 'at'])) continue
    const own = [...(interfaces.get(at.node) ?? [])]
    if (scene.wired && !own.includes(at.interface))
      report(
        [...path, 'at'],
        `expected an interface of a link, found ${at.node}:${at.interface}`,
        inventory('interface', own, ` of ${at.node}`),
      )
  }
}

function checkBgp({ report, nodes }: Scene, name: string | undefined, path: Path): void {
  const routers = [...nodes].flatMap(([node, kind]) => (isRouter(kind) ? [node] : []))
  if (!exists(report, 'node', name, nodes, path) || nodes.get(name) !== 'host') return
  report(path, `expected a router to speak BGP with, found host ${name}`, inventory('router', routers))
}

interface Asked {
  readonly tables?: Readonly<Record<string, unknown>> | undefined
  readonly options?: Readonly<Record<string, unknown>> | undefined
  readonly bgp?: string | undefined
}

/** Refuses what a program of this kind cannot do, and names those that can. */
function checkCapable<Kind extends string>(
  { report }: Scene,
  kind: Kind,
  table: Readonly<Record<Kind, Capabilities>>,
  { tables, options, bgp }: Asked,
  path: Path,
): void {
  const can = table[kind]
  const others = (key: 'tables' | 'bgp'): string =>
    listing((Object.keys(table) as Kind[]).filter((each) => table[each][key]))
  const [name] = Object.keys(tables ?? {})
  if (!can.tables && name !== undefined)
    report(
      [...path, 'tables'],
      `expected no tables of ${kind}, which keeps none of one's own choice, found ${name}`,
      `Leave them out, or take ${others('tables')}.`,
      'key',
    )
  if (!can.bgp && bgp !== undefined)
    report(
      [...path, 'bgp'],
      `expected no BGP session of ${kind}, which speaks no BGP, found one with ${bgp}`,
      `Leave it out, or take ${others('bgp')}.`,
      'key',
    )
  if (can.options === 'letters')
    for (const option of Object.keys(options ?? {}).filter((each) => each.length > 1))
      report(
        [...path, 'options', option],
        `expected an option of ${kind}'s command line, one letter, found ${option}`,
        'Write the letter without its hyphen, and true where it has no value, such as B: 4194304 or e: true.',
        'key',
      )
}

/** A flow key is the lab file's to choose, or the program's. */
function checkKey(
  { report }: Scene,
  kind: ProbeKind,
  exporting: { readonly aggregate?: unknown } | undefined,
  path: Path,
): void {
  const { key } = probeCapabilities[kind]
  if (!exporting) return
  const isGiven = 'aggregate' in exporting
  if (key && exporting.aggregate !== undefined)
    report(
      [...path, 'aggregate'],
      `expected no flow key for ${kind}, which has its own (${listing(key, 'and')}), found one`,
      'Leave it out.',
      'key',
    )
  if (!key && !isGiven)
    report(
      [...path, 'aggregate'],
      `expected a flow key for ${kind}, found none`,
      'Write such as aggregate: [src_host, dst_host].',
      'key',
    )
}

function checkEvents({ draft, report }: Scene): void {
  const known = {
    probe: new Map(Object.entries(draft.probes ?? {})),
    collector: new Map(Object.entries(draft.collectors ?? {})),
  }
  for (const [index, event] of (draft.events ?? []).entries()) {
    if (!event) continue
    const path = ['events', index]
    const { probe, collector } = event
    if (draft.probes) exists(report, 'probe', probe, known.probe, [...path, 'probe'])
    if (draft.collectors) exists(report, 'collector', collector, known.collector, [...path, 'collector'])
    if ('probe' in event === 'collector' in event)
      report(
        path,
        `expected either probe or collector, found ${'probe' in event ? 'both' : 'neither'}`,
        'probe' in event ? 'Make two events of it.' : 'Name the probe or the collector to which it happens.',
      )
  }
}
