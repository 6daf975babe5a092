// Tables that a probe keeps itself, beside its exports: each against the wire, under the table's filter.

import { add, nothing } from '../kernel/units.ts'
import type { ProbePlan } from '../plan/plan.ts'
import { literal, type Store } from '../store.ts'
import { account, difference, sums } from './accounts.ts'
import type { Case } from './case.ts'
import { explain } from './explain.ts'
import { fieldsOf } from './granularity.ts'
import { directions, ledgerOf, volumeOf } from './ledgers.ts'
import { filterCondition } from './selection.ts'
import type { Finding, TableCheck } from './verdict.ts'

/** Not compared where the filter says more than a flow key tells. */
export async function checkTable(
  store: Store,
  given: Omit<Case, 'gap'>,
  table: ProbePlan['tables'][number],
): Promise<{ readonly check: TableCheck; readonly findings: readonly Finding[] }> {
  const { probe, wire } = given
  const rows = `SELECT * FROM collected WHERE ledger = ${literal(ledgerOf(probe.name, table.name))}`
  const [total] = await store.ask(`SELECT sum(packets) AS packets, sum(bytes) AS bytes FROM (${rows})`)
  const held = volumeOf(total?.['packets'], total?.['bytes'])
  const selects = filterCondition(table.filter)
  const of = { probe: probe.name, table: table.name, filter: table.filter ?? '', held }
  if (selects === undefined) return { check: { ...of, wire: nothing, checked: false }, findings: [] }
  const looksAt =
    probe.direction === undefined ? 'true' : `direction = ${directions.indexOf(probe.direction)}`
  const seen = `SELECT * FROM wire WHERE point = ${literal(wire.point)} AND ${looksAt} AND ${selects}`
  const entries = await account(store, 'account', { wire: seen, collected: rows }, fieldsOf(table.aggregate))
  const both = await sums(store, entries)
  const check = { ...of, wire: add(both.in.wire, both.out.wire), checked: true }
  const gap = await difference(store, entries, 'wire', 'collected')
  // The last one takes the difference; what stands before it is about the count as such.
  const finding = gap.flows === 0 ? undefined : explain(['metering'], { ...given, gap }).at(-1)
  if (!finding) return { check, findings: [] }
  const where = `table ${table.name} of ${probe.name} holds ${held.packets} packets, ${check.wire.packets} crossed`
  return { check, findings: [{ ...finding, evidence: [where, ...finding.evidence] }] }
}
