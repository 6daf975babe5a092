// The flows of a capture's moment, counted in typed arrays found by a hash of their key: nothing is made for a packet, and no more
// memory is taken than for so many flows. A flow is known by direction and type of service too.

import type { Direction } from '../../evidence.ts'
import type { LinkFrame } from './file.ts'
import type { Packet } from './packet.ts'

const most = 1 << 16
/** A power of two, twice as many as flows: few of them collide. */
const slots = most * 2

/** 32-bit words of a key: source, destination (four each, the lowest first, IPv4 in the IPv6 address that maps it), ports, the rest. */
const width = 10
const ports = 8
const rest = 9

const directions: readonly (Direction | undefined)[] = [undefined, 'in', 'out']

export class FlowCounts {
  size = 0
  readonly packets = new Uint32Array(most)
  /** Of layer 3, and the sum of the squares of the packets'. */
  readonly bytes = new Float64Array(most)
  readonly squares = new Float64Array(most)
  /** Those of all its packets together. */
  readonly tcpFlags = new Uint8Array(most)
  /** Microseconds since 1970-01-01T00:00:00Z. */
  readonly first = new Float64Array(most)
  readonly last = new Float64Array(most)
  private readonly keys = new Uint32Array(most * width)
  /** 1 + the place of the flow; 0 where there is none. */
  private readonly found = new Uint32Array(slots)
  private readonly key = new Uint32Array(width)

  get isFull(): boolean {
    return this.size === most
  }

  /** Four words each of source and destination. */
  addresses(flow: number): Uint32Array {
    return this.keys.subarray(flow * width, flow * width + ports)
  }

  keyOf(flow: number): {
    readonly sourcePort: number
    readonly destinationPort: number
    readonly protocol: number
    readonly tos: number
    readonly direction: Direction | undefined
  } {
    const [both = 0, others = 0] = [this.keys[flow * width + ports], this.keys[flow * width + rest]]
    return {
      sourcePort: both >>> 16,
      destinationPort: both & 0xffff,
      protocol: others & 0xff,
      tos: (others >>> 8) & 0xff,
      direction: directions[others >>> 16],
    }
  }

  /** There must be room for one more. */
  add({ octets, time }: LinkFrame, packet: Packet): void {
    const flow = this.place(octets, packet)
    const { bytes } = packet
    this.packets[flow] = (this.packets[flow] ?? 0) + 1
    this.bytes[flow] = (this.bytes[flow] ?? 0) + bytes
    this.squares[flow] = (this.squares[flow] ?? 0) + bytes * bytes
    this.tcpFlags[flow] = (this.tcpFlags[flow] ?? 0) | packet.tcpFlags
    if (this.packets[flow] === 1) this.first[flow] = time
    if (this.packets[flow] === 1 || time > (this.last[flow] ?? 0)) this.last[flow] = time
  }

  clear(): void {
    for (const counts of [this.packets, this.bytes, this.squares, this.tcpFlags]) counts.fill(0, 0, this.size)
    this.found.fill(0)
    this.size = 0
  }

  /** Where the packet's flow stands; it is new where it was not there. */
  private place(octets: Buffer, packet: Packet): number {
    const { key, keys, found } = this
    const { family, source, destination, sourcePort, destinationPort, protocol, tos, direction } = packet
    putAddress(key, 0, octets, source, family)
    putAddress(key, 4, octets, destination, family)
    key[ports] = (sourcePort << 16) | destinationPort
    key[rest] = protocol | (tos << 8) | (directions.indexOf(direction) << 16)
    let hash = 0
    for (let word = 0; word < width; word++) {
      hash = Math.imul(hash ^ (key[word] ?? 0), 0x85ebca6b)
      hash ^= hash >>> 15
    }
    for (let slot = hash & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
      const place = found[slot] ?? 0
      if (place === 0) {
        keys.set(key, this.size * width)
        found[slot] = this.size + 1
        return this.size++
      }
      const from = (place - 1) * width
      let word = 0
      while (word < width && keys[from + word] === key[word]) word++
      if (word === width) return place - 1
    }
  }
}

function putAddress(key: Uint32Array, into: number, octets: Buffer, at: number, family: 4 | 6): void {
  if (family === 4) {
    key[into] = octets.readUInt32BE(at)
    key[into + 1] = 0xffff
    key[into + 2] = 0
    key[into + 3] = 0
  } else for (let word = 0; word < 4; word++) key[into + word] = octets.readUInt32BE(at + 12 - 4 * word)
}
