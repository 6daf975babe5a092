// Routing from AS numbers: eBGP across every link between two ASes, iBGP within one, an IGP inside, and what each AS announces;
// of each family by itself. Also what every forwarding table must hold in the end, by which a lab is known to be ready. What
// neighbours do with each other's routes is policy.ts's, how far these get propagation.ts's.

import { type Family, familyOf } from '../kernel/address.ts'
import type { InteriorInterface, Neighbor, RouterIntent } from '../part.ts'
import type { Node, Topology } from '../topology/topology.ts'
import type { Addresses } from './addresses.ts'
import { type Adjacency, bare, isRouter, type Neighbourhood, prefixOf } from './neighbourhood.ts'
import { filled, type Names } from './own.ts'
import type { Reachable, Session } from './plan.ts'
import { noPolicies, policiesOf } from './policy.ts'
import { learners, type Way } from './propagation.ts'

/** A daemon that takes routes from a router without giving any: a probe's or a collector's. */
export interface Listener {
  readonly router: string
  readonly session: Session
  /** What it is told as the next hop of the router's own routes, one a family. */
  readonly nextHops: readonly string[]
}

export interface Routing {
  readonly intents: ReadonlyMap<string, RouterIntent>
  readonly sessions: readonly Session[]
  readonly reachable: readonly Reachable[]
  /** What the routers of an AS know of what all ASes announce. */
  readonly announcedTo: (as: number) => readonly string[]
}

export function route(
  topology: Topology,
  near: Neighbourhood,
  addresses: Addresses,
  listeners: readonly Listener[],
  names: Names,
): Routing {
  const announced = announcements(topology, near)
  // One without an AS runs by a configuration of its own, of which nothing is known here.
  const routers = topology.nodes.filter((node) => isRouter(node) && node.as !== undefined)
  const { families } = topology
  const isSpoken = ({ session }: { readonly session: Session }): boolean => speaks(session, topology, names)
  const planned = routers.map((router) => ({
    router,
    external: families.flatMap((family) => externalSessions(near(router.name, family))).filter(isSpoken),
    internal: families
      .flatMap((family) => internalSessions(topology, router, family, near, addresses))
      .filter(isSpoken),
    told: listeners.filter((listener) => listener.router === router.name).filter(isSpoken),
  }))
  const withBorder = new Set(
    planned.flatMap(({ router, external }) => (external.length > 0 ? router.as : [])),
  )
  const intents = planned.map(({ router, external, internal, told }): [string, RouterIntent] => {
    const as = router.as ?? 0
    const system = topology.autonomousSystems.find(({ asn }) => asn === as)
    const isBorder = external.length > 0
    const interior = system?.igp ?? 'none'
    const aggregates = announced.get(as) ?? []
    // Without an IGP it is iBGP that brings the prefixes of other routers' hosts.
    const isAlone = interior !== 'none' || internal.length === 0
    const inside = isAlone ? [] : hostPrefixes(topology, near, router)
    const elsewhere = isAlone ? [] : routers.filter((each) => each.as === as && each !== router)
    const theirs = elsewhere.flatMap((each) => hostPrefixes(topology, near, each))
    // An AS that has no neighbours tells its listeners what it would tell them.
    const announces = isBorder || (!withBorder.has(as) && told.length > 0)
    const announce = announces ? aggregates.filter((prefix) => !theirs.includes(prefix)) : []
    return [
      router.name,
      {
        hostname: router.name,
        as,
        routerId: addresses.loopback(router.name, 4),
        families,
        loopback: families.map((family) => addresses.loopback(router.name, family)),
        announce: [...announce, ...inside.filter((prefix) => !announce.includes(prefix))],
        internal: inside.filter((prefix) => !aggregates.includes(prefix)),
        carried: announce.filter((prefix) => carried(topology, near, router, as).includes(prefix)),
        fed: router.feed?.routes ?? [],
        interior: {
          protocol: interior === 'isis' ? 'isis' : 'ospf',
          interfaces:
            interior === 'none'
              ? []
              : families.flatMap((family) => interiorInterfaces(near(router.name, family), family)),
        },
        paths: system?.multipath ?? 1,
        neighbors: [
          ...external.map(({ session, adjacency }) => ({
            ...neighbor(session),
            client: router.routeServer,
            policies: policiesOf(router.name, as, adjacency.link),
          })),
          ...internal.map(({ session, isClient }) => ({
            ...neighbor(session),
            nextHopSelf: isBorder || interior === 'none',
            client: isClient,
          })),
          ...told.map((listener) => listening(listener, families)),
        ],
      },
    ]
  })
  const known = knownTo(
    intents.map(([, intent]) => intent),
    announced,
  )
  return {
    intents: new Map(intents),
    sessions: planned.flatMap(({ external, internal, told }) =>
      [...external, ...internal, ...told].map(({ session }) => session),
    ),
    // What a configuration of one's own brings is its own.
    reachable: routers
      .filter((router) => !router.own)
      .map((router) => ({
        node: router.name,
        prefixes: mustReach(topology, near, router, announced, known),
        ...fedTo(routers, router, known),
      })),
    announcedTo: (as) => [...announced].flatMap(([asn, prefixes]) => (known(asn, as) ? prefixes : [])),
  }
}

/** Of a session with a router of a configuration of its own, whether that names the other end. */
function speaks({ node, local, peer, to }: Session, { nodes }: Topology, names: Names): boolean {
  const knows = (name: string, address: string): boolean => {
    const own = nodes.find((each) => each.name === name)?.own
    if (!own) return true
    const files = 'whole' in own ? [own.whole] : Object.values(own.daemons)
    return files.some((file) =>
      filled(file, names, [])
        .text.split(/[^\w.:]+/)
        .includes(address),
    )
  }
  return knows(node, peer) && (to.kind !== 'router' || knows(to.name, local))
}

/** How many of the feeders' routes get to a router: not those on whose paths its AS already is. */
function fedTo(
  routers: readonly Node[],
  { as = 0 }: Node,
  known: (origin: number, as: number) => boolean,
): Pick<Reachable, 'routes'> {
  const numbers = new Set(routers.map((router) => String(router.as)))
  const prefixes = new Set<string>()
  for (const { feed, as: origin = 0 } of routers)
    if (feed && origin !== as && known(origin, as))
      for (const line of feed.routes) {
        const [prefix = '', ...path] = line.split(' ')
        if (!path.some((each) => numbers.has(each))) prefixes.add(prefix)
      }
  return prefixes.size > 0 ? { routes: prefixes.size } : {}
}

/** Whether what an AS announces gets to another one, or is its own. */
function knownTo(
  intents: readonly RouterIntent[],
  announced: ReadonlyMap<number, unknown>,
): (origin: number, as: number) => boolean {
  const at = new Map(
    intents.flatMap(({ as, neighbors }) =>
      neighbors
        .filter((each) => each.as !== as)
        .map((each) => [`${each.local} ${each.address}`, each.policies.in] as const),
    ),
  )
  const ways = intents.flatMap(({ as, neighbors }): Way[] =>
    neighbors
      .filter((each) => each.as !== as)
      .map((each) => ({
        from: as,
        to: each.as,
        out: each.policies.out,
        in: at.get(`${each.address} ${each.local}`) ?? {},
      })),
  )
  const known = new Map([...announced.keys()].map((origin) => [origin, learners(origin, ways)]))
  return (origin, as) => origin === as || known.get(origin)?.has(as) === true
}

const igpOf = ({ autonomousSystems }: Topology, as: number) =>
  autonomousSystems.find(({ asn }) => asn === as)?.igp ?? 'ospf'

/** Of each AS: what the file says, else the prefixes of its hosts' links. */
function announcements(
  { autonomousSystems, nodes, families }: Topology,
  near: Neighbourhood,
): Map<number, readonly string[]> {
  return new Map(
    autonomousSystems.map(({ asn, announce }) => [
      asn,
      announce ?? [
        ...new Set(
          nodes
            .filter((node) => node.kind === 'host' && node.as === asn)
            .flatMap(({ name }) =>
              families.flatMap((family) => near(name, family).map(({ address }) => prefixOf(address))),
            ),
        ),
      ],
    ]),
  )
}

/** Of the links of a router's own hosts. */
const hostPrefixes = (topology: Topology, near: Neighbourhood, router: Node): string[] => [
  ...new Set(
    topology.families.flatMap((family) =>
      near(router.name, family)
        .filter(({ peer }) => peer.kind === 'host' && peer.as === router.as)
        .map(({ address }) => prefixOf(address)),
    ),
  ),
]

/** What the IGP brings a router of its own AS's hosts: the prefixes of their links to others. */
const carried = (topology: Topology, near: Neighbourhood, router: Node, as: number): string[] =>
  igpOf(topology, as) === 'none'
    ? []
    : topology.nodes
        .filter((node) => node.kind === 'host' && node.as === as)
        .flatMap(({ name }) => topology.families.flatMap((family) => near(name, family)))
        .filter(({ peer }) => peer.name !== router.name)
        .map(({ address }) => prefixOf(address))

interface External {
  readonly session: Session
  readonly adjacency: Adjacency
}

/** Across every link between two ASes; on a segment with a route server with that alone. */
const externalSessions = (adjacencies: readonly Adjacency[]): External[] =>
  adjacencies
    .filter(({ node, peer }) => isRouter(peer) && peer.as !== undefined && peer.as !== node.as)
    .filter(
      ({ node, peer, bridge }) =>
        bridge === undefined ||
        node.routeServer ||
        peer.routeServer ||
        !adjacencies.some((other) => other.bridge === bridge && other.peer.routeServer),
    )
    .map((adjacency) => {
      const { node, address, peer, peerAddress } = adjacency
      const session: Session = {
        node: node.name,
        local: bare(address),
        localAs: node.as ?? 0,
        peer: bare(peerAddress),
        peerAs: peer.as ?? 0,
        to: { kind: 'router', name: peer.name },
      }
      return { session, adjacency }
    })

interface Internal {
  readonly session: Session
  /** Whether the other end is this route reflector's client. */
  readonly isClient: boolean
}

/**
 * Of one family, between loopbacks where an IGP carries them, else across the links; in full mesh, or between route
 * reflectors and everyone.
 */
function internalSessions(
  topology: Topology,
  router: Node,
  family: Family,
  near: Neighbourhood,
  addresses: Addresses,
): Internal[] {
  const { name, as = 0 } = router
  const peers = topology.nodes.filter((node) => isRouter(node) && node.as === as && node.name !== name)
  const isReflected = router.reflector || peers.some(({ reflector }) => reflector)
  const meant = peers.filter((peer) => !isReflected || router.reflector || peer.reflector)
  const internal = (peer: Node, local: string, remote: string): Internal => ({
    session: {
      node: name,
      local,
      localAs: as,
      peer: remote,
      peerAs: as,
      to: { kind: 'router', name: peer.name },
    },
    isClient: router.reflector && !peer.reflector,
  })
  if (igpOf(topology, as) !== 'none')
    return meant.map((peer) =>
      internal(peer, addresses.loopback(name, family), addresses.loopback(peer.name, family)),
    )
  return meant.flatMap((peer) =>
    near(name, family)
      .filter((adjacency) => adjacency.peer.name === peer.name)
      .slice(0, 1)
      .map(({ address, peerAddress }) => internal(peer, bare(address), bare(peerAddress))),
  )
}

/** Between routers a session carries the routes of its own family. */
const neighbor = (session: Session): Neighbor => ({
  description: session.to.name,
  address: session.peer,
  as: session.peerAs,
  local: session.local,
  ...(session.port === undefined ? {} : { port: session.port }),
  nextHopSelf: false,
  listener: false,
  client: false,
  families: [familyOf(session.peer)],
  policies: noPolicies,
})

/** A listener is told routes from iBGP too, as a client, and over one session those of all families (RFC 4760). */
const listening = ({ session, nextHops }: Listener, families: readonly Family[]): Neighbor => ({
  ...neighbor(session),
  listener: true,
  client: true,
  families,
  nextHops,
})

/**
 * Links inside the AS speak its IGP; those to hosts and collectors, and the loopback, are announced by it. None where the
 * router has nobody to speak it with.
 */
function interiorInterfaces(adjacencies: readonly Adjacency[], family: Family): InteriorInterface[] {
  const inside = adjacencies.filter(({ node, peer }) => !isRouter(peer) || peer.as === node.as)
  if (!inside.some(({ peer }) => isRouter(peer))) return []
  return [
    { family, interface: 'lo', passive: true, shared: false, cost: 1 },
    ...[...new Set(inside.map((each) => each.interface))].flatMap((name) => {
      const here = inside.filter((each) => each.interface === name)
      const cost = here[0]?.link.cost ?? 1
      const passive = !here.some(({ peer }) => isRouter(peer))
      return {
        family,
        interface: name,
        passive,
        shared: here.some(({ bridge }) => bridge !== undefined),
        cost,
      }
    }),
  ]
}

/** Prefixes of the hosts of the router's AS, and what of the other ASes' announcements gets there. */
function mustReach(
  { nodes, families }: Topology,
  near: Neighbourhood,
  { as = 0, routeServer }: Node,
  announced: ReadonlyMap<number, readonly string[]>,
  known: (origin: number, as: number) => boolean,
): string[] {
  const own = nodes
    .filter((node) => node.kind === 'host' && node.as === as && !routeServer)
    .flatMap(({ name }) =>
      families.flatMap((family) => near(name, family).map(({ address }) => prefixOf(address))),
    )
  const others = [...announced].flatMap(([asn, prefixes]) => (asn === as || !known(asn, as) ? [] : prefixes))
  return [...new Set([...own, ...others])]
}
