// What can come next in a sampled header, and by which numbers: the tables that header.ts reads by.

/** What comes next. EtherTypes (over 1,500) stand for themselves, so do IP protocols, raised by `PROTOCOL`. */
export const STOP = 0
export const ETHERNET = 1
export const LABELS = 2
export const PPP = 3
export const ANY_IP = 4
export const PROTOCOL = 0x1_0000

export const TYPE_IPV4 = 0x0800
export const TYPE_IPV6 = 0x86dd
export const TCP = 6
export const UDP = 17
export const ICMP = 1
export const ICMP6 = 58

/** What the sample's header_protocol says that the header begins with (sFlow v5, enum header_protocol). */
export const first: Readonly<Record<number, number>> = {
  1: ETHERNET,
  7: PPP,
  10: ANY_IP,
  11: TYPE_IPV4,
  12: TYPE_IPV6,
  13: LABELS,
  14: PPP,
}

const name = (text: string) => new TextEncoder().encode(text)
export const VXLAN = name('vxlan')
export const GENEVE = name('geneve')
export const GRE = name('gre')
export const IP_IN_IP = name('ipip')
export const SRV6 = name('srv6')
export const MPLS = name('mpls')
export const SEPARATOR = name('>')

/** UDP ports of tunnels: VXLAN (RFC 7348, and Linux's older one), Geneve (RFC 8926), MPLS (RFC 7510). */
export const VXLAN_PORT = 4789
export const OLD_VXLAN_PORT = 8472
export const GENEVE_PORT = 6081
export const MPLS_PORT = 6635

/** layer2SegmentId's highest octet names the kind of overlay (IANA element 351). */
export const VXLAN_SEGMENT = 0x0100_0000
export const NVGRE_SEGMENT = 0x0200_0000
