// The lab's links seen from a node: its interfaces with their addresses, and what stands at their other ends. A link without
// addresses of the plan's (a bridge's, or one with `none`) is no neighbour's.

import { type Family, formatPrefix, network, parseInterfaceAddress } from '../kernel/address.ts'
import type { Link, Node, Topology } from '../topology/topology.ts'
import type { Addresses } from './addresses.ts'

export interface Adjacency {
  readonly node: Node
  readonly interface: string
  /** With prefix length. */
  readonly address: string
  readonly link: Link
  readonly peer: Node
  readonly peerInterface: string
  readonly peerAddress: string
}

/** Of one family: links that do not carry it are none. */
export type Neighbourhood = (node: string, family: Family) => readonly Adjacency[]

export function neighbourhood(topology: Topology, addresses: Addresses): Neighbourhood {
  const byFamily = { 4: adjacencies(topology, addresses, 4), 6: adjacencies(topology, addresses, 6) }
  return (node, family) => byFamily[family].get(node) ?? []
}

function adjacencies(topology: Topology, addresses: Addresses, family: Family): Map<string, Adjacency[]> {
  const nodes = new Map(topology.nodes.map((node) => [node.name, node]))
  const byNode = new Map<string, Adjacency[]>(topology.nodes.map(({ name }) => [name, []]))
  for (const link of topology.links) {
    const [a, b] = link.endpoints
    for (const [here, there] of [
      [a, b],
      [b, a],
    ] as const) {
      const node = nodes.get(here.node)
      const peer = nodes.get(there.node)
      if (!node || !peer) throw new Error(`link ${here.node} – ${there.node} names a node that is not there`)
      const address = addresses.of(here.node, here.interface, family)
      const peerAddress = addresses.of(there.node, there.interface, family)
      if (address === undefined || peerAddress === undefined) continue
      byNode.get(here.node)?.push({
        node,
        interface: here.interface,
        address,
        link,
        peer,
        peerInterface: there.interface,
        peerAddress,
      })
    }
  }
  return byNode
}

export const isRouter = ({ kind }: Node): boolean => kind === 'frr' || kind === 'bird'

/** The address without its prefix length. */
export const bare = (address: string): string => address.split('/')[0] ?? address

/** The prefix of an interface's address, as text. */
export function prefixOf(address: string): string {
  const parsed = parseInterfaceAddress(address)
  if (!parsed) throw new Error(`${address} is no address with prefix length`)
  return formatPrefix(network(parsed))
}
