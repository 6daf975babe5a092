// Every interface's address: what the lab file gives, and the rest from pools that give way to what it gives.

import {
  type Address,
  addressAt,
  bitsOf,
  type Family,
  familyOf,
  formatAddress,
  network,
  overlap,
  parseInterfaceAddress,
  parsePrefix,
  type Prefix,
  sizeOf,
} from '../kernel/address.ts'
import type { Endpoint, Link, Topology } from '../topology/topology.ts'

interface Pool {
  readonly ranges: readonly string[]
  readonly length: number
}

/** From ranges that labs seldom use themselves: the second where the lab has the first. IPv6's are ULA (RFC 4193). */
const pools = {
  4: {
    links: { ranges: ['10.0.0.0/12', '100.64.0.0/12'], length: 30 },
    routers: { ranges: ['10.255.0.0/16', '100.127.0.0/16'], length: 32 },
    daemons: { ranges: ['10.254.0.0/16', '100.126.0.0/16'], length: 32 },
  },
  6: {
    links: { ranges: ['fd00::/32', 'fd01::/32'], length: 64 },
    routers: { ranges: ['fd00:255::/32', 'fd01:255::/32'], length: 128 },
    daemons: { ranges: ['fd00:254::/32', 'fd01:254::/32'], length: 128 },
  },
} as const

export interface Addresses {
  /** Of a link's end, with prefix length; undefined where its link does not carry the family. */
  readonly of: (node: string, interfaceName: string, family: Family) => string | undefined
  /** Of a router's loopback, without length: the address of its iBGP sessions. The one of IPv4 is its router id, whatever the lab's families. */
  readonly loopback: (router: string, family: Family) => string
  /** Of the n-th BGP daemon that stands beside a router on one node. The one of IPv4 is its BGP identifier. */
  readonly daemon: (index: number, family: Family) => string
}

export function allocate(topology: Topology): Addresses {
  const taken = givenPrefixes(topology)
  const byFamily = { 4: allocateFamily(topology, 4, taken), 6: allocateFamily(topology, 6, taken) }
  return {
    of: (node, name, family) => byFamily[family].interfaces.get(`${node}:${name}`),
    loopback: (router, family) => known(byFamily[family].loopbacks.get(router), router),
    daemon: (index, family) => known(byFamily[family].daemons[index], `daemon ${index}`),
  }
}

function allocateFamily(topology: Topology, family: Family, taken: readonly Prefix[]) {
  const linkPool = pool(pools[family].links, taken)
  const routerPool = pool(pools[family].routers, taken)
  const daemonPool = pool(pools[family].daemons, taken)
  const interfaces = new Map<string, string>()
  const segments = segmentsOf(topology, family)
  for (const [name, address] of segments) interfaces.set(name, address)
  const bridges = new Set(topology.nodes.filter(({ kind }) => kind === 'bridge').map(({ name }) => name))
  for (const link of topology.links.filter(
    ({ families, endpoints }) =>
      families.includes(family) && !endpoints.some(({ node }) => bridges.has(node)),
  ))
    for (const [end, address] of linkAddresses(link, family, linkPool))
      interfaces.set(`${end.node}:${end.interface}`, address)
  const routers = topology.nodes
    .filter(({ kind }) => kind === 'frr' || kind === 'bird')
    .map(({ name }) => name)
  const loopbacks = new Map(routers.map((name) => [name, formatAddress(routerPool().address)]))
  const daemons = [...topology.probes, ...topology.collectors].map(() => formatAddress(daemonPool().address))
  return { interfaces, loopbacks, daemons }
}

function known(address: string | undefined, what: string): string {
  if (address === undefined) throw new Error(`no address was planned for ${what}`)
  return address
}

/** By `node:interface`, of those that stand on a bridge's segment: its addresses in the order of the links. */
const segmentsOf = ({ nodes, links }: Topology, family: Family): [string, string][] =>
  nodes.flatMap(({ name, segment }) => {
    const prefix = segment
      .filter((text) => familyOf(text) === family)
      .flatMap((text) => parsePrefix(text) ?? [])[0]
    if (!prefix) return []
    const ends = links
      .filter(({ endpoints }) => endpoints.some(({ node }) => node === name))
      .flatMap(({ endpoints }) => endpoints.filter(({ node }) => node !== name))
    return ends.map((end, index): [string, string] => [
      `${end.node}:${end.interface}`,
      `${formatAddress(addressAt(prefix, BigInt(index + 1)))}/${prefix.length}`,
    ])
  })

const givenPrefixes = ({ links, autonomousSystems, nodes }: Topology): Prefix[] => [
  ...nodes.flatMap(({ segment }) => segment).flatMap((text) => parsePrefix(text) ?? []),
  ...links.flatMap(({ prefixes }) => prefixes).flatMap((text) => parsePrefix(text) ?? []),
  ...links
    .flatMap(({ endpoints }) => endpoints.flatMap(({ addresses }) => addresses))
    .flatMap((text) => parseInterfaceAddress(text) ?? [])
    .map(network),
  ...autonomousSystems.flatMap(({ announce }) => announce ?? []).flatMap((text) => parsePrefix(text) ?? []),
]

/** Hands out prefixes in order, passing over those that the lab file uses. Throws when the pool is used up. */
function pool({ ranges, length }: Pool, taken: readonly Prefix[]): () => Prefix {
  const wholes = ranges.flatMap((range) => parsePrefix(range) ?? [])
  const whole = wholes.find(
    (each) => !taken.some((prefix) => prefix.length <= each.length && overlap(prefix, each)),
  )
  if (!whole)
    throw new Error(`the lab file uses all of ${ranges.join(' and ')}, from which addresses are taken`)
  const step = 1n << BigInt(bitsOf(whole.address.family) - length)
  let next = step === 1n ? 1n : 0n
  return () => {
    for (; next < sizeOf(whole); next += step) {
      const candidate = { address: addressAt(whole, next), length }
      if (taken.some((prefix) => overlap(prefix, candidate))) continue
      next += step
      return candidate
    }
    throw new Error(`the pools ${ranges.join(' and ')} have no prefix left`)
  }
}

function linkAddresses(link: Link, family: Family, next: () => Prefix): [Endpoint, string][] {
  const isOwn = (text: string): boolean => familyOf(text) === family
  const text = link.prefixes.find(isOwn)
  const ends = link.endpoints.map((end) => ({ end, given: end.addresses.find(isOwn) }))
  const given = new Set(ends.map((each) => each.given?.split('/')[0]))
  const prefix = text === undefined ? undefined : parsePrefix(text)
  const subnet = prefix ?? (ends.every((each) => each.given) ? undefined : next())
  let offset = subnet && sizeOf(subnet) > 2n ? 1n : 0n
  return ends.map(({ end, given: own }) => {
    if (own !== undefined) return [end, own]
    if (!subnet) throw new Error(`link of ${end.node} has no prefix`)
    const free = (): Address => addressAt(subnet, offset++)
    let address = formatAddress(free())
    while (given.has(address)) address = formatAddress(free())
    return [end, `${address}/${subnet.length}`]
  })
}
