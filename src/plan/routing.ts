// Routing from AS numbers: eBGP across every link between two ASes, iBGP in full mesh within one, OSPF inside, and what
// each AS announces; of each family by itself. Also what every forwarding table must hold in the end, by which a lab is known to be ready.

import { type Family, familyOf } from '../kernel/address.ts'
import type { Neighbor, RouterIntent } from '../part.ts'
import type { Node, Topology } from '../topology/topology.ts'
import type { Addresses } from './addresses.ts'
import { type Adjacency, bare, isRouter, type Neighbourhood, prefixOf } from './neighbourhood.ts'
import { filled, type Names } from './own.ts'
import type { Reachable, Session } from './plan.ts'

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
  /** All prefixes that some AS announces. */
  readonly announced: readonly string[]
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
  const planned = routers.flatMap((router) => [
    ...families.flatMap((family) => [
      ...externalSessions(near(router.name, family)),
      ...internalSessions(topology, router.name, family, near, addresses),
    ]),
    ...listeners.flatMap((listener) => (listener.router === router.name ? listener.session : [])),
  ])
  const sessions = planned.filter((session) => speaks(session, topology, names))
  const intents = routers.map((router): [string, RouterIntent] => {
    const as = router.as ?? 0
    const own = sessions.filter(({ node }) => node === router.name)
    const isBorder = own.some(({ peerAs, to }) => peerAs !== as && to.kind === 'router')
    const announce = isBorder ? (announced.get(as) ?? []) : []
    return [
      router.name,
      {
        hostname: router.name,
        as,
        routerId: addresses.loopback(router.name, 4),
        families,
        loopback: families.map((family) => addresses.loopback(router.name, family)),
        announce,
        carried: announce.filter((prefix) => carried(topology, near, router, as).includes(prefix)),
        ospf:
          igpOf(topology, as) === 'ospf'
            ? families.flatMap((family) => ospfInterfaces(near(router.name, family), family))
            : [],
        neighbors: own.map((session) => {
          const listener = listeners.find((each) => each.session === session)
          return listener ? told(listener, families) : neighbor(session, isBorder)
        }),
      },
    ]
  })
  return {
    intents: new Map(intents),
    sessions,
    // What a configuration of one's own brings is its own.
    reachable: routers
      .filter((router) => !router.own)
      .map(({ name, as }) => ({
        node: name,
        prefixes: mustReach(topology, near, announced, as),
      })),
    announced: [...announced.values()].flat(),
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

/** What OSPF brings a router of its own AS's hosts: the prefixes of their links to others. */
const carried = (topology: Topology, near: Neighbourhood, router: Node, as: number): string[] =>
  igpOf(topology, as) === 'none'
    ? []
    : topology.nodes
        .filter((node) => node.kind === 'host' && node.as === as)
        .flatMap(({ name }) => topology.families.flatMap((family) => near(name, family)))
        .filter(({ peer }) => peer.name !== router.name)
        .map(({ address }) => prefixOf(address))

const externalSessions = (adjacencies: readonly Adjacency[]): Session[] =>
  adjacencies
    .filter(({ node, peer }) => isRouter(peer) && peer.as !== undefined && peer.as !== node.as)
    .map(({ node, address, peer, peerAddress }) => ({
      node: node.name,
      local: bare(address),
      localAs: node.as ?? 0,
      peer: bare(peerAddress),
      peerAs: peer.as ?? 0,
      to: { kind: 'router', name: peer.name },
    }))

/** Of one family, between loopbacks where an IGP carries them, else across the links. */
function internalSessions(
  topology: Topology,
  name: string,
  family: Family,
  near: Neighbourhood,
  addresses: Addresses,
): Session[] {
  const as = topology.nodes.find((node) => node.name === name)?.as ?? 0
  const session = (peer: string, local: string, remote: string): Session => ({
    node: name,
    local,
    localAs: as,
    peer: remote,
    peerAs: as,
    to: { kind: 'router', name: peer },
  })
  if (igpOf(topology, as) === 'ospf')
    return topology.nodes
      .filter((node) => isRouter(node) && node.as === as && node.name !== name)
      .map((peer) =>
        session(peer.name, addresses.loopback(name, family), addresses.loopback(peer.name, family)),
      )
  return near(name, family)
    .filter(({ peer }) => isRouter(peer) && peer.as === as)
    .map(({ peer, address, peerAddress }) => session(peer.name, bare(address), bare(peerAddress)))
}

/** Between routers a session carries the routes of its own family. */
const neighbor = (session: Session, isBorder: boolean): Neighbor => ({
  description: session.to.name,
  address: session.peer,
  as: session.peerAs,
  local: session.local,
  ...(session.port === undefined ? {} : { port: session.port }),
  nextHopSelf: isBorder && session.to.kind === 'router' && session.peerAs === session.localAs,
  listener: false,
  families: [familyOf(session.peer)],
})

/** To a listener one session carries the routes of all families (RFC 4760). */
const told = ({ session, nextHops }: Listener, families: readonly Family[]): Neighbor => ({
  ...neighbor(session, false),
  listener: true,
  families,
  nextHops,
})

/**
 * Links inside the AS speak OSPF; those to hosts and collectors, and the loopback, are announced by it. None where the
 * router has nobody to speak it with.
 */
function ospfInterfaces(adjacencies: readonly Adjacency[], family: Family): RouterIntent['ospf'] {
  const inside = adjacencies.filter(({ node, peer }) => !isRouter(peer) || peer.as === node.as)
  if (!inside.some(({ peer }) => isRouter(peer))) return []
  return [
    { family, interface: 'lo', passive: true },
    ...inside.map(({ interface: name, peer }) => ({ family, interface: name, passive: !isRouter(peer) })),
  ]
}

/** Prefixes of the router's own hosts, and what the other ASes announce. */
function mustReach(
  { nodes, families }: Topology,
  near: Neighbourhood,
  announced: ReadonlyMap<number, readonly string[]>,
  as: number | undefined,
): string[] {
  const own = nodes
    .filter((node) => node.kind === 'host' && node.as === as)
    .flatMap(({ name }) =>
      families.flatMap((family) => near(name, family).map(({ address }) => prefixOf(address))),
    )
  const others = [...announced].flatMap(([asn, prefixes]) => (asn === as ? [] : prefixes))
  return [...new Set([...own, ...others])]
}
