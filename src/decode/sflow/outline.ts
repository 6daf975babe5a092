// Where the structures in an sFlow datagram's samples lie, for those who print datagrams as trees. It follows
// formats and lengths alone; what is wrong with them is the decoder's to say.
import { u32 } from '../../kernel/octets.ts'
import { formatName } from './agents.ts'
import { counterStructures } from './counter-structures.ts'
import { COUNTER_SAMPLE, EXPANDED_COUNTER_SAMPLE } from './counters.ts'
import { DISCARDED_PACKET, EXPANDED_FLOW_SAMPLE, FLOW_SAMPLE, structureName } from './flow.ts'

/** A structure of a sample: `offset` is its format's, `length` is what it says of itself. */
export interface Part {
  readonly offset: number
  readonly length: number
  readonly name: string
}

/** Octets before a sample's first structure, by the sample's format. */
const fixed: Readonly<Record<number, number>> = {
  1: FLOW_SAMPLE,
  2: COUNTER_SAMPLE,
  3: EXPANDED_FLOW_SAMPLE,
  4: EXPANDED_COUNTER_SAMPLE,
  5: DISCARDED_PACKET,
}

function* blocks(bytes: Uint8Array, start: number, end: number) {
  for (let at = start; at + 8 <= end; ) {
    const length = u32(bytes, at + 4)
    if (length > end - at - 8) return
    yield { offset: at, format: u32(bytes, at), length }
    at += 8 + ((length + 3) & ~3)
  }
}

/** The structures of a datagram that was recognised, in the order of the wire. */
export function* structuresOf(payload: Uint8Array): Generator<Part> {
  const header = 24 + (u32(payload, 4) === 1 ? 4 : 16)
  for (const sample of blocks(payload, header, payload.length)) {
    const before = fixed[sample.format]
    if (before === undefined) continue
    const start = sample.offset + 8
    const counters = sample.format === 2 || sample.format === 4
    for (const { offset, format, length } of blocks(payload, start + before, start + sample.length)) {
      const name = counters ? counterStructures.get(format)?.name : structureName(format)
      yield { offset, length, name: name ?? formatName(format) }
    }
  }
}
