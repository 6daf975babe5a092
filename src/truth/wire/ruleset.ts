// The kernel's own count of what crosses an observation point, as an nftables ruleset: one set a kind of flow key, a counter an
// element. What finds no room in a set falls through to `overflow`, so that nothing is lost unnoticed. Pure text; reading
// is read.ts's. Source: nft(8), families netdev, statements `update` and `counter`.

import type { Direction } from '../../evidence.ts'
import type { ObservationPoint } from '../../plan/plan.ts'
import { filler } from '../gate.ts'

export const tableOf = (index: number): string => `flowlab_wire_${index}`
export const totalsTableOf = (index: number): string => `flowlab_total_${index}`

/** Elements a set can hold; one takes about 200 bytes of the kernel's memory, only when it is used. */
const size = 1_048_576

interface KeySet {
  readonly name: string
  /** The concatenation that identifies an element, as nft names it. */
  readonly key: string
  /** Which packets belong in it, of those that the sets before it left. */
  readonly match: string
}

/** Fragments but the first have no ports: what stands in their place is payload. */
export const ipv4Sets: readonly KeySet[] = [
  { name: 'fragments4', key: 'ip saddr . ip daddr . ip protocol', match: 'ip frag-off & 0x1fff != 0' },
  {
    name: 'ports4',
    key: 'ip saddr . ip daddr . ip protocol . th sport . th dport',
    match: 'ip protocol { tcp, udp }',
  },
  { name: 'icmp4', key: 'ip saddr . ip daddr . icmp type . icmp code', match: 'ip protocol icmp' },
  { name: 'other4', key: 'ip saddr . ip daddr . ip protocol', match: 'ip protocol != { tcp, udp, icmp }' },
]

/** By number: nft takes this name from /etc/protocols, which a small machine lacks. */
const icmpv6 = 58

export const ipv6Sets: readonly KeySet[] = [
  { name: 'fragments6', key: 'ip6 saddr . ip6 daddr . meta l4proto', match: 'frag frag-off != 0' },
  {
    name: 'ports6',
    key: 'ip6 saddr . ip6 daddr . meta l4proto . th sport . th dport',
    match: 'meta l4proto { tcp, udp }',
  },
  {
    name: 'icmp6',
    key: 'ip6 saddr . ip6 daddr . icmpv6 type . icmpv6 code',
    match: `meta l4proto ${icmpv6}`,
  },
  {
    name: 'other6',
    key: 'ip6 saddr . ip6 daddr . meta l4proto',
    match: `meta l4proto != { tcp, udp, ${icmpv6} }`,
  },
]

/** Frames that carry no IP: one element an ethertype. */
const notIp: KeySet = { name: 'not_ip', key: 'ether type', match: 'meta protocol != { ip, ip6 }' }

const hooks: Readonly<Record<Direction, string>> = { in: 'ingress', out: 'egress' }

/** Where a direction is seen: what comes in, before a switch that stands in the link has had it. */
export const interfaceOf = ({ interface: name, uplink }: ObservationPoint, direction: Direction): string =>
  direction === 'in' ? (uplink ?? name) : name

/** Counts from the moment it is loaded. The first point's table is number 0. */
export function ruleset(point: ObservationPoint, index: number): string {
  const lines = (['in', 'out'] as const).flatMap((direction) => directionLines(point, direction))
  return [`table netdev ${tableOf(index)} {`, ...lines, '}', ''].join('\n')
}

function directionLines(point: ObservationPoint, direction: Direction): string[] {
  const { mtu } = point
  const name = interfaceOf(point, direction)
  // At egress the length of a packet includes Ethernet's header.
  const longest = direction === 'in' ? mtu : mtu + ethernetHeader
  const named = (set: KeySet): string => `${direction}_${set.name}`
  const set = (each: KeySet): string =>
    `  set ${named(each)} { typeof ${each.key}; size ${size}; flags dynamic; counter; }`
  const rule = (each: KeySet): string => `    ${each.match} update @${named(each)} { ${each.key} } accept`
  const all = [...ipv4Sets, ...ipv6Sets, notIp]
  return [
    ...['total', 'oversize', 'overflow'].map((counter) => `  counter ${direction}_${counter} {}`),
    ...all.map(set),
    `  chain ${direction}_ip {`,
    ...ipv4Sets.map(rule),
    '  }',
    `  chain ${direction}_ip6 {`,
    ...ipv6Sets.map(rule),
    '  }',
    `  chain ${direction} {`,
    `    type filter hook ${hooks[direction]} device "${name}" priority 0; policy accept;`,
    `    meta protocol ${filler} accept`,
    `    counter name ${direction}_total`,
    `    meta length > ${longest} counter name ${direction}_oversize`,
    `    meta protocol ip jump ${direction}_ip`,
    `    meta protocol ip6 jump ${direction}_ip6`,
    rule(notIp),
    `    counter name ${direction}_overflow`,
    '  }',
  ]
}

/**
 * All that crosses, flows not told apart, in a table of its own: nft reads all elements of a table for any of its counters, a million
 * of them in minutes, and this one in milliseconds.
 */
export function totalsRuleset({ interface: name }: ObservationPoint, index: number): string {
  const lines = (['in', 'out'] as const).flatMap((direction) => [
    `  counter ${direction}_total {}`,
    `  chain ${direction} {`,
    `    type filter hook ${hooks[direction]} device "${name}" priority 0; policy accept;`,
    `    counter name ${direction}_total`,
    '  }',
  ])
  return [`table netdev ${totalsTableOf(index)} {`, ...lines, '}', ''].join('\n')
}

/** Octets of Ethernet's header, which counters at egress include and those at ingress do not. */
export const ethernetHeader = 14
