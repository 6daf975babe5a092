// What rows of a collector's table say beside key and counters, against the records that arrived: a table that keeps type of
// service, TCP flags or interfaces must have them from these.

import { exportName } from '../../plan/exporters.ts'
import type { CollectorPlan, ProbePlan } from '../../plan/plan.ts'
import type { Table } from '../../topology/topology.ts'
import { addressText, literal, type Store } from '../../store.ts'
import { common, fieldsOf } from '../granularity.ts'
import { ledgerOf } from '../ledgers.ts'
import type { AttributeCheck } from '../verdict.ts'

export interface RowsHeld extends AttributeCheck {
  /** The first few that are wrong. */
  readonly examples: readonly string[]
}

interface Kept {
  readonly primitive: string
  readonly attribute: string
  readonly column: 'tos' | 'tcpFlags' | 'ingress' | 'egress'
  /** Of the records of one flow, under the column's own name. */
  readonly of: string
  /** A row (`row`) that these records (`record`) do not give. */
  readonly wrong: string
}

/** One of the values that the flow's records had. */
const oneOf = (primitive: string, attribute: string, column: Kept['column']): Kept => ({
  ...{ primitive, attribute, column },
  of: `list(DISTINCT ${column})`,
  wrong: `NOT list_contains(record.${column}, row.${column})`,
})

const keptAttributes: readonly Kept[] = [
  oneOf('tos', 'type of service', 'tos'),
  {
    ...{ primitive: 'tcpflags', attribute: 'TCP flags', column: 'tcpFlags' },
    of: 'bit_or(tcpFlags)',
    // Of other protocols a row may have anything there; one of several protocols together has TCP's.
    wrong: '(row.protocol IN (0, 6) AND (row.tcpFlags & ~record.tcpFlags) <> 0)',
  },
  oneOf('in_iface', 'input interface', 'ingress'),
  oneOf('out_iface', 'output interface', 'egress'),
]

const mostExamples = 3

export async function holdRows(
  store: Store,
  collector: CollectorPlan,
  probe: ProbePlan,
  table: Table,
): Promise<RowsHeld[]> {
  const fields = common(fieldsOf(probe.export.aggregate), fieldsOf(table.aggregate))
  const kept = keptAttributes.filter(({ primitive }) => table.aggregate.includes(primitive))
  const same = ['true', ...fields.map((field) => `row.${field} = record.${field}`)].join(' AND ')
  const held = []
  for (const { attribute, column, of, wrong } of kept) {
    const joined = `
      FROM collected AS row JOIN (
        SELECT ${[...fields, `${of} AS ${column}`].join(', ')} FROM arrived
        WHERE probe = ${literal(exportName(probe))} AND ${column} IS NOT NULL
        ${fields.length === 0 ? '' : `GROUP BY ${fields.join(', ')}`}) AS record ON ${same}
      WHERE row.ledger = ${literal(ledgerOf(collector.name, table.name))} AND row.probe = ${literal(exportName(probe))}
        AND row.${column} IS NOT NULL`
    const [row] = await store.ask<{ checked: bigint; wrong: bigint }>(
      `SELECT count(*) AS checked, count(*) FILTER (${wrong}) AS wrong ${joined}`,
    )
    const examples =
      Number(row?.wrong ?? 0) === 0
        ? []
        : await store.ask<{ source: bigint | null; destination: bigint | null; found: number; had: string }>(`
            SELECT row.source, row.destination, row.${column} AS found, record.${column}::VARCHAR AS had ${joined}
              AND ${wrong} LIMIT ${mostExamples}`)
    held.push({
      ...{ of: ledgerOf(collector.name, table.name), attribute, against: 'arrived records' },
      ...{ checked: Number(row?.checked ?? 0), wrong: Number(row?.wrong ?? 0) },
      examples: examples.map(
        ({ source, destination, found, had }) =>
          `${addressText(source)} → ${addressText(destination)}: ${attribute} ${found}, the records had ${had}`,
      ),
    })
  }
  return held
}

export const checkOf = ({ of, attribute, against, checked, wrong }: RowsHeld): AttributeCheck => ({
  ...{ of, attribute, against, checked, wrong },
})
