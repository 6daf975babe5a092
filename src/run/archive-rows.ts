// The collectors' rows in the session of an archive, with all that they say: AS numbers and paths beside key and amounts.

import type { Collected, CollectedTable, RouteTable } from '../evidence.ts'
import { covers, parseAddress, parsePrefix } from '../kernel/address.ts'
import { exporters, exportName } from '../plan/exporters.ts'
import type { Plan, ProbePlan } from '../plan/plan.ts'
import { addressValue, literal } from '../store.ts'
import { rowFlow } from '../verify/granularity.ts'
import { alike, ledgerOf, ownRows, tablesOf } from '../verify/ledgers.ts'
import { routesAt } from './archive-views.ts'

/** Rows of collectors' tables that are taken with all that they say; of more than these only key and amounts. */
export const mostRows = 50_000

/** A literal; NULL for what is none. */
const cell = (value: string | number | bigint | undefined): string =>
  value === undefined || (typeof value === 'number' && !Number.isFinite(value))
    ? 'NULL'
    : typeof value === 'string'
      ? literal(value)
      : String(value)

const whole = (value: number): number | undefined => (Number.isFinite(value) ? Math.trunc(value) : undefined)

/** The collectors' rows; each collector's first table stands for its traffic (`main`). */
export function collectedRows(
  plan: Plan,
  collected: Collected | undefined,
  tables: readonly RouteTable[],
): string[] {
  const create = `CREATE OR REPLACE TEMP TABLE collected_rows (source UHUGEINT, destination UHUGEINT, protocol DOUBLE, sourcePort DOUBLE,
    destinationPort DOUBLE, packets HUGEINT, bytes HUGEINT, sourceAs BIGINT, destinationAs BIGINT, sourceSystem BIGINT, destinationSystem BIGINT, path VARCHAR, peer VARCHAR,
    point VARCHAR, probe VARCHAR, collector VARCHAR, "table" VARCHAR, main BOOLEAN)`
  const count = (collected?.collectors ?? [])
    .flatMap((collector) => collector.tables)
    .reduce((sum, table) => sum + table.rows.length, 0)
  if (count > mostRows) return [create, ...keysOnly(plan)]
  const ownPrefixes = new Map(
    plan.points.map(({ name }) => [
      name,
      (routesAt(plan, name, tables) ?? []).flatMap(({ prefix, path }) =>
        path.length === 0 ? (parsePrefix(prefix) ?? []) : [],
      ),
    ]),
  )
  const isOwn = ({ point }: { readonly point: string }, text: string): boolean => {
    const address = parseAddress(text)
    return address !== undefined && (ownPrefixes.get(point) ?? []).some((prefix) => covers(prefix, address))
  }
  const ways = exporters(plan)
  /** Rows that a table does not tell apart by exporter are the first one's, so that they count once. */
  const isFirst = (table: CollectedTable, way: ProbePlan): boolean => {
    const at = (each: ProbePlan): number => ways.findIndex(({ name }) => name === each.name)
    return alike(table, way, plan).every((other) => at(other) > at(way))
  }
  const rows = ways.flatMap((way) => {
    const collector = plan.collectors.find(({ name }) => name === way.export.collector)
    if (!collector || !collected) return []
    const node = plan.points.find(({ name }) => name === way.point)?.node
    const own = plan.nodes.find(({ name }) => name === node)?.as
    return tablesOf(collected.collectors, collector.name).flatMap((table) =>
      (isFirst(table, way) ? ownRows(table, way, collector) : []).map((row) => {
        const { source, destination, ...flow } = rowFlow(row)
        const has = (name: string): boolean => row[name] !== undefined
        const asOf = (name: string): number | undefined => (has(name) ? whole(Number(row[name])) : undefined)
        const pathOf = (name: string): string[] => String(row[name] ?? '').match(/\d+/g) ?? []
        // pmacct says 0 of its own AS, and of what it does not know.
        const systemOf = (as: number | undefined, address: string): number | undefined =>
          as === 0 ? (isOwn(way, address) ? own : undefined) : as
        const sourceSystem = systemOf(asOf('as_src'), source)
        const destinationSystem = systemOf(asOf('as_dst'), destination)
        const end = (name: string, system: number | undefined): (string | number)[] =>
          system === own ? [] : pathOf(name).length > 0 ? pathOf(name) : [system ?? 0]
        const hops = [
          ...end('src_as_path', sourceSystem).toReversed(),
          ...(own === undefined ? [] : [own]),
          ...end('as_path', destinationSystem),
        ]
        const peer = Number(row['peer_as_src'] ?? 0) || Number(row['peer_as_dst'] ?? 0) || undefined
        const given = (name: string, value: number): number | undefined =>
          has(name) ? whole(value) : undefined
        return `(${[
          addressValue(source),
          addressValue(destination),
          given('ip_proto', flow.protocol),
          given('port_src', flow.sourcePort),
          given('port_dst', flow.destinationPort),
          whole(flow.packets) ?? 0,
          whole(flow.bytes - (collector.framing ?? 0) * flow.packets) ?? 0,
          asOf('as_src'),
          asOf('as_dst'),
          sourceSystem,
          destinationSystem,
          sourceSystem === undefined || destinationSystem === undefined ? undefined : hops.join(' '),
          peer === undefined ? undefined : String(peer),
          way.point,
          way.name,
          collector.name,
          table.name,
        ]
          .map(cell)
          .join(', ')}, ${table.name === collector.tables[0]?.name})`
      }),
    )
  })
  const chunk = 1_000
  return [
    create,
    ...Array.from(
      { length: Math.ceil(rows.length / chunk) },
      (_, index) =>
        `INSERT INTO collected_rows VALUES ${rows.slice(index * chunk, (index + 1) * chunk).join(', ')}`,
    ),
  ]
}

/** Of many rows what the store has of them: key and amounts. */
function keysOnly(plan: Plan): string[] {
  return exporters(plan).flatMap((way) => {
    const collector = plan.collectors.find(({ name }) => name === way.export.collector)
    return (collector?.tables ?? []).map(
      (table, index) => `INSERT INTO collected_rows
        SELECT source, destination, protocol, sourcePort, destinationPort, packets, bytes, NULL, NULL, NULL, NULL, NULL, NULL,
          ${[way.point, way.name, collector?.name ?? '', table.name].map(literal).join(', ')}, ${index === 0}
        FROM collected WHERE ledger = ${literal(ledgerOf(collector?.name ?? '', table.name))}
          AND probe = ${literal(exportName(way))}`,
    )
  })
}
