// When flows began and ended: the one place that turns what records say, absolute or relative, in whatever unit, into
// time since the Unix epoch. The records' own values stay in their columns as they were given.
import type { RecordBatch } from './batch.ts'
import { type Column, numberAt } from './column.ts'
import { fromNtp } from './value.ts'

/** The unit in which the times were given; no more digits than this are meant. */
export type TimeUnit = 's' | 'ms' | 'us' | 'ns'

/** One time a row. */
export interface Times {
  /** Whole Unix seconds; NaN where the record's time cannot be known (relative to a start that nobody told). */
  readonly seconds: Float64Array
  /** Nanoseconds within the second. */
  readonly nanoseconds: Uint32Array
  readonly unit: TimeUnit
  /** The element that the times come from. */
  readonly element: string
}

interface Instant {
  seconds: number
  nanoseconds: number
}

/** Reads rows of a batch's column, one after the other. */
type Reader = (batch: RecordBatch, column: Column) => (row: number, into: Instant) => void

const setMilliseconds = (into: Instant, value: number): void => {
  into.seconds = Math.floor(value / 1000)
  into.nanoseconds = (value - into.seconds * 1000) * 1e6
}

const seconds: Reader = (_batch, column) => (row, into) => {
  into.seconds = numberAt(column, row) ?? NaN
  into.nanoseconds = 0
}

const milliseconds: Reader = (_batch, column) => (row, into) =>
  setMilliseconds(into, numberAt(column, row) ?? NaN)

const ntp =
  (micro: boolean): Reader =>
  (_batch, column) =>
  (row, into) => {
    if (column.kind === 'u64')
      Object.assign(into, fromNtp(column.high[row] ?? 0, column.low[row] ?? 0, micro))
    else into.seconds = NaN
  }

/** flowStartDeltaMicroseconds and its like: before the message's export time (RFC 5102 section 5.9.9). */
const beforeExport: Reader = (batch, column) => (row, into) => {
  const exported = batch.message(row).exportSeconds ?? NaN
  const value = exported * 1e6 - (numberAt(column, row) ?? NaN)
  into.seconds = Math.floor(value / 1e6)
  into.nanoseconds = (value - into.seconds * 1e6) * 1000
}

/**
 * Milliseconds since the exporter's start, modulo 2^32. The header's uptime and clock, or systemInitTimeMilliseconds, say
 * when that was; the difference is taken modulo 2^32 too, so that flows across the wrap (49.7 days) come out right.
 */
const sinceStart: Reader = (batch, column) => {
  const inRecord = batch.column('systemInitTimeMilliseconds')
  const { messageIndex, exporterState } = batch
  const { systemInit } = exporterState
  let [index, exported, sysUptime]: [number, number, number | undefined] = [-1, NaN, undefined]
  return (row, into) => {
    if (messageIndex[row] !== index) {
      const message = batch.message(row)
      index = messageIndex[row] ?? -1
      exported = (message.exportSeconds ?? NaN) * 1000 + Math.floor(message.exportNanoseconds / 1e6)
      sysUptime = message.sysUptime
    }
    const start = (inRecord && numberAt(inRecord, row)) ?? systemInit
    const uptime = sysUptime ?? (start === undefined ? NaN : exported - start)
    const age = uptime - (numberAt(column, row) ?? NaN)
    setMilliseconds(into, Number.isNaN(age) ? NaN : exported - (age | 0))
  }
}

/** What is looked for, the finest first. `#` stands for Start or End. */
const sources: readonly (readonly [element: string, unit: TimeUnit, read: Reader])[] = [
  ['flow#Nanoseconds', 'ns', ntp(false)],
  ['flow#Microseconds', 'us', ntp(true)],
  ['flow#Milliseconds', 'ms', milliseconds],
  ['flow#Seconds', 's', seconds],
  ['flow#DeltaMicroseconds', 'us', beforeExport],
  ['flow#SysUpTime', 'ms', sinceStart],
]

/** When the batch's flows began (`Start`) or ended (`End`); undefined if its layout does not say. */
export function flowTimes(batch: RecordBatch, which: 'Start' | 'End'): Times | undefined {
  for (const [pattern, unit, reader] of sources) {
    const element = pattern.replace('#', which)
    const column = batch.column(element)
    if (!column) continue
    const times = {
      seconds: new Float64Array(batch.rows),
      nanoseconds: new Uint32Array(batch.rows),
      unit,
      element,
    }
    const read = reader(batch, column)
    const instant = { seconds: 0, nanoseconds: 0 }
    for (let row = 0; row < batch.rows; row++) {
      read(row, instant)
      times.seconds[row] = instant.seconds
      times.nanoseconds[row] = instant.nanoseconds
    }
    return times
  }
  return undefined
}
