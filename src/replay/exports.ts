// What the exports say: the recorded datagrams of one probe, decoded. Their flow records go to whoever takes them, batch by
// batch; what is said besides records, and their sum, stays.

import type { CaptureProblem } from '../capture/problem.ts'
import { fileChunks, growingFile } from '../capture/source.ts'
import type { RecordBatch } from '../decode/batch.ts'
import { numberAt } from '../decode/column.ts'
import { createDecoder, type Decoder } from '../decode/decoder.ts'
import {
  type CountEvent,
  type DecodeError,
  errorText,
  type SequenceEvent,
  type TemplateEvent,
} from '../decode/report.ts'
import type { DomainStats } from '../decode/stats.ts'
import type { Volume } from '../kernel/units.ts'
import { flowColumns, type RecordsTaker, sampledBytes } from './records.ts'
import { replay } from './replay.ts'

export interface Exports {
  /** Of all flow records. */
  readonly total: Volume
  /** The sum of what they say was counted so far (totalCounter, RFC 5102 section 3.2.3), where they say that beside their deltas. */
  readonly running: Volume
  readonly datagrams: number
  readonly records: number
  readonly domains: readonly DomainStats[]
  /** The first ten thousand. */
  readonly sequence: readonly SequenceEvent[]
  readonly templates: readonly TemplateEvent[]
  readonly uncounted: readonly CountEvent[]
  /** Whatever could not be read, in words with its place; the first hundred. */
  readonly errors: readonly string[]
}

const most = 100
const mostEvents = 10_000

type Mutable<T> = { -readonly [key in keyof T]: T[key] }

/**
 * Reads a recording of exports, its first `octets`. `from` is the address of the only exporter that is listened to. Throws the system's error where
 * the file cannot be read, and what the taker throws.
 */
export const readExports = (
  file: string,
  taker?: RecordsTaker,
  { from, octets }: { readonly from?: string | undefined; readonly octets?: number } = {},
): Promise<Exports> => decodeExports(file, fileChunks(file, octets), taker, from).done

export interface FollowedExports {
  /** Takes what has been recorded since the last time. Throws the system's error where the file cannot be read. */
  catchUp(): Promise<void>
  close(): Promise<void>
}

/** Reads a recording that grows. */
export function followExports(file: string, taker: RecordsTaker): FollowedExports {
  const growing = growingFile(file)
  const { done, flush } = decodeExports(file, growing.chunks, taker)
  // Whoever catches up is told.
  done.catch(() => {})
  return {
    async catchUp() {
      await Promise.race([growing.catchUp(), done])
      flush()
    },
    async close() {
      growing.end()
      await done.catch(() => {})
    },
  }
}

function decodeExports(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  taker?: RecordsTaker,
  from?: string,
): { readonly done: Promise<Exports>; readonly flush: () => void } {
  const total = { packets: 0, bytes: 0, records: 0 }
  const running = { packets: 0, bytes: 0 }
  const sequence: SequenceEvent[] = []
  const templates: TemplateEvent[] = []
  const uncounted: CountEvent[] = []
  const errors: string[] = []
  const complain = (text: string): void => void (errors.length < most && errors.push(text))
  const decoder = createDecoder(
    {},
    {
      records(batch) {
        addUp(batch, total, running)
        taker?.take(batch)
      },
      event(event) {
        if (event.type === 'sequence') keep(sequence, event)
        else if (event.type === 'template') keep(templates, event)
        else keep(uncounted, event)
      },
      // Octets that nothing announced, such as padding that is not zero, cost no record.
      error: (error: DecodeError) => error.kind === 'surplus' || complain(errorText(error)),
    },
  )
  const sink = {
    problem: ({ offset, expected, found }: CaptureProblem) =>
      complain(`${file}: octet ${offset}: expected ${expected}, found ${found}`),
    error: (error: DecodeError) => complain(errorText(error)),
    settle: async () => taker?.settle(),
  }
  const chosen: Decoder =
    from === undefined
      ? decoder
      : { ...decoder, push: (datagram) => datagram.sourceAddress === from && decoder.push(datagram) }
  const done = replay(file, chunks, chosen, {}, sink).then((): Exports => {
    decoder.flush()
    const { datagrams, domains } = decoder.stats()
    const { records, ...volume } = total
    const sums = { total: volume, running, datagrams, records, domains: [...domains] }
    return { ...sums, sequence, templates, uncounted, errors }
  })
  return { done, flush: () => decoder.flush() }
}

function keep<Event>(events: Event[], event: Event): void {
  if (events.length < mostEvents) events.push(event)
}

/** Which rows are of flows: a sampled frame that is not IP (Open vSwitch samples ARP) is no flow's. undefined where all are. */
function flowsIn(
  columns: NonNullable<ReturnType<typeof flowColumns>>,
): ((row: number) => boolean) | undefined {
  const sources = columns.get('source') ?? []
  return sources.every(({ present }) => present)
    ? (row) => sources.some(({ present }) => present?.[row] === 1)
    : undefined
}

/** Adds up the counters of a batch's flow records. */
function addUp(
  batch: RecordBatch,
  total: Mutable<Volume & { records: number }>,
  running: Mutable<Volume>,
): void {
  const columns = flowColumns(batch)
  if (!columns) return
  const [[packets], [bytes]] = [columns.get('packets') ?? [], columns.get('bytes') ?? []]
  const [packetsSoFar, bytesSoFar] = [batch.column('packetTotalCount'), batch.column('octetTotalCount')]
  const isFlow = flowsIn(columns)
  for (let row = 0; row < batch.rows; row++) {
    if (isFlow && !isFlow(row)) continue
    total.records++
    total.packets += packets ? (numberAt(packets, row) ?? 0) : 1
    total.bytes += bytes ? (numberAt(bytes, row) ?? 0) : sampledBytes(batch, row)
    if (!packetsSoFar || !bytesSoFar) continue
    running.packets += numberAt(packetsSoFar, row) ?? 0
    running.bytes += numberAt(bytesSoFar, row) ?? 0
  }
}
