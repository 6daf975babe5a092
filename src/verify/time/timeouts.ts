// Whether a metering process keeps its timeouts (RFC 5470, section 5.3.2.2), as its records tell: no record may speak of longer
// than the active timeout, and none may come later than the inactive timeout after its last packet.

import { recordsIn, type TimedRecords } from './records.ts'

/** One timeout; milliseconds. */
export interface Kept {
  /** As the lab asks for; undefined where it does not. */
  readonly asked: number | undefined
  /** active: longest time between first and last packet of a record; inactive: longest from the last packet to the export. */
  readonly longest: number
  /** Records beyond it. */
  readonly over: number
  /** Of the inactive timeout: records beyond it that had not been exported when the books were closed. */
  readonly held: number
}

export interface Timeouts {
  readonly active: Kept
  readonly inactive: Kept
}

export interface Asked {
  readonly active?: number | undefined
  readonly inactive?: number | undefined
}

/**
 * What is not late: exporters look at their caches once a second, their clocks have seconds, and a capture hands packets over up
 * to a second late, which puts the export off, but not the times that records speak of.
 */
const slack = { active: 1_500, inactive: 3_000 }
/** Packets that may wait for each other between capture and cache: pmacct's plugins get them by the buffer. */
const batch = 200

/** As `timeoutsOf` asks it, of packets metered at one pace, in packets a second. */
export const waitsAt = (pace: number) => (): number => (1000 * batch) / pace

/** As `timeoutsOf` asks it, of packets as they crossed: slow traffic and pauses wait long. One in `rate` is metered. */
export function waitsBetween(
  readings: readonly { readonly till: number; readonly packets: number }[],
  rate: number,
): (at: number) => number {
  const firstWhere = (holds: (row: number) => boolean): number => {
    let [low, high] = [0, readings.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (holds(middle)) high = middle
      else low = middle + 1
    }
    return low
  }
  return (at) => {
    const then = readings[firstWhere((row) => (readings[row]?.till ?? 0) >= at)]
    if (!then) return Infinity
    const full = readings[firstWhere((row) => (readings[row]?.packets ?? 0) >= then.packets + batch * rate)]
    return full ? full.till - at : Infinity
  }
}

/** When the last packet was metered. */
function latestOf({ count, last }: TimedRecords): number {
  let latest = -Infinity
  for (let row = 0; row < count; row++) if ((last[row] ?? NaN) > latest) latest = last[row] ?? latest
  return latest
}

/**
 * @param records as they left the exporter
 * @param closed when the books were closed: what came later was waited for until then and no longer
 * @param waits how long what was metered at a time may wait for its batch, in ms; Infinity where none came to be full
 */
export function timeoutsOf(
  records: TimedRecords,
  asked: Asked,
  closed: number,
  waits: (at: number) => number = () => 0,
): Timeouts {
  const kept = (
    which: 'active' | 'inactive',
    lengthOf: (first: number, last: number, seen: number) => number,
  ): Kept => {
    const strict = (asked[which] ?? Infinity) + slack[which]
    let [longest, over, held] = [0, 0, 0]
    const end = Math.min(closed, latestOf(records))
    for (let row = 0; row < records.count; row++) {
      const [first, last, seen] = [
        records.first[row] ?? NaN,
        records.last[row] ?? NaN,
        records.seen[row] ?? NaN,
      ]
      const length = lengthOf(first, last, Math.min(seen, closed))
      if (Number.isNaN(length)) continue
      longest = Math.max(longest, Math.round(length))
      if (length <= strict) continue
      const limit = strict + waits(which === 'active' ? first + (asked.active ?? 0) : last)
      if (length <= limit && limit < Infinity) continue
      // However late a record comes, the active timeout should have cut it; once traffic has ended a batch is not full any more.
      if (which === 'inactive' && seen > closed && last + limit > end) held++
      else if (limit < Infinity) over++
    }
    return {
      asked: asked[which],
      longest,
      over: recordsIn(records, over),
      held: recordsIn(records, held),
    }
  }
  return {
    active: kept('active', (first, last) => last - first),
    inactive: kept('inactive', (_first, last, seen) => seen - last),
  }
}
