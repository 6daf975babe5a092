// Topology → Plan: joins what its neighbours decide about addresses, routing, measuring and traffic, and lets each part write
// its files. Pure: the same topology gives the same plan, to the byte.

import { bitsOf, type Family, familyOf } from '../kernel/address.ts'
import { collectors as collectorParts } from '../part/collector/collectors.ts'
import { probes as probeParts } from '../part/probe/probes.ts'
import { routers as routerParts } from '../part/router/routers.ts'
import type { Compiled, RouterIntent } from '../part.ts'
import { isSelfConfigured } from '../topology/capabilities.ts'
import { LabFileError } from '../topology/problem.ts'
import type { Problem } from '../topology/problem.ts'
import type { Node, Topology } from '../topology/topology.ts'
import { type Addresses, allocate } from './addresses.ts'
import { bridging } from './bridge.ts'
import { cuts } from './cuts.ts'
import { silent, wire } from './impairment.ts'
import { type Measuring, measure } from './measuring.ts'
import { bare, isRouter, type Neighbourhood, neighbourhood, prefixOf } from './neighbourhood.ts'
import type { BgpFeed, InterfacePlan, NodePlan, Plan, ProbePlan, ProcessPlan, TrafficPlan } from './plan.ts'
import { route } from './routing.ts'
import { filledFiles, labNames, type Names, withOwn } from './own.ts'
import { switched } from './switching.ts'
import { matrices, type Scheduled } from './matrix/schedule.ts'
import { firstPort, receivers, schedule, sources as recordings } from './traffic.ts'

/** @throws LabFileError where a configuration of the user's own contradicts the lab. */
export function compile(topology: Topology): Plan {
  const addresses = allocate(topology)
  const near = neighbourhood(topology, addresses)
  const measured = measure(topology, near, addresses)
  const names = labNames(topology, addresses, measured)
  const routing = route(topology, near, addresses, measured.listeners, names)
  const fed = <T extends { readonly bgp?: BgpFeed }>(daemon: T): T =>
    daemon.bgp ? { ...daemon, bgp: { ...daemon.bgp, prefixes: routing.announcedTo(daemon.bgp.as) } } : daemon
  const problems: Problem[] = []
  const measuring = withOwn(
    topology,
    {
      ...measured,
      probes: measured.probes.map((probe) => fed(probe)),
      collectors: measured.collectors.map((collector) => fed(collector)),
    },
    names,
    problems,
  )
  const traffic = schedule(topology, near)
  const drawn = matrices(topology, near, firstPort + traffic.length)
  const { links, wires } = wire(topology.links, cuts(topology))
  const nodes = topology.nodes.map((node) =>
    nodePlan(
      node,
      { topology, near, addresses, measuring, traffic, drawn, names, intent: routing.intents.get(node.name) },
      problems,
    ),
  )
  if (problems.length > 0) throw new LabFileError(problems)
  return {
    lab: topology.name,
    seed: topology.seed,
    ...switched(links, [...nodes, ...wires], measuring.probes),
    sessions: routing.sessions,
    reachable: routing.reachable.map(({ node, prefixes, ...more }) => ({
      node,
      ...more,
      prefixes: [...new Set([...prefixes, ...collectorPrefixes(node, measuring, near)])],
    })),
    points: measuring.points,
    probes: measuring.probes,
    collectors: measuring.collectors,
    traffic,
    ...(drawn.length > 0 ? { matrices: drawn.map(({ plan }) => plan) } : {}),
    events: topology.events,
    ...(topology.expectations ? { expectations: topology.expectations } : {}),
  }
}

/** Where the exports of a router's probes go to. */
const collectorPrefixes = (node: string, { probes, collectors }: Measuring, near: Neighbourhood): string[] =>
  probes
    .filter((probe) => probe.node === node)
    .flatMap((probe) => [probe.export, ...(probe.copies ?? [])])
    .flatMap((way) => collectors.filter(({ name }) => name === way.collector))
    .flatMap((collector) => near(collector.node, familyOf(collector.address)).slice(0, 1))
    .map(({ address }) => prefixOf(address))

interface NodeContext {
  readonly topology: Topology
  readonly near: Neighbourhood
  readonly addresses: Addresses
  readonly measuring: Measuring
  readonly traffic: readonly TrafficPlan[]
  readonly drawn: readonly Scheduled[]
  readonly names: Names
  readonly intent: RouterIntent | undefined
}

/** @param problems what is found wrong is added to them. */
function nodePlan(node: Node, context: NodeContext, problems: Problem[]): NodePlan {
  const { topology, near, addresses, measuring, traffic, drawn, intent } = context
  const { families } = topology
  const daemons = [...measuring.probes, ...measuring.collectors].filter((daemon) => daemon.node === node.name)
  // Addresses of BGP daemons on their router's own node.
  const beside = daemons.flatMap(({ bgp }) => (bgp?.router === node.name ? bgp.local : []))
  const interfaces = interfacesOf(node, topology, addresses)
  const compiled: Compiled[] = [
    ...router(node, intent, context.names, problems),
    ...(node.kind === 'bridge' ? [bridging(interfaces)] : []),
    ...measuring.collectors.filter((c) => c.node === node.name).map((c) => collectorParts[c.kind].compile(c)),
    ...measuring.probes
      .filter((probe) => probe.node === node.name)
      .map((probe) => behindWay(probe, near, probeParts[probe.kind].compile(probe))),
    { files: {}, processes: receivers(node.name, traffic) },
    ...drawn.map(({ files, receivers: each }) => ({
      files: files.get(node.name) ?? {},
      processes: each.get(node.name) ?? [],
    })),
  ]
  problems.push(...compiled.flatMap((each) => each.problems ?? []))
  return {
    name: node.name,
    kind: node.kind,
    ...(node.as === undefined ? {} : { as: node.as }),
    ...(node.image === undefined ? {} : { image: node.image }),
    binds: [...node.binds, ...recordings(node.name, traffic)],
    env: node.env,
    interfaces,
    loopback: [
      ...(intent ? families.map((family) => hostPrefix(addresses.loopback(node.name, family))) : []),
      ...sourcesOf(node, measuring, near).map(hostPrefix),
    ],
    routes: [
      ...(isRouter(node) ? [] : families.flatMap((family) => defaultRoute(node, family, near))),
      ...beside.flatMap((address) => localAddress(address)),
    ],
    sysctls: node.kind === 'bridge' ? silent : sysctls(node, families, beside, topology),
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

/**
 * A probe connects to its collector as it starts, and for good: where others stand between, it starts when there is a route.
 */
function behindWay(probe: ProbePlan, near: Neighbourhood, compiled: Compiled): Compiled {
  const { address, interface: name } = probe.export
  const isNext = near(probe.node, familyOf(address)).some(({ peerAddress }) => bare(peerAddress) === address)
  if (isNext || name === 'lo') return compiled
  const way: ProcessPlan = {
    name: `way-${probe.name}`,
    argv: ['bash', '-c', `until ip route get ${address} >/dev/null 2>&1; do sleep 0.02; done`],
    oneshot: true,
  }
  const processes = compiled.processes.map((each) => ({ ...each, after: [...(each.after ?? []), way.name] }))
  return { ...compiled, processes: [way, ...processes] }
}

/** What a router runs: by its own configuration where it brings one, else by its intent's. */
function router(
  { kind, binds, own }: Node,
  intent: RouterIntent | undefined,
  names: Names,
  problems: Problem[],
): Compiled[] {
  if (kind !== 'frr' && kind !== 'bird') return []
  if (own) return [routerParts[kind].own(filledFiles(own, names, problems))]
  if (isSelfConfigured({ kind, binds })) return [routerParts[kind].selfConfigured]
  return intent ? [routerParts[kind].compile(intent)] : []
}

const interfacesOf = (node: Node, { links, families }: Topology, addresses: Addresses): InterfacePlan[] =>
  links.flatMap(({ endpoints, mtu, offloads }) =>
    endpoints
      .filter((end) => end.node === node.name)
      .map((end) => ({
        name: end.interface,
        addresses: families.flatMap((family) => addresses.of(node.name, end.interface, family) ?? []),
        mtu,
        offloads,
      })),
  )

const sysctls = (
  node: Node,
  families: readonly Family[],
  beside: readonly string[],
  { autonomousSystems }: Pick<Topology, 'autonomousSystems'>,
): Record<string, string> => ({
  ...(families.includes(4) && isRouter(node) ? { 'net.ipv4.ip_forward': '1' } : {}),
  ...(families.includes(6) ? ipv6Sysctls(node) : {}),
  // Among equal paths by ports, too: else all that two hosts send each other goes on one of them.
  ...(isRouter(node) && autonomousSystems.some(({ asn, multipath }) => asn === node.as && multipath > 1)
    ? Object.fromEntries(families.map((family) => [`net.ipv${family}.fib_multipath_hash_policy`, '1']))
    : {}),
  // To bind to an address that is on no interface.
  ...(beside.some((address) => familyOf(address) === 6) ? { 'net.ipv6.ip_nonlocal_bind': '1' } : {}),
})

/**
 * Container engines switch IPv6 off. Addresses are used at once, without asking whether another has them (RFC 4862, section
 * 5.4), and hosts are told their router by the plan, not by its advertisements.
 */
function ipv6Sysctls(node: Node): Record<string, string> {
  const each = {
    disable_ipv6: '0',
    accept_dad: '0',
    accept_ra: '0',
    ...(isRouter(node) ? { forwarding: '1' } : {}),
  }
  return Object.fromEntries(
    ['all', 'default'].flatMap((which) =>
      Object.entries(each).map(([key, value]) => [`net.ipv6.conf.${which}.${key}`, value]),
    ),
  )
}

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
  const own = new Set(
    ([4, 6] as const).flatMap((family) => near(node.name, family).map(({ address }) => bare(address))),
  )
  const sources = probes.filter((probe) => probe.node === node.name).map((probe) => probe.export.source)
  return [...new Set(sources)].filter(
    (source) => !own.has(source) && source !== '127.0.0.1' && source !== '::1',
  )
}

/** A host's way out is the first router that it is linked to. */
const defaultRoute = (node: Node, family: Family, near: Neighbourhood): string[] =>
  near(node.name, family)
    .filter(({ peer }) => isRouter(peer))
    .slice(0, 1)
    .map(({ peerAddress }) => `default via ${bare(peerAddress)}`)

const hostPrefix = (address: string): string => `${address}/${bitsOf(familyOf(address))}`

/** An address that is local but on no interface; the second route is for FRR, which tracks next hops in the main table. */
const localAddress = (address: string): string[] => [
  `local ${hostPrefix(address)} dev lo`,
  `${hostPrefix(address)} dev lo`,
]
