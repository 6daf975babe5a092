// Whether a metering process keeps its timeouts (RFC 5470, section 5.3.2.2), as its records tell: no record may speak of longer than the active
// timeout, and none may come later than the inactive timeout after its last packet.

import type { TimedRecords } from './records.ts'

/** One timeout; milliseconds. */
export interface Kept {
  /** As the lab asks for; undefined where it does not. */
  readonly asked: number | undefined
  /** active: longest time between first and last packet of a record; inactive: longest from the last packet to the export. */
  readonly longest: number
  /** Records beyond it. */
  readonly over: number
}

export interface Timeouts {
  readonly active: Kept
  readonly inactive: Kept
}

export interface Asked {
  readonly active?: number | undefined
  readonly inactive?: number | undefined
}

/** Exporters look at their caches once a second, and their header's clock has seconds: so much is not late. */
export const slack = 1_500

/**
 * @param records as they left the exporter
 * @param closed when the books were closed: what came later was waited for until then and no longer
 */
export function timeoutsOf(records: TimedRecords, asked: Asked, closed: number): Timeouts {
  const active = { asked: asked.active, longest: 0, over: 0 }
  const inactive = { asked: asked.inactive, longest: 0, over: 0 }
  for (let row = 0; row < records.count; row++) {
    const [first, last, seen] = [
      records.first[row] ?? NaN,
      records.last[row] ?? NaN,
      records.seen[row] ?? NaN,
    ]
    if (Number.isNaN(first) || Number.isNaN(last)) continue
    count(active, last - first)
    count(inactive, Math.min(seen, closed) - last)
  }
  return { active, inactive }
}

function count(kept: { asked: number | undefined; longest: number; over: number }, length: number): void {
  kept.longest = Math.max(kept.longest, Math.round(length))
  if (kept.asked !== undefined && length > kept.asked + slack) kept.over++
}
