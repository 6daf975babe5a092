// Recordings of exports as large as one likes: NetFlow v9 over UDP in pcap files, with pmacctd's fields, the same every time.
import { closeSync, openSync, writeSync } from 'node:fs'

/** Element and its octets, in the template's order. */
const fields = {
  source: [8, 4],
  destination: [12, 4],
  nextHop: [15, 4],
  sourcePort: [7, 2],
  destinationPort: [11, 2],
  protocol: [4, 1],
  tos: [5, 1],
  tcpFlags: [6, 1],
  sourceMask: [9, 1],
  destinationMask: [13, 1],
  ingress: [10, 4],
  egress: [14, 4],
  sourceAs: [16, 4],
  destinationAs: [17, 4],
  packets: [2, 4],
  bytes: [1, 4],
  first: [22, 4],
  last: [21, 4],
} as const

let width = 0
const places = Object.fromEntries(
  Object.entries(fields).map(([name, [, octets]]) => [name, (width += octets) - octets]),
) as Record<keyof typeof fields, number>

export const perDatagram = 25
const [pcap, ethernet, ip, udp, netflow] = [16, 14, 20, 8, 20]
const headers = pcap + ethernet + ip + udp
const body = headers + netflow
const templateOctets = 8 + 4 * Object.keys(fields).length
/** Seconds since 1970 of the first record, and over how many the recording goes. */
const [begin, lasts] = [1_700_000_000, 1000]

/** Spreads the numbers of flows over addresses and ports (Murmur3's finaliser). */
function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Source, destination and ports of a flow, of UDP. */
export const keyOf = (flow: number) => ({
  source: (0x0a000000 | (mixed(flow) & 0xffff)) >>> 0,
  destination: (0xc0a80000 | (mixed(flow + 1) & 0xffff)) >>> 0,
  sourcePort: flow & 0xffff,
  destinationPort: 1024 + (flow >>> 16),
})

/** Of every record. */
export const volume = { packets: 3, bytes: 1800 }

/** Writes records number 0 to `records` - 1, of the flows by turns; `skip` says which are left out. Gives how many datagrams. */
export function writeRecording(
  path: string,
  records: number,
  flows: number,
  skip: (record: number) => boolean = () => false,
): number {
  const file = openSync(path, 'w')
  const block = Buffer.alloc(1 << 20)
  const datagram = Buffer.alloc(body + Math.max(templateOctets, 4 + perDatagram * width))
  let [used, sequence] = [0, 0]
  for (const word of [0xa1b2c3d4, 0x00040002, 0, 0, 65_535, 1]) used = block.writeUInt32LE(word, used)
  /** A datagram with so many octets behind NetFlow's header, as `share` of the records have been written. */
  const send = (octets: number, count: number, share: number): void => {
    const length = body + octets
    const at = share * lasts
    datagram.writeUInt32LE(begin + Math.floor(at), 0)
    datagram.writeUInt32LE(Math.floor((at % 1) * 1e6), 4)
    datagram.writeUInt32LE(length - pcap, 8)
    datagram.writeUInt32LE(length - pcap, 12)
    datagram.writeUInt16BE(0x0800, pcap + 12)
    datagram.writeUInt8(0x45, pcap + ethernet)
    datagram.writeUInt16BE(length - pcap - ethernet, pcap + ethernet + 2)
    datagram.writeUInt16BE((64 << 8) | 17, pcap + ethernet + 8)
    datagram.writeUInt32BE(0xc0000201, pcap + ethernet + 12)
    datagram.writeUInt32BE(0xc0000202, pcap + ethernet + 16)
    datagram.writeUInt16BE(40_000, pcap + ethernet + ip)
    datagram.writeUInt16BE(2055, pcap + ethernet + ip + 2)
    datagram.writeUInt16BE(length - pcap - ethernet - ip, pcap + ethernet + ip + 4)
    datagram.writeUInt16BE(9, headers)
    datagram.writeUInt16BE(count, headers + 2)
    datagram.writeUInt32BE(Math.floor(at * 1000) + 10_000, headers + 4)
    datagram.writeUInt32BE(begin + Math.floor(at), headers + 8)
    datagram.writeUInt32BE(sequence++, headers + 12)
    if (used + length > block.length) {
      writeSync(file, block, 0, used)
      used = 0
    }
    used += datagram.copy(block, used, 0, length)
  }
  let end = datagram.writeUInt16BE(templateOctets, body + 2)
  end = datagram.writeUInt16BE(256, end)
  end = datagram.writeUInt16BE(Object.keys(fields).length, end)
  for (const [id, octets] of Object.values(fields)) {
    end = datagram.writeUInt16BE(id, end)
    end = datagram.writeUInt16BE(octets, end)
  }
  send(templateOctets, 1, 0)
  datagram.fill(0)
  datagram.writeUInt16BE(256, body)
  let held = 0
  const flush = (done: number): void => {
    datagram.writeUInt16BE(4 + held * width, body + 2)
    send(4 + held * width, held, done / records)
    held = 0
  }
  for (let record = 0; record < records; record++) {
    if (skip(record)) continue
    const { source, destination, sourcePort, destinationPort } = keyOf(record % flows)
    const at = body + 4 + held++ * width
    const first = Math.floor((record / records) * lasts * 1000)
    datagram.writeUInt32BE(source, at + places.source)
    datagram.writeUInt32BE(destination, at + places.destination)
    datagram.writeUInt32BE(0xc0000201, at + places.nextHop)
    datagram.writeUInt16BE(sourcePort, at + places.sourcePort)
    datagram.writeUInt16BE(destinationPort, at + places.destinationPort)
    datagram.writeUInt8(17, at + places.protocol)
    datagram.writeUInt8(24, at + places.sourceMask)
    datagram.writeUInt8(24, at + places.destinationMask)
    datagram.writeUInt32BE(1, at + places.ingress)
    datagram.writeUInt32BE(2, at + places.egress)
    datagram.writeUInt32BE(65_001 + (source & 15), at + places.sourceAs)
    datagram.writeUInt32BE(65_101 + (destination & 15), at + places.destinationAs)
    datagram.writeUInt32BE(volume.packets, at + places.packets)
    datagram.writeUInt32BE(volume.bytes, at + places.bytes)
    datagram.writeUInt32BE(first, at + places.first)
    datagram.writeUInt32BE(first + 5000, at + places.last)
    if (held === perDatagram) flush(record)
  }
  if (held > 0) flush(records)
  writeSync(file, block, 0, used)
  closeSync(file)
  return sequence
}
