// Where records are read from: a message's payload, or a set that was kept until its template came.
import type { Context } from '../port.ts'
import type { ErrorKind } from '../report.ts'
import type { Message } from '../message.ts'
import type { Domain } from './session.ts'

/** Octets to read, and whose they are. */
export interface Source {
  readonly context: Context
  readonly domain: Domain
  readonly message: Message
  readonly bytes: Uint8Array
  readonly view: DataView
  /** What to add to an index into `bytes` to have the octet's place in its datagram's payload. */
  readonly base: number
}

/** Reports an error at an index into the source's octets. */
export function fail(
  { context, domain, message, base }: Source,
  kind: ErrorKind,
  at: number,
  path: string,
  expected: string,
  found: string,
): void {
  const { protocol } = message
  context.error({ kind, protocol, offset: at + base, path, expected, found, message }, domain.stats)
}

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Whether all octets from `at` to `end` are 0. */
export function allZero(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end; i++) if (bytes[i] !== 0) return false
  return true
}
