// Tables that a probe keeps itself, beside its exports: each against the wire, under the table's filter.

import { add, nothing, type Volume } from '../kernel/units.ts'
import type { ProbePlan } from '../plan/plan.ts'
import { literal, type Store } from '../store.ts'
import { account, sums } from './accounts.ts'
import type { Case } from './case.ts'
import { cellsOf } from './cells.ts'
import { type Allowance, bookCells } from './events.ts'
import { explain } from './explain.ts'
import { asKept } from './flows.ts'
import { fieldsOf } from './granularity.ts'
import { directions, ledgerOf, volumeOf } from './ledgers.ts'
import { filterCondition } from './selection.ts'
import type { Finding, TableCheck } from './verdict.ts'

/** `known` are the findings on its exports. Not compared where the filter says more than a flow key tells. */
export async function checkTable(
  store: Store,
  given: Omit<Case, 'account'>,
  table: ProbePlan['tables'][number],
  known: readonly Finding[],
  allowed: readonly Allowance[],
): Promise<{
  readonly check: TableCheck
  readonly findings: readonly Finding[]
  readonly booked: readonly Allowance[]
}> {
  const { probe, wire } = given
  const rows = `SELECT * FROM collected WHERE ledger = ${literal(ledgerOf(probe.name, table.name))}`
  const [total] = await store.ask(`SELECT sum(packets) AS packets, sum(bytes) AS bytes FROM (${rows})`)
  const held = volumeOf(total?.['packets'], total?.['bytes'])
  const selects = filterCondition(table.filter)
  const of = { probe: probe.name, table: table.name, filter: table.filter ?? '', held }
  if (selects === undefined)
    return {
      check: { ...of, wire: nothing, checked: false, unchecked: 'the filter says more than flows tell' },
      findings: [],
      booked: [],
    }
  const looksAt =
    probe.direction === undefined ? 'true' : `direction = ${directions.indexOf(probe.direction)}`
  // pmacctd's own tables have no ICMP type and code; its exports do.
  const seen = asKept(
    { icmp: false },
    `SELECT * FROM wire WHERE point = ${literal(wire.point)} AND ${looksAt} AND ${selects}`,
  )
  const entries = await account(store, 'account', { wire: seen, collected: rows }, fieldsOf(table.aggregate))
  const both = await sums(store, entries)
  const check = { ...of, wire: add(both.in.wire, both.out.wire), checked: true }
  // What a sample may hold is judged of the exports.
  if (given.sampling)
    return { check: { ...check, checked: false, unchecked: 'the probe samples' }, findings: [], booked: [] }
  const name = `${probe.name}/${table.name}`
  const fields = fieldsOf(table.aggregate)
  const cells = await cellsOf(store, entries, name, fields, ['wire', 'collected'], { wire: seen })
  const { account: own, booked } = bookCells(cells, allowed)
  const first = known.find(({ accounts }) => accounts.length > 0)
  const found = (await explain(store, ['metering'], { ...given, account: own }))
    // What is said of the count as such is said of the exports already.
    .filter(({ accounts }) => accounts.length > 0)
  if (!first || found.length === 0) return { check, findings: found, booked }
  // Table and exports come from the same packets: what struck the one struck the other.
  const { packets, bytes } = found.reduce<Volume>(add, nothing)
  const flows = found.reduce((sum, finding) => sum + finding.flows, 0)
  const shown = { packets, bytes, flows, accounts: [{ account: name, packets, bytes }] }
  return { check, booked, findings: [{ ...first, ...shown, evidence: [] }] }
}
