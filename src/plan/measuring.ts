// Where is measured, by what, and to whom it is told: observation points, probes, collectors and the BGP sessions that give
// them their view of the routes.

import { type Family, familyOf } from '../kernel/address.ts'
import { collectorCapabilities, probeCan, probeCapabilities } from '../topology/capabilities.ts'
import type { Collector, Probe, Table, Topology } from '../topology/topology.ts'
import type { Addresses } from './addresses.ts'
import { type Adjacency, bare, isRouter, type Neighbourhood } from './neighbourhood.ts'
import type { BgpFeed, CollectorPlan, ExportPlan, ObservationPoint, ProbePlan, Session } from './plan.ts'
import { portsOf } from './switching.ts'
import type { Listener } from './routing.ts'

export interface Measuring {
  readonly points: readonly ObservationPoint[]
  /** Without the prefixes that their feeds must bring: these are known once routing is planned. */
  readonly probes: readonly ProbePlan[]
  readonly collectors: readonly CollectorPlan[]
  readonly listeners: readonly Listener[]
}

interface Context {
  readonly topology: Topology
  readonly near: Neighbourhood
  readonly addresses: Addresses
}

/** Port 179 of a router's node is the router's own. */
const daemonPort = 1790

export function measure(topology: Topology, near: Neighbourhood, addresses: Addresses): Measuring {
  const context = { topology, near, addresses }
  const probes = topology.probes.map((probe, index) => probePlan(probe, index, context))
  const collectors = topology.collectors.map((collector, index) =>
    collectorPlan(collector, probes.length + index, context),
  )
  return {
    points: points(topology),
    probes,
    collectors,
    listeners: [
      ...probes.flatMap((probe) => listener(probe, 'probe')),
      ...collectors.flatMap((collector) => listener(collector, 'collector')),
    ],
  }
}

const points = ({ probes, links }: Topology): ObservationPoint[] => {
  const names = [...new Set(probes.map(({ at }) => `${at.node}:${at.interface}`))]
  return names.map((name) => {
    const [node = '', interfaceName = ''] = name.split(':')
    const link = links.find(({ endpoints }) =>
      endpoints.some((end) => end.node === node && end.interface === interfaceName),
    )
    const inLine = probes.findIndex(
      ({ kind, at }) => probeCapabilities[kind].inLine && at.node === node && at.interface === interfaceName,
    )
    return {
      name,
      node,
      interface: interfaceName,
      mtu: link?.mtu ?? 1500,
      ...(inLine === -1 ? {} : { uplink: portsOf(inLine).uplink }),
    }
  })
}

const listener = ({ bgp, name }: ProbePlan | CollectorPlan, kind: Session['to']['kind']): Listener[] => {
  if (!bgp) return []
  const session: Session = {
    node: bgp.router,
    local: bgp.peer,
    localAs: bgp.as,
    peer: bgp.local,
    peerAs: bgp.as,
    to: { kind, name },
    ...(bgp.port === 179 ? {} : { port: bgp.port }),
  }
  return [{ router: bgp.router, session, nextHops: bgp.nextHops }]
}

/**
 * The BGP session that feeds a daemon on `node`, one for the routes of all families. On the router's own node the daemon
 * stands at an address of its own, since the router refuses a neighbour at its own address; elsewhere at its node's. The router
 * announces as next hop what its end of the session has of a family: where that is a link without one of them, the session
 * is with its loopback, which has all.
 */
function feed(router: string, node: string, process: string, index: number, context: Context): BgpFeed {
  const { topology, near, addresses } = context
  const { families } = topology
  const isBeside = node === router
  const ways = families.flatMap((family): Ends[] => {
    const remote = addresses.loopback(router, family)
    if (isBeside) return [{ local: addresses.daemon(index, family), remote }]
    const found = wayBetween(node, router, family, near)
    return found ? [found] : []
  })
  const [way] = ways
  if (!way) throw new Error(`no links lead from ${node} to ${router}`)
  const nextHops =
    ways.length === families.length
      ? ways.map(({ remote }) => remote)
      : families.map((family) => addresses.loopback(router, family))
  return {
    router,
    peer: nextHops.find((address) => familyOf(address) === familyOf(way.local)) ?? way.remote,
    local: way.local,
    id: familyOf(way.local) === 4 ? way.local : addresses.daemon(index, 4),
    nextHops,
    port: isBeside ? daemonPort : 179,
    as: topology.nodes.find(({ name }) => name === router)?.as ?? 0,
    prefixes: [],
    log: `/var/log/${process}-bgp.json`,
  }
}

interface Ends {
  readonly local: string
  readonly remote: string
}

/** `local` and `interface` are this end's of the first link, `remote` is the far end's of the last. */
interface Way extends Ends {
  readonly interface: string
}

/**
 * The way over links of a family from one node to another, routers between, that costs least as the IGP counts; undefined where
 * there is none.
 */
function wayBetween(from: string, to: string, family: Family, near: Neighbourhood): Way | undefined {
  const open: { at: string; cost: number; first?: Adjacency; last?: Adjacency }[] = [{ at: from, cost: 0 }]
  const seen = new Set<string>()
  for (;;) {
    // Of equals the one found first.
    const next = open.reduce<(typeof open)[number] | undefined>(
      (best, each) => (seen.has(each.at) || (best && best.cost <= each.cost) ? best : each),
      undefined,
    )
    if (!next) return undefined
    const { at, cost, first, last } = next
    seen.add(at)
    if (at === to && first && last)
      return { local: bare(first.address), interface: first.interface, remote: bare(last.peerAddress) }
    if (last && !isRouter(last.peer)) continue
    for (const link of near(at, family))
      open.push({ at: link.peer.name, cost: cost + link.link.cost, first: first ?? link, last: link })
  }
}

/** What a collector keeps where the lab file does not say: without a table nothing could be compared. */
const everyFlow: Table = { name: 'all', aggregate: ['src_host', 'dst_host', 'src_port', 'dst_port', 'proto'] }

function collectorPlan(collector: Collector, index: number, context: Context): CollectorPlan {
  const { topology, near } = context
  const process = `${collector.kind}-${collector.name}`
  const { keeps, icmp, framing } = collectorCapabilities[collector.kind]
  const adjacency = near(collector.node, collector.family)[0]
  const exporters = topology.probes.filter((probe) => probe.export.to.includes(collector.name))
  return {
    kind: collector.kind,
    name: collector.name,
    node: collector.node,
    process,
    address: addressOf(collector.node, collector.family, near),
    port: collector.port,
    interface: adjacency?.interface ?? 'lo',
    ...(collector.bgp === undefined
      ? {}
      : { bgp: feed(collector.bgp, collector.node, process, index, context) }),
    exporters: exporters.map((probe) => ({
      probe: probe.name,
      address: probe.export.source ?? exportWay(probe, collector, near).local,
    })),
    ...(collector.renormalize === undefined ? {} : { renormalize: collector.renormalize }),
    ...(collector.store === undefined ? {} : { store: collector.store }),
    ...(icmp ? {} : { icmp }),
    ...(framing === 0 ? {} : { framing }),
    tables: keeps ? [keeps] : collector.tables.length > 0 ? collector.tables : [everyFlow],
    options: collector.options,
  }
}

/** Of a node without links. */
const loopback: Readonly<Record<Family, string>> = { 4: '127.0.0.1', 6: '::1' }

const addressOf = (node: string, family: Family, near: Neighbourhood): string =>
  bare(near(node, family)[0]?.address ?? loopback[family])

function exportWay({ at: { node } }: Probe, { node: to, family }: Collector, near: Neighbourhood) {
  if (node === to) return { local: addressOf(node, family, near), interface: 'lo' }
  const way = wayBetween(node, to, family, near)
  if (!way) throw new Error(`no links lead from ${node} to ${to}`)
  return way
}

function probePlan(probe: Probe, index: number, context: Context): ProbePlan {
  const process = `${probe.kind}-${probe.name}`
  const { direction, snaplen, sampling } = probe
  const [first, ...copies] = probe.export.to.map((to) => exportPlan(probe, to, context))
  if (!first) throw new Error(`probe ${probe.name} exports to no collector`)
  return {
    kind: probe.kind,
    name: probe.name,
    node: probe.at.node,
    process,
    point: `${probe.at.node}:${probe.at.interface}`,
    interface: probe.at.interface,
    ...(probeCapabilities[probe.kind].inLine ? { switch: portsOf(index) } : {}),
    ...(direction === 'both' ? {} : { direction }),
    ...(snaplen === undefined ? {} : { snaplen }),
    ...(sampling ? { sampling } : {}),
    timeouts: probe.timeouts,
    ...(probe.bgp === undefined ? {} : { bgp: feed(probe.bgp, probe.at.node, process, index, context) }),
    export: first,
    ...(copies.length > 0 ? { copies } : {}),
    tables: probe.tables,
    options: probe.options,
  }
}

function exportPlan(probe: Probe, to: string, { topology, near }: Context): ExportPlan {
  const collector = topology.collectors.find(({ name }) => name === to)
  if (!collector) throw new Error(`probe ${probe.name} exports to a collector that is not there`)
  const { protocol, aggregate, source, templateRefresh } = probe.export
  const way = exportWay(probe, collector, near)
  const nodeOf = (name: string) => topology.collectors.find((each) => each.name === name)?.node
  const alike = topology.probes
    .filter((other) => other.at.node === probe.at.node && other.export.source === source)
    .flatMap((other) => other.export.to.filter((name) => nodeOf(name) === collector.node))
  return {
    protocol,
    aggregate,
    domain: domainOf(probe, topology),
    ...(templateRefresh === undefined ? {} : { templateRefresh }),
    ...(alike.length > 1 ? { shared: true as const } : {}),
    source: source ?? way.local,
    collector: collector.name,
    address: addressOf(collector.node, collector.family, near),
    port: collector.port,
    interface: way.interface,
  }
}

/** The domain that the file gives; else that of a program that has no choice; else the first that is free on the node. */
function domainOf(probe: Probe, { probes }: Topology): number {
  const { protocol } = probe.export
  const settled = ({ kind, export: way }: Probe): number | undefined =>
    way.domain ?? (probeCan(kind, way.protocol).domain ? undefined : 0)
  const own = settled(probe)
  if (own !== undefined) return own
  const ofNode = probes.filter(
    ({ at, export: way }) => at.node === probe.at.node && way.protocol === protocol,
  )
  const taken = new Set(ofNode.map(settled))
  const free = Array.from({ length: probes.length + taken.size }, (_, number) => number).filter(
    (number) => !taken.has(number),
  )
  return free[ofNode.filter((each) => settled(each) === undefined).indexOf(probe)] ?? 0
}
