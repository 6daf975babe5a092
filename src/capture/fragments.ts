// Reassembly of fragmented IP packets, in bounded memory and by the capture's own time. A packet whose fragments overlap
// in any way but as exact repetitions is dropped whole: RFC 5722 asks so for IPv6, and IPv4 is treated alike, since what
// such fragments mean differs from host to host.
import { u8 } from '../kernel/octets.ts'
import type { IpPacket } from './ip.ts'
import type { CaptureLimits } from './limits.ts'

/** What became of fragments. */
export interface FragmentStats {
  /** Fragments seen. */
  fragments: number
  /** Packets put together. */
  reassembled: number
  /** Packets given up: too old, too many waiting, overlapping or contradictory, or not complete at the end. */
  expired: number
  evicted: number
  inconsistent: number
  incomplete: number
}

interface Part {
  readonly start: number
  readonly octets: Uint8Array
}

interface Partial {
  readonly parts: Part[]
  /** Capture time of the first fragment, seconds. */
  readonly since: number
  protocol: number
  /** Octets held. */
  held: number
  /** Octets of the whole payload, once its last fragment has come. */
  total: number | undefined
  /** It contradicts itself: kept only to swallow the rest of its fragments. */
  dropped: boolean
}

/** A whole payload put together from fragments. */
export interface Reassembled {
  readonly protocol: number
  readonly octets: Uint8Array
}

/** The largest payload that an IP packet can have. */
const LARGEST = 65_535

export class Fragments {
  readonly stats: FragmentStats = {
    fragments: 0,
    reassembled: 0,
    expired: 0,
    evicted: 0,
    inconsistent: 0,
    incomplete: 0,
  }
  private readonly limits: CaptureLimits
  /** In the order in which they began. */
  private readonly waiting = new Map<string, Partial>()
  private held = 0

  constructor(limits: CaptureLimits) {
    this.limits = limits
  }

  /** Takes a fragment captured at `now` (seconds), and gives the payload that it completes, if it does. */
  add(bytes: Uint8Array, packet: IpPacket, now: number): Reassembled | undefined {
    this.stats.fragments++
    this.expire(now)
    const key = keyOf(bytes, packet)
    let partial = this.waiting.get(key)
    if (!partial) {
      partial = {
        parts: [],
        since: now,
        protocol: packet.protocol,
        held: 0,
        total: undefined,
        dropped: false,
      }
      this.waiting.set(key, partial)
    }
    if (partial.dropped) return undefined
    if (!insert(partial, bytes, packet)) {
      this.stats.inconsistent++
      this.release(partial)
      partial.dropped = true
      return undefined
    }
    this.held += packet.end - packet.start
    const octets = complete(partial)
    if (octets) {
      this.stats.reassembled++
      this.waiting.delete(key)
      this.release(partial)
      return { protocol: partial.protocol, octets }
    }
    this.evict()
    return undefined
  }

  /** Counts what is left as incomplete. */
  end(): void {
    for (const { dropped } of this.waiting.values()) if (!dropped) this.stats.incomplete++
    this.waiting.clear()
    this.held = 0
  }

  private expire(now: number): void {
    for (const [key, partial] of this.waiting) {
      if (now - partial.since <= this.limits.fragmentSeconds) return
      if (!partial.dropped) this.stats.expired++
      this.forget(key, partial)
    }
  }

  private evict(): void {
    for (const [key, partial] of this.waiting) {
      if (this.held <= this.limits.fragmentBytes && this.waiting.size <= this.limits.fragmentedDatagrams)
        return
      if (!partial.dropped) this.stats.evicted++
      this.forget(key, partial)
    }
  }

  private forget(key: string, partial: Partial): void {
    this.waiting.delete(key)
    this.release(partial)
  }

  private release(partial: Partial): void {
    this.held -= partial.held
    partial.held = 0
    partial.parts.length = 0
  }
}

/** What makes fragments belong together: the addresses, the identification, and in IPv4 the protocol. */
function keyOf(
  bytes: Uint8Array,
  { family, source, destination, identification, protocol }: IpPacket,
): string {
  const size = family === 4 ? 4 : 16
  let key = ''
  for (let i = 0; i < size; i++)
    key += String.fromCharCode(u8(bytes, source + i) * 256 + u8(bytes, destination + i))
  return `${key}${identification}${family === 4 ? `/${protocol}` : ''}`
}

/** Adds a fragment in its place; false if it cannot be. */
function insert(partial: Partial, bytes: Uint8Array, packet: IpPacket): boolean {
  const { fragmentOffset: start, moreFragments, protocol } = packet
  const length = packet.end - packet.start
  const end = start + length
  if (packet.cut || length === 0 || end > LARGEST || (moreFragments && length % 8 !== 0)) return false
  if (!moreFragments && partial.total !== undefined && partial.total !== end) return false
  const at = partial.parts.findIndex((part) => part.start >= start)
  const next = at < 0 ? undefined : partial.parts[at]
  const previous = partial.parts[(at < 0 ? partial.parts.length : at) - 1]
  if (next?.start === start && next.octets.length === length)
    return sameOctets(next.octets, bytes, packet.start)
  if (next && next.start < end) return false
  if (previous && previous.start + previous.octets.length > start) return false
  if (partial.total !== undefined && end > partial.total) return false
  const last =
    at < 0 ? end : Math.max(end, ...partial.parts.slice(-1).map((part) => part.start + part.octets.length))
  if (!moreFragments && last > end) return false
  if (!moreFragments) partial.total = end
  if (start === 0) partial.protocol = protocol
  const octets = bytes.slice(packet.start, packet.end)
  partial.parts.splice(at < 0 ? partial.parts.length : at, 0, { start, octets })
  partial.held += length
  return true
}

const sameOctets = (octets: Uint8Array, bytes: Uint8Array, at: number): boolean =>
  octets.every((octet, index) => octet === bytes[at + index])

/** The whole payload, if no part of it is missing. Parts never overlap, so their lengths tell. */
function complete({ parts, held, total }: Partial): Uint8Array | undefined {
  if (total === undefined || held !== total) return undefined
  const octets = new Uint8Array(total)
  for (const part of parts) octets.set(part.octets, part.start)
  return octets
}
