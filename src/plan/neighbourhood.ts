// The lab's links seen from a node: its interfaces with their addresses, and what stands at their other ends, which on a
// bridge's segment is every other node there. A link without addresses of the plan's is no neighbour's.

import { type Family, formatPrefix, network, parseInterfaceAddress } from '../kernel/address.ts'
import type { Endpoint, Link, Node, Topology } from '../topology/topology.ts'
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
  /** The bridge of the segment on which both are. */
  readonly bridge?: string
}

/** Of one family: links that do not carry it are none. */
export type Neighbourhood = (node: string, family: Family) => readonly Adjacency[]

export function neighbourhood(topology: Topology, addresses: Addresses): Neighbourhood {
  const byFamily = { 4: adjacencies(topology, addresses, 4), 6: adjacencies(topology, addresses, 6) }
  return (node, family) => byFamily[family].get(node) ?? []
}

interface Attached {
  readonly link: Link
  readonly end: Endpoint
}

function adjacencies(topology: Topology, addresses: Addresses, family: Family): Map<string, Adjacency[]> {
  const nodes = new Map(topology.nodes.map((node) => [node.name, node]))
  const byNode = new Map<string, Adjacency[]>(topology.nodes.map(({ name }) => [name, []]))
  const nodeOf = ({ node: name }: Endpoint): Node => {
    const node = nodes.get(name)
    if (!node) throw new Error(`a link names a node that is not there: ${name}`)
    return node
  }
  const join = (here: Attached, there: Attached, bridge?: string): void => {
    const address = addresses.of(here.end.node, here.end.interface, family)
    const peerAddress = addresses.of(there.end.node, there.end.interface, family)
    if (address === undefined || peerAddress === undefined) return
    byNode.get(here.end.node)?.push({
      node: nodeOf(here.end),
      interface: here.end.interface,
      address,
      link: here.link,
      peer: nodeOf(there.end),
      peerInterface: there.end.interface,
      peerAddress,
      ...(bridge === undefined ? {} : { bridge }),
    })
  }
  const segments = new Map<string, Attached[]>()
  for (const link of topology.links) {
    const [a, b] = link.endpoints
    const bridge = [a, b].find((end) => nodeOf(end).kind === 'bridge')
    if (bridge) {
      const segment = segments.get(bridge.node) ?? []
      segments.set(bridge.node, [...segment, { link, end: bridge === a ? b : a }])
      continue
    }
    join({ link, end: a }, { link, end: b })
    join({ link, end: b }, { link, end: a })
  }
  for (const [bridge, attached] of segments)
    for (const here of attached) for (const there of attached) if (here !== there) join(here, there, bridge)
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
