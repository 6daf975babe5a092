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
