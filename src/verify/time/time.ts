// One probe's times: joins what the wire's and the collector's readings and the records say into the figures of the verdict.

import { type FlowKey, flowId } from '../../kernel/flow.ts'
import { nothing, type Volume } from '../../kernel/units.ts'
import type { Exports } from '../../replay/exports.ts'
import {
  arrivalCurve,
  type Curve,
  type Intervals,
  intervals,
  misplaced,
  readingCurve,
  recordCurve,
} from './curve.ts'
import type { Reading, TimedRecords } from './records.ts'
import { type Templates, templatesOf } from './templates.ts'
import { type Asked, type Timeouts, timeoutsOf, waitsAt, waitsBetween } from './timeouts.ts'
import { type Visibility, visibilityOf } from './visibility.ts'

/** A reading of an observation point's counters: begun at `at`, ended at `till`; flows that have grown since the one before. */
export interface PointReading {
  readonly at: number
  readonly till: number
  readonly total: Volume | undefined
  readonly flows: readonly FlowKey[] | undefined
}

export interface TimeGiven {
  readonly exported: TimedRecords
  readonly arrived: TimedRecords
  /** The flow of each arrived record. */
  readonly flowOf: (row: number) => FlowKey | undefined
  readonly wire: readonly PointReading[]
  readonly exports: Pick<Exports, 'templates' | 'datagrams'>
  /** Of one table of the collector that leaves nothing out; none where it has no such table. */
  readonly collected: readonly Reading[]
  /** Packets in that table when all was over. */
  readonly held?: number
  readonly opened: number
  readonly closed: number
  readonly asked: Asked
  /** Packets metered per second. */
  readonly pace: number
  /** Packets that stand behind one that was metered. */
  readonly rate: number
  /** By what the collector multiplies. */
  readonly factor: number
}

export interface Misplaced {
  /** Length of the intervals, in seconds. */
  readonly interval: number
  /** Share of the bytes in another interval than on the wire, 0 to 1, where records are spread from first to last packet. */
  readonly spread: number | undefined
  /** As spread, where they are booked when they arrive. */
  readonly arrival: number | undefined
}

export interface Time {
  readonly visibility: Visibility
  readonly timeouts: Timeouts
  readonly misplaced: readonly Misplaced[]
  readonly over: Intervals
  /** Undefined where the exports have none. */
  readonly templates?: Templates | undefined
  /** Records after which their flow went on sooner than any timeout allows to cut it, and of how many; absent where nobody looked. */
  readonly early?: { readonly cut: number; readonly records: number } | undefined
  /** Undefined where nobody read. */
  readonly wire: Curve | undefined
  readonly exported: Curve
  readonly arrived: Curve
  readonly collected: Curve | undefined
}

/** Seconds: what people look at while it happens, and what collectors write files and graphs by. */
const lengths = [1, 10, 60, 300]

/** By the readings of the wire, where there are any; else by the pace of the whole. */
function waitsIn({ wire, pace, rate }: TimeGiven): (at: number) => number {
  const readings = wire.flatMap(({ till, total }) => (total ? [{ till, packets: total.packets }] : []))
  return readings.length > 1 ? waitsBetween(readings, rate) : waitsAt(pace)
}

export function timeOf(given: TimeGiven): Time {
  const { exported, arrived, collected, opened, closed, rate, factor } = given
  const end = Math.max(closed, ...collected.slice(-1).map(({ at }) => at), latest(arrived))
  const over = intervals(opened, end)
  const wire = given.wire.length === 0 ? undefined : readingCurve(pointReadings(given.wire, opened), over)
  const records = recordCurve(arrived, over, rate)
  const arrivals = arrivalCurve(arrived, over, rate)
  return {
    visibility: visibilityOf(withLastOnWire(given), collected, closed, factor, given.held),
    timeouts: timeoutsOf(exported, given.asked, closed, waitsIn(given)),
    misplaced: wire
      ? lengths
          .filter(
            (length) =>
              length * 1000 >= over.length &&
              (length === 1 || length * 1000 < 2 * (end - opened)) &&
              isFineEnough(given.wire, length * 1000),
          )
          .map((length) => {
            const every = Math.round((length * 1000) / over.length)
            return {
              interval: length,
              spread: misplaced(wire, records, every),
              arrival: misplaced(wire, arrivals, every),
            }
          })
      : [],
    templates: templatesOf(given.exports.templates, {
      datagrams: given.exports.datagrams,
      till: latest(exported),
    }),
    over,
    wire,
    exported: records,
    arrived: arrivals,
    collected: collected.length === 0 ? undefined : readingCurve(collected, over),
  }
}

const latest = (records: TimedRecords): number => {
  let time = 0
  for (let row = 0; row < records.count; row++) time = Math.max(time, records.seen[row] ?? 0)
  return time
}

const pointReadings = (samples: readonly PointReading[], opened: number): Reading[] => [
  { at: opened, ...nothing },
  ...samples.flatMap(({ at, till, total }) => (total ? { at: (at + till) / 2, ...total } : [])),
]

/** Whether half of what crossed, or more, was read within so many milliseconds: else nobody knows in which interval it did. */
function isFineEnough(samples: readonly PointReading[], length: number): boolean {
  let [fine, all] = [0, 0]
  let before: { readonly till: number; readonly total: Volume } | undefined
  for (const { till, total } of samples) {
    if (!total) continue
    const grown = before ? Math.max(0, total.bytes - before.total.bytes) : 0
    all += grown
    if (before && till - before.till <= length) fine += grown
    before = { till, total }
  }
  return 2 * fine >= all
}

/**
 * The kernel's word on when a flow's last packet crossed bounds the exporter's, in the last record of each flow: between the reading
 * that first had it and the one before. Where the exporter says nothing or another time, it is the bound next to it.
 */
function withLastOnWire({ arrived, wire, flowOf, opened }: TimeGiven): TimedRecords {
  if (wire.length === 0) return arrived
  const times = new Map<string, { readonly from: number; readonly till: number }>()
  let from = opened
  for (const { flows, at, till } of wire) {
    if (!flows) continue
    for (const flow of flows) times.set(flowId(flow), { from, till })
    from = at
  }
  const last = Array.from({ length: arrived.count }, (_, row) => arrived.last[row] ?? NaN)
  const final = new Map<string, number>()
  for (let row = 0; row < arrived.count; row++) {
    const flow = flowOf(row)
    if (!flow) continue
    const before = final.get(flowId(flow))
    if (before === undefined || (arrived.seen[before] ?? 0) <= (arrived.seen[row] ?? 0))
      final.set(flowId(flow), row)
  }
  for (const [id, row] of final) {
    const [own, bounds] = [last[row] ?? NaN, times.get(id)]
    const within = bounds
      ? Math.max(bounds.from, Number.isNaN(own) ? bounds.till : Math.min(own, bounds.till))
      : own
    last[row] = Math.min(within, arrived.seen[row] ?? NaN)
  }
  return { ...arrived, last }
}
