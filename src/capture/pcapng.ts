// The pcapng file format (draft-ietf-opsawg-pcapng): blocks, in sections that each have their own byte order and interfaces.
// Section headers, interfaces, and the three kinds of packet blocks are read; all other blocks are passed over.
import { type Format, type FrameSink, type Window, createFrame } from './frame.ts'
import type { CaptureLimits } from './limits.ts'
import { CaptureError, type CaptureProblem } from './problem.ts'
import { type Clock, microseconds, setTime, ticksOf } from './timestamp.ts'

export const SECTION_HEADER = 0x0a0d0d0a
const BYTE_ORDER = 0x1a2b3c4d
const INTERFACE = 1
const OBSOLETE_PACKET = 2
const SIMPLE_PACKET = 3
const ENHANCED_PACKET = 6

/** The blocks that are read: their names, and the octets of their fixed parts with the block's own 12. */
const blocks: Readonly<Record<number, { name: string; minimum: number }>> = {
  [SECTION_HEADER]: { name: 'section header', minimum: 28 },
  [INTERFACE]: { name: 'interface description', minimum: 20 },
  [OBSOLETE_PACKET]: { name: 'packet', minimum: 32 },
  [SIMPLE_PACKET]: { name: 'simple packet', minimum: 16 },
  [ENHANCED_PACKET]: { name: 'enhanced packet', minimum: 32 },
}

const IF_TSRESOL = 9
const IF_TSOFFSET = 14

interface Interface {
  readonly linkType: number
  readonly snapLength: number
  readonly clock: Clock
}

/** The reader of a pcapng file. */
export function createPcapng(limits: CaptureLimits, sink: FrameSink): Format {
  const frame = createFrame()
  let littleEndian = true
  let interfaces: Interface[] = []
  let count = 0

  const path = (type: number) => {
    const name = blocks[type]?.name ?? `type 0x${type.toString(16)}`
    return `pcapng block ${count + 1} (${name})`
  }

  /** Writes the problem of a block that costs only this block. */
  const skip = (type: number, offset: number, expected: string, found: string) => {
    const problem: CaptureProblem = {
      kind: 'malformed',
      offset,
      path: path(type),
      expected,
      found,
      fatal: false,
    }
    sink.problem(problem)
  }

  function fail(type: number, offset: number, expected: string, found: string): never {
    throw new CaptureError({ kind: 'malformed', offset, path: path(type), expected, found })
  }

  /** Reads a section's byte order, which its length is written in, too; false if it is not there yet. */
  function readByteOrder({ view, to, base }: Window, at: number): boolean {
    if (to - at < 12) return false
    littleEndian = view.getUint32(at + 8, true) === BYTE_ORDER
    if (!littleEndian && view.getUint32(at + 8, false) !== BYTE_ORDER)
      fail(
        SECTION_HEADER,
        base + at + 8,
        'the byte-order magic 0x1a2b3c4d',
        `0x${view.getUint32(at + 8).toString(16)}`,
      )
    return true
  }

  function readInterface({ view, base }: Window, at: number, end: number): void {
    if (interfaces.length >= limits.interfaces)
      fail(INTERFACE, base + at, `at most ${limits.interfaces} interfaces`, 'one more')
    let clock = microseconds
    for (let option = at + 16; option + 4 <= end - 4; ) {
      const code = view.getUint16(option, littleEndian)
      const length = view.getUint16(option + 2, littleEndian)
      const value = option + 4
      if (code === 0) break
      if (value + length > end - 4) {
        skip(INTERFACE, base + option, `an option within the block`, `option ${code} of ${length} octets`)
        break
      }
      if (code === IF_TSRESOL && length === 1) clock = { ...clock, ticks: ticksOf(view.getUint8(value)) }
      if (code === IF_TSOFFSET && length === 8)
        clock = { ...clock, offset: Number(view.getBigInt64(value, littleEndian)) }
      option = value + ((length + 3) & ~3)
    }
    interfaces.push({
      linkType: view.getUint16(at + 8, littleEndian),
      snapLength: view.getUint32(at + 12, littleEndian),
      clock,
    })
  }

  /** Hands over the packet of a packet block whose length and end are right. */
  function readPacket({ bytes, view, base }: Window, type: number, at: number, end: number): void {
    const simple = type === SIMPLE_PACKET
    const number = simple
      ? 0
      : type === ENHANCED_PACKET
        ? view.getUint32(at + 8, littleEndian)
        : view.getUint16(at + 8, littleEndian)
    const from = interfaces[number]
    if (!from)
      return skip(
        type,
        base + at + 8,
        `one of the section's ${interfaces.length} interfaces`,
        `interface ${number}`,
      )
    const start = at + (simple ? 12 : 28)
    const room = end - 4 - start
    frame.wireLength = view.getUint32(at + (simple ? 8 : 24), littleEndian)
    const captured = simple
      ? Math.min(frame.wireLength, room, from.snapLength || room)
      : view.getUint32(at + 20, littleEndian)
    if (captured > room)
      return skip(type, base + at + 20, `a captured length of at most ${room} octets`, String(captured))
    // A simple packet has no time of its own: the last one's stands.
    if (!simple)
      setTime(frame, from.clock, view.getUint32(at + 12, littleEndian), view.getUint32(at + 16, littleEndian))
    frame.linkType = from.linkType
    frame.bytes = bytes
    frame.start = start
    frame.end = start + captured
    frame.offset = base + at
    sink.frame(frame)
  }

  return {
    name: 'pcapng',

    read(window, from) {
      const { view, to, base } = window
      let at = from
      while (to - at >= 12) {
        // The section header's type reads the same in both byte orders.
        const type = view.getUint32(at, littleEndian)
        if (type === SECTION_HEADER && !readByteOrder(window, at)) break
        const length = view.getUint32(at + 4, littleEndian)
        const minimum = blocks[type]?.minimum ?? 12
        if (length < minimum || length % 4 !== 0 || length > limits.recordBytes)
          fail(
            type,
            base + at + 4,
            `a block length of ${minimum} to ${limits.recordBytes} octets, a multiple of 4`,
            String(length),
          )
        if (to - at < length) break
        const end = at + length
        const trailer = view.getUint32(end - 4, littleEndian)
        if (trailer !== length)
          fail(type, base + end - 4, `the block's length ${length} again at its end`, String(trailer))
        if (type === SECTION_HEADER) interfaces = []
        else if (type === INTERFACE) readInterface(window, at, end)
        else if (type === ENHANCED_PACKET || type === SIMPLE_PACKET || type === OBSOLETE_PACKET)
          readPacket(window, type, at, end)
        count++
        at = end
      }
      return at
    },

    incomplete({ view, to }, from) {
      if (to - from < 8) return { path: `pcapng block ${count + 1}`, expected: '12 octets or more' }
      const type = view.getUint32(from, littleEndian)
      return { path: path(type), expected: `${view.getUint32(from + 4, littleEndian)} octets` }
    },
  }
}
