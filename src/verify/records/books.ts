// Times of flow records against those between which the books were open: all that is known where no packets were recorded.

import { exportName } from '../../plan/exporters.ts'
import type { ProbePlan } from '../../plan/plan.ts'
import { literal, type Store } from '../../store.ts'
import type { Seen } from '../evidence-item.ts'

export interface RecordTimes {
  /** Records that say when their first and last packet were. */
  readonly checked: number
  /** Whose end is before its start. */
  readonly reversed: number
  /** That begin before the books were opened, or end after they were closed. */
  readonly outside: number
  /** Of those outside, how far at least, in milliseconds: negative is too early. */
  readonly off: number
  /** The first that is wrong, and the octet at which it begins. */
  readonly first: (Seen & { readonly offset: number }) | undefined
}

/** NetFlow's headers have whole seconds, so times that count from the exporter's start are as much off. */
const slack = 1_500

export async function recordTimes(
  store: Store,
  probe: ProbePlan,
  { opened, closed }: { readonly opened: number; readonly closed: number },
): Promise<RecordTimes> {
  const micros = (at: number): number => Math.round(at * 1000)
  const early = `epoch_us(flowStart) < ${micros(opened - slack)}`
  const late = `epoch_us(flowEnd) > ${micros(closed + slack)}`
  const from = `FROM exported WHERE probe = ${literal(exportName(probe))} AND flowStart IS NOT NULL AND flowEnd IS NOT NULL`
  const [row] = await store.ask<Readonly<Record<string, bigint | number | null>>>(`
    SELECT count(*) AS checked, count(*) FILTER (flowEnd < flowStart) AS reversed,
      count(*) FILTER (${early} OR ${late}) AS outside,
      median(CASE WHEN ${early} THEN epoch_us(flowStart) - ${micros(opened)} WHEN ${late} THEN epoch_us(flowEnd) - ${micros(closed)} END)::DOUBLE AS off
    ${from}`)
  const [first] = await store.ask<{ packet: number; octet: number; seen: number }>(
    `SELECT packet, octet, seen ${from} AND (flowEnd < flowStart OR ${early} OR ${late}) ORDER BY packet, octet LIMIT 1`,
  )
  return {
    checked: Number(row?.['checked'] ?? 0),
    reversed: Number(row?.['reversed'] ?? 0),
    outside: Number(row?.['outside'] ?? 0),
    off: Math.round(Number(row?.['off'] ?? 0) / 1000),
    first: first && { frame: first.packet, at: first.seen, offset: first.octet },
  }
}
