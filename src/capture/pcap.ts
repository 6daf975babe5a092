// The pcap file format (draft-ietf-opsawg-pcap): a header of 24 octets, then records. Micro- and nanoseconds, both byte
// orders, and Kuznetzov's variant, whose records have 8 octets more.
import { type Format, type FrameSink, type Window, createFrame } from './frame.ts'
import type { CaptureLimits } from './limits.ts'
import { CaptureError } from './problem.ts'

interface Variant {
  /** Nanoseconds in a unit of the timestamp's fraction. */
  readonly unit: 1 | 1000
  /** Octets of a record's header. */
  readonly header: 16 | 24
}

const MICROSECONDS: Variant = { unit: 1000, header: 16 }

/** The file's first 4 octets in the writer's byte order. */
const variants: ReadonlyMap<number, Variant> = new Map([
  [0xa1b2c3d4, MICROSECONDS],
  [0xa1b23c4d, { unit: 1, header: 16 }],
  [0xa1b2cd34, { unit: 1000, header: 24 }],
])

const FILE_HEADER = 24

/** Whether these octets begin a pcap file, and in which byte order. */
export function recognisePcap(view: DataView): { littleEndian: boolean } | undefined {
  for (const littleEndian of [true, false])
    if (variants.has(view.getUint32(0, littleEndian))) return { littleEndian }
  return undefined
}

/** The reader of a pcap file in this byte order. */
export function createPcap(littleEndian: boolean, limits: CaptureLimits, sink: FrameSink): Format {
  const frame = createFrame()
  let variant: Variant | undefined
  let count = 0

  const path = () => (variant ? `pcap packet ${count + 1}` : 'pcap file header')

  function readHeader({ view }: Window): void {
    variant = variants.get(view.getUint32(0, littleEndian)) ?? MICROSECONDS
    const major = view.getUint16(4, littleEndian)
    const minor = view.getUint16(6, littleEndian)
    if (major !== 2)
      throw new CaptureError({
        kind: 'unsupported',
        offset: 4,
        path: 'pcap file header',
        expected: 'version 2',
        found: `version ${major}.${minor}`,
      })
    // The upper 16 bits say how long a frame check sequence is; the IP header's own length leaves it out.
    frame.linkType = view.getUint32(20, littleEndian) & 0xffff
  }

  return {
    name: 'pcap',

    read(window, from) {
      const { bytes, view, to, base } = window
      let at = from
      if (!variant) {
        if (to - at < FILE_HEADER) return at
        readHeader(window)
        at += FILE_HEADER
      }
      const { unit, header } = variant ?? MICROSECONDS
      frame.bytes = bytes
      while (to - at >= header) {
        const captured = view.getUint32(at + 8, littleEndian)
        if (captured > limits.recordBytes)
          throw new CaptureError({
            kind: 'malformed',
            offset: base + at + 8,
            path: path(),
            expected: `a captured length of at most ${limits.recordBytes} octets`,
            found: String(captured),
          })
        if (to - at < header + captured) break
        const fraction = view.getUint32(at + 4, littleEndian) * unit
        frame.seconds = view.getUint32(at, littleEndian) + Math.floor(fraction / 1e9)
        frame.nanoseconds = fraction % 1e9
        frame.wireLength = view.getUint32(at + 12, littleEndian)
        frame.start = at + header
        frame.end = frame.start + captured
        frame.offset = base + at
        count++
        sink.frame(frame)
        at = frame.end
      }
      return at
    },

    incomplete({ view, to }, from) {
      const header = variant?.header ?? FILE_HEADER
      const captured = variant && to - from >= header ? view.getUint32(from + 8, littleEndian) : 0
      return { path: path(), expected: `${header + captured} octets` }
    },
  }
}
