// What goes into the decoder: one export datagram (or one message cut from a stream or file), and the names of the
// protocols it may carry. Whoever reads captures, sockets or files makes these; nothing else of theirs is known here.

/** How the message came: in one UDP datagram, over a TCP connection, or out of a file of messages (RFC 5655). */
export type Transport = 'udp' | 'tcp' | 'file'

/** The export protocols, by the name that flowlab prints. */
export type Protocol = 'netflow1' | 'netflow5' | 'netflow7' | 'netflow8' | 'netflow9' | 'ipfix' | 'sflow5'

/** What identifies a transport session (RFC 7011 section 2). */
export type TransportSession = Pick<
  Datagram,
  'transport' | 'sourceAddress' | 'sourcePort' | 'destinationAddress' | 'destinationPort'
>

/**
 * One datagram with where and when it was seen. Time is an integer pair, since a double holds no nanoseconds since 1970.
 * The decoder keeps no reference to `payload` after `push` returns: its memory may be reused.
 */
export interface Datagram {
  /** Whole seconds since 1970-01-01T00:00:00Z at which the datagram was captured or received. */
  readonly seconds: number
  /** Nanoseconds within that second, 0 to 999,999,999. */
  readonly nanoseconds: number
  /** Sender's address as text (dotted quad, or RFC 5952); for `file`, the file's name. */
  readonly sourceAddress: string
  readonly sourcePort: number
  readonly destinationAddress: string
  readonly destinationPort: number
  readonly transport: Transport
  /** Which packet of its recording brought it (its last octets), counted from 1; absent where it came out of none. */
  readonly number?: number
  /** What UDP carried; for `tcp` and `file` exactly one IPFIX message (see `MessageFramer`). */
  readonly payload: Uint8Array
}
