// TCP streams put back in order (RFC 9293): repetitions dropped, early segments kept in bounded memory until the missing
// ones come, holes reported once nothing can fill them any more. One direction of a connection is one stream.
import { u32, u8 } from '../kernel/octets.ts'
import type { CaptureLimits } from './limits.ts'

/** Who speaks to whom, when. */
export interface Endpoints {
  readonly seconds: number
  readonly nanoseconds: number
  /** Of the packet in the capture, from 1. */
  readonly number: number
  readonly sourceAddress: string
  readonly sourcePort: number
  readonly destinationAddress: string
  readonly destinationPort: number
}

/** The next octets of a stream. `payload` is valid during the call only. */
export interface StreamSegment extends Endpoints {
  readonly transport: 'tcp'
  /** Number of the stream, unique in this capture. */
  readonly stream: number
  readonly payload: Uint8Array
  /** Octets missing before these: the capture has a hole. */
  readonly lost: number
  /** The stream's first octets are these: its SYN was seen. */
  readonly first: boolean
  /** Nothing follows. */
  readonly last: boolean
}

export interface StreamStats {
  streams: number
  /** Segments whose octets had all come before. */
  retransmitted: number
  /** Segments that waited for an earlier one. */
  early: number
  /** Octets that never came. */
  lost: number
  /** Streams forgotten because there were too many. */
  evicted: number
}

interface Early {
  readonly sequence: number
  readonly octets: Uint8Array
}

interface Stream {
  readonly id: number
  endpoints: Endpoints
  /** The sequence numbers of the first octet seen, and of the next one. */
  readonly initial: number
  next: number
  early: Early[]
  held: number
  started: boolean
  ignored: boolean
}

const FIN = 1
const SYN = 2
const RST = 4

/** Sequence numbers wrap: how far `a` is ahead of `b`, negative if behind. */
const ahead = (a: number, b: number): number => (a - b) | 0

export class Streams {
  readonly stats: StreamStats = { streams: 0, retransmitted: 0, early: 0, lost: 0, evicted: 0 }
  private readonly limits: CaptureLimits
  /** Takes the octets; false: no more of this stream is wanted. */
  private readonly sink: (segment: StreamSegment) => boolean
  /** The longest unheard first. */
  private readonly streams = new Map<string, Stream>()

  constructor(limits: CaptureLimits, sink: (segment: StreamSegment) => boolean) {
    this.limits = limits
    this.sink = sink
  }

  /** Takes a TCP segment that lies in octets `start` to `end`. */
  add(bytes: Uint8Array, start: number, end: number, endpoints: Endpoints): void {
    const header = (u8(bytes, start + 12) >> 4) * 4
    if (header < 20 || start + header > end) return
    const flags = u8(bytes, start + 13)
    let sequence = u32(bytes, start + 4)
    const payload = bytes.subarray(start + header, end)
    const key = `${endpoints.sourceAddress} ${endpoints.sourcePort} ${endpoints.destinationAddress} ${endpoints.destinationPort}`
    let stream = this.streams.get(key)
    if (flags & SYN) {
      sequence = (sequence + 1) >>> 0
      // A repeated SYN changes nothing; another one is a new connection with the same ports.
      if (stream && stream.initial !== sequence) this.close(key, stream)
      stream = this.streams.get(key) ?? this.open(key, endpoints, sequence, true)
    }
    if (!stream) {
      if (payload.length === 0) return
      stream = this.open(key, endpoints, sequence, false)
    }
    stream.endpoints = endpoints
    this.streams.delete(key)
    this.streams.set(key, stream)
    if (payload.length > 0 && !stream.ignored) this.take(stream, sequence, payload)
    const over = flags & RST || (flags & FIN && ahead(stream.next, sequence + payload.length) >= 0)
    if (over) this.close(key, stream)
  }

  /** Hands over what still waits, with its holes. */
  end(): void {
    for (const [key, stream] of this.streams) this.close(key, stream)
  }

  private open(key: string, endpoints: Endpoints, next: number, started: boolean): Stream {
    if (this.streams.size >= this.limits.streams) {
      const [oldest] = this.streams
      if (oldest) {
        this.stats.evicted++
        this.close(...oldest)
      }
    }
    const id = this.stats.streams++
    const stream: Stream = { id, endpoints, initial: next, next, early: [], held: 0, started, ignored: false }
    this.streams.set(key, stream)
    return stream
  }

  private close(key: string, stream: Stream): void {
    while (stream.early.length > 0) this.skipHole(stream)
    this.deliver(stream, new Uint8Array(0), 0, true)
    this.streams.delete(key)
  }

  private take(stream: Stream, sequence: number, payload: Uint8Array): void {
    const distance = ahead(sequence, stream.next)
    if (distance + payload.length <= 0) {
      this.stats.retransmitted++
      return
    }
    if (distance > 0) {
      this.stats.early++
      this.keep(stream, sequence, payload)
      while (stream.held > this.limits.streamBytes) this.skipHole(stream)
      return
    }
    this.deliver(stream, payload.subarray(-distance), 0)
    this.deliverEarly(stream)
  }

  /** Keeps an early segment in its place; of two that begin alike, the longer. */
  private keep(stream: Stream, sequence: number, payload: Uint8Array): void {
    const { early } = stream
    const found = early.findIndex((one) => ahead(one.sequence, sequence) >= 0)
    const at = found < 0 ? early.length : found
    const same = early[at]?.sequence === sequence ? early[at] : undefined
    if (same && same.octets.length >= payload.length) return
    early.splice(at, same ? 1 : 0, { sequence, octets: payload.slice() })
    stream.held += payload.length - (same?.octets.length ?? 0)
  }

  /** Hands over the early segments that follow on what has been handed over. */
  private deliverEarly(stream: Stream, lost = 0): void {
    let missing = lost
    for (let [one] = stream.early; one; [one] = stream.early) {
      const distance = ahead(one.sequence, stream.next)
      if (distance > 0) return
      stream.early.shift()
      stream.held -= one.octets.length
      if (distance + one.octets.length <= 0) continue
      this.deliver(stream, one.octets.subarray(-distance), missing)
      missing = 0
    }
  }

  /** Gives up what is missing before the first early segment. */
  private skipHole(stream: Stream): void {
    const [first] = stream.early
    if (!first) return
    const lost = ahead(first.sequence, stream.next)
    this.stats.lost += Math.max(0, lost)
    stream.next = first.sequence
    this.deliverEarly(stream, Math.max(0, lost))
  }

  private deliver(stream: Stream, payload: Uint8Array, lost: number, last = false): void {
    stream.next = (stream.next + payload.length) >>> 0
    if (stream.ignored) return
    const { id, started: first, endpoints } = stream
    const wanted = this.sink({ ...endpoints, transport: 'tcp', stream: id, payload, lost, first, last })
    stream.started = false
    if (wanted) return
    stream.ignored = true
    stream.early = []
    stream.held = 0
  }
}
