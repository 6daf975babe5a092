// Bounds on what a hostile or broken capture can make the reader hold. All of them are options; these are the defaults.

export interface CaptureLimits {
  /** Most octets of one record of the file: a packet, or a block of pcapng. Larger ones end the reading. */
  readonly recordBytes: number
  /** Most interfaces of one pcapng section. */
  readonly interfaces: number
  /** Most octets of fragments that wait for the others; the oldest are given up. */
  readonly fragmentBytes: number
  /** Most datagrams whose fragments wait. */
  readonly fragmentedDatagrams: number
  /** Seconds of capture time after which a datagram that is not complete is given up (RFC 791 and RFC 8200 leave the choice). */
  readonly fragmentSeconds: number
  /** Most TCP streams (one direction each) that are followed; the longest unheard one is forgotten. */
  readonly streams: number
  /** Most octets of one stream that wait for an earlier segment; then the hole counts as lost. */
  readonly streamBytes: number
}

export const defaultCaptureLimits: CaptureLimits = {
  recordBytes: 16 << 20,
  interfaces: 4096,
  fragmentBytes: 8 << 20,
  fragmentedDatagrams: 1024,
  fragmentSeconds: 30,
  streams: 1024,
  streamBytes: 1 << 20,
}
