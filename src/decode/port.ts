// The port between the decoder and its protocols. decoder.ts joins them: it recognises the protocol and calls its decode.
import type { RecordBatch } from './batch.ts'
import type { Batches } from './batches.ts'
import type { Datagram, Protocol, TransportSession } from './datagram.ts'
import type { Limits } from './limits.ts'
import type { DecodeError, DecodeEvent } from './report.ts'
import type { DomainStats } from './stats.ts'

/** Where decoded things go. Calls come during `push` and `flush`, and must not call back into the decoder. */
export interface Sink {
  /** Records of one layout. The batch is valid during the call only. */
  records(batch: RecordBatch): void
  error?(error: DecodeError): void
  event?(event: DecodeEvent): void
}

/** What a protocol's decoder is given. */
export interface Context {
  readonly limits: Limits
  readonly batches: Batches
  /** Counts the error (in `domain`'s counters where it belongs to one) and passes it to the sink. */
  error(error: DecodeError, domain?: DomainStats): void
  event(event: DecodeEvent): void
  /** Keeps the counters of a domain that is given up. */
  forgotten(domain: DomainStats): void
}

/** One family of protocols. Nothing in it throws for what a datagram holds. */
export interface ProtocolDecoder {
  /** The protocol of this payload, if it looks like one of this family's. Cheap: reads no further than the headers. */
  recognise(payload: Uint8Array): Protocol | undefined
  /** Decodes a datagram that was recognised. */
  decode(datagram: Datagram, protocol: Protocol): void
  /** Forgets the templates of a transport session that has ended; its counters stay. */
  close?(session: TransportSession): void
  /** The counters of every domain heard so far. */
  domains(): Iterable<DomainStats>
}
