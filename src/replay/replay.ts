// Replays what exporters sent: joins the reader of captures with the decoder. UDP datagrams go in as they are; TCP streams,
// and files that are IPFIX messages and nothing else (RFC 5655), are cut into messages first.
import { Capture, type CaptureOptions, type CaptureStats, type CapturedDatagram } from '../capture/capture.ts'
import { CaptureError, type CaptureProblem } from '../capture/problem.ts'
import { decompressed } from '../capture/source.ts'
import type { StreamSegment } from '../capture/streams.ts'
import type { Datagram, TransportSession } from '../decode/datagram.ts'
import type { Decoder } from '../decode/decoder.ts'
import { MessageFramer } from '../decode/netflow/framer.ts'
import type { DecodeError } from '../decode/report.ts'
import { u16, u32 } from '../kernel/octets.ts'

export interface ReplaySink {
  problem?(problem: CaptureProblem): void
  /** What the decoder does not see: streams that lose their frame. */
  error?(error: DecodeError): void
  /** After each datagram or message that the decoder was given. */
  decoded?(datagram: Datagram): void
  /** After each piece of the file; the next is read when it comes back. */
  settle?(): Promise<void>
}

/** Octets of a stream that may go by before an IPFIX message's header is found at the begin of a segment. */
const SEARCH = 1 << 17
const IPFIX_HEADER = 16
/** Octets that tell whether something is an IPFIX message: version and length. */
const ENOUGH_TO_TELL = 4

const nothing = new Uint8Array(0)

const joined = (before: Uint8Array, octets: Uint8Array): Uint8Array =>
  before.length === 0 ? octets : Buffer.concat([before, octets])

const beginsMessage = (octets: Uint8Array): boolean =>
  octets.length >= ENOUGH_TO_TELL && u16(octets, 0) === 10 && u16(octets, 2) >= IPFIX_HEADER

interface Followed {
  framer: MessageFramer | undefined
  /** The first octets of the stream, as long as they are too few to tell. */
  held: Uint8Array
  searched: number
}

/** Feeds the messages of TCP streams to the decoder; streams that do not look like IPFIX are given up. */
class MessageStreams {
  private readonly streams = new Map<number, Followed>()
  private readonly push: (datagram: Datagram) => void
  private readonly error: (error: DecodeError) => void
  private readonly close: (session: TransportSession) => void

  constructor(
    push: (datagram: Datagram) => void,
    error: (error: DecodeError) => void,
    close: (session: TransportSession) => void,
  ) {
    this.close = close
    this.push = push
    this.error = error
  }

  /** Takes the next octets of a stream; false if no more of it is wanted. */
  segment(segment: StreamSegment): boolean {
    const { stream, payload, lost, first, last } = segment
    const followed = this.streams.get(stream) ?? { framer: undefined, held: nothing, searched: 0 }
    this.streams.set(stream, followed)
    if (lost > 0) {
      followed.framer?.end()
      followed.framer = undefined
      followed.held = nothing
    }
    // A message's first octets may come one by one.
    const begins = first || followed.held.length > 0
    const octets = joined(followed.held, payload)
    followed.held = begins && octets.length < ENOUGH_TO_TELL ? octets.slice() : nothing
    if (!followed.framer && beginsMessage(octets))
      followed.framer = new MessageFramer(this.message(segment), this.error)
    if (followed.framer) this.current = segment
    followed.framer?.push(octets)
    if (last) {
      followed.framer?.end()
      if (followed.framer) this.close(segment)
    }
    followed.searched += followed.framer ? 0 : payload.length
    const wanted =
      followed.framer !== undefined ||
      (!(begins && octets.length >= ENOUGH_TO_TELL) && followed.searched < SEARCH)
    if (last || !wanted) this.streams.delete(stream)
    return wanted
  }

  private current: StreamSegment | undefined

  /** Messages have the time of the segment that completes them. */
  private message(opened: StreamSegment): (payload: Uint8Array) => void {
    return (payload) => this.push({ ...(this.current ?? opened), payload })
  }
}

/** Feeds a file of IPFIX messages to the decoder: their time is when they were exported. */
function fileFramer(
  name: string,
  push: (datagram: Datagram) => void,
  error: (error: DecodeError) => void,
): MessageFramer {
  const from = {
    sourceAddress: name,
    sourcePort: 0,
    destinationAddress: '',
    destinationPort: 0,
    nanoseconds: 0,
  }
  let number = 0
  return new MessageFramer(
    (payload) => push({ ...from, number: ++number, seconds: u32(payload, 4), transport: 'file', payload }),
    error,
  )
}

/**
 * Replays one file, whose name is printed where it matters, and gives the capture's counts (undefined for IPFIX files).
 * @throws what the chunks' source throws; nothing for what is in them
 */
export async function replay(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  decoder: Decoder,
  options: CaptureOptions,
  sink: ReplaySink,
): Promise<CaptureStats | undefined> {
  const push = (datagram: Datagram) => {
    decoder.push(datagram)
    sink.decoded?.(datagram)
  }
  const error = (found: DecodeError) => sink.error?.(found)
  const streams = new MessageStreams(push, error, (session) => decoder.close(session))
  const capture = new Capture(options, {
    datagram: (datagram: CapturedDatagram) => push(datagram),
    segment: (segment) => streams.segment(segment),
    problem: (problem) => sink.problem?.(problem),
  })
  let framer: MessageFramer | undefined
  let begun = false
  let head = nothing
  try {
    for await (const piece of decompressed(chunks)) {
      const chunk = joined(head, piece)
      head = begun || chunk.length >= ENOUGH_TO_TELL ? nothing : chunk.slice()
      if (head.length > 0) continue
      if (!begun && beginsMessage(chunk)) framer = fileFramer(name, push, error)
      begun = true
      if (framer) framer.push(chunk)
      else capture.push(chunk)
      await sink.settle?.()
      if (options.signal?.aborted || (!framer && capture.done)) break
    }
    if (head.length > 0) capture.push(head)
  } catch (problem) {
    if (!(problem instanceof CaptureError)) throw problem
    sink.problem?.(problem.problem)
  }
  if (options.signal?.aborted) return framer ? undefined : capture.stats()
  if (framer) framer.end()
  else capture.end()
  return framer ? undefined : capture.stats()
}
