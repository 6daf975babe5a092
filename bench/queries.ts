// What the page and `flowlab records` ask of ten million flow records: seconds and processor seconds a question, over a run directory
// whose records are made here (a million flows, 65,536 addresses at either end, two ASes). Beside it sqlite3, where it is installed,
// with the same records in a table of its own and addresses as text.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Listing, prepare } from '../src/query/records.ts'
import { openRunArchive, type RunArchive } from '../src/run/archive.ts'
import { runDirectory } from '../src/run/directory.ts'
import { largest, totals } from '../src/query/series.ts'
import type { Statement } from '../src/store.ts'
import { fill } from './records.ts'

const RECORDS = Number(process.env['RECORDS'] ?? 1e7)
const PATIENCE = { ms: 600_000 }

const home = mkdtempSync(join(tmpdir(), 'flowlab-bench-'))
process.once('exit', () => rmSync(home, { recursive: true, force: true }))

interface Took {
  readonly wall: number
  readonly cpu: number
}

async function timed<T>(act: () => Promise<T>): Promise<Took & { readonly result: T }> {
  const [begin, used] = [performance.now(), process.cpuUsage()]
  const result = await act()
  const { user, system } = process.cpuUsage(used)
  return { wall: (performance.now() - begin) / 1000, cpu: (user + system) / 1e6, result }
}

const page = (listing: Omit<Listing, 'witness'>) => async (archive: RunArchive) => {
  const { page: rows, sum, needsRoutes } = prepare({ witness: 'exported', ...listing })
  if (needsRoutes) await archive.routes(PATIENCE)
  await archive.ask(rows(100, 0), PATIENCE)
  return (await archive.ask(sum, PATIENCE))[0]
}
const one = (statement: Statement) => (archive: RunArchive) => archive.ask(statement, PATIENCE)

/** A question to flowlab, and the same to sqlite3. */
const questions: Readonly<Record<string, readonly [(archive: RunArchive) => Promise<unknown>, string?]>> = {
  'a page, by bytes': [page({}), 'SELECT * FROM r ORDER BY bytes DESC LIMIT 100'],
  'filter on a prefix and bytes': [
    page({ filter: 'src 10.0.4.0/22 and bytes > 1000' }),
    "SELECT * FROM r WHERE (source LIKE '10.0.4.%' OR source LIKE '10.0.5.%' OR source LIKE '10.0.6.%' OR source LIKE '10.0.7.%') AND bytes > 1000 ORDER BY bytes DESC LIMIT 100",
  ],
  'group by protocol': [
    page({ group: ['protocol'] }),
    'SELECT protocol, sum(packets), sum(bytes) AS b FROM r GROUP BY protocol ORDER BY b DESC LIMIT 100',
  ],
  'group by source': [
    page({ group: ['source'] }),
    'SELECT source, sum(packets), sum(bytes) AS b FROM r GROUP BY source ORDER BY b DESC LIMIT 100',
  ],
  'group by source, destination': [
    page({ group: ['source', 'destination'] }),
    'SELECT source, destination, sum(packets), sum(bytes) AS b FROM r GROUP BY source, destination ORDER BY b DESC LIMIT 100',
  ],
  'largest hosts, over time': [
    one(largest('exported', { by: 'host' }, 10)),
    'SELECT a, sum(bytes) AS b FROM (SELECT source AS a, bytes FROM r UNION ALL SELECT destination, bytes FROM r) GROUP BY a ORDER BY b DESC LIMIT 10',
  ],
  'totals of hosts, over time': [
    one(totals('exported', { by: 'host' }, [281470849515520n, 281474005065728n])),
  ],
  'what the routers say (once)': [(archive) => archive.routes(PATIENCE)],
  'group by path': [page({ group: ['path'] })],
}

cpSync(join(import.meta.dirname, '../test/runs/green'), home, { recursive: true })
const directory = runDirectory(home)
const filling = await timed(() => fill(directory, RECORDS, ['exported'], join(home, 'overflow')))
console.log(
  `${RECORDS.toExponential(0)} records made in ${filling.wall.toFixed(1)} s; seconds, processor seconds:`,
)
console.log(`${Math.round(statSync(directory.file('records.duckdb')).size / 1e6)} MB`)
const opening = await timed(() => openRunArchive(directory, join(home, 'session')))
const archive = opening.result
console.log(`${'open'.padEnd(32)}${opening.wall.toFixed(2).padStart(8)}${opening.cpu.toFixed(2).padStart(8)}`)
const peer = spawnSync('sqlite3', ['-version']).status === 0 && !process.env['ALONE']
const database = join(home, 'sqlite')
if (peer) {
  const csv = await archive.write(prepare({ witness: 'exported', sort: 'packet' }).whole, 'csv', PATIENCE)
  const names = prepare({ witness: 'exported' }).columns.map(
    ({ name, kind }) => `"${name}" ${kind === 'number' ? 'INTEGER' : 'TEXT'}`,
  )
  const loading = await timed(async () =>
    spawnSync('sqlite3', [database], {
      input: `PRAGMA journal_mode=off; PRAGMA synchronous=off; CREATE TABLE r (${names.join(', ')});\n.mode csv\n.import --skip 1 ${csv} r\n`,
    }),
  )
  rmSync(csv)
  console.log(`sqlite3 loaded them in ${loading.wall.toFixed(0)} s`)
}
for (const [name, [ask, sql]] of Object.entries(questions)) {
  const { wall, cpu } = await timed(() => ask(archive))
  const beside =
    peer && sql !== undefined
      ? (
          await timed(async () => spawnSync('sqlite3', ['-readonly', database, sql], { maxBuffer: 1e9 }))
        ).wall.toFixed(2)
      : '–'
  console.log(
    `${name.padEnd(32)}${wall.toFixed(2).padStart(8)}${cpu.toFixed(2).padStart(8)}${beside.padStart(10)}`,
  )
}
archive.close()
