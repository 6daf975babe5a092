// sFlow datagrams written by hand, for tests, and what the decoder makes of them.
import { createDecoder, type DecoderOptions } from '../../src/decode/decoder.ts'
import { type DecodeError, errorText } from '../../src/decode/report.ts'
import { sampleName } from '../../src/decode/sflow/decoder.ts'
import type { DecoderStats } from '../../src/decode/stats.ts'
import type { Value } from '../../src/decode/value.ts'

/** 32-bit words in network order; a text is hex octets as they are. */
export const words = (...values: (number | string)[]): Buffer =>
  Buffer.concat(
    values.map((value) => {
      if (typeof value === 'string') return Buffer.from(value.replaceAll(' ', ''), 'hex')
      const word = Buffer.alloc(4)
      word.writeUInt32BE(value >>> 0)
      return word
    }),
  )

/** An opaque or string of XDR: its length, its octets, padding to 4. */
export const opaque = (octets: Uint8Array | string): Buffer => {
  const bytes = Buffer.from(octets as string)
  return Buffer.concat([words(bytes.length), bytes, Buffer.alloc(-bytes.length & 3)])
}

/** A sample or record: its format and its length before it. */
export const block = (format: number, ...body: Uint8Array[]): Buffer => {
  const inside = Buffer.concat(body)
  return Buffer.concat([words(format, inside.length), inside])
}

/** A flow sample 1 in 100 of source 3, interfaces 1 to 2, with these records. */
export const flowSample = (...records: Uint8Array[]): Buffer =>
  block(1, words(7, 3, 100, 5000, 0, 1, 2, records.length), ...records)

/** A counter sample of source 3. */
export const counterSample = (...records: Uint8Array[]): Buffer =>
  block(2, words(7, 3, records.length), ...records)

/** A raw packet header. */
export const sampledHeader = (octets: Uint8Array | string, protocol = 1): Buffer => {
  const bytes = typeof octets === 'string' ? words(octets) : octets
  return block(1, words(protocol, bytes.length + 4, 4), opaque(bytes))
}

/** A datagram of agent 192.0.2.9, sub-agent 1. */
export const datagram = (sequence: number, ...samples: Uint8Array[]): Buffer =>
  Buffer.concat([words(5, 1, 0xc0000209, 1, sequence, 60_000 + sequence, samples.length), ...samples])

export interface Decoded {
  readonly records: Record<string, Value>[]
  /** What sFlow calls each record's sample or structure. */
  readonly names: (string | undefined)[]
  readonly errors: DecodeError[]
  /** The errors as text. */
  readonly complaints: string[]
  readonly stats: DecoderStats
}

/** Decodes payloads, each as a datagram of its own. */
export function decode(payloads: readonly Uint8Array[], options: DecoderOptions = {}): Decoded {
  const [records, names, errors]: [Decoded['records'], Decoded['names'], DecodeError[]] = [[], [], []]
  const decoder = createDecoder(
    { inOrder: true, ...options },
    {
      records(batch) {
        for (let row = 0; row < batch.rows; row++) {
          records.push(batch.record(row))
          names.push(sampleName(batch.layout))
        }
      },
      error: (error) => errors.push(error),
    },
  )
  for (const payload of payloads)
    decoder.push({
      seconds: 1_700_000_000,
      nanoseconds: 0,
      sourceAddress: '192.0.2.9',
      sourcePort: 40_000,
      destinationAddress: '192.0.2.1',
      destinationPort: 6343,
      transport: 'udp',
      payload,
    })
  decoder.flush()
  return { records, names, errors, complaints: errors.map(errorText), stats: decoder.stats() }
}
