// Every interface's address: what the lab file gives, and the rest from pools that give way to what it gives.

import {
  type Address,
  addressAt,
  formatAddress,
  network,
  overlap,
  parseInterfaceAddress,
  parsePrefix,
  type Prefix,
  sizeOf,
} from '../kernel/address.ts'
import type { Endpoint, Link, Topology } from '../topology/topology.ts'

/** Links without a prefix get /30s, routers and BGP daemons /32s, from ranges that labs seldom use themselves: the second where the lab has the first. */
const pools = {
  links: ['10.0.0.0/12', '100.64.0.0/12'],
  routers: ['10.255.0.0/16', '100.127.0.0/16'],
  daemons: ['10.254.0.0/16', '100.126.0.0/16'],
} as const

export interface Addresses {
  /** Of a link's end, with prefix length. */
  readonly of: (node: string, interfaceName: string) => string
  /** Of a router's loopback, without length: its router id and the address of its iBGP sessions. */
  readonly loopback: (router: string) => string
  /** Of the n-th BGP daemon that stands beside a router on one node. */
  readonly daemon: (index: number) => string
}

export function allocate(topology: Topology): Addresses {
  const taken = givenPrefixes(topology)
  const linkPool = pool(pools.links, 30, taken)
  const routerPool = pool(pools.routers, 32, taken)
  const daemonPool = pool(pools.daemons, 32, taken)
  const interfaces = new Map<string, string>()
  for (const link of topology.links.filter(({ numbered }) => numbered))
    for (const [end, address] of linkAddresses(link, linkPool))
      interfaces.set(`${end.node}:${end.interface}`, address)
  const routers = topology.nodes
    .filter(({ kind }) => kind === 'frr' || kind === 'bird')
    .map(({ name }) => name)
  const loopbacks = new Map(routers.map((name) => [name, formatAddress(routerPool().address)]))
  const daemons = [...topology.probes, ...topology.collectors].map(() => formatAddress(daemonPool().address))
  return {
    of: (node, name) => known(interfaces.get(`${node}:${name}`), `${node}:${name}`),
    loopback: (router) => known(loopbacks.get(router), router),
    daemon: (index) => known(daemons[index], `daemon ${index}`),
  }
}

function known(address: string | undefined, what: string): string {
  if (address === undefined) throw new Error(`no address was planned for ${what}`)
  return address
}

const givenPrefixes = ({ links, autonomousSystems }: Topology): Prefix[] => [
  ...links.flatMap(({ prefix }) => prefix ?? []).flatMap((text) => parsePrefix(text) ?? []),
  ...links
    .flatMap(({ endpoints }) => endpoints.flatMap(({ address }) => address ?? []))
    .flatMap((text) => parseInterfaceAddress(text) ?? [])
    .map(network),
  ...autonomousSystems.flatMap(({ announce }) => announce ?? []).flatMap((text) => parsePrefix(text) ?? []),
]

/** Hands out prefixes of `length` in order, passing over those that the lab file uses. Throws when the pool is used up. */
function pool(ranges: readonly string[], length: number, taken: readonly Prefix[]): () => Prefix {
  const wholes = ranges.flatMap((range) => parsePrefix(range) ?? [])
  const whole = wholes.find(
    (each) => !taken.some((prefix) => prefix.length <= each.length && overlap(prefix, each)),
  )
  if (!whole)
    throw new Error(`the lab file uses all of ${ranges.join(' and ')}, from which addresses are taken`)
  const step = 1n << BigInt(32 - length)
  let next = length === 32 ? 1n : 0n
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

function linkAddresses(link: Link, next: () => Prefix): [Endpoint, string][] {
  const prefix = link.prefix === undefined ? undefined : parsePrefix(link.prefix)
  const given = new Set(link.endpoints.map(({ address }) => address?.split('/')[0]))
  const subnet = prefix ?? (link.endpoints.every(({ address }) => address) ? undefined : next())
  let offset = subnet && sizeOf(subnet) > 2n ? 1n : 0n
  return link.endpoints.map((end) => {
    if (end.address !== undefined) return [end, end.address]
    if (!subnet) throw new Error(`link of ${end.node} has no prefix`)
    const free = (): Address => addressAt(subnet, offset++)
    let address = formatAddress(free())
    while (given.has(address)) address = formatAddress(free())
    return [end, `${address}/${subnet.length}`]
  })
}
