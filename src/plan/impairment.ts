// An impaired link is two links with a wire between them: a node of two interfaces that passes every frame on, or not. So
// each end sees what really left and what really came, and captures at both ends tell the loss.

import type { Link, Loss } from '../topology/topology.ts'
import type { LinkPlan, NodePlan } from './plan.ts'

export interface Wiring {
  readonly links: readonly LinkPlan[]
  readonly wires: readonly NodePlan[]
}

/** A link that is to be cut has a wire too: its ends then lose their carrier, as when a cable is pulled. */
export function wire(links: readonly Link[], isCut: (link: Link) => boolean): Wiring {
  const wired = links.map((link, index) =>
    link.loss === undefined && !isCut(link) ? direct(link) : impaired(link, link.loss, index),
  )
  return { links: wired.flatMap((each) => each.links), wires: wired.flatMap((each) => each.wires) }
}

const direct = ({ endpoints: [a, b] }: Link): Wiring => ({
  links: [
    {
      ends: [
        { node: a.node, interface: a.interface },
        { node: b.node, interface: b.interface },
      ],
    },
  ],
  wires: [],
})

function impaired(link: Link, loss: Loss | undefined, index: number): Wiring {
  const [a, b] = link.endpoints
  // No node of a lab file can have this name.
  const name = `wire.${index}`
  const port = (side: string) => ({ name: side, addresses: [], mtu: link.mtu, offloads: link.offloads })
  const ruleset = '/run/flowlab/wire.nft'
  return {
    links: [
      {
        ends: [
          { node: a.node, interface: a.interface },
          { node: name, interface: 'a' },
        ],
      },
      {
        ends: [
          { node: name, interface: 'b' },
          { node: b.node, interface: b.interface },
        ],
      },
    ],
    wires: [
      {
        name,
        kind: 'wire',
        interfaces: [port('a'), port('b')],
        loopback: [],
        binds: [],
        env: {},
        directories: {},
        routes: [],
        sysctls: silent,
        files: { [ruleset]: forwarding(loss) },
        processes: [{ name: 'nft', argv: ['nft', '-f', ruleset], oneshot: true }],
      },
    ],
  }
}

/** Of a node that has no address and says nothing of its own. */
export const silent = { 'net.ipv6.conf.all.disable_ipv6': '1', 'net.ipv6.conf.default.disable_ipv6': '1' }

/** Frames pass from one port to the other (nft's `fwd`), after the loss. */
export const forwarding = (loss: Loss | undefined): string =>
  ['table netdev wire {', ...chain('a', 'b', loss), ...chain('b', 'a', loss), '}', ''].join('\n')

const chain = (from: string, to: string, loss: Loss | undefined): string[] => [
  `  chain ${from} {`,
  `    type filter hook ingress device "${from}" priority 0;`,
  ...dropping(loss).map((match) => `    ${match} counter drop`),
  `    fwd to "${to}"`,
  '  }',
]

/**
 * Every n-th is counted apart for UDP and for all else, from the middle of the first n on, so that a few datagrams among
 * many packets lose their share too. `random` has a resolution of one in a million.
 */
function dropping(loss: Loss | undefined): string[] {
  if (loss === undefined) return []
  if ('random' in loss) return [`numgen random mod 1000000 < ${Math.round(loss.random * 1_000_000)}`]
  const nth = `numgen inc mod ${loss.every} == ${Math.floor((loss.every - 1) / 2)}`
  return [`meta l4proto 17 ${nth}`, `meta l4proto != 17 ${nth}`]
}
