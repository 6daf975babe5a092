// The flow key: what all witnesses are matched on. Each witness fills it from its own source, by its own code.

/** RFC 7011, section 2: packets with these properties in common. Addresses are canonical text. */
export interface FlowKey {
  readonly source: string
  readonly destination: string
  /** IP protocol number; for IPv6 the last header's. */
  readonly protocol: number
  /** 0 where the protocol has no ports, and in fragments but the first. */
  readonly sourcePort: number
  /** As sourcePort; for ICMP and ICMPv6 type × 256 + code (RFC 7012, icmpTypeCodeIPv4 and IPv6). */
  readonly destinationPort: number
}

/** One string a key, for maps; also how a flow is shown. */
export const flowId = (key: FlowKey): string =>
  `${key.source} ${key.destination} ${key.protocol} ${key.sourcePort} ${key.destinationPort}`

export const hostPair = (key: Pick<FlowKey, 'source' | 'destination'>): string =>
  `${key.source} ${key.destination}`

/** Names of the IP protocols that labs carry (IANA's protocol numbers). */
export const protocolNames: Readonly<Record<number, string>> = {
  1: 'icmp',
  2: 'igmp',
  6: 'tcp',
  17: 'udp',
  47: 'gre',
  58: 'icmpv6',
  89: 'ospf',
}
