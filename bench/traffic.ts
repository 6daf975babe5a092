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

const toDatagram = (payload: Uint8Array, destinationPort = 2055): Datagram => ({
  seconds: 1_700_000_000,
  nanoseconds: 0,
  sourceAddress: '192.0.2.1',
  sourcePort: 40_000,
  destinationAddress: '192.0.2.2',
  destinationPort,
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

const words = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length)
  values.forEach((value, index) => bytes.writeUInt32BE(value >>> 0, 4 * index))
  return bytes
}

const block = (format: number, body: Buffer): Buffer => Buffer.concat([words(format, body.length), body])

/** The first 128 octets of a sampled packet: TCP over IPv4, the same in a VLAN, TCP over IPv6, and a VXLAN tunnel, by turns. */
function sampledPacket(random: (length: number) => Buffer, turn: number): Buffer {
  const macs = random(12)
  const type = (value: number) => Buffer.of(value >>> 8, value & 255)
  const ipv4 = (protocol: number) =>
    Buffer.concat([Buffer.of(0x45, 0, 5, 0xdc), random(2), Buffer.of(0x40, 0, 64, protocol, 0, 0), random(8)])
  const tcp = Buffer.concat([random(12), Buffer.of(0x50, 0x18), random(6)])
  const inner = Buffer.concat([macs, type(0x0800), ipv4(6), tcp])
  const kinds = [
    () => inner,
    () => Buffer.concat([macs, type(0x8100), Buffer.of(0, 42), type(0x0800), ipv4(6), tcp]),
    () => Buffer.concat([macs, type(0x86dd), words(0x6000_0000), Buffer.of(5, 0xdc, 6, 64), random(32), tcp]),
    () =>
      Buffer.concat([
        macs,
        type(0x0800),
        ipv4(17),
        random(2),
        type(4789),
        words(0, 0x0800_0000, 4242 << 8),
        inner,
      ]),
  ]
  const packet = kinds[turn % kinds.length]?.() ?? inner
  return Buffer.concat([packet, random(128 - packet.length)])
}

/** sFlow: 7 flow samples a datagram from 4 interfaces, each with a header of 128 octets and extended_switch. */
export function sflow(): Case {
  const random = randomOctets()
  const perDatagram = 7
  const sequences = [0, 0, 0, 0]
  const sample = (turn: number): Buffer => {
    const port = turn % 4
    const sequence = (sequences[port] = (sequences[port] ?? 0) + 1)
    const structures = [
      block(1, Buffer.concat([words(1, 1518, 4, 128), sampledPacket(random, turn >> 2)])),
      block(1001, words(42, 0, 42, 0)),
    ]
    const fixed = words(sequence, port + 1, 1000, sequence * 1000, 0, port + 1, 5, structures.length)
    return block(1, Buffer.concat([fixed, ...structures]))
  }
  const datagrams = Array.from({ length: DATAGRAMS }, (_, index) => {
    const header = words(5, 1, 0xc0000209, 0, index, 60_000 + index, perDatagram)
    const samples = Array.from({ length: perDatagram }).map((_each, number) =>
      sample(index * perDatagram + number),
    )
    return toDatagram(Buffer.concat([header, ...samples]), 6343)
  })
  return { name: 'sFlow, headers decoded to the ports', datagrams, records: DATAGRAMS * perDatagram }
}
