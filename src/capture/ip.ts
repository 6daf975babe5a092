// The header of an IP packet, version 4 (RFC 791) or 6 with its extension headers (RFC 8200), and where its payload lies.
import { u16, u32, u8 } from '../kernel/octets.ts'

/** What an IP header says. One object is used again for every packet. */
export interface IpPacket {
  family: 4 | 6
  /** Where the addresses lie: 4 or 16 octets. */
  source: number
  destination: number
  /** The protocol of the payload: 6 TCP, 17 UDP, … */
  protocol: number
  /** The payload's octets; fewer than the header says where the frame was cut. */
  start: number
  end: number
  /** Whether it is a part of a larger packet; then `identification`, `fragmentOffset` (octets) and `moreFragments` tell which. */
  fragment: boolean
  identification: number
  fragmentOffset: number
  moreFragments: boolean
  /** Whether octets that the header announces are not there. */
  cut: boolean
}

export const createIpPacket = (): IpPacket => ({
  family: 4,
  source: 0,
  destination: 0,
  protocol: 0,
  start: 0,
  end: 0,
  fragment: false,
  identification: 0,
  fragmentOffset: 0,
  moreFragments: false,
  cut: false,
})

const HOP_BY_HOP = 0
const ROUTING = 43
const FRAGMENT = 44
const AUTHENTICATION = 51
const DESTINATION_OPTIONS = 60
const MOBILITY = 135
const HIP = 139
const SHIM6 = 140

/** Reads the header at `start` of a packet that ends at `end` at the latest; false if there is none. */
export function readIp(bytes: Uint8Array, start: number, end: number, packet: IpPacket): boolean {
  packet.fragment = false
  packet.fragmentOffset = 0
  packet.moreFragments = false
  const version = u8(bytes, start) >> 4
  if (version === 4) return readIpv4(bytes, start, end, packet)
  return version === 6 && readIpv6(bytes, start, end, packet)
}

function readIpv4(bytes: Uint8Array, start: number, end: number, packet: IpPacket): boolean {
  const header = (u8(bytes, start) & 15) * 4
  if (header < 20 || start + header > end) return false
  // Segmentation offload leaves 0 where the total length does not fit or is not known yet.
  const total = u16(bytes, start + 2) || end - start
  if (total < header) return false
  packet.family = 4
  packet.protocol = u8(bytes, start + 9)
  packet.source = start + 12
  packet.destination = start + 16
  packet.start = start + header
  packet.end = Math.min(start + total, end)
  packet.cut = start + total > end
  const flags = u16(bytes, start + 6)
  if (flags & 0x3fff) {
    packet.fragment = true
    packet.identification = u16(bytes, start + 4)
    packet.fragmentOffset = (flags & 0x1fff) * 8
    packet.moreFragments = (flags & 0x2000) !== 0
  }
  return true
}

function readIpv6(bytes: Uint8Array, start: number, end: number, packet: IpPacket): boolean {
  let at = start + 40
  if (at > end) return false
  // A jumbogram (RFC 2675), or segmentation offload: the frame's length stands.
  const length = u16(bytes, start + 4) || end - at
  const stop = Math.min(at + length, end)
  packet.family = 6
  packet.source = start + 8
  packet.destination = start + 24
  packet.cut = at + length > end
  packet.end = stop
  let next = u8(bytes, start + 6)
  for (;;) {
    let size: number
    switch (next) {
      case HOP_BY_HOP:
      case ROUTING:
      case DESTINATION_OPTIONS:
      case MOBILITY:
      case HIP:
      case SHIM6:
        size = (u8(bytes, at + 1) + 1) * 8
        break
      case AUTHENTICATION:
        size = (u8(bytes, at + 1) + 2) * 4
        break
      case FRAGMENT:
        size = 8
        break
      default:
        packet.protocol = next
        packet.start = at
        return true
    }
    if (at + size > stop) return false
    if (next === FRAGMENT) {
      const flags = u16(bytes, at + 2)
      packet.fragmentOffset = flags & 0xfff8
      packet.moreFragments = (flags & 1) !== 0
      packet.identification = u32(bytes, at + 4)
      // A fragment that is the whole packet is none (RFC 6946).
      packet.fragment = packet.fragmentOffset > 0 || packet.moreFragments
    }
    next = u8(bytes, at)
    at += size
    // What follows in a later fragment is the middle of a header or of the payload.
    if (packet.fragment) {
      packet.protocol = next
      packet.start = at
      return true
    }
  }
}
