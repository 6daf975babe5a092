// The port of those who print records, and what they have in common. One file beside this for each format.
import type { RecordBatch } from '../batch.ts'
import type { Layout } from '../layout.ts'
import type { Message } from '../message.ts'
import type { DecodeError, DecodeEvent } from '../report.ts'
import { sampleName } from '../sflow/decoder.ts'
import { flowTimes, type Times } from '../times.ts'
import { isoTime } from '../value.ts'

export interface Printer {
  /** Called before the rows of a batch. */
  batch?(batch: RecordBatch): void
  /** Prints one row. The batch is valid during the call only. */
  record(batch: RecordBatch, row: number): void
  event?(event: DecodeEvent): void
  error?(error: DecodeError): void
  /** After each datagram, for those who print it as a whole; the decoder must be flushed before. Without a payload: the last. */
  datagram?(payload?: Uint8Array): void
  /** After the last record. */
  end?(): void
}

/** Template ID, or what sFlow calls the kind of sample or the structure. */
export const templateName = (layout: Layout): number | string => sampleName(layout) ?? layout.id

/** When the message was seen, ISO 8601 in UTC; nanoseconds only where there are any. */
export const messageTime = ({ seconds, nanoseconds }: Message): string =>
  isoTime(seconds, nanoseconds, nanoseconds % 1000 === 0 ? 6 : 9)

/** When the flows of a batch began and ended. */
export interface FlowTimes {
  readonly start: Times | undefined
  readonly end: Times | undefined
}

export const batchTimes = (batch: RecordBatch): FlowTimes => ({
  start: flowTimes(batch, 'Start'),
  end: flowTimes(batch, 'End'),
})

const decimals = { s: 0, ms: 3, us: 6, ns: 9 } as const

/** A flow's time in ISO 8601, with the digits of the unit that it was given in; empty if it is not known. */
export function timeText(times: Times | undefined, row: number): string {
  const seconds = times?.seconds[row] ?? NaN
  if (!times || Number.isNaN(seconds)) return ''
  return isoTime(seconds, times.nanoseconds[row] ?? 0, decimals[times.unit])
}
