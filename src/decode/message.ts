// What one export message says about itself: who sent it, when, and where it stands in the exporter's sequence. Records
// refer to theirs by index (RecordBatch.messages), so this is written once a datagram, not once a record.
import type { Protocol, Transport } from './datagram.ts'
import type { Sampling } from './sampling.ts'

/** The header of one message, as given, with the time and addresses of its datagram. */
export interface Message {
  readonly protocol: Protocol
  /** When the datagram was seen: whole Unix seconds, and nanoseconds within the second. */
  readonly seconds: number
  readonly nanoseconds: number
  readonly transport: Transport
  /** See Datagram. */
  readonly number: number | undefined
  readonly sourceAddress: string
  readonly sourcePort: number
  readonly destinationAddress: string
  readonly destinationPort: number
  /** The exporter's address: sFlow's agent address, else the datagram's source. */
  readonly exporter: string
  /** Observation domain ID, v9's source ID, v5's engine type · 256 + engine ID, sFlow's sub-agent ID. */
  readonly domain: number
  /** The header's sequence number; what it counts differs by protocol. undefined where there is none (v1). */
  readonly sequence: number | undefined
  /** The exporter's clock: whole Unix seconds, and nanoseconds where the protocol has them (v5). sFlow has no clock. */
  readonly exportSeconds: number | undefined
  readonly exportNanoseconds: number
  /** Milliseconds since the exporter started, modulo 2^32, at the time of export. IPFIX has none. */
  readonly sysUptime: number | undefined
  /** What the header itself says of sampling (v5). */
  readonly sampling: Sampling | undefined
}
