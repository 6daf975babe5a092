// Flow records one by one, for whoever must know when each came and what it says beside its key and its counters: columns of
// numbers, a row a record, so that a million of them are a few arrays. The sums by flow are exports.ts's.

import type { RecordBatch } from '../decode/batch.ts'
import { numberAt } from '../decode/column.ts'
import type { Message } from '../decode/message.ts'
import { flowTimes, type Times } from '../decode/times.ts'

/** Elements that are kept of each record as they stand in it; NaN where it has none. */
export const attributeElements = {
  tos: 'ipClassOfService',
  tcpFlags: 'tcpControlBits',
  input: 'ingressInterface',
  output: 'egressInterface',
  sourceAs: 'bgpSourceAsNumber',
  destinationAs: 'bgpDestinationAsNumber',
} as const

export type AttributeName = keyof typeof attributeElements

export interface Records {
  readonly count: number
  /** Index in the exports' flows. */
  readonly flow: readonly number[]
  /** Index in `messages`. */
  readonly message: readonly number[]
  /** Octets from the begin of the datagram's payload. */
  readonly offset: readonly number[]
  readonly packets: readonly number[]
  readonly bytes: readonly number[]
  /** Milliseconds since 1970-01-01T00:00:00Z; NaN where the record does not say. */
  readonly first: readonly number[]
  readonly last: readonly number[]
  readonly attributes: Readonly<Record<AttributeName, readonly number[]>>
  /** The messages that records came in, in the order of the recording. */
  readonly messages: readonly Message[]
}

const names = Object.keys(attributeElements) as AttributeName[]

/** Collects records batch by batch; `row` must be called for every row that is a flow record, in order. */
export class RecordColumns {
  readonly flow: number[] = []
  readonly message: number[] = []
  readonly offset: number[] = []
  readonly packets: number[] = []
  readonly bytes: number[] = []
  readonly first: number[] = []
  readonly last: number[] = []
  readonly attributes: Record<AttributeName, number[]> = {
    tos: [],
    tcpFlags: [],
    input: [],
    output: [],
    sourceAs: [],
    destinationAs: [],
  }
  readonly messages: Message[] = []
  private readonly indexes = new Map<Message, number>()

  get count(): number {
    return this.flow.length
  }

  /** What adds the rows of a batch: its columns are looked up once. */
  of(batch: RecordBatch): (row: number, flow: number, packets: number, bytes: number) => void {
    const columns = names.map(
      (name) => [this.attributes[name], batch.column(attributeElements[name])] as const,
    )
    const [first, last] = [flowTimes(batch, 'Start'), flowTimes(batch, 'End')]
    return (row, flow, packets, bytes) => {
      this.flow.push(flow)
      this.message.push(this.indexOf(batch.message(row)))
      this.offset.push(batch.offset[row] ?? 0)
      this.packets.push(packets)
      this.bytes.push(bytes)
      this.first.push(milliseconds(first, row))
      this.last.push(milliseconds(last, row))
      for (const [values, column] of columns) values.push((column && numberAt(column, row)) ?? NaN)
    }
  }

  private indexOf(message: Message): number {
    const known = this.indexes.get(message)
    if (known !== undefined) return known
    this.indexes.set(message, this.messages.length)
    return this.messages.push(message) - 1
  }
}

const milliseconds = (times: Times | undefined, row: number): number =>
  times ? (times.seconds[row] ?? NaN) * 1000 + (times.nanoseconds[row] ?? 0) / 1e6 : NaN
