// Counts the packets of a capture by flow, type of service and second, in bounded memory: whoever takes the counts adds them up.

import type { Direction } from '../../evidence.ts'
import { add, nothing, type Volume } from '../../kernel/units.ts'
import { type Broken, type LinkFrame, readFrames } from './file.ts'
import { emptyPacket, type Packet, readPacket } from './packet.ts'

/** What crossed of one flow, with one type of service, within one second. */
export interface CountedFlow {
  readonly direction: Direction | undefined
  readonly family: 4 | 6
  /** Source and destination one after the other, in network order. */
  readonly addresses: Buffer
  readonly protocol: number
  readonly sourcePort: number
  readonly destinationPort: number
  readonly tos: number
  packets: number
  bytes: number
  /** Sum of the squares of the packets' layer-3 bytes. */
  squares: number
  /** Those of all its packets together. */
  tcpFlags: number
  /** Microseconds since 1970-01-01T00:00:00Z. */
  readonly first: number
  last: number
}

export interface Counted {
  /** All frames, whichever they are. */
  readonly frames: number
  readonly ip: Volume
  /** Frames by ethertype; bytes without the link's header. */
  readonly notIp: readonly ({ readonly etherType: number } & Volume)[]
  /** Packets whose flow cannot be told, since too little of them was captured. */
  readonly cut: number
  readonly malformed: number
  /** Layer-3 bytes of the longest packet. */
  readonly longest: number
  /** Frames of link types that are not read, by LINKTYPE_ value. */
  readonly unknownLinks: ReadonlyMap<number, number>
  /** Microseconds since 1970; Infinity and -Infinity where nothing was captured. */
  readonly first: number
  readonly last: number
  /** Packets of which the capture says which way they went. */
  readonly directed: number
  readonly broken: Broken | undefined
}

const mostFlows = 100_000
const second = 1_000_000

/** Who takes the counts. */
export interface Taker {
  /** Flows of a second, or those of the moment where there are too many to hold. */
  readonly take: (flows: readonly CountedFlow[]) => void
  /** Awaited before more is read. */
  readonly settle: () => Promise<void>
}

/** Throws the system's error where the file cannot be read, and what the taker throws. */
export async function countPackets(path: string, { take, settle }: Taker): Promise<Counted> {
  const packet = emptyPacket()
  const flows = new Map<string, CountedFlow>()
  const notIp = new Map<number, Volume>()
  const unknownLinks = new Map<number, number>()
  const counts = {
    frames: 0,
    cut: 0,
    malformed: 0,
    longest: 0,
    directed: 0,
    first: Infinity,
    last: -Infinity,
  }
  let ip = nothing
  let current = -1
  const flush = () => {
    take([...flows.values()])
    flows.clear()
  }
  const broken = await readFrames(
    path,
    (frame) => {
      counts.frames++
      counts.first = Math.min(counts.first, frame.time)
      counts.last = Math.max(counts.last, frame.time)
      const besides = readPacket(frame, packet)
      if (besides?.is === 'not IP')
        notIp.set(
          besides.etherType,
          add(notIp.get(besides.etherType) ?? nothing, { packets: 1, bytes: frame.length }),
        )
      else if (besides?.is === 'unknown link')
        unknownLinks.set(besides.linkType, (unknownLinks.get(besides.linkType) ?? 0) + 1)
      else if (besides) counts[besides.is]++
      if (besides) return
      const within = Math.floor(frame.time / second)
      if (within !== current || flows.size >= mostFlows) flush()
      current = within
      ip = { packets: ip.packets + 1, bytes: ip.bytes + packet.bytes }
      counts.longest = Math.max(counts.longest, packet.bytes)
      if (packet.direction) counts.directed++
      addTo(flows, frame, packet)
    },
    settle,
  )
  flush()
  return {
    ...counts,
    ip,
    notIp: [...notIp].map(([etherType, volume]) => ({ etherType, ...volume })),
    unknownLinks,
    broken,
  }
}

const ports = Buffer.alloc(7)

function addTo(flows: Map<string, CountedFlow>, { octets, time }: LinkFrame, packet: Packet): void {
  const { family, source, destination, protocol, sourcePort, destinationPort, direction, bytes } = packet
  const { tos, tcpFlags } = packet
  const end = destination + (family === 4 ? 4 : 16)
  ports.writeUInt16LE(sourcePort, 0)
  ports.writeUInt16LE(destinationPort, 2)
  ports.writeUInt8(protocol, 4)
  ports.writeUInt8(direction === 'out' ? 2 : direction === 'in' ? 1 : 0, 5)
  ports.writeUInt8(tos, 6)
  const id = octets.toString('latin1', source, end) + ports.toString('latin1')
  const found = flows.get(id)
  if (found) {
    found.packets++
    found.bytes += bytes
    found.squares += bytes * bytes
    found.tcpFlags |= tcpFlags
    found.last = Math.max(found.last, time)
  } else
    flows.set(id, {
      ...{ direction, family, protocol, sourcePort, destinationPort, bytes, tos, tcpFlags },
      addresses: Buffer.from(octets.subarray(source, end)),
      packets: 1,
      squares: bytes * bytes,
      first: time,
      last: time,
    })
}
