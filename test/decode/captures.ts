// The captures of real exporters that tests read, and the least of a pcap reader that they need: Ethernet, IPv4 or IPv6,
// UDP, no fragments. (The product's own reader is src/capture; this one is apart so that a mistake there shows.)
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Datagram } from '../../src/decode/datagram.ts'
import { formatIPv4, formatIPv6 } from '../../src/kernel/address.ts'

const folder = fileURLToPath(new URL('../../../shared/captures/', import.meta.url))

/** The folder of captures, beside the checkout; undefined where there is none. */
export const captures: string | undefined = existsSync(folder) ? folder : undefined

/** The folder of captures that test/exporters/make made of real exporters. */
export const exporters = fileURLToPath(new URL('../exporters/', import.meta.url))

/** All UDP datagrams of a pcap file, in order. */
export function readCapture(path: string): Datagram[] {
  const file = readFileSync(path)
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  const magic = view.getUint32(0, true)
  const little = magic === 0xa1b2c3d4 || magic === 0xa1b23c4d
  const nano = magic === 0xa1b23c4d || magic === 0x4d3cb2a1
  const datagrams: Datagram[] = []
  for (let at = 24; at + 16 <= file.length; ) {
    const length = view.getUint32(at + 8, little)
    const seconds = view.getUint32(at, little)
    const nanoseconds = view.getUint32(at + 4, little) * (nano ? 1 : 1000)
    const ip = at + 16 + 14
    const six = view.getUint16(ip - 2) === 0x86dd
    const udp = ip + (six ? 40 : (view.getUint8(ip) & 15) * 4)
    const address = (offset: number) =>
      six ? formatIPv6(file, ip + 8 + offset * 16) : formatIPv4(view.getUint32(ip + 12 + offset * 4))
    datagrams.push({
      seconds,
      nanoseconds,
      sourceAddress: address(0),
      sourcePort: view.getUint16(udp),
      destinationAddress: address(1),
      destinationPort: view.getUint16(udp + 2),
      transport: 'udp',
      payload: file.subarray(udp + 8, udp + view.getUint16(udp + 4)),
    })
    at += 16 + length
  }
  return datagrams
}
