// The way of the exports from probe to collector: the kernel's count at both ends, and what records the datagrams there.
// Counted are IP packets, fragments too; the same packets are recorded, so that a recording is known to be whole.

import { familyOf } from '../../kernel/address.ts'
import { exportName } from '../../plan/exporters.ts'
import type { ExportPlan, ProbePlan, ProcessPlan } from '../../plan/plan.ts'

export type Side = 'exported' | 'arrived'

/** nft's name of the header that has such an address. */
export const header = (address: string): 'ip' | 'ip6' => (familyOf(address) === 6 ? 'ip6' : 'ip')

export const tableOf = (side: Side, index: number): string => `flowlab_${side}_${index}`

/** Exports leave by the exporter's interface, before any loss, and come in at the collector's. */
const hooks: Readonly<Record<Side, string>> = { exported: 'egress', arrived: 'ingress' }

/**
 * At the collector's end `others` counts what comes to the same port from addresses that are none of the lab's exporters: `known`
 * are theirs.
 */
export const ruleset = (
  probe: ProbePlan,
  index: number,
  side: Side,
  interfaceName: string,
  known: readonly string[] = [],
): string =>
  [
    `table netdev ${tableOf(side, index)} {`,
    '  counter datagrams {}',
    ...(side === 'arrived' ? ['  counter others {}'] : []),
    '  chain count {',
    `    type filter hook ${hooks[side]} device "${interfaceName}" priority -100; policy accept;`,
    `    ${header(probe.export.source)} saddr ${probe.export.source} ${header(probe.export.address)} daddr ${probe.export.address} meta l4proto udp${ownNft(probe.export)} counter name datagrams`,
    ...(side === 'arrived' ? [`    ${othersNft(probe.export, known)} counter name others`] : []),
    '  }',
    '}',
    '',
  ].join('\n')

const othersNft = ({ source, address, port }: ExportPlan, known: readonly string[]): string => {
  const own = [...new Set([source, ...known])].filter((each) => familyOf(each) === familyOf(address))
  return `${header(address)} saddr != { ${own.join(', ')} } ${header(address)} daddr ${address} udp dport ${port}`
}

/** Where a header says who speaks: offsets into the UDP payload and lengths, in bytes. */
interface Identity {
  /** Its first two bytes. */
  readonly version: number
  readonly domain?: { readonly at: number; readonly length: 1 | 4 }
}

const identities: Readonly<Record<ExportPlan['protocol'], Identity>> = {
  netflow1: { version: 1 },
  // Engine ID (Cisco, NetFlow v5 header).
  netflow5: { version: 5, domain: { at: 21, length: 1 } },
  // Source ID (RFC 3954, section 5.1).
  netflow9: { version: 9, domain: { at: 16, length: 4 } },
  // Observation domain ID (RFC 7011, section 3.1).
  ipfix: { version: 10, domain: { at: 12, length: 4 } },
  // Sub-agent ID behind the agent address (sFlow v5, section 5; its version has four bytes): here of IPv4.
  sflow: { version: 0, domain: { at: 12, length: 4 } },
}

/** By how much a longer agent address moves what stands behind it. */
const moved = ({ protocol, source }: ExportPlan): number =>
  protocol === 'sflow' && familyOf(source) === 6 ? 12 : 0

const udpHeader = 8
const ipv6Header = 40

/**
 * Where several exports go from one address to another: what tells this one's datagrams from the others'.
 * Fragments but the first have no header to tell by and are not counted then.
 */
const ownNft = (way: ExportPlan): string => {
  const { protocol, domain, shared, port } = way
  if (!shared) return ''
  const { version, domain: field } = identities[protocol]
  const raw = (at: number, length: number): string => `@th,${(udpHeader + at) * 8},${length * 8}`
  const own = field ? ` ${raw(field.at + moved(way), field.length)} ${domain}` : ''
  return ` udp dport ${port} ${raw(0, 2)} ${version}${own}`
}

/** The same, as a filter of pcap-filter(7). */
const ownPcap = (way: ExportPlan): string => {
  const { protocol, domain, shared, port, address } = way
  if (!shared) return ''
  const { version, domain: field } = identities[protocol]
  // libpcap's udp[…] is of IPv4 alone; ip6[…] counts from the header, which has no extensions here.
  const raw = (at: number, length: number): string =>
    familyOf(address) === 4
      ? `udp[${udpHeader + at}:${length}]`
      : `ip6[${ipv6Header + udpHeader + at}:${length}]`
  const own = field ? ` and ${raw(field.at + moved(way), field.length)} = ${domain}` : ''
  return ` and dst port ${port} and ${raw(0, 2)} = ${version}${own}`
}

export const listing = (side: Side, index: number): string[] => [
  ...['nft', '-j', 'list', 'table', 'netdev'],
  tableOf(side, index),
]

/** Records what the ruleset counts, each datagram whole. Ready when the interface is tapped: tcpdump makes the file then. */
export function recorder(probe: ProbePlan, side: Side, interfaceName: string): ProcessPlan {
  const name = exportName(probe)
  const file = recordingPath(name, side)
  return {
    name: `tcpdump-${side}-${name}`,
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
      `udp and src host ${probe.export.source} and dst host ${probe.export.address}${ownPcap(probe.export)}`,
    ],
    ready: file,
    stop: 'SIGINT',
    witness: true,
  }
}

/** In the node. */
export const recordingPath = (probe: string, side: Side): string => `/var/log/${side}-${probe}.pcap`
