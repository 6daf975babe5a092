// The records of a run, to be asked by whoever wants to look: the file that its verdict left, or one that is made now from the
// evidence there is. Beside the records the session has views with the names of things (src/query says what is asked of
// them), the collectors' rows with all that they say, and what the routers believed of each address.

import { existsSync, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Collected, RouteTable, Wire, WireFlow } from '../evidence.ts'
import { covers, parseAddress, parsePrefix } from '../kernel/address.ts'
import { flowId } from '../kernel/flow.ts'
import { nothing } from '../kernel/units.ts'
import { exporters, exportName } from '../plan/exporters.ts'
import type { Plan } from '../plan/plan.ts'
import { addressValue, type Archive, literal } from '../store.ts'
import { openArchive } from '../store/duckdb/archive.ts'
import { openStore } from '../store/duckdb/open.ts'
import { rowFlow } from '../verify/granularity.ts'
import { ledgerOf, loadTables, namesIn, ownRows, tablesOf } from '../verify/ledgers.ts'
import { readCurve } from './curve.ts'
import { type RunDirectory, recordingFile } from './directory.ts'
import { loadExports, readEvidence } from './evidence.ts'

export interface RunArchive extends Archive {
  /** Makes the table of what the routers' tables say of every address; once. */
  routes(): Promise<void>
}

/** Rows of collectors' tables that are taken with all that they say; of more than these only key and amounts. */
const mostRows = 50_000

/**
 * `folder`: a directory of the caller's, for what must be made. Throws the system's error where there is not even a plan.
 */
export async function openRunArchive(directory: RunDirectory, folder: string): Promise<RunArchive> {
  const plan = await directory.read<Plan>('plan')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const kept = directory.file('records.duckdb')
  const file = existsSync(kept) ? kept : await make(directory, plan, join(folder, 'records.duckdb'))
  const archive = await openArchive({ file, folder })
  const [collected, tables] = await Promise.all([
    directory.read<Collected>('collected').catch(() => undefined),
    directory.read<RouteTable[]>('routes').catch(() => []),
  ])
  try {
    await archive.prepare([...views(plan), ...collectedRows(plan, collected, tables)].join(';\n'))
  } catch (error) {
    archive.close()
    throw error
  }
  let made: Promise<void> | undefined
  return { ...archive, routes: () => (made ??= archive.prepare(hosts(plan, tables).join(';\n'))) }
}

/** By what it is told that the records of a run have changed. */
export function marksOf(directory: RunDirectory, plan: Plan): string {
  const files = [
    directory.file('records.duckdb'),
    directory.file('collected.json'),
    directory.file('wire-curve.ndjson'),
    ...exporters(plan).flatMap((probe) =>
      (['exported', 'arrived'] as const).map((side) => recordingFile(directory, plan, probe, side)),
    ),
  ]
  return files
    .map((file) => {
      const stat = statSync(file, { throwIfNoEntry: false })
      return stat ? `${stat.mtimeMs} ${stat.size}` : '-'
    })
    .join(', ')
}

async function make(directory: RunDirectory, plan: Plan, file: string): Promise<string> {
  const evidence = await readEvidence(directory, { records: file }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  })
  if (evidence) {
    await loadTables(evidence.store, evidence).finally(() => evidence.store.close())
    return file
  }
  const store = await openStore({ names: namesIn(plan), file, overflow: `${file}.overflow` })
  try {
    for (const probe of exporters(plan))
      for (const side of ['exported', 'arrived'] as const) {
        const recording = recordingFile(directory, plan, probe, side)
        if (existsSync(recording)) await loadExports(store, side, exportName(probe), recording)
      }
    const curve = await readCurve(directory)
    const wire = plan.points.map(({ name }) => soFar(name, curve))
    await loadTables(store, { plan, wire, curve, collected: { probes: [], collectors: [] } })
  } finally {
    store.close()
  }
  return file
}

/** What has been read of the wire while the books are open. */
function soFar(point: string, curve: Awaited<ReturnType<typeof readCurve>>): Wire {
  const own = curve.filter((sample) => sample.point === point)
  const direction = (name: 'in' | 'out'): Wire['directions']['in'] => {
    const flows = new Map<string, WireFlow>()
    for (const { directions } of own)
      for (const flow of directions[name].flows) flows.set(`${flow.fragments ?? false} ${flowId(flow)}`, flow)
    const total = own.at(-1)?.directions[name].total ?? nothing
    return { total, flows: [...flows.values()], notIp: [], overflow: nothing, oversize: nothing }
  }
  return {
    point,
    opened: own[0]?.at ?? 0,
    closed: own.at(-1)?.till ?? 0,
    directions: { in: direction('in'), out: direction('out') },
  }
}

/** SQL that gives one text for each of some values of a column. */
const choose = (column: string, of: ReadonlyMap<string, string | number>, otherwise = 'NULL'): string =>
  of.size === 0
    ? otherwise
    : `CASE ${column} ${[...of]
        .map(([from, to]) => `WHEN ${literal(from)} THEN ${typeof to === 'number' ? to : literal(to)}`)
        .join(' ')} ELSE ${otherwise} END`

const direction = "CASE direction WHEN 0 THEN 'in' WHEN 1 THEN 'out' END AS direction"

function views(plan: Plan): string[] {
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
  const wire = (table: string): string => `
    SELECT source, destination, protocol, sourcePort, destinationPort, packets, bytes, ${direction},
      point::VARCHAR AS point, ${choose('point', numbers, '255')} AS "view", ${choose('point', ownAs)} AS own,
      ${choose('point', new Map(points.map((name) => [name, names(at(name).map((way) => way.name))])))} AS probe,
      ${choose('point', new Map(points.map((name) => [name, names(at(name).map((way) => way.export.collector))])))} AS collector,
      flowStart AS first, flowEnd AS last FROM ${table}`
  const byExport = <T extends string | number>(value: (way: (typeof ways)[number]) => T | undefined) =>
    new Map(
      ways.flatMap((way) => {
        const found = value(way)
        return found === undefined ? [] : [[exportName(way), found] as const]
      }),
    )
  const records = (table: string): string => `
    SELECT source, destination, protocol, sourcePort, destinationPort, packets, bytes, ${direction},
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
    `CREATE TEMP VIEW wire_rows AS ${wire('wire')}`,
    `CREATE TEMP VIEW wire_over_time AS ${wire('wireCurve')}`,
    `CREATE TEMP VIEW exported_rows AS ${records('exported')}`,
    `CREATE TEMP VIEW arrived_rows AS ${records('arrived')}`,
  ]
}

/** The collectors' rows; each collector's first table stands for its traffic (`main`). */
function collectedRows(
  plan: Plan,
  collected: Collected | undefined,
  tables: readonly RouteTable[],
): string[] {
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
  const rows = exporters(plan).flatMap((way) => {
    const collector = plan.collectors.find(({ name }) => name === way.export.collector)
    if (!collector || !collected) return []
    const node = plan.points.find(({ name }) => name === way.point)?.node
    const own = plan.nodes.find(({ name }) => name === node)?.as
    return tablesOf(collected.collectors, collector.name).flatMap((table) =>
      ownRows(table, way, collector).map((row) => {
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
          system === own ? [] : pathOf(name).length > 0 ? pathOf(name) : [system ?? '?']
        const hops = [
          ...end('src_as_path', sourceSystem).toReversed(),
          ...(own === undefined ? [] : [own]),
          ...end('as_path', destinationSystem),
        ]
        const peer = Number(row['peer_as_src'] ?? 0) || Number(row['peer_as_dst'] ?? 0) || undefined
        const cell = (value: string | number | bigint | undefined): string =>
          value === undefined || (typeof value === 'number' && !Number.isFinite(value))
            ? 'NULL'
            : typeof value === 'string'
              ? literal(value)
              : String(value)
        const whole = (value: number): number | undefined =>
          Number.isFinite(value) ? Math.trunc(value) : undefined
        const given = (name: string, value: number): number | undefined =>
          has(name) ? whole(value) : undefined
        return `(${[
          addressValue(source),
          addressValue(destination),
          given('ip_proto', flow.protocol),
          given('port_src', flow.sourcePort),
          given('port_dst', flow.destinationPort),
          whole(flow.packets) ?? 0,
          whole(flow.bytes) ?? 0,
          asOf('as_src'),
          asOf('as_dst'),
          sourceSystem,
          destinationSystem,
          has('as_path') || has('src_as_path') || has('as_src') || has('as_dst') ? hops.join(' ') : undefined,
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
  const create = `CREATE TEMP TABLE collected_rows (source UHUGEINT, destination UHUGEINT, protocol DOUBLE, sourcePort DOUBLE,
    destinationPort DOUBLE, packets HUGEINT, bytes HUGEINT, sourceAs BIGINT, destinationAs BIGINT, sourceSystem BIGINT, destinationSystem BIGINT, path VARCHAR, peer VARCHAR,
    point VARCHAR, probe VARCHAR, collector VARCHAR, "table" VARCHAR, main BOOLEAN)`
  if (rows.length > mostRows) return [create, ...keysOnly(plan)]
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

/** The last table of the router at an observation point, or of the one that feeds its probe. */
function routesAt(
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
function hosts(plan: Plan, tables: readonly RouteTable[]): string[] {
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
  const ends = ['wire_rows', 'exported_rows', 'arrived_rows'].flatMap((rows) =>
    ['source', 'destination'].map((end) => `SELECT DISTINCT "view", ${end} AS address FROM ${rows}`),
  )
  return [
    `CREATE TEMP TABLE prefixes ("view" INTEGER, first UHUGEINT, last UHUGEINT, length INTEGER, asn BIGINT, path VARCHAR, back VARCHAR, neighbour BIGINT)`,
    ...(prefixes.length === 0 ? [] : [`INSERT INTO prefixes VALUES ${prefixes.join(', ')}`]),
    `CREATE TEMP TABLE hosts AS SELECT h."view", h.address, arg_max(asn, length) AS asn, arg_max(path, length) AS path,
       arg_max(back, length) AS back, arg_max(neighbour, length) AS neighbour
     FROM (${ends.join(' UNION ')}) AS h
     JOIN prefixes AS p ON p."view" = h."view" AND h.address BETWEEN p.first AND p.last
     GROUP BY h."view", h.address`,
  ]
}
