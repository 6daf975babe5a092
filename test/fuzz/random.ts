// Random numbers that can be repeated from their seed (Mulberry32), and ways to spoil octets with them.

export type Random = () => number

/** Uniform in [0, 1). */
export function random(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

/** A whole number below `limit`. */
export const below = (next: Random, limit: number): number => Math.floor(next() * limit)

/** One of these. */
export const pick = <T>(next: Random, things: readonly T[]): T => {
  const thing = things[below(next, things.length)]
  if (thing === undefined) throw new RangeError('nothing to pick from')
  return thing
}

/** Numbers at which decoders break. */
const edges = [
  0, 1, 3, 4, 7, 8, 0x7f, 0xff, 0x100, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffc, 0xffff_ffff,
]

/** A copy with a few things wrong: octets, words, cuts, repetitions. */
export function spoil(next: Random, octets: Uint8Array): Buffer {
  let copy = Buffer.from(octets)
  for (let count = 1 + below(next, 4); count > 0 && copy.length >= 4; count--) {
    const at = below(next, copy.length - 3)
    switch (below(next, 6)) {
      case 0:
        copy[at] = below(next, 256)
        break
      case 1:
        copy.writeUInt32BE(pick(next, edges), at & ~3)
        break
      case 2:
        copy.writeUInt16BE(pick(next, edges) & 0xffff, at)
        break
      case 3:
        copy.writeUInt32LE(pick(next, edges), at & ~3)
        break
      case 4:
        copy = copy.subarray(0, at)
        break
      case 5:
        copy = Buffer.concat([copy.subarray(0, at), copy.subarray(below(next, at + 1))])
        break
    }
    if (copy.length > 1 << 17) copy = copy.subarray(0, 1 << 17)
  }
  return copy
}
