// The sampled header of a packet, read from its link layer down to the transport ports, through VLAN tags, MPLS, PPPoE
// and tunnels. The outermost IP packet goes into the columns of its own names, the innermost into the `inner` ones. What
// the sample's end cuts off is left out: that a header is cut is how sampling works, and no error.
import { u16, u24, u32, u8 } from '../../kernel/octets.ts'
import { type FlowColumns, type PacketColumns, putNumber, putOctets, putVariable } from './fields.ts'
import {
  STOP,
  ETHERNET,
  LABELS,
  PPP,
  ANY_IP,
  PROTOCOL,
  TYPE_IPV4,
  TYPE_IPV6,
  TCP,
  UDP,
  ICMP,
  ICMP6,
  first,
  VXLAN,
  GENEVE,
  GRE,
  IP_IN_IP,
  SRV6,
  MPLS,
  SEPARATOR,
  VXLAN_PORT,
  OLD_VXLAN_PORT,
  GENEVE_PORT,
  MPLS_PORT,
  VXLAN_SEGMENT,
  NVGRE_SEGMENT,
} from './header-kinds.ts'

/** Reads sampled headers into columns. One object serves all samples; it keeps nothing from one to the next. */
export class HeaderReader {
  private bytes: Uint8Array = new Uint8Array(0)
  private end = 0
  private at = 0
  private row = 0
  private columns!: FlowColumns
  private packet!: PacketColumns
  /** IP packets found so far, one in the other. */
  private depth = 0
  private vlans = 0
  private segmentRouted = false

  /** Reads octets `start` to `end`; false if there is no IP packet in them. */
  read(
    columns: FlowColumns,
    row: number,
    protocol: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): boolean {
    this.columns = columns
    this.packet = columns.outer
    this.row = row
    this.bytes = bytes
    this.at = start
    this.end = end
    this.depth = 0
    this.vlans = 0
    // Every step but the last consumes octets, so this ends.
    for (let next = first[protocol] ?? STOP; next !== STOP; ) next = this.step(next)
    return this.depth > 0
  }

  private step(next: number): number {
    switch (next) {
      case ETHERNET:
        return this.ethernet()
      case LABELS:
      case 0x8847:
      case 0x8848:
        return this.labels()
      case PPP:
        return this.ppp()
      case ANY_IP: {
        const version = u8(this.bytes, this.at) >> 4
        return version === 4 ? this.ipv4() : version === 6 ? this.ipv6() : STOP
      }
      case TYPE_IPV4:
        return this.ipv4()
      case TYPE_IPV6:
        return this.ipv6()
      case 0x8100:
      case 0x88a8:
      case 0x9100:
      case 0x9200:
        return this.vlan()
      case 0x8864:
        return this.pppoe()
      case 0x6558:
        return ETHERNET
      default:
        return next >= PROTOCOL ? this.transport(next - PROTOCOL) : STOP
    }
  }

  private has(octets: number): boolean {
    return this.at + octets <= this.end
  }

  private ethernet(): number {
    if (!this.has(14)) return STOP
    const { bytes, columns, row, at } = this
    const type = u16(bytes, at + 12)
    if (this.depth === 0) {
      putOctets(columns.destinationMac, row, bytes, at)
      putOctets(columns.sourceMac, row, bytes, at + 6)
      putNumber(columns.ethernetType, row, type)
    }
    this.at += 14
    // Below 1,536 it is a length, and LLC follows; SNAP of OUI 0 has an EtherType in the end (RFC 1042).
    if (type >= 0x600) return type
    if (!this.has(8) || u24(bytes, this.at) !== 0xaaaa03 || u24(bytes, this.at + 3) !== 0) return STOP
    this.at += 8
    return u16(bytes, this.at - 2)
  }

  private vlan(): number {
    if (!this.has(4)) return STOP
    const { bytes, columns, row } = this
    const tag = u16(bytes, this.at)
    const type = u16(bytes, this.at + 2)
    this.at += 4
    if (this.depth > 0) return type
    const innermost = this.vlans++ > 0
    putNumber(innermost ? columns.customerVlan : columns.vlan, row, tag & 0xfff)
    putNumber(innermost ? columns.customerPriority : columns.priority, row, tag >> 13)
    putNumber(columns.ethernetType, row, type)
    return type
  }

  private labels(): number {
    const { bytes, columns, row } = this
    for (let depth = 1; this.has(4); depth++) {
      const entry = this.at
      this.at += 4
      if (this.depth === 0) {
        if (depth === 1) putNumber(columns.mplsTtl, row, u8(bytes, entry + 3))
        const column = depth === 1 ? columns.mplsTop : depth === 2 ? columns.mpls2 : columns.mpls3
        if (depth <= 3) putOctets(column, row, bytes, entry)
        putNumber(columns.mplsDepth, row, depth)
      }
      if (u8(bytes, entry + 2) & 1) {
        const version = u8(bytes, this.at) >> 4
        if (version === 4 || version === 6) return ANY_IP
        // A pseudowire's control word (RFC 4385) begins with four zero bits; what follows is Ethernet.
        if (version !== 0) return STOP
        this.at += 4
        return ETHERNET
      }
    }
    return STOP
  }

  private pppoe(): number {
    if (!this.has(6)) return STOP
    if (this.depth === 0) putNumber(this.columns.pppoeSession, this.row, u16(this.bytes, this.at + 2))
    this.at += 6
    return PPP
  }

  private ppp(): number {
    const { bytes } = this
    if (this.has(2) && u16(bytes, this.at) === 0xff03) this.at += 2
    if (!this.has(2)) return STOP
    const compressed = u8(bytes, this.at) & 1
    const protocol = compressed ? u8(bytes, this.at) : u16(bytes, this.at)
    this.at += compressed ? 1 : 2
    if (protocol === 0x21) return TYPE_IPV4
    if (protocol === 0x57) return TYPE_IPV6
    return protocol === 0x281 ? LABELS : STOP
  }

  /** Begins an IP packet: the first goes to `outer`, others to `inner`, of which the last one stays. */
  private enter(): void {
    const { columns, row } = this
    this.segmentRouted = false
    if (this.depth++ === 0) return
    this.packet = columns.inner
    if (this.depth > 2) for (const present of columns.innerPresent) present[row] = 0
  }

  private ipv4(): number {
    const { bytes, row, at } = this
    const header = (u8(bytes, at) & 15) * 4
    if (!this.has(20) || header < 20) return STOP
    this.enter()
    const { packet } = this
    const protocol = u8(bytes, at + 9)
    const flags = u16(bytes, at + 6)
    putNumber(packet.classOfService, row, u8(bytes, at + 1))
    putNumber(packet.totalLength, row, u16(bytes, at + 2))
    putNumber(packet.identification, row, u16(bytes, at + 4))
    putNumber(packet.fragmentOffset, row, flags & 0x1fff)
    putNumber(packet.ttl, row, u8(bytes, at + 8))
    putNumber(packet.protocol, row, protocol)
    putNumber(packet.source4, row, u32(bytes, at + 12))
    putNumber(packet.destination4, row, u32(bytes, at + 16))
    this.at += header
    return flags & 0x1fff ? STOP : PROTOCOL + protocol
  }

  private ipv6(): number {
    const { bytes, row, at } = this
    if (!this.has(40)) return STOP
    this.enter()
    const { packet } = this
    const word = u32(bytes, at)
    putNumber(packet.classOfService, row, (word >>> 20) & 255)
    putNumber(packet.flowLabel, row, word & 0xfffff)
    putNumber(packet.totalLength, row, u16(bytes, at + 4) + 40)
    putNumber(packet.ttl, row, u8(bytes, at + 7))
    putOctets(packet.source6, row, bytes, at + 8)
    putOctets(packet.destination6, row, bytes, at + 24)
    this.at += 40
    return this.afterIpv6(u8(bytes, at + 6))
  }

  /** Past IPv6's extension headers (RFC 8200 section 4). */
  private afterIpv6(header: number): number {
    const { bytes, packet, row } = this
    let next = header
    let fragment = false
    for (;;) {
      const at = this.at
      let size: number
      if (next === 0 || next === 43 || next === 60 || next === 135 || next === 139 || next === 140)
        size = (u8(bytes, at + 1) + 1) * 8
      else if (next === 51) size = (u8(bytes, at + 1) + 2) * 4
      else if (next === 44) size = 8
      else break
      // What is known of the packet's protocol is this header, if its own next one is cut off.
      putNumber(packet.protocol, row, next)
      if (!this.has(8)) return STOP
      if (next === 43 && u8(bytes, at + 2) === 4) this.segmentRouting(at, size)
      if (next === 44) {
        fragment = (u16(bytes, at + 2) & 0xfff8) !== 0
        putNumber(packet.fragmentOffset, row, u16(bytes, at + 2) >> 3)
        putNumber(packet.identification, row, u32(bytes, at + 4))
      }
      next = u8(bytes, at)
      this.at += size
      if (fragment) break
    }
    putNumber(packet.protocol, row, next)
    return fragment ? STOP : PROTOCOL + next
  }

  /** A segment routing header (RFC 8754 section 2). */
  private segmentRouting(at: number, size: number): void {
    this.segmentRouted = true
    if (this.depth > 1) return
    const { bytes, columns, row, end } = this
    putNumber(columns.segmentsLeft, row, u8(bytes, at + 3))
    const length = Math.min((u8(bytes, at + 4) + 1) * 16, size - 8)
    if (length > 0 && at + 8 + length <= end)
      putVariable(columns, columns.segments, row, bytes, at + 8, length)
  }

  private transport(protocol: number): number {
    const { bytes, packet, row, at } = this
    switch (protocol) {
      case TCP:
      case UDP:
      case 33: // DCCP
      case 132: // SCTP
      case 136: // UDP-Lite
        if (!this.has(4)) return STOP
        putNumber(packet.sourcePort, row, u16(bytes, at))
        putNumber(packet.destinationPort, row, u16(bytes, at + 2))
        // Element 6 is these two octets with the data offset cleared.
        if (protocol === TCP && this.has(14)) putNumber(packet.tcpFlags, row, u16(bytes, at + 12) & 0xfff)
        return protocol === UDP ? this.overUdp(u16(bytes, at + 2)) : STOP
      case ICMP:
        if (this.has(2)) putNumber(packet.icmp4, row, u16(bytes, at))
        return STOP
      case ICMP6:
        if (this.has(2)) putNumber(packet.icmp6, row, u16(bytes, at))
        return STOP
      case 4:
        return this.tunnel(this.segmentRouted ? SRV6 : IP_IN_IP, TYPE_IPV4)
      case 41:
        return this.tunnel(this.segmentRouted ? SRV6 : IP_IN_IP, TYPE_IPV6)
      case 137:
        return this.tunnel(MPLS, LABELS)
      case 143: // Ethernet in IPv6 (RFC 8986 section 4.9)
        return this.tunnel(this.segmentRouted ? SRV6 : IP_IN_IP, ETHERNET)
      case 47:
        return this.gre()
      default:
        return STOP
    }
  }

  private overUdp(port: number): number {
    const { bytes, at } = this
    if (port === VXLAN_PORT || port === OLD_VXLAN_PORT) {
      if (!this.has(16) || !(u8(bytes, at + 8) & 8)) return STOP
      this.at += 16
      this.segment(VXLAN_SEGMENT, u24(bytes, at + 12))
      return this.tunnel(VXLAN, ETHERNET)
    }
    if (port === GENEVE_PORT) {
      const size = 16 + (u8(bytes, at + 8) & 0x3f) * 4
      if (!this.has(size)) return STOP
      this.at += size
      return this.tunnel(GENEVE, u16(bytes, at + 10))
    }
    if (port !== MPLS_PORT) return STOP
    this.at += 8
    return this.tunnel(MPLS, LABELS)
  }

  /** RFC 2784 and 2890; the key of Ethernet inside is NVGRE's (RFC 7637). Version 1 is PPTP's (RFC 2637). */
  private gre(): number {
    const { bytes, at, columns, row } = this
    if (!this.has(4)) return STOP
    const flags = u16(bytes, at)
    const type = u16(bytes, at + 2)
    const keyAt = at + 4 + (flags & 0x8000 ? 4 : 0)
    const size = (flags & 0x8000 ? 8 : 4) + (flags & 0x2000 ? 4 : 0) + (flags & 0x1000 ? 4 : 0)
    const acknowledged = (flags & 7) === 1 && flags & 0x80 ? 4 : 0
    if (!this.has(size + acknowledged)) return STOP
    if (flags & 0x2000) {
      putNumber(columns.greKey, row, u32(bytes, keyAt))
      if (type === 0x6558) this.segment(NVGRE_SEGMENT, u24(bytes, keyAt))
    }
    this.at += size + acknowledged
    return this.tunnel(GRE, type === 0x880b ? PPP : type)
  }

  private segment(kind: number, id: number): void {
    const { segmentId } = this.columns
    segmentId.high[this.row] = kind
    segmentId.low[this.row] = id
    segmentId.present[this.row] = 1
  }

  /** Notes a tunnel's name after those before it. */
  private tunnel(text: Uint8Array, next: number): number {
    const { columns, row } = this
    const { encapsulation, batch } = columns
    if (encapsulation.present[row]) {
      batch.addOctets(SEPARATOR, 0, SEPARATOR.length)
      batch.addOctets(text, 0, text.length)
      encapsulation.lengths[row] = batch.arenaLength - (encapsulation.offsets[row] ?? 0)
    } else putVariable(columns, encapsulation, row, text, 0, text.length)
    return next
  }
}
