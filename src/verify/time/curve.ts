// Volume over time, interval by interval, from each witness by its own clock: the wire and the collector by readings of what had
// been counted, records by what they say of their first and last packet, and by when they came.

import { nothing, type Volume } from '../../kernel/units.ts'
import type { Reading, TimedRecords } from './records.ts'

/** Intervals that all curves of a run share. */
export interface Intervals {
  /** Milliseconds since the epoch at which the first begins. */
  readonly from: number
  /** Milliseconds. */
  readonly length: number
  readonly count: number
}

/** One volume an interval. What falls before the first or after the last belongs to that one. */
export type Curve = readonly Volume[]

/** At most so many intervals, of whole seconds each. */
const most = 3_600

export function intervals(from: number, to: number): Intervals {
  const start = Math.floor(from / 1000) * 1000
  const length = 1000 * Math.max(1, Math.ceil((to - start) / 1000 / most))
  return { from: start, length, count: Math.max(1, Math.ceil((to - start + 1) / length)) }
}

class Sums {
  private readonly values: { packets: number; bytes: number }[]
  private readonly over: Intervals

  constructor(over: Intervals) {
    this.over = over
    this.values = Array.from({ length: over.count }, () => ({ packets: 0, bytes: 0 }))
  }

  /** Fractional index of a time, kept within the intervals. */
  index(at: number): number {
    const { from, length, count } = this.over
    return Math.min(count - 1e-9, Math.max(0, (at - from) / length))
  }

  add(index: number, packets: number, bytes: number): void {
    const value = this.values[Math.floor(index)]
    if (!value) return
    value.packets += packets
    value.bytes += bytes
  }

  /** Evenly over the time between two moments. */
  spread(from: number, to: number, packets: number, bytes: number): void {
    const [begin, end] = [this.index(from), this.index(to)]
    if (!(end > begin)) return this.add(begin, packets, bytes)
    for (let at = Math.floor(begin); at < end; at++) {
      const share = (Math.min(at + 1, end) - Math.max(at, begin)) / (end - begin)
      this.add(at, packets * share, bytes * share)
    }
  }

  curve(): Curve {
    return this.values.map(({ packets, bytes }) => ({
      packets: Math.round(packets * 1000) / 1000,
      bytes: Math.round(bytes * 1000) / 1000,
    }))
  }
}

/** What was counted between two readings lies evenly between them. A count that falls has begun anew from 0. */
export function readingCurve(readings: readonly Reading[], over: Intervals): Curve {
  const sums = new Sums(over)
  let before: Reading | undefined
  for (const reading of readings) {
    const base = before && before.packets <= reading.packets ? before : nothing
    sums.spread(
      before?.at ?? reading.at,
      reading.at,
      reading.packets - base.packets,
      reading.bytes - base.bytes,
    )
    before = reading
  }
  return sums.curve()
}

/** Each record's volume evenly between its first and its last packet; one without times when it came. */
export function recordCurve(records: TimedRecords, over: Intervals, rate = 1): Curve {
  const sums = new Sums(over)
  eachOf(records, rate, ({ first, last, seen, packets, bytes }) =>
    Number.isNaN(first) || Number.isNaN(last)
      ? sums.add(sums.index(seen), packets, bytes)
      : sums.spread(first, last, packets, bytes),
  )
  return sums.curve()
}

/** Each record's volume when it came: what a collector shows that books by arrival. */
export function arrivalCurve(records: TimedRecords, over: Intervals, rate = 1): Curve {
  const sums = new Sums(over)
  eachOf(records, rate, ({ seen, packets, bytes }) => sums.add(sums.index(seen), packets, bytes))
  return sums.curve()
}

interface Timed {
  readonly first: number
  readonly last: number
  readonly seen: number
  readonly packets: number
  readonly bytes: number
}

function eachOf(records: TimedRecords, rate: number, visit: (record: Timed) => void): void {
  for (let row = 0; row < records.count; row++)
    visit({
      first: records.first[row] ?? NaN,
      last: records.last[row] ?? NaN,
      seen: records.seen[row] ?? NaN,
      packets: (records.packets[row] ?? 0) * rate,
      bytes: (records.bytes[row] ?? 0) * rate,
    })
}

/**
 * Share of the bytes that a curve books in another interval than the wire does, for intervals of so many of its own: 0 is none,
 * 1 is all. Volume that one of both has not at all is no matter of time: both are taken as shares of their sums. undefined where
 * one is empty.
 */
export function misplaced(wire: Curve, other: Curve, every: number): number | undefined {
  const [whole, otherWhole] = [bytesOf(wire), bytesOf(other)]
  if (whole === 0 || otherWhole === 0) return undefined
  let sum = 0
  for (let at = 0; at < wire.length; at += every)
    sum += Math.abs(
      bytesOf(wire.slice(at, at + every)) / whole - bytesOf(other.slice(at, at + every)) / otherWhole,
    )
  return sum / 2
}

const bytesOf = (curve: Curve): number => curve.reduce((sum, { bytes }) => sum + bytes, 0)
