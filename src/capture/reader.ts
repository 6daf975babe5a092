// From chunks of a file to frames: recognises the format and keeps what a chunk's end cuts off until the next chunk comes.
import type { Format, FrameSink, Window } from './frame.ts'
import { type CaptureLimits, defaultCaptureLimits } from './limits.ts'
import { createPcap, recognisePcap } from './pcap.ts'
import { createPcapng, SECTION_HEADER } from './pcapng.ts'
import { CaptureError } from './problem.ts'

/** Formats that begin in a way of their own but are not read, and what to do about them. */
const foreign: readonly { magic: number; name: string }[] = [
  { magic: 0x28b52ffd, name: 'a zstd-compressed file (pipe it through `zstd -dc`)' },
  { magic: 0xfd377a58, name: 'an xz-compressed file (pipe it through `xz -dc`)' },
  { magic: 0x425a6839, name: 'a bzip2-compressed file (pipe it through `bzip2 -dc`)' },
  { magic: 0x04224d18, name: 'an lz4-compressed file (pipe it through `lz4 -dc`)' },
  { magic: 0x504b0304, name: 'a zip archive' },
  { magic: 0x736e6f6f, name: 'a snoop file (convert it with `editcap -F pcap`)' },
  { magic: 0x0ca50100, name: 'an nfdump file' },
  { magic: 0x1c0001ac, name: 'an IxVeriWave capture' },
]

/** Octets that the longest magic number takes. */
const MAGIC = 4

/** Reads the frames of one capture file that comes in chunks; their memory may be used again after `push`. */
export class FrameReader {
  private readonly limits: CaptureLimits
  private readonly sink: FrameSink
  private format: Format | undefined
  private failed = false
  private ended = false
  /** What the last chunk left: `window.to` octets of `window.bytes`. */
  private readonly window: Window = {
    bytes: new Uint8Array(0),
    view: new DataView(new ArrayBuffer(0)),
    to: 0,
    base: 0,
  }
  private kept = new Uint8Array(0)

  constructor(limits: Partial<CaptureLimits>, sink: FrameSink) {
    this.limits = { ...defaultCaptureLimits, ...limits }
    this.sink = sink
  }

  /** Whether anything that is still to come can be read. */
  get done(): boolean {
    return this.failed || this.ended
  }

  /** Takes the next octets of the file, of any number, and hands over the frames that are whole. */
  push(chunk: Uint8Array): void {
    if (this.done) return
    const { window } = this
    const left = window.to
    if (left === 0) this.show(chunk, chunk.length)
    else {
      this.keep(window.bytes, left + chunk.length)
      this.kept.set(chunk, left)
      this.show(this.kept, left + chunk.length)
    }
    const at = this.guard(() => this.read())
    this.keepRest(at)
  }

  /** Says that the file is over: what is left is a record cut short. */
  end(): void {
    if (this.done) return
    this.ended = true
    const { window, format, sink } = this
    if (window.to === 0 && format) return
    const whole = format
      ? format.incomplete(window, 0)
      : { path: 'file header', expected: `a pcap or pcapng file, ${MAGIC} octets or more` }
    const problem = {
      ...whole,
      offset: window.base,
      found: `${window.to} octets`,
      fatal: format === undefined,
    }
    sink.problem({ kind: 'truncated', ...problem })
  }

  private read(): number {
    const { window } = this
    if (!this.format) {
      if (window.to < MAGIC) return 0
      this.format = this.recognise()
    }
    return this.format.read(window, 0)
  }

  private recognise(): Format {
    const { view } = this.window
    const magic = view.getUint32(0)
    if (magic === SECTION_HEADER) return createPcapng(this.limits, this.sink)
    const pcap = recognisePcap(view)
    if (pcap) return createPcap(pcap.littleEndian, this.limits, this.sink)
    const known = foreign.find((format) => format.magic === magic)
    throw new CaptureError({
      kind: known ? 'unsupported' : 'malformed',
      offset: 0,
      path: 'file header',
      expected: 'a pcap or pcapng file',
      found: known?.name ?? `0x${magic.toString(16).padStart(8, '0')}`,
    })
  }

  /** Runs a step that may end the reading; where it does, nothing is left. */
  private guard(step: () => number): number {
    try {
      return step()
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error
      this.failed = true
      this.sink.problem(error.problem)
      return this.window.to
    }
  }

  private show(bytes: Uint8Array, to: number): void {
    const { window } = this
    window.bytes = bytes
    window.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    window.to = to
  }

  /** Moves what begins at `at` into memory of our own: the chunk's is its owner's again. */
  private keepRest(at: number): void {
    const { window } = this
    const rest = window.to - at
    window.base += at
    this.keep(window.bytes.subarray(at, window.to), rest)
    this.show(this.kept, rest)
  }

  /** Makes room for `size` octets in `kept` and copies these there. */
  private keep(bytes: Uint8Array, size: number): void {
    if (size > this.kept.length) {
      const larger = new Uint8Array(size * 2)
      larger.set(bytes.subarray(0, Math.min(bytes.length, larger.length)))
      this.kept = larger
    } else if (bytes.buffer === this.kept.buffer)
      this.kept.copyWithin(0, bytes.byteOffset, bytes.byteOffset + bytes.length)
    else this.kept.set(bytes)
  }
}
