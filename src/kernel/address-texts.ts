// The text of addresses that come again and again, so that it is made once: a table of fixed size in which a new address
// takes the place of another one with the same hash.
import { formatIPv4, formatIPv6 } from './address.ts'
import { u32 } from './octets.ts'

const SLOTS = 1024

export class AddressTexts {
  private readonly words = new Uint32Array(SLOTS * 4)
  private readonly texts = Array<string>(SLOTS).fill('')

  /** The text of the 4 or 16 octets at `at`. */
  of(bytes: Uint8Array, at: number, family: 4 | 6): string {
    const a = u32(bytes, at)
    // No IPv6 address of an exporter begins with the 96 zero bits that an IPv4 one has here.
    const [b, c, d] = family === 4 ? [0, 0, 0] : [u32(bytes, at + 4), u32(bytes, at + 8), u32(bytes, at + 12)]
    const hash = Math.imul(a ^ Math.imul(b, 3) ^ Math.imul(c, 5) ^ Math.imul(d, 7), 0x9e3779b1) >>> 22
    const { words, texts } = this
    const slot = hash * 4
    const text = texts[hash] ?? ''
    const same = words[slot] === a && words[slot + 1] === b && words[slot + 2] === c && words[slot + 3] === d
    if (same && text !== '' && text.includes(':') === (family === 6)) return text
    words.set([a, b, c, d], slot)
    const made = family === 4 ? formatIPv4(a) : formatIPv6(bytes, at)
    texts[hash] = made
    return made
  }
}
