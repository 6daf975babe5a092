// The sFlow peer of bench/decode.ts: the straightforward decoder, which makes an object of every sample and reads its header
// through Ethernet, VLAN tags, IPv4 or IPv6 and VXLAN down to the ports. It follows no sequences and keeps no counters.
import type { Datagram } from '../src/decode/datagram.ts'

type Packet = Record<string, unknown>

function readTransport(view: DataView, at: number, packet: Packet, protocol: number): void {
  if (protocol !== 6 && protocol !== 17) return
  packet.sourcePort = view.getUint16(at)
  packet.destinationPort = view.getUint16(at + 2)
  if (protocol === 6) packet.tcpFlags = view.getUint16(at + 12) & 0xfff
  else if (packet.destinationPort === 4789) packet.inner = readEthernet(view, at + 16)
}

function readEthernet(view: DataView, start: number): Packet {
  const octets = (at: number, length: number) => new Uint8Array(view.buffer, view.byteOffset + at, length)
  const packet: Packet = { destinationMac: octets(start, 6), sourceMac: octets(start + 6, 6) }
  let at = start + 12
  while (view.getUint16(at) === 0x8100) {
    packet.vlan = view.getUint16(at + 2) & 0xfff
    at += 4
  }
  const type = view.getUint16(at)
  at += 2
  if (type === 0x0800) {
    packet.tos = view.getUint8(at + 1)
    packet.length = view.getUint16(at + 2)
    packet.identification = view.getUint16(at + 4)
    packet.ttl = view.getUint8(at + 8)
    packet.protocol = view.getUint8(at + 9)
    packet.source = view.getUint32(at + 12)
    packet.destination = view.getUint32(at + 16)
    readTransport(view, at + (view.getUint8(at) & 15) * 4, packet, view.getUint8(at + 9))
  } else if (type === 0x86dd) {
    packet.flowLabel = view.getUint32(at) & 0xfffff
    packet.length = view.getUint16(at + 4)
    packet.ttl = view.getUint8(at + 7)
    packet.protocol = view.getUint8(at + 6)
    packet.source = octets(at + 8, 16)
    packet.destination = octets(at + 24, 16)
    readTransport(view, at + 40, packet, view.getUint8(at + 6))
  }
  return packet
}

/** Decodes sFlow v5; what it returns decodes datagrams and says how many flow samples they held. */
export function interpretSflow(): (all: readonly Datagram[]) => number {
  let last: Packet = {}

  const readSample = (view: DataView, at: number): void => {
    const sample: Packet = {
      sequence: view.getUint32(at),
      source: view.getUint32(at + 4),
      rate: view.getUint32(at + 8),
      pool: view.getUint32(at + 12),
      drops: view.getUint32(at + 16),
      input: view.getUint32(at + 20),
      output: view.getUint32(at + 24),
    }
    let next = at + 32
    for (let record = view.getUint32(at + 28); record > 0; record--) {
      const [format, length] = [view.getUint32(next), view.getUint32(next + 4)]
      if (next + 8 + length > view.byteLength) return
      if (format === 1) {
        sample.protocol = view.getUint32(next + 8)
        sample.frameSize = view.getUint32(next + 12)
        sample.packet = readEthernet(view, next + 24)
      } else if (format === 1001)
        sample.switch = [8, 12, 16, 20].map((offset) => view.getUint32(next + offset))
      next += 8 + length
    }
    last = sample
  }

  const readDatagram = ({ payload }: Datagram): number => {
    const view = new DataView(payload.buffer, payload.byteOffset, payload.length)
    const [count, first] = [view.getUint32(24), 28]
    let at = first
    for (let sample = 0; sample < count; sample++) {
      if (at + 8 + view.getUint32(at + 4) > payload.length) return sample
      if (view.getUint32(at) === 1) readSample(view, at + 8)
      at += 8 + view.getUint32(at + 4)
    }
    return count
  }

  return (all) => {
    const samples = all.reduce((sum, datagram) => sum + readDatagram(datagram), 0)
    if (last.packet === undefined) throw new Error('no sample was read')
    return samples
  }
}
