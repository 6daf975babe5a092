// The session of an archive: views of the store's tables in which probes, points and collectors have their names, and the table of
// what the router at each observation point believed of every address that was seen there.

import type { RouteTable } from '../evidence.ts'
import { parsePrefix } from '../kernel/address.ts'
import { exporters, exportName } from '../plan/exporters.ts'
import type { Plan } from '../plan/plan.ts'
import { addressValue, literal } from '../store.ts'

/** SQL that gives one text for each of some values of a column. */
const choose = (column: string, of: ReadonlyMap<string, string | number>, otherwise = 'NULL'): string =>
  of.size === 0
    ? otherwise
    : `CASE ${column} ${[...of]
        .map(([from, to]) => `WHEN ${literal(from)} THEN ${typeof to === 'number' ? to : literal(to)}`)
        .join(' ')} ELSE ${otherwise} END`

const direction = "CASE direction WHEN 0 THEN 'in' WHEN 1 THEN 'out' END AS direction"

/** Whether all counters are below 2^63, as of all that is no mischief: such the database adds up in half the time. */
export const countersFit = {
  sql: `SELECT coalesce(max(most) < (1::UBIGINT << 63), true) AS fit FROM (${[
    'wire',
    'wireCurve',
    'exported',
    'arrived',
  ]
    .map((table) => `SELECT greatest(max(packets), max(bytes)) AS most FROM ${table}`)
    .join(' UNION ALL ')})`,
  values: [],
} as const

/**
 * Views with the names of things, one for each witness; `wire_over_time` has the wire reading by reading. `fit`: what countersFit
 * tells of tables that grow no more.
 */
export function views(plan: Plan, fit = false): string[] {
  const counters = fit ? 'packets::BIGINT AS packets, bytes::BIGINT AS bytes' : 'packets, bytes'
  const ways = exporters(plan)
  const at = (point: string) => ways.filter((way) => way.point === point)
  const names = (all: readonly string[]): string => [...new Set(all)].join(', ')
  const points = plan.points.map(({ name }) => name)
  const numbers = new Map(points.map((name, index) => [name, index]))
  const ownAs = new Map(
    plan.points.flatMap(({ name, node }) => {
      const as = plan.nodes.find((each) => each.name === node)?.as
      return as === undefined ? [] : [[name, as] as const]
    }),
  )
  const wire = (table: string, times: string): string => `
    SELECT rowid AS "row", source, destination, protocol, sourcePort, destinationPort, ${counters}, ${direction},
      point::VARCHAR AS point, ${choose('point', numbers, '255')} AS "view", ${choose('point', ownAs)} AS own,
      ${choose('point', new Map(points.map((name) => [name, names(at(name).map((way) => way.name))])))} AS probe,
      ${choose('point', new Map(points.map((name) => [name, names(at(name).map((way) => way.export.collector))])))} AS collector,
      ${times} FROM ${table}`
  const byExport = <T extends string | number>(value: (way: (typeof ways)[number]) => T | undefined) =>
    new Map(
      ways.flatMap((way) => {
        const found = value(way)
        return found === undefined ? [] : [[exportName(way), found] as const]
      }),
    )
  const records = (table: string): string => `
    SELECT rowid AS "row", source, destination, protocol, sourcePort, destinationPort, ${counters}, ${direction},
      ${choose(
        'probe',
        byExport(({ point }) => point),
      )} AS point,
      ${choose(
        'probe',
        byExport(({ point }) => numbers.get(point)),
        '255',
      )} AS "view",
      ${choose(
        'probe',
        byExport(({ point }) => ownAs.get(point)),
      )} AS own,
      ${choose(
        'probe',
        byExport(({ name }) => name),
      )} AS probe,
      ${choose(
        'probe',
        byExport((way) => way.export.collector),
      )} AS collector,
      flowStart AS first, flowEnd AS last, seen, domain, sourceAs, destinationAs, nextHop, ingress, egress,
      sourceMask, destinationMask, tos, tcpFlags, samplingRate, packet, octet FROM ${table}`
  return [
    `CREATE TEMP VIEW wire_rows AS ${wire('wire', 'NULL::TIMESTAMP AS first, NULL::TIMESTAMP AS last')}`,
    `CREATE TEMP VIEW wire_over_time AS ${wire('wireCurve', 'flowStart AS first, flowEnd AS last')}`,
    `CREATE TEMP VIEW exported_rows AS ${records('exported')}`,
    `CREATE TEMP VIEW arrived_rows AS ${records('arrived')}`,
  ]
}

/** The last table of the router at an observation point, or of the one that feeds its probe. */
export function routesAt(
  plan: Plan,
  point: string,
  tables: readonly RouteTable[],
): RouteTable['routes'] | undefined {
  const node = plan.points.find(({ name }) => name === point)?.node
  const probe = plan.probes.find((each) => each.point === point)
  const router = [node, probe?.bgp?.router].find((each) => tables.some((table) => table.router === each))
  return tables.findLast((table) => table.router === router)?.routes
}

/** What the router at each observation point believed of the addresses that were seen there. */
export function hosts(plan: Plan, tables: readonly RouteTable[]): string[] {
  const prefixes = plan.points.flatMap(({ name, node }, view) => {
    const own = plan.nodes.find((each) => each.name === node)?.as
    return (routesAt(plan, name, tables) ?? []).flatMap(({ prefix, path }) => {
      const parsed = parsePrefix(prefix)
      const first = parsed && addressValue(prefix.split('/')[0] ?? '')
      if (!parsed || first === undefined) return []
      const bits = parsed.address.family === 4 ? 32 : 128
      const { length } = parsed
      const last = first + (1n << BigInt(bits - length)) - 1n
      const asn = path.at(-1) ?? own
      const words = path.map(Number)
      return [
        `(${view}, ${first}, ${last}, ${length + 128 - bits}, ${asn ?? 'NULL'}, ${literal(words.join(' '))}, ${literal(words.toReversed().join(' '))}, ${words[0] ?? 'NULL'})`,
      ]
    })
  })
  const ends = ['wire_rows', 'exported_rows'].flatMap((rows) =>
    ['source', 'destination'].map((end) => `SELECT DISTINCT "view", ${end} AS address FROM ${rows}`),
  )
  return [
    `CREATE OR REPLACE TEMP TABLE prefixes ("view" INTEGER, first UHUGEINT, last UHUGEINT, length INTEGER, asn BIGINT, path VARCHAR, back VARCHAR, neighbour BIGINT)`,
    ...(prefixes.length === 0 ? [] : [`INSERT INTO prefixes VALUES ${prefixes.join(', ')}`]),
    `CREATE OR REPLACE TEMP TABLE hosts AS SELECT h."view", h.address, arg_max(asn, length) AS asn, arg_max(path, length) AS path,
       arg_max(back, length) AS back, arg_max(neighbour, length) AS neighbour
     FROM (${ends.join(' UNION ')}) AS h
     JOIN prefixes AS p ON p."view" = h."view" AND h.address BETWEEN p.first AND p.last
     GROUP BY h."view", h.address`,
  ]
}
