// Messages written as hex, octet by octet, and what the decoder makes of them.
import type { RecordBatch } from '../../src/decode/batch.ts'
import type { Datagram } from '../../src/decode/datagram.ts'
import { createDecoder, type DecoderOptions } from '../../src/decode/decoder.ts'
import { type DecodeError, type DecodeEvent, errorText } from '../../src/decode/report.ts'
import { flowTimes } from '../../src/decode/times.ts'
import { isoTime, type Value } from '../../src/decode/value.ts'

/** Octets of hex; blanks, line ends and what follows `#` are comments. */
export const octets = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(/#.*$/gm, '').replaceAll(/\s/g, ''), 'hex'))

/** A datagram that carries these octets, from 192.0.2.1:40000 to 192.0.2.2:2055. */
export const datagram = (payload: Uint8Array, change: Partial<Datagram> = {}): Datagram => ({
  seconds: 1_700_000_000,
  nanoseconds: 0,
  sourceAddress: '192.0.2.1',
  sourcePort: 40_000,
  destinationAddress: '192.0.2.2',
  destinationPort: 2055,
  transport: 'udp',
  payload,
  ...change,
})

const hex16 = (value: number): string => value.toString(16).padStart(4, '0')

/** A set or FlowSet: its header before these octets. */
export const set = (id: number, content: string): string => {
  const body = Buffer.from(octets(content)).toString('hex')
  return `${hex16(id)}${hex16(4 + body.length / 2)}${body}`
}

/** An IPFIX message of these sets; exported at 1,700,000,000 s, domain 1. */
export function ipfix(sets: string, sequence = 0): Uint8Array {
  const body = Buffer.from(octets(sets)).toString('hex')
  return octets(
    `000a ${hex16(16 + body.length / 2)} 6553f100 ${sequence.toString(16).padStart(8, '0')} 00000001 ${body}`,
  )
}

/** A NetFlow v9 datagram of these FlowSets; uptime 100,000 ms, exported at 1,700,000,000 s, source ID 1. */
export const netflow9 = (sets: string, sequence = 0, uptime = 100_000): Uint8Array =>
  octets(
    `0009 0001 ${uptime.toString(16).padStart(8, '0')} 6553f100 ${sequence.toString(16).padStart(8, '0')} 00000001 ${sets}`,
  )

/** What came out. */
export interface Decoded {
  readonly records: Record<string, Value>[]
  readonly sampling: (number | undefined)[]
  /** [start, end] as ISO 8601. */
  readonly times: (readonly [string | undefined, string | undefined])[]
  readonly errors: string[]
  readonly kinds: DecodeError['kind'][]
  readonly events: string[]
  readonly stats: ReturnType<ReturnType<typeof createDecoder>['stats']>
}

const digits = { s: 0, ms: 3, us: 6, ns: 9 } as const

function timeTexts(batch: RecordBatch, which: 'Start' | 'End'): (string | undefined)[] {
  const times = flowTimes(batch, which)
  return Array.from({ length: batch.rows }, (_, row) => {
    const seconds = times?.seconds[row] ?? NaN
    return !times || Number.isNaN(seconds)
      ? undefined
      : isoTime(seconds, times.nanoseconds[row] ?? 0, digits[times.unit])
  })
}

const eventText = (event: DecodeEvent): string =>
  event.type === 'template'
    ? `${event.what} ${event.templateId}`
    : event.type === 'count'
      ? `count ${event.said} of ${event.sets} at ${event.offset}`
      : `${event.what} ${event.expected} ${event.found} ${event.lost}`

/** Decodes datagrams (or payloads of them) one after the other. */
export function decode(input: readonly (Datagram | Uint8Array)[], options: DecoderOptions = {}): Decoded {
  const out: Omit<Decoded, 'stats'> = {
    records: [],
    sampling: [],
    times: [],
    errors: [],
    kinds: [],
    events: [],
  }
  const decoder = createDecoder(
    { inOrder: true, ...options },
    {
      records(batch) {
        const [starts, ends] = [timeTexts(batch, 'Start'), timeTexts(batch, 'End')]
        for (let row = 0; row < batch.rows; row++) {
          out.records.push(batch.record(row))
          out.sampling.push(batch.sampling(row)?.rate)
          out.times.push([starts[row], ends[row]])
        }
      },
      error(error) {
        out.errors.push(errorText(error))
        out.kinds.push(error.kind)
      },
      event: (event) => out.events.push(eventText(event)),
    },
  )
  for (const each of input) decoder.push(each instanceof Uint8Array ? datagram(each) : each)
  decoder.flush()
  return { ...out, stats: decoder.stats() }
}
