// An impaired link is two links with a wire between them: a node of two interfaces that passes every frame on, or not, or later.
// So each end sees what really left and what really came, and captures at both ends tell the loss.

import type { Impairment, Link, Loss } from '../topology/topology.ts'
import type { LinkPlan, NodePlan, Plan } from './plan.ts'

export interface Wiring {
  readonly links: readonly LinkPlan[]
  readonly wires: readonly NodePlan[]
}

/** A link that is to be cut has a wire too: its ends then lose their carrier, as when a cable is pulled. */
export function wire(links: readonly Link[], isCut: (link: Link) => boolean): Wiring {
  const wired = links.map((link, index) =>
    Object.keys(link.impairment).length === 0 && !isCut(link) ? direct(link) : impaired(link, index),
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

function impaired({ endpoints: [a, b], impairment, mtu, offloads }: Link, index: number): Wiring {
  // No node of a lab file can have this name.
  const name = `wire.${index}`
  const port = (side: string) => ({ name: side, addresses: [], mtu, offloads })
  const [ruleset, batch] = ['/run/flowlab/wire.nft', '/run/flowlab/wire.tc']
  const shaped = isShaped(impairment)
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
        files: {
          [ruleset]: forwarding(impairment.loss),
          ...(shaped ? { [batch]: shaping(impairment, mtu) } : {}),
        },
        processes: [
          { name: 'nft', argv: ['nft', '-f', ruleset], oneshot: true },
          ...(shaped ? [{ name: 'tc', argv: ['tc', '-batch', batch], oneshot: true }] : []),
        ],
        impairment,
      },
    ],
  }
}

/** All that the plan's links do to what crosses them, at their beginning and in events. */
export const impairmentsOf = ({ nodes, events }: Plan): Impairment[] => [
  ...nodes.flatMap(({ impairment }) => impairment ?? []),
  ...events.flatMap(({ action }) => (action.do === 'impair' ? action.impairment : [])),
]

/** Whether netem is needed: the token bucket alone delays nothing that is within its rate. */
export const isDelayed = ({ delay }: Impairment): boolean => delay !== undefined

const isShaped = (impairment: Impairment): boolean => isDelayed(impairment) || impairment.rate !== undefined

/** Of a node that has no address and says nothing of its own. */
export const silent = { 'net.ipv6.conf.all.disable_ipv6': '1', 'net.ipv6.conf.default.disable_ipv6': '1' }

/**
 * Lines for `tc -batch`: each port's queue, of what leaves the wire there.
 * @param mtu of layer 3, in bytes
 */
export const shaping = (impairment: Impairment, mtu: number): string =>
  ['a', 'b'].map((port) => `qdisc replace dev ${port} root ${queue(impairment, mtu)}\n`).join('')

/**
 * A token bucket (tc-tbf(8)) holds 2 ms of its rate and 50 ms wait before it, but never less than two frames and ten; netem
 * (tc-netem(8)) has a rate of its own, and room for 10,000 packets on their way.
 */
function queue({ rate, delay, jitter }: Impairment, mtu: number): string {
  // A rate that is not named stays as it was, where netem was there before; 0 is none.
  if (delay !== undefined) return `netem limit 10000 delay ${delay}ms ${jitter ?? 0}ms rate ${rate ?? 0}bit`
  if (rate === undefined) return 'noqueue'
  const frame = mtu + 14
  const bytesIn = (milliseconds: number): number => Math.ceil((rate / 8_000) * milliseconds)
  return `tbf rate ${rate}bit burst ${Math.max(bytesIn(2), 2 * frame)} limit ${Math.max(bytesIn(50), 10 * frame)}`
}

/** Frames pass from one port to the other (nft's `fwd`), after the loss. What was there before gives way at once. */
export const forwarding = (loss: Loss | undefined): string =>
  [
    'table netdev wire {}',
    'delete table netdev wire',
    'table netdev wire {',
    ...chain('a', 'b', loss),
    ...chain('b', 'a', loss),
    '}',
    '',
  ].join('\n')

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
