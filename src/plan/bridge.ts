// A bridge of the lab file is a node of its own with a Linux bridge in it, br0, that joins all its interfaces into one segment.

import type { Compiled } from '../part.ts'
import type { InterfacePlan } from './plan.ts'

const commands = '/run/flowlab/bridge.ip'

/** Frames pass from the first moment on: no spanning tree, and multicast (OSPF) to every port. */
export const bridging = (ports: readonly InterfacePlan[]): Compiled => ({
  files: { [commands]: batch(ports) },
  processes: [{ name: 'bridge', argv: ['ip', '-batch', commands], oneshot: true }],
})

/** Lines for `ip -batch`. */
export const batch = (ports: readonly Pick<InterfacePlan, 'name' | 'mtu'>[]): string =>
  [
    `link add name br0 mtu ${Math.min(...ports.map(({ mtu }) => mtu))} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`,
    ...ports.map(({ name }) => `link set dev ${name} master br0`),
    'link set dev br0 up',
    '',
  ].join('\n')
