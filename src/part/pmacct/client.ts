// Reads pmacct's tables: those in memory through its own client, `pmacct -s -p PIPE -O json`, a collector's where its store is.

import type { CollectedTable, Row } from '../../evidence.ts'
import type { Ask } from '../../part.ts'
import type { CollectorPlan } from '../../plan/plan.ts'
import { renamed } from '../../topology/columns.ts'
import { type TablesOf, pipeOf } from './directives.ts'
import { stores } from './stores.ts'

/** All tables, side by side. An empty table prints no line. */
export const readTables = (ask: Ask, { process, tables }: TablesOf): Promise<CollectedTable[]> =>
  Promise.all(
    tables.map(async ({ name, aggregate }) => ({
      name,
      aggregate,
      rows: parseRows(await ask('pmacct', '-s', '-p', pipeOf(process, name), '-O', 'json')),
    })),
  )

/** The tables of a collector, from where it keeps them. */
export const readStore = (ask: Ask, collector: CollectorPlan): Promise<CollectedTable[]> =>
  Promise.all(
    collector.tables.map(async (table) => ({
      name: table.name,
      aggregate: table.aggregate,
      rows: parseRows(await stores[collector.store ?? 'memory'].read(ask, collector, table)).map(renamed),
    })),
  )

/**
 * One JSON object a line; other lines (`For a total of: …`) are the client's own remarks. pmacct 1.7.7 adds, in one answer of
 * many, a row of nothing whose fields are whatever was in memory: it has no packets, or no addresses. It is no row.
 */
export const parseRows = (text: string): Row[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Row)
    .filter(({ packets, ip_src, ip_dst }) => packets !== 0 && ip_src !== '' && ip_dst !== '')
