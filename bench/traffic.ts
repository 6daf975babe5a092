// The export traffic that the benchmarks decode: made here, the same every time.
import type { Datagram } from '../src/decode/datagram.ts'

/** Datagrams of one protocol, and how many records they hold. */
export interface Case {
  readonly name: string
  readonly datagrams: readonly Datagram[]
  readonly records: number
}

const DATAGRAMS = 2000

/** A generator of the same pseudo-random octets every time (xorshift32). */
function randomOctets(): (length: number) => Buffer {
  let state = 0x9e3779b9
  return (length) => {
    const bytes = Buffer.alloc(length)
    for (let i = 0; i < length; i++) {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      bytes[i] = state & 255
    }
    return bytes
  }
}

const toDatagram = (payload: Uint8Array): Datagram => ({
  seconds: 1_700_000_000,
  nanoseconds: 0,
  sourceAddress: '192.0.2.1',
  sourcePort: 40_000,
  destinationAddress: '192.0.2.2',
  destinationPort: 2055,
  transport: 'udp',
  payload,
})

function set(id: number, body: Buffer): Buffer {
  const header = Buffer.alloc(4)
  header.writeUInt16BE(id, 0)
  header.writeUInt16BE(4 + body.length, 2)
  return Buffer.concat([header, body])
}

function templateSet(setId: number, fields: readonly (readonly [number, number])[]): Buffer {
  const body = Buffer.alloc(4 + 4 * fields.length)
  body.writeUInt16BE(256, 0)
  body.writeUInt16BE(fields.length, 2)
  fields.forEach(([id, length], index) => {
    body.writeUInt16BE(id, 4 + 4 * index)
    body.writeUInt16BE(length, 6 + 4 * index)
  })
  return set(setId, body)
}

/** NetFlow v9: 16 fields, 48 octets a record, 29 records a datagram. */
export function netflow9(): Case {
  const fields = [
    [8, 4], [12, 4], [15, 4], [10, 4], [14, 4], [2, 4], [1, 4], [22, 4], [21, 4],
    [7, 2], [11, 2], [16, 2], [17, 2], [4, 1], [5, 1], [6, 2],
  ] as const // biome-ignore format: one line reads as a table
  const random = randomOctets()
  const perDatagram = 29
  const datagrams = Array.from({ length: DATAGRAMS }, (_, sequence) => {
    const header = Buffer.alloc(20)
    header.writeUInt16BE(9, 0)
    header.writeUInt16BE(perDatagram, 2)
    header.writeUInt32BE(1_700_000_000, 8)
    header.writeUInt32BE(sequence, 12)
    const template = sequence === 0 ? [templateSet(0, fields)] : []
    return toDatagram(Buffer.concat([header, ...template, set(256, random(48 * perDatagram))]))
  })
  return { name: 'NetFlow v9, 16 fields, 48 octets', datagrams, records: DATAGRAMS * perDatagram }
}

/** IPFIX: IPv6 addresses, 64-bit counters, times in ms, and two strings of variable length. */
export function ipfix(): Case {
  const fields = [
    [27, 16], [28, 16], [7, 2], [11, 2], [4, 1], [1, 8], [2, 8], [152, 8], [153, 8], [10, 4], [14, 4],
    [82, 65_535], [96, 65_535],
  ] as const // biome-ignore format: one line reads as a table
  const random = randomOctets()
  const perDatagram = 14
  const record = () => {
    const octets = (value: Buffer) => Buffer.concat([Buffer.of(value.length), value])
    const name = octets(random(4 + ((random(1)[0] ?? 0) & 7)))
    return Buffer.concat([random(77), name, octets(random(6))])
  }
  const datagrams = Array.from({ length: DATAGRAMS }, (_, index) => {
    const header = Buffer.alloc(16)
    const data = set(256, Buffer.concat(Array.from({ length: perDatagram }, record)))
    const body = index === 0 ? Buffer.concat([templateSet(2, fields), data]) : data
    header.writeUInt16BE(10, 0)
    header.writeUInt16BE(16 + body.length, 2)
    header.writeUInt32BE(1_700_000_000, 4)
    header.writeUInt32BE(index * perDatagram, 8)
    return toDatagram(Buffer.concat([header, body]))
  })
  return { name: 'IPFIX, IPv6, 2 of 13 fields variable', datagrams, records: DATAGRAMS * perDatagram }
}

/** NetFlow v5: 30 records a datagram. */
export function netflow5(): Case {
  const random = randomOctets()
  const datagrams = Array.from({ length: DATAGRAMS }, (_, index) => {
    const header = Buffer.alloc(24)
    header.writeUInt16BE(5, 0)
    header.writeUInt16BE(30, 2)
    header.writeUInt32BE(1_700_000_000, 8)
    header.writeUInt32BE(index * 30, 16)
    return toDatagram(Buffer.concat([header, random(30 * 48)]))
  })
  return { name: 'NetFlow v5', datagrams, records: DATAGRAMS * 30 }
}
