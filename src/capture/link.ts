// The link layer of a captured frame: where its IP packet begins. One function a link type, in a table.
import { u16, u8 } from '../kernel/octets.ts'

/** Not an IP packet, or too short to tell. */
export const NOT_IP = -1

const IPV4 = 0x0800
const IPV6 = 0x86dd

/** Where the network layer begins, given where the frame begins and ends. */
type Link = (bytes: Uint8Array, start: number, end: number) => number

/** From an EtherType's place on: through VLAN tags (802.1Q, 802.1ad and their predecessors), MPLS and PPPoE. */
function afterEtherType(bytes: Uint8Array, typeAt: number, end: number): number {
  for (let at = typeAt; at + 2 <= end; ) {
    switch (u16(bytes, at)) {
      case IPV4:
      case IPV6:
        return at + 2
      case 0x8100:
      case 0x88a8:
      case 0x9100:
      case 0x9200:
        at += 4
        break
      case 0x8847:
      case 0x8848:
        return afterLabels(bytes, at + 2, end)
      case 0x8864:
        return afterPpp(bytes, at + 8, end)
      default:
        return NOT_IP
    }
  }
  return NOT_IP
}

/** Past an MPLS label stack; what follows the bottom label is IP if its version says so. */
function afterLabels(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at + 4 <= end; at += 4) if (u8(bytes, at + 2) & 1) return at + 4
  return NOT_IP
}

/** At the protocol field of PPP, one octet if compressed (RFC 1661). */
function afterPpp(bytes: Uint8Array, at: number, end: number): number {
  if (at + 2 > end) return NOT_IP
  const compressed = u8(bytes, at) & 1
  const protocol = compressed ? u8(bytes, at) : u16(bytes, at)
  return protocol === 0x21 || protocol === 0x57 ? at + (compressed ? 1 : 2) : NOT_IP
}

const raw: Link = (_bytes, start) => start
const family: Link = (_bytes, start) => start + 4
const ethernet: Link = (bytes, start, end) => afterEtherType(bytes, start + 12, end)
const hdlc: Link = (bytes, start, end) => afterEtherType(bytes, start + 2, end)
const ppp: Link = (bytes, start, end) =>
  afterPpp(bytes, u16(bytes, start) === 0xff03 ? start + 2 : start, end)

/** By LINKTYPE_ value (https://www.tcpdump.org/linktypes.html). */
const links: ReadonlyMap<number, Link> = new Map<number, Link>([
  // BSD loopback: 4 octets of address family in the byte order of the machine that captured (108: of the network).
  [0, family],
  [108, family],
  [1, ethernet],
  [9, ppp],
  [50, ppp],
  [104, hdlc],
  // Raw IP, and the numbers that some systems write for it.
  [12, raw],
  [14, raw],
  [101, raw],
  [228, raw],
  [229, raw],
  // Linux cooked captures: the EtherType is the last field of version 1 and the first of version 2.
  [113, (bytes, start, end) => afterEtherType(bytes, start + 14, end)],
  [276, (bytes, start) => (u16(bytes, start) === IPV4 || u16(bytes, start) === IPV6 ? start + 20 : NOT_IP)],
])

/** Whether frames of this link type can be read at all. */
export const knownLink = (linkType: number): boolean => links.has(linkType)

/** Where the IP packet of a frame begins, or NOT_IP. */
export function networkOffset(linkType: number, bytes: Uint8Array, start: number, end: number): number {
  const at = links.get(linkType)?.(bytes, start, end) ?? NOT_IP
  return at < end ? at : NOT_IP
}
