// A capture: frames in, the UDP datagrams and TCP octets that they carried out. Joins reader, link, IP, fragments and streams.
import { u16 } from '../kernel/octets.ts'
import { AddressTexts } from '../kernel/address-texts.ts'
import { Fragments, type FragmentStats } from './fragments.ts'
import type { Frame } from './frame.ts'
import { createIpPacket, readIp } from './ip.ts'
import { type CaptureLimits, defaultCaptureLimits } from './limits.ts'
import { knownLink, NOT_IP, networkOffset } from './link.ts'
import { CaptureError, type CaptureProblem } from './problem.ts'
import { FrameReader } from './reader.ts'
import { decompressed } from './source.ts'
import { type Endpoints, Streams, type StreamSegment, type StreamStats } from './streams.ts'

/** A UDP datagram. One object serves all of a capture: valid, like its payload, during the sink's call. */
export interface CapturedDatagram extends Endpoints {
  readonly transport: 'udp'
  readonly payload: Uint8Array
}

export interface CaptureSink {
  datagram(datagram: CapturedDatagram): void
  /** The next octets of a TCP stream; false: no more of this stream, please. Without it TCP is passed over. */
  segment?(segment: StreamSegment): boolean
  problem?(problem: CaptureProblem): void
}

export interface CaptureStats {
  /** Octets of the file (decompressed). */
  octets: number
  packets: number
  /** Packets of a link type that is not read, by LINKTYPE_ value. */
  unknownLinks: Record<number, number>
  /** Packets that are not IP. */
  notIp: number
  /** Packets whose capture is shorter than they were: the snapshot length was too small. */
  cut: number
  /** IP packets whose headers contradict themselves. */
  malformed: number
  datagrams: number
  fragments: FragmentStats
  streams: StreamStats
}

export interface CaptureOptions {
  readonly limits?: Partial<CaptureLimits>
  /** Stops the reading at the end of the chunk in hand. */
  readonly signal?: AbortSignal
}

type Mutable<T> = { -readonly [key in keyof T]: T[key] }

const TCP = 6
const UDP = 17

/** Reads one capture that is pushed in chunks. It throws nothing for what the file holds. */
export class Capture {
  private readonly sink: CaptureSink
  private readonly reader: FrameReader
  private readonly fragments: Fragments
  private readonly streams: Streams
  private readonly addresses = new AddressTexts()
  private readonly packet = createIpPacket()
  private readonly counts = { octets: 0, packets: 0, notIp: 0, cut: 0, malformed: 0, datagrams: 0 }
  private readonly unknownLinks: Record<number, number> = {}
  private readonly datagram: Mutable<CapturedDatagram> = {
    seconds: 0,
    nanoseconds: 0,
    number: 0,
    sourceAddress: '',
    sourcePort: 0,
    destinationAddress: '',
    destinationPort: 0,
    transport: 'udp',
    payload: new Uint8Array(0),
  }

  constructor(options: CaptureOptions, sink: CaptureSink) {
    const limits = { ...defaultCaptureLimits, ...options.limits }
    this.sink = sink
    this.reader = new FrameReader(limits, {
      frame: (frame) => this.frame(frame),
      problem: (problem) => sink.problem?.(problem),
    })
    this.fragments = new Fragments(limits)
    this.streams = new Streams(limits, (segment) => sink.segment?.(segment) ?? false)
  }

  /** Whether anything that is still to come can be read. */
  get done(): boolean {
    return this.reader.done
  }

  push(chunk: Uint8Array): void {
    this.counts.octets += chunk.length
    this.reader.push(chunk)
  }

  /** Says that the file is over, and hands over what still waits. */
  end(): void {
    this.reader.end()
    this.fragments.end()
    this.streams.end()
  }

  stats(): CaptureStats {
    return {
      ...this.counts,
      unknownLinks: { ...this.unknownLinks },
      fragments: { ...this.fragments.stats },
      streams: { ...this.streams.stats },
    }
  }

  private frame(frame: Frame): void {
    const { counts, packet } = this
    const { bytes, start, end, linkType } = frame
    counts.packets++
    if (end - start < frame.wireLength) counts.cut++
    const at = networkOffset(linkType, bytes, start, end)
    if (at === NOT_IP) {
      if (knownLink(linkType)) counts.notIp++
      else this.unknownLinks[linkType] = (this.unknownLinks[linkType] ?? 0) + 1
      return
    }
    if (!readIp(bytes, at, end, packet)) {
      counts.malformed++
      return
    }
    if (packet.fragment) {
      const whole = this.fragments.add(bytes, packet, frame.seconds)
      if (whole) this.transport(frame, whole.protocol, whole.octets, 0, whole.octets.length)
    } else this.transport(frame, packet.protocol, bytes, packet.start, packet.end)
  }

  /** What IP carries: octets `start` to `end` of `octets`, which is the frame's memory or a reassembled packet's. */
  private transport(frame: Frame, protocol: number, octets: Uint8Array, start: number, end: number): void {
    if (protocol === UDP) this.udp(frame, octets, start, end)
    else if (protocol === TCP && this.sink.segment && end - start >= 20)
      this.streams.add(octets, start, end, { ...this.endpoints(frame, octets, start) })
  }

  private udp(frame: Frame, octets: Uint8Array, start: number, end: number): void {
    if (end - start < 8) {
      this.counts.malformed++
      return
    }
    this.counts.datagrams++
    const length = u16(octets, start + 4)
    // RFC 768: the datagram is as long as its own header says, so that is what a socket gets of it.
    // A length of 0 is a jumbogram's (RFC 2675).
    const stop = length >= 8 ? Math.min(start + length, end) : end
    if (length !== end - start && length !== 0 && !this.packet.cut)
      this.sink.problem?.({
        kind: 'malformed',
        offset: frame.offset,
        path: `packet ${this.counts.packets} > UDP length`,
        expected: `${end - start} octets, as IP says`,
        found: String(length),
        fatal: false,
      })
    const datagram = this.endpoints(frame, octets, start)
    datagram.payload = octets.subarray(start + 8, stop)
    this.sink.datagram(datagram)
  }

  /** The datagram object with everything but the payload filled in; the ports are those at `ports` of `octets`. */
  private endpoints(frame: Frame, octets: Uint8Array, ports: number): Mutable<CapturedDatagram> {
    const { datagram, packet, addresses } = this
    datagram.seconds = frame.seconds
    datagram.nanoseconds = frame.nanoseconds
    datagram.number = this.counts.packets
    datagram.sourceAddress = addresses.of(frame.bytes, packet.source, packet.family)
    datagram.destinationAddress = addresses.of(frame.bytes, packet.destination, packet.family)
    datagram.sourcePort = u16(octets, ports)
    datagram.destinationPort = u16(octets, ports + 2)
    return datagram
  }
}

/**
 * Reads a whole capture, gzip undone, and gives its counts.
 * @throws what the chunks' source throws; nothing for what is in them
 */
export async function readCapture(
  chunks: AsyncIterable<Uint8Array>,
  options: CaptureOptions,
  sink: CaptureSink,
): Promise<CaptureStats> {
  const capture = new Capture(options, sink)
  try {
    for await (const chunk of decompressed(chunks)) {
      capture.push(chunk)
      if (capture.done || options.signal?.aborted) break
    }
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error
    sink.problem?.(error.problem)
  }
  if (!options.signal?.aborted) capture.end()
  return capture.stats()
}
