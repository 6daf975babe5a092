// Hostile export messages, from a seed: mutated captures, and messages that have the right structure and wrong contents.
import type { Datagram } from '../../src/decode/datagram.ts'
import { datagram } from '../decode/bytes.ts'

/** A source of random numbers (mulberry32): the same seed, the same numbers. */
export class Random {
  private state: number

  constructor(seed: number) {
    this.state = seed | 0
  }

  /** An integer from 0 to `below` - 1. */
  below(below: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * below)
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.below(items.length)] ?? items[0]
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)))
  }
}

/** Numbers at which lengths and counts break. */
const edges = [
  0, 1, 2, 3, 4, 5, 7, 8, 16, 127, 128, 254, 255, 256, 257, 1023, 0x7fff, 0x8000, 0xfffe, 0xffff,
] as const

/** The datagram with some of its octets changed, cut off, repeated or put in. */
export function mutate(random: Random, original: Datagram): Datagram {
  let payload = Buffer.from(original.payload)
  for (let times = 1 + random.below(4); times > 0 && payload.length > 4; times--) {
    const at = random.below(payload.length - 1)
    const length = random.below(32)
    switch (random.below(6)) {
      case 0:
        payload[at] = random.below(256)
        break
      case 1:
        payload.writeUInt16BE(random.pick(edges), at)
        break
      case 2:
        payload = payload.subarray(0, at)
        break
      case 3:
        payload = Buffer.concat([payload.subarray(0, at), payload.subarray(at + length)])
        break
      case 4:
        payload = Buffer.concat([payload.subarray(0, at), random.bytes(length), payload.subarray(at)])
        break
      default:
        payload = Buffer.concat([payload.subarray(0, at + length), payload.subarray(at)])
    }
  }
  return { ...original, payload }
}

const u16 = (value: number): Buffer => Buffer.of((value >> 8) & 255, value & 255)

/** Mostly the true number, sometimes another. */
const lie = (random: Random, truth: number): number => (random.below(12) === 0 ? random.pick(edges) : truth)

/** Elements of every type, among them lists, samplers, type information and the unknown. */
const elements = [
  1, 2, 4, 8, 10, 21, 22, 27, 34, 35, 48, 49, 50, 56, 82, 95, 150, 152, 154, 156, 158, 160, 210, 276, 291,
  292, 293, 302, 303, 305, 306, 309, 310, 311, 339, 341, 346, 434, 515, 9999,
] as const

function template(random: Random, version: 9 | 10, id: number): Buffer {
  const options = random.below(4) === 0
  const count = 1 + random.below(6)
  const fields = Array.from({ length: count }, () => {
    const enterprise = version === 10 && random.below(6) === 0
    const length = random.pick([0, 1, 2, 3, 4, 5, 6, 8, 16, 31, 0xffff])
    const number = random.pick(elements) | (enterprise ? 0x8000 : 0)
    return Buffer.concat([u16(number), u16(length), enterprise ? random.bytes(4) : Buffer.alloc(0)])
  })
  const specifiers = Buffer.concat(fields)
  const numbers = options ? (version === 9 ? [4, 4 * (count - 1)] : [count, 1]) : [count]
  const record = [u16(id), ...numbers.map((value) => u16(lie(random, value))), specifiers]
  const setId = version === 9 ? (options ? 1 : 0) : options ? 3 : 2
  return set(random, setId, Buffer.concat(record))
}

function set(random: Random, id: number, body: Buffer): Buffer {
  return Buffer.concat([u16(lie(random, id)), u16(lie(random, body.length + 4)), body])
}

/** Octets in which lengths of variable-length fields, list headers and template IDs are likely. */
function contents(random: Random): Buffer {
  const parts = Array.from({ length: random.below(12) }, () =>
    random.pick([
      () => random.bytes(random.below(24)),
      () => Buffer.of(random.below(20)),
      () => Buffer.concat([Buffer.of(255), u16(random.pick(edges))]),
      () => Buffer.concat([Buffer.of(3), u16(256 + random.below(4)), random.bytes(random.below(16))]),
      () => Buffer.concat([Buffer.of(3), u16(random.pick([8, 291, 292])), u16(random.pick(edges))]),
      () => Buffer.alloc(random.below(16)),
    ])(),
  )
  return Buffer.concat(parts)
}

/** A NetFlow v9 datagram or IPFIX message of templates and data of a few numbers, so that they meet. */
export function generate(random: Random): Datagram {
  const version = random.pick([9, 10] as const)
  const sets = Array.from({ length: 1 + random.below(6) }, () => {
    const id = 256 + random.below(4)
    return random.below(3) === 0 ? template(random, version, id) : set(random, id, contents(random))
  })
  const body = Buffer.concat(sets)
  const header =
    version === 9
      ? Buffer.concat([
          u16(9),
          u16(sets.length),
          random.bytes(8),
          Buffer.alloc(7),
          Buffer.of(random.below(2)),
        ])
      : Buffer.concat([
          u16(10),
          u16(lie(random, 16 + body.length)),
          random.bytes(8),
          Buffer.alloc(3),
          Buffer.of(random.below(2)),
        ])
  const transport = random.pick(['udp', 'tcp'] as const)
  return datagram(Buffer.concat([header, body]), { transport })
}
