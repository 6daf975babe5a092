// Probes, collectors and what happens to them: where they run, to whom they export and with whom they speak BGP.
import type { Path } from '../problem.ts'
import { inventory } from '../suggest.ts'
import { exists, isRouter } from './scene.ts'
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
    if (!exists(report, 'node', collector?.node, nodes, [...path, 'node'])) continue
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

function checkProbes(scene: Scene): void {
  const { draft, report, nodes, interfaces } = scene
  const collectors = new Map(Object.entries(draft.collectors ?? {}))
  const exporters = new Map<string, string>()
  for (const [name, probe] of Object.entries(draft.probes ?? {})) {
    const path = ['probes', name]
    checkBgp(scene, probe?.bgp, [...path, 'bgp'])
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
