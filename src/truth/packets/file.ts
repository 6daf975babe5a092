// Frames out of a packet capture, for the count of what crossed a link: pcap and pcapng, gzip undone. Shares nothing with
// capture/, which reads exports. Sources: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.

import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'

/** One object serves all frames; its octets are valid during the call only. */
export interface LinkFrame {
  octets: Buffer
  /** LINKTYPE_ value. */
  linkType: number
  /** Octets that it had on the wire, as the capture says. */
  length: number
  /** Microseconds since 1970-01-01T00:00:00Z. */
  time: number
  /** As the capture says (pcapng's epb_flags); undefined where it does not. */
  direction: 'in' | 'out' | undefined
}

/** Where the capture could not be followed any further, and why. */
export interface Broken {
  readonly octet: number
  readonly text: string
}

/** Octets of a record or block that are believed. */
const longest = 1 << 24

/**
 * All frames of a file, or of its first `most` octets, in order; `settle` is awaited before more is read. Throws the system's error where the file cannot be
 * read, and what `settle` throws.
 */
export async function readFrames(
  path: string,
  take: (frame: LinkFrame) => void,
  settle: () => Promise<void>,
  most = Infinity,
): Promise<Broken | undefined> {
  const frame: LinkFrame = { octets: Buffer.alloc(0), linkType: 0, length: 0, time: 0, direction: undefined }
  let held: Buffer = Buffer.alloc(0)
  let base = 0
  let parse: Parse | undefined
  try {
    for await (const chunk of octetsOf(path, most)) {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      if (!parse && held.length < 28) continue
      parse ??= formatOf(held)
      const used = parse(held, frame, take)
      base += used
      held = held.subarray(used)
      await settle()
    }
  } catch (error) {
    if (error instanceof BrokenCapture || isOfGzip(error))
      return { octet: base, text: (error as Error).message }
    throw error
  }
  if (!parse) return { octet: 0, text: 'expected a pcap or pcapng file, found too few octets' }
  return held.length === 0 ? undefined : { octet: base, text: 'the file ends within a packet' }
}

class BrokenCapture extends Error {}

const isOfGzip = (error: unknown): boolean => String((error as NodeJS.ErrnoException).code).startsWith('Z_')

async function* octetsOf(path: string, most: number): AsyncGenerator<Buffer> {
  const handle = await open(path)
  const magic = Buffer.alloc(2)
  try {
    await handle.read(magic, 0, 2, 0)
  } finally {
    await handle.close()
  }
  const file = createReadStream(path, { highWaterMark: 1 << 20, end: most - 1 })
  if (magic.readUInt16BE(0) !== 0x1f8b) {
    yield* file as AsyncIterable<Buffer>
    return
  }
  const gunzip = createGunzip({ chunkSize: 1 << 18 })
  file.once('error', (error) => gunzip.destroy(error))
  try {
    yield* file.pipe(gunzip) as AsyncIterable<Buffer>
  } finally {
    file.destroy()
  }
}

/** Hands over the whole frames of what is held, and says how many octets that were. */
type Parse = (held: Buffer, frame: LinkFrame, take: (frame: LinkFrame) => void) => number

function formatOf(held: Buffer): Parse {
  const magic = held.readUInt32LE(0)
  if (magic === 0x0a0d0d0a) return pcapng()
  for (const little of [true, false]) {
    const units = { [0xa1b2c3d4]: 1, [0xa1b23c4d]: 1000 }[little ? magic : held.readUInt32BE(0)]
    if (units !== undefined) return pcap(little, units)
  }
  throw new BrokenCapture(
    `expected a pcap or pcapng file, found 0x${magic.toString(16).padStart(8, '0')} at its begin`,
  )
}

const fileHeader = 24

/** `units` a microsecond. */
function pcap(little: boolean, units: number): Parse {
  let linkType: number | undefined
  return (held, frame, take) => {
    const u32 = (at: number): number => (little ? held.readUInt32LE(at) : held.readUInt32BE(at))
    let at = 0
    if (linkType === undefined) {
      // The upper half says whether frames have a check sequence at their end, which is beyond what IP counts.
      linkType = u32(20) & 0xffff
      at = fileHeader
    }
    frame.linkType = linkType
    frame.direction = undefined
    while (at + 16 <= held.length) {
      const size = u32(at + 8)
      if (size > longest) throw new BrokenCapture(`a packet of ${size} octets cannot be`)
      if (at + 16 + size > held.length) break
      frame.time = u32(at) * 1e6 + u32(at + 4) / units
      frame.length = u32(at + 12)
      frame.octets = held.subarray(at + 16, at + 16 + size)
      take(frame)
      at += 16 + size
    }
    return at
  }
}

interface Interface {
  readonly linkType: number
  /** Ticks of its clock a second. */
  readonly ticks: number
  /** Seconds to be added. */
  readonly offset: number
}

const blocks = { section: 0x0a0d0d0a, interface: 1, simple: 3, enhanced: 6 } as const

function pcapng(): Parse {
  let little = true
  let interfaces: Interface[] = []
  return (held, frame, take) => {
    const u16 = (at: number): number => (little ? held.readUInt16LE(at) : held.readUInt16BE(at))
    const u32 = (at: number): number => (little ? held.readUInt32LE(at) : held.readUInt32BE(at))
    const options = (from: number, end: number): Map<number, number> => {
      const found = new Map<number, number>()
      for (let at = from; at + 4 <= end; at += 4 + ((u16(at + 2) + 3) & ~3)) {
        if (u16(at) === 0) break
        found.set(u16(at), at + 4)
      }
      return found
    }
    let at = 0
    while (at + 12 <= held.length) {
      const type = u32(at)
      if (held.readUInt32BE(at) === blocks.section) {
        little = held.readUInt32LE(at + 8) === 0x1a2b3c4d
        interfaces = []
      }
      const size = u32(at + 4)
      if (size < 12 || size % 4 !== 0 || size > longest)
        throw new BrokenCapture(`a block of ${size} octets cannot be`)
      if (at + size > held.length) break
      const end = at + size - 4
      if (type === blocks.interface && size >= 20)
        interfaces.push(described(u16(at + 8), options(at + 16, end)))
      else if (type === blocks.enhanced && size >= 32) {
        const from = interfaces[u32(at + 8)]
        const captured = u32(at + 20)
        if (!from) throw new BrokenCapture(`a packet of interface ${u32(at + 8)}, which is not described`)
        if (at + 28 + captured > end) throw new BrokenCapture('a packet that is longer than its block')
        frame.linkType = from.linkType
        frame.time = ((u32(at + 12) * 0x1_0000_0000 + u32(at + 16)) / from.ticks + from.offset) * 1e6
        frame.length = u32(at + 24)
        frame.octets = held.subarray(at + 28, at + 28 + captured)
        const flags = options(at + 28 + ((captured + 3) & ~3), end).get(2)
        frame.direction =
          flags === undefined ? undefined : ([undefined, 'in', 'out'] as const)[u32(flags) & 3]
        take(frame)
      } else if (type === blocks.simple)
        throw new BrokenCapture(
          'a packet without a time (simple packet block): nothing can be booked to an interval',
        )
      at += size
    }
    return at

    function described(linkType: number, given: ReadonlyMap<number, number>): Interface {
      const resolution = given.get(9)
      const offset = given.get(14)
      const value = resolution === undefined ? 6 : held.readUInt8(resolution)
      return {
        linkType,
        ticks: value & 0x80 ? 2 ** (value & 0x7f) : 10 ** value,
        offset:
          offset === undefined
            ? 0
            : Number(little ? held.readBigInt64LE(offset) : held.readBigInt64BE(offset)),
      }
    }
  }
}
