// When the exports came: what each recorded datagram's flow records say together, and when the last of each pair of hosts was seen.
// Only runs with events ask for it.

import { fileChunks } from '../capture/source.ts'
import type { RecordBatch } from '../decode/batch.ts'
import { numberAt } from '../decode/column.ts'
import { createDecoder } from '../decode/decoder.ts'
import type { Value } from '../decode/value.ts'
import { add, nothing, type Volume } from '../kernel/units.ts'
import { replay } from './replay.ts'

/** Of one datagram: when it was recorded, in ms since the epoch, and what its records count. */
export interface Moment extends Volume {
  readonly at: number
}

export interface Moments {
  /** Those with flow records, in the order of their times. */
  readonly datagrams: readonly Moment[]
  /** The times of all datagrams, those without records too. */
  readonly times: readonly number[]
  /** By `source destination`: when the last record of the two was recorded. */
  readonly last: ReadonlyMap<string, number>
}

/** Throws the system's error where the file cannot be read. */
export async function readMoments(file: string, octets = Infinity): Promise<Moments> {
  const byTime = new Map<number, Volume>()
  const last = new Map<string, number>()
  const times: number[] = []
  const decoder = createDecoder({}, { records: (batch) => collect(batch, byTime, last) })
  await replay(
    file,
    fileChunks(file, octets),
    decoder,
    {},
    {
      decoded: ({ seconds, nanoseconds }) => void times.push(milliseconds(seconds, nanoseconds)),
    },
  )
  decoder.flush()
  const datagrams = [...byTime].map(([at, volume]) => ({ at, ...volume })).toSorted((a, b) => a.at - b.at)
  return { datagrams, times, last }
}

const milliseconds = (seconds: number, nanoseconds: number): number =>
  seconds * 1000 + Math.floor(nanoseconds / 1e6)

const families = [
  ['sourceIPv4Address', 'destinationIPv4Address'],
  ['sourceIPv6Address', 'destinationIPv6Address'],
] as const

function collect(batch: RecordBatch, byTime: Map<number, Volume>, last: Map<string, number>): void {
  const { fields, kind } = batch.layout
  const index = (name: string): number => fields.findIndex(({ element }) => element.name === name)
  const family = families.find(([source]) => index(source) >= 0)
  const packets = batch.column('packetDeltaCount')
  const bytes = batch.column('octetDeltaCount')
  if (kind !== 'data' || !family || !packets || !bytes) return
  const [source, destination] = [index(family[0]), index(family[1])]
  for (let row = 0; row < batch.rows; row++) {
    const { seconds, nanoseconds } = batch.message(row)
    const at = milliseconds(seconds, nanoseconds)
    const volume = { packets: numberAt(packets, row) ?? 0, bytes: numberAt(bytes, row) ?? 0 }
    byTime.set(at, add(byTime.get(at) ?? nothing, volume))
    const pair = `${text(batch.value(row, source))} ${text(batch.value(row, destination))}`
    last.set(pair, Math.max(last.get(pair) ?? 0, at))
  }
}

const text = (value: Value): string => (typeof value === 'string' ? value : '')
