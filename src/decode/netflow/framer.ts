// Cuts a byte stream into IPFIX messages: TCP connections (RFC 7011 section 10.4) and IPFIX files (RFC 5655) are messages
// one after the other, each saying its length.
import type { DecodeError } from '../report.ts'
import { IPFIX_HEADER, IPFIX_VERSION } from './ipfix.ts'

/**
 * Takes chunks of a stream of IPFIX messages and hands over one whole message after the other. A stream whose next octets
 * are no message's header has lost its frame: that is reported once, and the rest is given up.
 */
export class MessageFramer {
  private held = new Uint8Array(0)
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
    if (this.lost) return
    let bytes = chunk
    if (this.held.length > 0) {
      bytes = new Uint8Array(this.held.length + chunk.length)
      bytes.set(this.held)
      bytes.set(chunk, this.held.length)
    }
    let at = 0
    while (bytes.length - at >= 4) {
      const version = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
      const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
      if (version !== IPFIX_VERSION || length < IPFIX_HEADER) {
        this.lost = true
        this.report(
          at,
          `version ${IPFIX_VERSION}, at least ${IPFIX_HEADER} octets`,
          `version ${version}, ${length} octets`,
        )
        this.held = new Uint8Array(0)
        return
      }
      if (bytes.length - at < length) break
      this.message(bytes.subarray(at, at + length))
      at += length
    }
    this.held = bytes.slice(at)
    this.offset += at
  }

  /** The stream has ended: reports a message that was cut off. */
  end(): void {
    if (this.held.length > 0) this.report(0, 'whole messages', `${this.held.length} octets of one`)
    this.held = new Uint8Array(0)
  }

  private report(at: number, expected: string, found: string): void {
    const offset = this.offset + at
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
