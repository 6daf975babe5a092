// Counts the packets of a capture by flow, type of service and second, in bounded memory: whoever takes the counts adds them up.

import { add, nothing, type Volume } from '../../kernel/units.ts'
import { type Broken, readFrames } from './file.ts'
import { FlowCounts } from './flows.ts'
import { emptyPacket, readPacket } from './packet.ts'

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

const second = 1_000_000

/** Who takes the counts. */
export interface Taker {
  /** Flows of a second, or those of the moment where there are too many to hold; valid during the call only. */
  readonly take: (flows: FlowCounts) => void
  /** Awaited before more is read. */
  readonly settle: () => Promise<void>
}

/** Of a capture, of its first `octets`. Throws the system's error where the file cannot be read, and what the taker throws. */
export async function countPackets(
  path: string,
  { take, settle }: Taker,
  octets = Infinity,
): Promise<Counted> {
  const packet = emptyPacket()
  const flows = new FlowCounts()
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
  let [packets, bytes] = [0, 0]
  let current = -1
  const flush = () => {
    take(flows)
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
      if (within !== current || flows.isFull) flush()
      current = within
      packets++
      bytes += packet.bytes
      counts.longest = Math.max(counts.longest, packet.bytes)
      if (packet.direction) counts.directed++
      flows.add(frame, packet)
    },
    settle,
    octets,
  )
  flush()
  return {
    ...counts,
    ip: { packets, bytes },
    notIp: [...notIp].map(([etherType, volume]) => ({ etherType, ...volume })),
    unknownLinks,
    broken,
  }
}
