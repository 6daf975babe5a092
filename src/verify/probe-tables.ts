// Tables that a probe keeps itself, beside its exports: each against the wire, under the table's filter.

import { add, nothing, type Volume } from '../kernel/units.ts'
import type { ProbePlan } from '../plan/plan.ts'
import { compileFilter } from '../truth/filter.ts'
import { account, select, sum } from './accounts.ts'
import { between, type Case } from './case.ts'
import { explain } from './explain.ts'
import { fieldsOf, type rowFlow } from './granularity.ts'
import type { Finding, TableCheck } from './verdict.ts'

/** `known` are the findings on its exports. Not compared where the filter says more than a flow key tells. */
export function checkTable(
  given: Omit<Case, 'account'>,
  table: ProbePlan['tables'][number],
  rows: readonly ReturnType<typeof rowFlow>[],
  known: readonly Finding[],
): { readonly check: TableCheck; readonly findings: readonly Finding[] } {
  const { probe, wire } = given
  const selects = compileFilter(table.filter)
  const seen = select(wire, selects ?? (() => true))
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
  if (!selects) return { check, findings: [] }
  const name = `${probe.name}/${table.name}`
  const own = between(name, entries, fieldsOf(table.aggregate), 'wire', 'collected')
  const first = known.find(({ accounts }) => accounts.length > 0)
  const found = explain(['metering'], { ...given, account: own })
    // What is said of the count as such is said of the exports already.
    .filter(({ accounts }) => accounts.length > 0)
  if (!first || found.length === 0) return { check, findings: found }
  // Table and exports come from the same packets: what struck the one struck the other.
  const volume = found.reduce<Volume>(add, nothing)
  const flows = found.reduce((total, finding) => total + finding.flows, 0)
  const accounts = [{ account: name, packets: volume.packets, bytes: volume.bytes }]
  return {
    check,
    findings: [{ ...first, packets: volume.packets, bytes: volume.bytes, flows, accounts, evidence: [] }],
  }
}
