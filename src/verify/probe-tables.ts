// Tables that a probe keeps itself, beside its exports: each against the wire, under the table's filter.

import { add, nothing, type Volume } from '../kernel/units.ts'
import type { ProbePlan } from '../plan/plan.ts'
import { compileFilter } from '../truth/filter.ts'
import { account, difference, select, sum } from './accounts.ts'
import type { Case } from './case.ts'
import { type Allowance, bookToEvents } from './events.ts'
import { explain } from './explain.ts'
import { fieldsOf, type rowFlow } from './granularity.ts'
import type { Finding, TableCheck } from './verdict.ts'

/** Not compared where the filter says more than a flow key tells. */
export function checkTable(
  given: Omit<Case, 'gap'>,
  table: ProbePlan['tables'][number],
  rows: readonly ReturnType<typeof rowFlow>[],
  allowed: readonly Allowance[],
): {
  readonly check: TableCheck
  readonly findings: readonly Finding[]
  readonly booked: readonly Allowance[]
} {
  const { probe, wire } = given
  const selects = compileFilter(table.filter)
  const seen = select(
    wire,
    (flow, direction) => (probe.direction ?? direction) === direction && (selects?.(flow) ?? true),
  )
  const entries = account(
    { wire: seen, exported: [], arrived: [], collected: rows },
    fieldsOf(table.aggregate),
  )
  const held = rows.reduce<Volume>(add, nothing)
  const check = {
    probe: probe.name,
    table: table.name,
    filter: table.filter ?? '',
    wire: selects ? sum(entries, 'wire') : nothing,
    held,
    checked: selects !== undefined,
  }
  if (!selects) return { check, findings: [], booked: [] }
  const { gap, booked } = bookToEvents(difference(entries, 'wire', 'collected'), allowed)
  // The last one takes the difference; what stands before it is about the count as such.
  const finding = gap.flows === 0 ? undefined : explain(['metering'], { ...given, gap }).at(-1)
  if (!finding) return { check, findings: [], booked }
  const where = `table ${table.name} of ${probe.name} holds ${held.packets} packets, ${check.wire.packets} crossed`
  return { check, booked, findings: [{ ...finding, evidence: [where, ...finding.evidence] }] }
}
