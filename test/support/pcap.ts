// Capture files written by hand, for tests: pcap in every variant, and the blocks of pcapng.

export interface Packet {
  readonly seconds: number
  /** In units of the file's resolution. */
  readonly fraction: number
  readonly octets: Uint8Array
}

export interface PcapVariant {
  readonly magic?: number
  readonly littleEndian?: boolean
  readonly linkType?: number
  /** Octets between a record's header and its packet (Kuznetzov's variant has 8). */
  readonly gap?: number
}

/** Integers of 16 (`h`), 32 (`i`) and 64 (`q`) bits in one byte order. */
export function integers(
  littleEndian: boolean,
  ...values: [kind: 'h' | 'i' | 'q', value: number | bigint][]
) {
  return Buffer.concat(
    values.map(([kind, value]) => {
      const view = new DataView(new ArrayBuffer({ h: 2, i: 4, q: 8 }[kind]))
      if (kind === 'h') view.setUint16(0, Number(value), littleEndian)
      else if (kind === 'i') view.setUint32(0, Number(value), littleEndian)
      else view.setBigInt64(0, BigInt(value), littleEndian)
      return Buffer.from(view.buffer)
    }),
  )
}

export function pcap(packets: readonly Packet[], variant: PcapVariant = {}): Buffer {
  const { magic = 0xa1b2c3d4, littleEndian = true, linkType = 1, gap = 0 } = variant
  const header = integers(
    littleEndian,
    ['i', magic],
    ['h', 2],
    ['h', 4],
    ['q', 0],
    ['i', 262144],
    ['i', linkType],
  )
  const records = packets.flatMap(({ seconds, fraction, octets }) => [
    integers(littleEndian, ['i', seconds], ['i', fraction], ['i', octets.length], ['i', octets.length]),
    Buffer.alloc(gap),
    octets,
  ])
  return Buffer.concat([header, ...records])
}

const padded = (octets: Uint8Array) => Buffer.concat([octets, Buffer.alloc(-octets.length & 3)])

/** A pcapng block of this type around this body. */
export function block(littleEndian: boolean, type: number, ...body: Uint8Array[]): Buffer {
  const inside = Buffer.concat(body)
  const length = inside.length + 12
  return Buffer.concat([
    integers(littleEndian, ['i', type], ['i', length]),
    inside,
    integers(littleEndian, ['i', length]),
  ])
}

export const sectionHeader = (littleEndian = true) =>
  block(littleEndian, 0x0a0d0d0a, integers(littleEndian, ['i', 0x1a2b3c4d], ['h', 1], ['h', 0], ['q', -1n]))

export const interfaceBlock = (littleEndian = true, linkType = 1, snapLength = 0, ...options: Uint8Array[]) =>
  block(littleEndian, 1, integers(littleEndian, ['h', linkType], ['h', 0], ['i', snapLength]), ...options)

export const option = (littleEndian: boolean, code: number, value: Uint8Array) =>
  Buffer.concat([integers(littleEndian, ['h', code], ['h', value.length]), padded(value)])

/** An enhanced packet block, at `ticks` of its interface's clock. */
export const enhanced = (littleEndian: boolean, from: number, ticks: bigint, octets: Uint8Array) =>
  block(
    littleEndian,
    6,
    integers(littleEndian, ['i', from], ['i', ticks >> 32n], ['i', ticks & 0xffffffffn]),
    integers(littleEndian, ['i', octets.length], ['i', octets.length]),
    padded(octets),
  )

/** The obsolete packet block. */
export const obsolete = (littleEndian: boolean, from: number, ticks: bigint, octets: Uint8Array) =>
  block(
    littleEndian,
    2,
    integers(littleEndian, ['h', from], ['h', 0], ['i', ticks >> 32n], ['i', ticks & 0xffffffffn]),
    integers(littleEndian, ['i', octets.length], ['i', octets.length]),
    padded(octets),
  )

/** A simple packet block, all of whose `length` octets may not be there. */
export const simple = (littleEndian: boolean, octets: Uint8Array, length = octets.length) =>
  block(littleEndian, 3, integers(littleEndian, ['i', length]), padded(octets))

/** An Ethernet frame that carries a UDP datagram over IPv4 from 192.0.2.1 to 192.0.2.2. */
export function udpFrame(sourcePort: number, destinationPort: number, payload: Uint8Array): Buffer {
  const udp = Buffer.concat([
    integers(false, ['h', sourcePort], ['h', destinationPort], ['h', payload.length + 8], ['h', 0]),
    payload,
  ])
  const ip = Buffer.concat([
    integers(
      false,
      ['h', 0x4500],
      ['h', udp.length + 20],
      ['i', 0],
      ['h', 0x4011],
      ['h', 0],
      ['i', 0xc0000201],
    ),
    integers(false, ['i', 0xc0000202]),
    udp,
  ])
  return Buffer.concat([Buffer.from('0200000000020200000000010800', 'hex'), ip])
}
