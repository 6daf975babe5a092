// Rows of a collector's table as flows of one exporter: which of them speak of it, in layer-3 bytes.

import type { CollectedTable, Row } from '../evidence.ts'
import type { FlowKey } from '../kernel/flow.ts'
import type { Volume } from '../kernel/units.ts'
import type { CollectorPlan, ProbePlan } from '../plan/plan.ts'
import { rowFlow } from './granularity.ts'

type Counted = FlowKey & Volume

/** By which a table may tell exporters apart: the name in its rows, and what it says there of an exporter. */
const marks: readonly { readonly json: string; readonly of: (probe: ProbePlan) => string | number }[] = [
  { json: 'peer_ip_src', of: ({ export: way }) => way.source },
  { json: 'export_proto_sysid', of: ({ export: way }) => way.domain },
]

/** Rows that speak of this exporter, or of others that the table does not tell from it. */
export const ownRows = (rows: readonly Row[], probe: ProbePlan): Row[] =>
  rows.filter((row) => marks.every(({ json, of }) => String(row[json] ?? of(probe)) === String(of(probe))))

/** Of `others`, those that the rows do not tell from the exporter. */
export const alike = (rows: readonly Row[], probe: ProbePlan, others: readonly ProbePlan[]): ProbePlan[] => {
  const told = marks.filter(({ json }) => rows.some((row) => row[json] !== undefined))
  return others.filter((other) => told.every(({ of }) => of(other) === of(probe)))
}

/** ICMP's numbers as a protocol of IP, for IPv4 and IPv6. */
const icmp = [1, 58]

/** A flow as the collector knows it: without the ICMP type, where it does not keep it. */
export const asKept =
  ({ icmp: keepsType }: Pick<CollectorPlan, 'icmp'>) =>
  <T extends FlowKey>(flow: T): T =>
    keepsType !== false || !icmp.includes(flow.protocol)
      ? flow
      : { ...flow, sourcePort: 0, destinationPort: 0 }

/**
 * What a table holds of one exporter: its rows in layer-3 bytes. Where they speak of others too, those get what arrived from
 * them, and the rest is this one's.
 */
export function collectedOf(
  table: CollectedTable | undefined,
  { framing = 0 }: Pick<CollectorPlan, 'framing'>,
  probe: ProbePlan,
  others: readonly ProbePlan[],
  arrived: (other: ProbePlan) => readonly Counted[],
): Counted[] {
  const rows = table?.rows ?? []
  const own = ownRows(rows, probe).map((row) => {
    const flow = rowFlow(row)
    return { ...flow, bytes: flow.bytes - framing * flow.packets }
  })
  const theirs = alike(rows, probe, others).flatMap((other) => arrived(other))
  return [...own, ...theirs.map((flow) => ({ ...flow, packets: -flow.packets, bytes: -flow.bytes }))]
}
