// The decoder: datagrams in, batches of records out. It knows the families of protocols and nothing of their contents.
import { Batches } from './batches.ts'
import type { Datagram, TransportSession } from './datagram.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { createNetflowDecoder } from './netflow/decoder.ts'
import type { Context, ProtocolDecoder, Sink } from './port.ts'
import { createSflowDecoder } from './sflow/decoder.ts'
import { type DecoderStats, forget } from './stats.ts'

/** The families of protocols, in the order in which they are asked. */
const families: readonly ((context: Context) => ProtocolDecoder)[] = [
  createNetflowDecoder,
  createSflowDecoder,
]

export interface DecoderOptions {
  /** Bounds to change from `defaultLimits`. */
  readonly limits?: Partial<Limits>
  /** Keep the wire's order of records across layouts: smaller batches, for those who print. */
  readonly inOrder?: boolean
}

export interface Decoder {
  /** Decodes one datagram. Records reach the sink when a batch is full, or at `flush`. */
  push(datagram: Datagram): void
  /** Says that a transport session has ended: its templates hold no longer (RFC 7011 section 8.1). Its counters stay. */
  close(session: TransportSession): void
  /** Hands all records that are held to the sink. */
  flush(): void
  /** The counters so far. */
  stats(): DecoderStats
}

/** A decoder for all protocols, recognised by content. It throws nothing for what datagrams hold. */
export function createDecoder(options: DecoderOptions, sink: Sink): Decoder {
  const limits = { ...defaultLimits, ...options.limits }
  const total: Omit<DecoderStats, 'domains'> = { datagrams: 0, octets: 0, unrecognised: 0, errors: {} }
  const batches = new Batches(limits, options.inOrder ?? false, (batch) => sink.records(batch))
  const context: Context = {
    limits,
    batches,
    error(error, domain) {
      const { errors } = domain ?? total
      errors[error.kind] = (errors[error.kind] ?? 0) + 1
      sink.error?.(error)
    },
    event: (event) => sink.event?.(event),
    forgotten: (domain) => (total.forgotten = forget(total.forgotten, domain)),
  }
  const decoders = families.map((create) => create(context))
  return {
    push(datagram) {
      total.datagrams++
      total.octets += datagram.payload.length
      for (const decoder of decoders) {
        const protocol = decoder.recognise(datagram.payload)
        if (protocol) return decoder.decode(datagram, protocol)
      }
      total.unrecognised++
    },
    close(session) {
      for (const decoder of decoders) decoder.close?.(session)
    },
    flush: () => batches.flush(),
    stats: () => ({
      ...total,
      errors: { ...total.errors },
      domains: decoders.flatMap((decoder) => [...decoder.domains()]),
    }),
  }
}
