// What the kernel counted of the exports on their way, and whether a socket was there to take them.

import { open } from 'node:fs/promises'
import { familyOf, parseAddress, toBytes } from '../../kernel/address.ts'
import { add, nothing, type Volume } from '../../kernel/units.ts'

/** From `nft -j list table`. `bytes` include Ethernet's header at the exporter's end. */
export function parseCounter(json: string, name = 'datagrams'): Volume {
  const { nftables } = JSON.parse(json) as { nftables: readonly { counter?: Volume & { name?: string } }[] }
  const counter = nftables.find((each) => each.counter?.name === name)?.counter
  if (!counter) throw new Error(`nft lists no counter of ${name}`)
  return { packets: counter.packets, bytes: counter.bytes }
}

export interface Sockets {
  readonly listening: boolean
  /** Datagrams that the kernel dropped because the socket's receive queue was full. */
  readonly drops: number
}

/**
 * The sockets that take datagrams for `address:port`, from /proc/net/udp and udp6, one after the other (proc(5)): addresses in
 * hexadecimal, each 32 bits in the machine's byte order; the last column counts drops. One that is bound to no address takes
 * those of its own family, of IPv6 both.
 */
export function parseSockets(text: string, address: string, port: number): Sockets {
  const bound = [hostOrderHex(address), ...(familyOf(address) === 4 ? ['0'.repeat(8)] : []), '0'.repeat(32)]
  const wanted = bound.map((each) => `${each}:${hex(port, 4)}`)
  const found = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => wanted.includes(columns[1] ?? ''))
  return {
    listening: found.length > 0,
    drops: found.reduce((sum, columns) => sum + Number(columns[12] ?? 0), 0),
  }
}

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0')

function hostOrderHex(address: string): string {
  const parsed = parseAddress(address)
  const bytes = parsed ? [...toBytes(parsed)] : []
  return bytes
    .flatMap((_, at) => (at % 4 === 0 ? bytes.slice(at, at + 4).reverse() : []))
    .map((byte) => hex(byte, 2))
    .join('')
}

const fileHeader = 24
const packetHeader = 16
const blockSize = 1 << 16

export interface Recorded extends Volume {
  /** Octets of the file up to the end of the last whole packet; 0 where there is none. */
  readonly end: number
}

/**
 * Counts the whole packets in a recording so far, by a walk over the record headers that tcpdump wrote (pcap, this machine's
 * byte order). Each call goes on where the one before ended.
 */
export function countRecorded(file: string): () => Promise<Recorded> {
  let at = fileHeader
  let volume: Recorded = { ...nothing, end: 0 }
  const block = Buffer.alloc(blockSize)
  return async () => {
    const handle = await open(file).catch(() => undefined)
    if (!handle) return volume
    try {
      const { size } = await handle.stat()
      for (let from = at, filled = 0; ; ) {
        if (at < from || at + packetHeader > from + filled) {
          from = at
          filled = (await handle.read(block, 0, blockSize, from)).bytesRead
          if (filled < packetHeader) return volume
        }
        const next = at + packetHeader + block.readUInt32LE(at - from + 8)
        if (next > size) return volume
        volume = { ...add(volume, { packets: 1, bytes: block.readUInt32LE(at - from + 12) }), end: next }
        at = next
      }
    } finally {
      await handle.close()
    }
  }
}
