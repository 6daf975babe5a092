// The flows of one probe's way, added up once: many records make one flow, and every account is made of flows.

import { exportName } from '../plan/exporters.ts'
import type { CollectorPlan, ProbePlan } from '../plan/plan.ts'
import { keyColumns, literal, type Store } from '../store.ts'
import type { Sources } from './accounts.ts'
import { type Condition, isExport, isMetered } from './selection.ts'

const keys = Object.keys(keyColumns).join(', ')

const sameFlow = Object.keys(keyColumns)
  .map((key) => `seen.${key} = said.${key}`)
  .join(' AND ')

/**
 * `SELECT * FROM …` by witness, to which a WHERE may be added. What the probe cannot tell of is left out of the wire. Export
 * datagrams of `probes`, all of the lab, pass the point while the books are closed already, and the probe may meter some of
 * these: of them the wire has as many as the probe says.
 */
export async function flowsOf(
  store: Store,
  probe: ProbePlan,
  probes: readonly ProbePlan[],
): Promise<Required<Omit<Sources, 'collected'>>> {
  const added = 'sum(packets) AS packets, sum(bytes) AS bytes'
  await store.ask(`
    CREATE OR REPLACE TEMP TABLE wireFlows AS SELECT direction, ${keys}, ${added} FROM wire
      WHERE point = ${literal(probe.point)} AND ${isMetered(probe)} GROUP BY direction, ${keys};
    CREATE OR REPLACE TEMP TABLE exportedFlows AS SELECT ${keys}, ${added} FROM exported
      WHERE probe = ${literal(exportName(probe))} GROUP BY ${keys};
    CREATE OR REPLACE TEMP TABLE arrivedFlows AS SELECT ${keys}, ${added} FROM arrived
      WHERE probe = ${literal(exportName(probe))} GROUP BY ${keys};
    UPDATE wireFlows AS seen SET packets = said.packets, bytes = said.bytes FROM exportedFlows AS said
      WHERE ${sameFlow} AND said.packets > seen.packets AND (${isExport(probes, 'seen.')});`)
  return {
    wire: 'SELECT * FROM wireFlows',
    exported: 'SELECT * FROM exportedFlows',
    arrived: 'SELECT * FROM arrivedFlows',
  }
}

/**
 * What a table holds of one exporter. Where its rows speak of others too, those get what arrived from them, and the rest is this
 * one's.
 */
export const collectedOf = (
  ledger: string,
  probe: ProbePlan,
  others: readonly ProbePlan[],
  selects: Condition,
): string =>
  [
    `SELECT ${keys}, packets, bytes FROM collected
      WHERE ledger = ${literal(ledger)} AND probe = ${literal(exportName(probe))}`,
    ...others.map(
      (other) => `SELECT ${keys}, -packets::HUGEINT, -bytes::HUGEINT FROM arrived
        WHERE probe = ${literal(exportName(other))} AND ${selects}`,
    ),
  ].join(' UNION ALL ')

/** Flows as the collector knows them: without the ICMP type, where it does not keep it. */
export const asKept = ({ icmp }: Pick<CollectorPlan, 'icmp'>, select: string): string =>
  icmp === false
    ? `SELECT * REPLACE (CASE WHEN protocol IN (1, 58) THEN 0 ELSE destinationPort END::USMALLINT AS destinationPort) FROM (${select})`
    : select
