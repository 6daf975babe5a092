// Topology → Plan: joins what its neighbours decide about addresses, routing, measuring and traffic, and lets each part write
// its files. Pure: the same topology gives the same plan, to the byte.

import { collectors as collectorParts } from '../part/collector/collectors.ts'
import { probes as probeParts } from '../part/probe/probes.ts'
import { routers as routerParts } from '../part/router/routers.ts'
import type { Compiled, RouterIntent } from '../part.ts'
import { isSelfConfigured } from '../topology/capabilities.ts'
import type { Node, Topology } from '../topology/topology.ts'
import { type Addresses, allocate } from './addresses.ts'
import { bridging } from './bridge.ts'
import { silent, wire } from './impairment.ts'
import { type Measuring, measure } from './measuring.ts'
import { bare, isRouter, type Neighbourhood, neighbourhood, prefixOf } from './neighbourhood.ts'
import type { BgpFeed, InterfacePlan, NodePlan, Plan, ProcessPlan, TrafficPlan } from './plan.ts'
import { route } from './routing.ts'
import { receivers, schedule } from './traffic.ts'

export function compile(topology: Topology): Plan {
  const addresses = allocate(topology)
  const near = neighbourhood(topology, addresses)
  const measured = measure(topology, near, addresses)
  const routing = route(topology, near, addresses, measured.listeners)
  const fed = <T extends { readonly bgp?: BgpFeed }>(daemon: T): T =>
    daemon.bgp ? { ...daemon, bgp: { ...daemon.bgp, prefixes: routing.announced } } : daemon
  const measuring = {
    ...measured,
    probes: measured.probes.map((probe) => fed(probe)),
    collectors: measured.collectors.map((collector) => fed(collector)),
  }
  const traffic = schedule(topology, near)
  const { links, wires } = wire(topology.links, topology.events)
  const nodes = topology.nodes.map((node) =>
    nodePlan(node, { topology, near, addresses, measuring, traffic, intent: routing.intents.get(node.name) }),
  )
  return {
    lab: topology.name,
    seed: topology.seed,
    nodes: [...nodes, ...wires],
    links,
    sessions: routing.sessions,
    reachable: routing.reachable.map(({ node, prefixes }) => ({
      node,
      prefixes: [...new Set([...prefixes, ...collectorPrefixes(node, measuring, near)])],
    })),
    points: measuring.points,
    probes: measuring.probes,
    collectors: measuring.collectors,
    traffic,
    events: topology.events,
  }
}

/** Where the exports of a router's probes go to. */
const collectorPrefixes = (node: string, { probes, collectors }: Measuring, near: Neighbourhood): string[] =>
  probes
    .filter((probe) => probe.node === node)
    .flatMap((probe) => [probe.export, ...(probe.copies ?? [])])
    .flatMap((way) => collectors.filter(({ name }) => name === way.collector))
    .flatMap((collector) => near(collector.node).slice(0, 1))
    .map(({ address }) => prefixOf(address))

interface NodeContext {
  readonly topology: Topology
  readonly near: Neighbourhood
  readonly addresses: Addresses
  readonly measuring: Measuring
  readonly traffic: readonly TrafficPlan[]
  readonly intent: RouterIntent | undefined
}

function nodePlan(
  node: Node,
  { topology, near, addresses, measuring, traffic, intent }: NodeContext,
): NodePlan {
  const daemons = [...measuring.probes, ...measuring.collectors].filter((daemon) => daemon.node === node.name)
  const interfaces = interfacesOf(node, topology, addresses)
  const compiled: Compiled[] = [
    ...router(node, intent),
    ...(node.kind === 'bridge' ? [bridging(interfaces)] : []),
    ...measuring.collectors.filter((c) => c.node === node.name).map((c) => collectorParts[c.kind].compile(c)),
    ...measuring.probes.filter((p) => p.node === node.name).map((p) => probeParts[p.kind].compile(p)),
    { files: {}, processes: receivers(node.name, traffic) },
  ]
  return {
    name: node.name,
    kind: node.kind,
    ...(node.as === undefined ? {} : { as: node.as }),
    ...(node.image === undefined ? {} : { image: node.image }),
    binds: node.binds,
    env: node.env,
    interfaces,
    loopback: [
      ...(intent ? [`${addresses.loopback(node.name)}/32`] : []),
      ...sourcesOf(node, measuring, near).map((address) => `${address}/32`),
    ],
    routes: [
      ...(isRouter(node) ? [] : defaultRoute(node, near)),
      ...daemons.flatMap(({ bgp }) => (bgp?.router === node.name ? localAddress(bgp.local) : [])),
    ],
    sysctls: sysctls(node),
    directories: Object.assign({}, ...compiled.map(({ directories }) => directories)) as Record<
      string,
      string
    >,
    files: Object.assign({}, ...compiled.map(({ files }) => files)) as Record<string, string>,
    processes: withCommands(
      compiled.flatMap(({ processes }) => processes),
      node.exec,
    ),
  }
}

/** What a router runs: by its own configuration where it brings one, else by its intent's. */
function router({ kind, binds }: Node, intent: RouterIntent | undefined): Compiled[] {
  if (kind !== 'frr' && kind !== 'bird') return []
  if (isSelfConfigured({ kind, binds })) return [routerParts[kind].selfConfigured]
  return intent ? [routerParts[kind].compile(intent)] : []
}

const interfacesOf = (node: Node, { links }: Topology, addresses: Addresses): InterfacePlan[] =>
  links.flatMap(({ endpoints, numbered, mtu, offloads }) =>
    endpoints
      .filter((end) => end.node === node.name)
      .map((end) => ({
        name: end.interface,
        addresses: numbered ? [addresses.of(node.name, end.interface)] : [],
        mtu,
        offloads,
      })),
  )

const sysctls = (node: Node): Record<string, string> =>
  isRouter(node) ? { 'net.ipv4.ip_forward': '1' } : node.kind === 'bridge' ? silent : {}

/** One after the other, once everything else on the node is ready. */
const withCommands = (processes: readonly ProcessPlan[], exec: Node['exec']): ProcessPlan[] => [
  ...processes,
  ...exec.map((argv, index) => ({
    name: `exec-${index + 1}`,
    argv,
    after: index === 0 ? processes.map(({ name }) => name) : [`exec-${index}`],
    oneshot: true,
  })),
]

/** Where a probe is to export from an address that the node has on no interface, it gets it on its loopback. */
const sourcesOf = (node: Node, { probes }: Measuring, near: Neighbourhood): string[] => {
  const own = new Set(near(node.name).map(({ address }) => bare(address)))
  const sources = probes.filter((probe) => probe.node === node.name).map((probe) => probe.export.source)
  return [...new Set(sources)].filter((source) => !own.has(source) && source !== '127.0.0.1')
}

/** A host's way out is the first router that it is linked to. */
const defaultRoute = (node: Node, near: Neighbourhood): string[] =>
  near(node.name)
    .filter(({ peer }) => isRouter(peer))
    .slice(0, 1)
    .map(({ peerAddress }) => `default via ${bare(peerAddress)}`)

/** An address that is local but on no interface; the second route is for FRR, which tracks next hops in the main table. */
const localAddress = (address: string): string[] => [`local ${address}/32 dev lo`, `${address}/32 dev lo`]
