// Names of IP protocols (IANA, Assigned Internet Protocol Numbers), as far as people know them by name.

export const protocols: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  ipip: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  gre: 47,
  esp: 50,
  ah: 51,
  icmp6: 58,
  eigrp: 88,
  ospf: 89,
  pim: 103,
  vrrp: 112,
  l2tp: 115,
  sctp: 132,
  udplite: 136,
}

/** SQL for the name of a protocol; the number where it has none. */
export const protocolName = (column: string): string =>
  `CASE ${column} ${Object.entries(protocols)
    .map(([name, number]) => `WHEN ${number} THEN '${name}'`)
    .join(' ')} ELSE ${column}::VARCHAR END`
