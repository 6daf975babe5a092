// From a frame to the flow that its packet belongs to: link layer, VLAN tags, MPLS labels, PPPoE, IPv4, IPv6 and its extension headers, ports. The
// octets counted are those that IP itself gives, whatever was captured of them, padded or checked behind them. Shares nothing with
// capture/. Sources: RFC 791, RFC 8200 section 4, IEEE 802.1Q, RFC 3032
// (MPLS), RFC 2516 (PPPoE), tcpdump.org/linktypes.html.

import type { LinkFrame } from './file.ts'

/** One object serves all packets. */
export interface Packet {
  family: 4 | 6
  /** Where its addresses begin in the frame's octets: 4 or 16 octets each, in network order. */
  source: number
  destination: number
  protocol: number
  sourcePort: number
  /** For ICMP and ICMPv6 type × 256 + code. */
  destinationPort: number
  /** Octets of layer 3. */
  bytes: number
  /** Type of service of IPv4, traffic class of IPv6: DSCP and ECN. */
  tos: number
  /** The octet that ends in FIN (RFC 9293, section 3.1); 0 where the packet has none, or it was not captured. */
  tcpFlags: number
  direction: 'in' | 'out' | undefined
}

export const emptyPacket = (): Packet => ({
  ...{ family: 4, source: 0, destination: 0, protocol: 0, sourcePort: 0, destinationPort: 0, bytes: 0 },
  ...{ tos: 0, tcpFlags: 0 },
  direction: undefined,
})

/** What a frame is, besides a packet that was read. */
export type Besides =
  /** By its ethertype. */
  | { readonly is: 'not IP'; readonly etherType: number }
  /** Too little was captured of it to tell its flow. */
  | { readonly is: 'cut' }
  /** Its IP header contradicts itself. */
  | { readonly is: 'malformed' }
  | { readonly is: 'unknown link'; readonly linkType: number }

const cut: Besides = { is: 'cut' }
const malformed: Besides = { is: 'malformed' }
const ipv4 = 0x0800
const ipv6 = 0x86dd
const tags: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100])
const mostTags = 8
/** MPLS, by one or several. */
const labels: ReadonlySet<number> = new Set([0x8847, 0x8848])
const mostLabels = 16
const pppoe = 0x8864
/** Protocols of PPP, by what they are as ethertypes. */
const overPpp: Readonly<Record<number, number>> = { 0x0021: ipv4, 0x0057: ipv6 }

interface Link {
  /** Octets before the network's header. */
  readonly header: number
  /** Where its ethertype stands; the version of IP tells where there is none. */
  readonly etherType?: number
  /** Where the kernel says which way it went: 4 is out (LINUX_SLL). */
  readonly way?: { readonly at: number; readonly octets: 1 | 2 }
}

const links: Readonly<Record<number, Link>> = {
  0: { header: 4 },
  1: { header: 14, etherType: 12 },
  12: { header: 0 },
  101: { header: 0 },
  108: { header: 4 },
  113: { header: 16, etherType: 14, way: { at: 0, octets: 2 } },
  228: { header: 0 },
  229: { header: 0 },
  276: { header: 20, etherType: 0, way: { at: 10, octets: 1 } },
}

/** Fills `packet`; undefined where it could, else what the frame is. */
export function readPacket(
  { octets, linkType, length, direction }: LinkFrame,
  packet: Packet,
): Besides | undefined {
  const link = links[linkType]
  if (!link) return { is: 'unknown link', linkType }
  let at = link.header
  if (octets.length < at + 1) return cut
  const version = (octets[at] ?? 0) >> 4
  let etherType =
    link.etherType === undefined ? (version === 6 ? ipv6 : ipv4) : octets.readUInt16BE(link.etherType)
  for (let tag = 0; tags.has(etherType) && tag < mostTags; tag++) {
    if (octets.length < at + 4) return cut
    etherType = octets.readUInt16BE(at + 2)
    at += 4
  }
  if (etherType === pppoe) {
    if (octets.length < at + 8) return cut
    etherType = overPpp[octets.readUInt16BE(at + 6)] ?? etherType
    at += 8
  } else if (labels.has(etherType)) {
    // The last label of the stack is marked; what follows it says by its version whether it is IP.
    for (let label = 0, isLast = false; !isLast && label < mostLabels; label++, at += 4) {
      if (octets.length < at + 5) return cut
      isLast = (octets.readUInt8(at + 2) & 1) === 1
    }
    const inner = octets.readUInt8(at) >> 4
    etherType = inner === 4 ? ipv4 : inner === 6 ? ipv6 : etherType
  }
  packet.direction = direction
  if (link.way) {
    const way = link.way.octets === 2 ? octets.readUInt16BE(link.way.at) : octets.readUInt8(link.way.at)
    packet.direction = way === 4 ? 'out' : 'in'
  }
  if (etherType === ipv4) return readIPv4(octets, at, length - at, packet)
  if (etherType === ipv6) return readIPv6(octets, at, length - at, packet)
  return { is: 'not IP', etherType }
}

/** `room`: octets of the frame from here on, as long as it was on the wire. */
function readIPv4(octets: Buffer, at: number, room: number, packet: Packet): Besides | undefined {
  if (octets.length < at + 20) return cut
  const header = (octets.readUInt8(at) & 15) * 4
  if (octets.readUInt8(at) >> 4 !== 4 || header < 20) return malformed
  // A length of 0 is what a segment has that the network card is yet to cut.
  const bytes = octets.readUInt16BE(at + 2) || room
  if (bytes < header || bytes > room) return malformed
  packet.family = 4
  packet.bytes = bytes
  packet.tos = octets.readUInt8(at + 1)
  packet.source = at + 12
  packet.destination = at + 16
  packet.protocol = octets.readUInt8(at + 9)
  const isLater = (octets.readUInt16BE(at + 6) & 0x1fff) !== 0
  return readPorts(octets, at + header, at + bytes, isLater, packet)
}

/** Hop-by-hop options, routing, destination options, mobility, HIP, shim6: length in units of 8 octets but the first. */
const extensions: ReadonlySet<number> = new Set([0, 43, 60, 135, 139, 140])
const fragmentHeader = 44
const authentication = 51
const mostExtensions = 16

function readIPv6(octets: Buffer, at: number, room: number, packet: Packet): Besides | undefined {
  if (octets.length < at + 40) return cut
  if (octets.readUInt8(at) >> 4 !== 6) return malformed
  const payload = octets.readUInt16BE(at + 4)
  const bytes = payload === 0 ? room : 40 + payload
  if (bytes > room) return malformed
  packet.family = 6
  packet.bytes = bytes
  packet.tos = (octets.readUInt16BE(at) >> 4) & 0xff
  packet.source = at + 8
  packet.destination = at + 24
  const end = at + bytes
  let next = octets.readUInt8(at + 6)
  let from = at + 40
  for (let count = 0; count < mostExtensions; count++) {
    const isFragment = next === fragmentHeader
    if (!isFragment && next !== authentication && !extensions.has(next)) break
    if (end < from + 8) return malformed
    if (octets.length < from + 8) return cut
    const isLater = isFragment && (octets.readUInt16BE(from + 2) & 0xfff8) !== 0
    const length = octets.readUInt8(from + 1)
    const size = isFragment ? 8 : next === authentication ? (length + 2) * 4 : (length + 1) * 8
    next = octets.readUInt8(from)
    from += size
    if (isLater) {
      packet.protocol = next
      return readPorts(octets, from, end, true, packet)
    }
  }
  packet.protocol = next
  return readPorts(octets, from, end, false, packet)
}

const tcp = 6
const hasPorts: ReadonlySet<number> = new Set([tcp, 17])
/** Where they stand in TCP's header. */
const flags = 13

/** Fragments but the first have none: what stands in their place is payload. */
function readPorts(
  octets: Buffer,
  at: number,
  end: number,
  isLater: boolean,
  packet: Packet,
): Besides | undefined {
  packet.sourcePort = 0
  packet.destinationPort = 0
  packet.tcpFlags = 0
  if (isLater) return undefined
  const icmp = packet.protocol === (packet.family === 4 ? 1 : 58)
  const wanted = hasPorts.has(packet.protocol) ? 4 : icmp ? 2 : 0
  if (end < at + wanted) return undefined
  if (octets.length < at + wanted) return cut
  if (icmp) packet.destinationPort = octets.readUInt16BE(at)
  else if (wanted === 4) {
    packet.sourcePort = octets.readUInt16BE(at)
    packet.destinationPort = octets.readUInt16BE(at + 2)
    if (packet.protocol === tcp && octets.length > at + flags && end > at + flags)
      packet.tcpFlags = octets.readUInt8(at + flags)
  }
  return undefined
}
