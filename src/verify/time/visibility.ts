// How long it takes until a packet is seen: from a flow's last packet to its record's arrival, and to the collector's table.

import { type Reading, recordsIn, type TimedRecords } from './records.ts'

/** Milliseconds. */
export interface Delay {
  readonly median: number
  readonly worst: number
}

export interface Visibility {
  /** Records that came while the books were open: of their own, by a timeout or the end of the connection. */
  readonly records: number
  /** Records that came only when the probe was told to end; without that they would have come later. */
  readonly flushed: number
  /** Records that do not say when their last packet was. */
  readonly untimed: number
  /** Records that say when, and that the collector's table never had. */
  readonly unseen: number
  /** Last packet → record arrived, of all records that say when. */
  readonly arrived: Delay | undefined
  /** Last packet → in the collector's table, which was read every so often. */
  readonly visible: (Delay & { readonly resolution: number }) | undefined
}

/** Histogram of delays: milliseconds exactly up to a second, then in steps of 0.1 %; memory does not grow with records. */
class Delays {
  private readonly counts = new Map<number, number>()
  private total = 0
  private worst = -Infinity

  add(delay: number): void {
    const step = delay <= 1000 ? Math.round(delay) : 1000 + Math.round(Math.log(delay / 1000) * 1000)
    this.counts.set(step, (this.counts.get(step) ?? 0) + 1)
    this.total++
    this.worst = Math.max(this.worst, delay)
  }

  delay(): Delay | undefined {
    if (this.total === 0) return undefined
    let left = this.total / 2
    let median = 0
    for (const [step, count] of [...this.counts].toSorted(([a], [b]) => a - b)) {
      median = step <= 1000 ? step : 1000 * Math.exp((step - 1000) / 1000)
      if ((left -= count) <= 0) break
    }
    return { median: Math.round(median), worst: Math.round(this.worst) }
  }
}

/**
 * @param readings of the collector's table, in the order of their times
 * @param closed when the books were closed, ms since the epoch
 * @param factor by which the collector multiplies what records count
 * @param held packets in the table at the very end
 */
export function visibilityOf(
  records: TimedRecords,
  readings: readonly Reading[],
  closed: number,
  factor = 1,
  held = readings.at(-1)?.packets ?? 0,
): Visibility {
  const [arrived, visible] = [new Delays(), new Delays()]
  const order = Array.from({ length: records.count }, (_, row) => row).toSorted(
    (a, b) => (records.seen[a] ?? 0) - (records.seen[b] ?? 0),
  )
  let [flushed, untimed, unseen, sum, next] = [0, 0, 0, 0, 0]
  for (const row of order) {
    const [seen, last] = [records.seen[row] ?? NaN, records.last[row] ?? NaN]
    if (seen > closed) flushed++
    sum += (records.packets[row] ?? 0) * factor
    while (
      next < readings.length &&
      ((readings[next]?.packets ?? 0) < sum || (readings[next]?.at ?? 0) < seen)
    )
      next++
    if (Number.isNaN(last)) {
      untimed++
      continue
    }
    arrived.add(seen - last)
    const reading = readings[next]
    if (reading) visible.add(reading.at - last)
    // What came into the table after the last reading has no time, but is there.
    else if (readings.length > 0 && sum > held) unseen++
  }
  const shown = visible.delay()
  return {
    records: recordsIn(records, records.count - flushed),
    flushed: recordsIn(records, flushed),
    untimed: recordsIn(records, untimed),
    unseen: recordsIn(records, unseen),
    arrived: arrived.delay(),
    visible: shown && { ...shown, resolution: resolutionOf(readings) },
  }
}

/** The longest time between two readings. */
const resolutionOf = (readings: readonly Reading[]): number =>
  readings.reduce((longest, { at }, index) => Math.max(longest, at - (readings[index - 1]?.at ?? at)), 0)
