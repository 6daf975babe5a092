// The way of the exports from probe to collector: the kernel's count at both ends, and what records the datagrams there.
// Counted are IP packets, fragments too; the same packets are recorded, so that a recording is known to be whole.

import { familyOf } from '../../kernel/address.ts'
import type { ProbePlan, ProcessPlan } from '../../plan/plan.ts'

export type Side = 'exported' | 'arrived'

/** nft's name of the header that has such an address. */
export const header = (address: string): 'ip' | 'ip6' => (familyOf(address) === 6 ? 'ip6' : 'ip')

const tableOf = (side: Side, index: number): string => `flowlab_${side}_${index}`

/** Exports leave by the exporter's interface, before any loss, and come in at the collector's. */
const hooks: Readonly<Record<Side, string>> = { exported: 'egress', arrived: 'ingress' }

export const ruleset = (probe: ProbePlan, index: number, side: Side, interfaceName: string): string =>
  [
    `table netdev ${tableOf(side, index)} {`,
    '  counter datagrams {}',
    '  chain count {',
    `    type filter hook ${hooks[side]} device "${interfaceName}" priority -100; policy accept;`,
    `    ${header(probe.export.source)} saddr ${probe.export.source} ${header(probe.export.address)} daddr ${probe.export.address} meta l4proto udp counter name datagrams`,
    '  }',
    '}',
    '',
  ].join('\n')

export const listing = (side: Side, index: number): string[] => [
  ...['nft', '-j', 'list', 'table', 'netdev'],
  tableOf(side, index),
]

/** Records what the ruleset counts, each datagram whole. Ready when the interface is tapped: tcpdump makes the file then. */
export function recorder(probe: ProbePlan, side: Side, interfaceName: string): ProcessPlan {
  const file = recordingPath(probe.name, side)
  return {
    name: `tcpdump-${side}-${probe.name}`,
    argv: [
      'tcpdump',
      ...[
        '-i',
        interfaceName,
        '-n',
        '-s',
        '0',
        '-U',
        '--immediate-mode',
        '-B',
        '16384',
        '-Z',
        'root',
        '-w',
        file,
      ],
      // On the loopback libpcap shows a packet once: as it comes in.
      ...['-Q', side === 'exported' && interfaceName !== 'lo' ? 'out' : 'in'],
      `udp and src host ${probe.export.source} and dst host ${probe.export.address}`,
    ],
    ready: file,
    stop: 'SIGINT',
  }
}

/** In the node. */
export const recordingPath = (probe: string, side: Side): string => `/var/log/${side}-${probe}.pcap`
