// Cuts a byte stream into IPFIX messages: TCP connections (RFC 7011 section 10.4) and IPFIX files (RFC 5655) are messages
// one after the other, each saying its length.
import type { DecodeError } from '../report.ts'
import { IPFIX_HEADER, IPFIX_VERSION } from './ipfix.ts'

const LONGEST = 65_535
/** Octets in which version and length stand. */
const START = 4

/**
 * Takes chunks of a stream of IPFIX messages and hands over one whole message after the other. A stream whose next octets
 * are no message's header has lost its frame: that is reported once, and the rest is given up.
 */
export class MessageFramer {
  /** The beginning of a message whose rest is yet to come. */
  private readonly held = new Uint8Array(LONGEST)
  private heldLength = 0
  private offset = 0
  private lost = false
  private readonly message: (payload: Uint8Array) => void
  private readonly error: (error: DecodeError) => void

  /** `message` gets a view of one message, valid during the call. `error`'s offset counts from the stream's start. */
  constructor(message: (payload: Uint8Array) => void, error: (error: DecodeError) => void) {
    this.message = message
    this.error = error
  }

  /** Takes the next octets of the stream. At most one message (65,535 octets) is held between calls. */
  push(chunk: Uint8Array): void {
    let rest = chunk
    while (rest.length > 0 && !this.lost) {
      if (this.heldLength === 0) {
        const length = this.lengthOf(rest)
        if (length !== undefined && length <= rest.length) {
          this.hand(rest.subarray(0, length))
          rest = rest.subarray(length)
          continue
        }
      }
      if (!this.lost) rest = this.hold(rest)
    }
  }

  /** The stream has ended: reports a message that was cut off. */
  end(): void {
    if (this.heldLength > 0 && !this.lost) this.report('whole messages', `${this.heldLength} octets of one`)
    this.heldLength = 0
  }

  /** Adds to the message that is held as much as it lacks, and returns what is left. */
  private hold(chunk: Uint8Array): Uint8Array {
    const wanted = this.heldLength < START ? START : (this.lengthOf(this.held) ?? START)
    const taken = Math.min(wanted - this.heldLength, chunk.length)
    this.held.set(chunk.subarray(0, taken), this.heldLength)
    this.heldLength += taken
    if (this.heldLength >= START && this.lengthOf(this.held) === this.heldLength) {
      const length = this.heldLength
      this.heldLength = 0
      this.hand(this.held.subarray(0, length))
    }
    return chunk.subarray(taken)
  }

  private hand(payload: Uint8Array): void {
    this.message(payload)
    this.offset += payload.length
  }

  /** The length that a message's start gives; undefined if it is not all there, or is no start: then the frame is lost. */
  private lengthOf(bytes: Uint8Array): number | undefined {
    if (bytes.length < START) return undefined
    const version = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
    const length = ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0)
    if (version === IPFIX_VERSION && length >= IPFIX_HEADER) return length
    this.lost = true
    this.report(
      `version ${IPFIX_VERSION}, at least ${IPFIX_HEADER} octets`,
      `version ${version}, ${length} octets`,
    )
    return undefined
  }

  private report(expected: string, found: string): void {
    const { offset } = this
    this.error({
      kind: 'truncated',
      protocol: 'ipfix',
      offset,
      path: '',
      expected,
      found,
      message: undefined,
    })
  }
}
