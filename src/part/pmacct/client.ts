// Reads pmacct's tables in memory through its own client, `pmacct -s -p PIPE -O json`.

import type { CollectedTable, Row } from '../../evidence.ts'
import type { Ask } from '../../part.ts'
import { type TablesOf, pipeOf } from './directives.ts'

/** All tables, side by side. An empty table prints no line. */
export const readTables = (ask: Ask, { process, tables }: TablesOf): Promise<CollectedTable[]> =>
  Promise.all(
    tables.map(async ({ name, aggregate }) => ({
      name,
      aggregate,
      rows: parseRows(await ask('pmacct', '-s', '-p', pipeOf(process, name), '-O', 'json')),
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
