// extended_gateway: what the agent's BGP table says of the packet (sFlow v5 section 5.4). The path and the communities are
// written as text the way routers print them, straight into the batch.
import { u32 } from '../../kernel/octets.ts'
import { type FlowColumns, putNumber, putOctets, putVariable } from './fields.ts'
import type { StructureFault } from './structure.ts'

const AS_SET = 1

/** Text under way. It grows to what the longest path of a datagram needs, some 200 KB. */
class Text {
  bytes = new Uint8Array(1024)
  length = 0

  /** Begins anew, with room for `values` numbers and what stands between them. */
  begin(values: number): void {
    this.length = 0
    const size = values * 13 + 16
    if (size > this.bytes.length) this.bytes = new Uint8Array(size * 2)
  }

  character(code: number): void {
    this.bytes[this.length++] = code
  }

  number(value: number): void {
    let power = 1
    while (power * 10 <= value) power *= 10
    for (let rest = value; power >= 1; power /= 10) {
      const digit = Math.floor(rest / power)
      this.character(48 + digit)
      rest -= digit * power
    }
  }
}

const text = new Text()
const SPACE = 32
const COMMA = 44
const COLON = 58
const OPEN = 123
const CLOSE = 125

/** Writes the structure; `end - at` is 28 at least. */
export function writeGateway(
  columns: FlowColumns,
  row: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): StructureFault | undefined {
  const type = u32(bytes, start)
  let at = start + (type === 1 ? 8 : type === 2 ? 20 : 4)
  if (at + 16 > end) return { at, field: 'as', expected: '4 numbers' }
  if (type === 1) putNumber(columns.bgpNextHop4, row, u32(bytes, start + 4))
  if (type === 2) putOctets(columns.bgpNextHop6, row, bytes, start + 4)
  putNumber(columns.gatewayAs, row, u32(bytes, at))
  putNumber(columns.sourceAs, row, u32(bytes, at + 4))
  putNumber(columns.sourcePeerAs, row, u32(bytes, at + 8))
  const segments = u32(bytes, at + 12)
  at += 16
  text.begin((end - at) / 4)
  let peer = 0
  let origin = 0
  for (let segment = 0; segment < segments; segment++) {
    if (at + 8 > end) return { at, field: 'dst_as_path', expected: `${segments} segments` }
    const set = u32(bytes, at) === AS_SET
    const count = u32(bytes, at + 4)
    at += 8
    if (count * 4 > end - at) return { at: at - 4, field: 'dst_as_path', expected: `${count} AS numbers` }
    if (text.length > 0) text.character(SPACE)
    if (set) text.character(OPEN)
    for (let i = 0; i < count; i++, at += 4) {
      if (i > 0) text.character(set ? COMMA : SPACE)
      origin = u32(bytes, at)
      if (peer === 0) peer = origin
      text.number(origin)
    }
    if (set) text.character(CLOSE)
  }
  if (text.length > 0) {
    putVariable(columns, columns.asPath, row, text.bytes, 0, text.length)
    putNumber(columns.destinationPeerAs, row, peer)
    putNumber(columns.destinationAs, row, origin)
  }
  if (at + 4 > end) return { at, field: 'communities', expected: 'their number' }
  const communities = u32(bytes, at)
  at += 4
  if (communities * 4 > end - at)
    return { at: at - 4, field: 'communities', expected: `${communities} of them` }
  text.begin(communities)
  for (let i = 0; i < communities; i++, at += 4) {
    if (i > 0) text.character(SPACE)
    const community = u32(bytes, at)
    text.number(community >>> 16)
    text.character(COLON)
    text.number(community & 0xffff)
  }
  if (communities > 0) putVariable(columns, columns.communities, row, text.bytes, 0, text.length)
  if (at + 4 > end) return { at, field: 'localpref', expected: '4 octets' }
  putNumber(columns.localPreference, row, u32(bytes, at))
  return undefined
}
