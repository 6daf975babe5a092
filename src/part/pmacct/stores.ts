// Where pmacct's plugins can keep a collector's tables, beside its own memory: files of its print plugin and databases of its SQL
// plugins. Each says which directives, files and processes it takes, and how the tables are read by the store's own client.

import type { Ask, Compiled } from '../../part.ts'
import type { CollectorPlan, ProcessPlan } from '../../plan/plan.ts'
import type { Store } from '../../topology/topology.ts'
import { sqlColumns } from '../../topology/columns.ts'
import { type Directives, pipeOf, promptQueue } from './directives.ts'

type Table = CollectorPlan['tables'][number]

export interface StoreKind {
  /** pmacct's plugin. */
  readonly plugin: string
  readonly directives: (collector: CollectorPlan, table: Table) => Directives
  /** What must be there before the collector starts; the last process is waited for. */
  readonly compile?: (collector: CollectorPlan) => Compiled
  /** A row a line, as JSON. */
  readonly read: (ask: Ask, collector: CollectorPlan, table: Table) => Promise<string>
}

/** Where a store keeps what it has, in the node's memory. */
const home = ({ process }: CollectorPlan): string => `/tmp/${process}-store`
const fileOf = (collector: CollectorPlan, { name }: Table, ending: string): string =>
  `${home(collector)}/${name}.${ending}`

/** How often a plugin hands over what it has, in seconds: the least that it takes. */
const refresh = '1'

/** Names in SQL have no hyphens. */
const tableName = ({ name }: Table): string => `t_${name.replaceAll('-', '_')}`

const create = (table: Table): string =>
  `CREATE TABLE ${tableName(table)} (${[
    ...table.aggregate.map((primitive) => {
      const { column, type } = sqlColumns[primitive] ?? { column: primitive, type: 'TEXT' }
      return `${column} ${type}`
    }),
    'packets BIGINT',
    'bytes BIGINT',
    // Where a file of the user's own has sql_history.
    'stamp_inserted TIMESTAMP NULL',
    'stamp_updated TIMESTAMP NULL',
  ].join(', ')});\n`

/** Tables of one's own making take the columns that the primitives ask for (CONFIG-KEYS, sql_optimize_clauses). */
const sql = ({ process }: CollectorPlan, table: Table, database: Directives): Directives => ({
  ...promptQueue(table.name),
  ...Object.fromEntries(
    Object.entries({
      sql_table: tableName(table),
      sql_table_version: '9',
      sql_optimize_clauses: 'true',
      sql_num_protos: 'true',
      sql_refresh_time: refresh,
      ...database,
    }).map(([key, value]) => [`${key}[${table.name}]`, value]),
  ),
  [`sql_startup_delay[${table.name}]`]: '0',
  pidfile: `/run/${process}.pid`,
})

const schemaPath = ({ process }: CollectorPlan): string => `/run/${process}.sql`
const schema = (collector: CollectorPlan): Readonly<Record<string, string>> => ({
  [schemaPath(collector)]: collector.tables.map(create).join(''),
})

const oneshot = (
  collector: CollectorPlan,
  what: string,
  argv: readonly string[],
  after: readonly string[] = [],
): ProcessPlan => ({
  name: `${collector.process}-${what}`,
  argv,
  oneshot: true,
  ...(after.length > 0 ? { after: after.map((name) => `${collector.process}-${name}`) } : {}),
})

/** As another user, which database servers insist on. */
const as = (user: string): string[] => ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups']
/** Of Debian's PostgreSQL. */
const postgres = '/usr/lib/postgresql/15/bin'

export const stores: Readonly<Record<Store, StoreKind>> = {
  memory: {
    plugin: 'memory',
    directives: ({ process }, { name }) => ({
      ...promptQueue(name),
      [`imt_path[${name}]`]: pipeOf(process, name),
    }),
    read: (ask, { process }, { name }) => ask('pmacct', '-s', '-p', pipeOf(process, name), '-O', 'json'),
  },
  print: {
    plugin: 'print',
    directives: (collector, table) => ({
      ...promptQueue(table.name),
      [`print_output[${table.name}]`]: 'json',
      [`print_output_file[${table.name}]`]: fileOf(collector, table, 'json'),
      [`print_output_file_append[${table.name}]`]: 'true',
      [`print_refresh_time[${table.name}]`]: refresh,
    }),
    compile: (collector) => ({ directories: { [home(collector)]: 'root' }, files: {}, processes: [] }),
    // There is no file while nothing came.
    read: (ask, collector, table) =>
      ask(
        'bash',
        '-c',
        `[ ! -e ${fileOf(collector, table, 'json')} ] || cat ${fileOf(collector, table, 'json')}`,
      ),
  },
  sqlite: {
    plugin: 'sqlite3',
    directives: (collector, table) => sql(collector, table, { sql_db: fileOf(collector, table, 'db') }),
    compile: (collector) => ({
      directories: { [home(collector)]: 'root' },
      files: schema(collector),
      // A file a table: pmacct's plugins would wait for each other's locks.
      processes: collector.tables.map((table) =>
        oneshot(collector, `schema-${table.name}`, [
          'sqlite3',
          fileOf(collector, table, 'db'),
          `PRAGMA journal_mode=WAL; ${create(table).trim()}`,
        ]),
      ),
    }),
    read: async (ask, collector, table) =>
      linesOf(
        await ask(
          ...['sqlite3', '-readonly', '-json', '-cmd', '.timeout 2000'],
          fileOf(collector, table, 'db'),
          `SELECT ${columnsOf(table).join(', ')} FROM ${tableName(table)}`,
        ),
      ),
  },
  postgresql: {
    plugin: 'pgsql',
    directives: (collector, table) =>
      sql(collector, table, { sql_host: home(collector), sql_db: 'postgres', sql_user: 'postgres' }),
    compile: (collector) => ({
      directories: { [home(collector)]: 'postgres' },
      files: schema(collector),
      processes: [
        oneshot(collector, 'initdb', [
          ...as('postgres'),
          ...[`${postgres}/initdb`, '-D', `${home(collector)}/data`, '-A', 'trust', '-N', '-U', 'postgres'],
        ]),
        {
          name: `${collector.process}-postgres`,
          argv: [
            ...as('postgres'),
            ...[`${postgres}/postgres`, '-D', `${home(collector)}/data`, '-k', home(collector)],
            ...['-c', 'listen_addresses=', '-c', 'fsync=off'],
          ],
          after: [`${collector.process}-initdb`],
          says: 'database system is ready to accept connections',
          stop: 'SIGINT',
        },
        oneshot(collector, 'schema', [...psql(collector), '-f', schemaPath(collector)], ['postgres']),
      ],
    }),
    read: (ask, collector, table) =>
      ask(
        ...psql(collector),
        '-Atc',
        `SELECT row_to_json(t) FROM (SELECT ${columnsOf(table).join(', ')} FROM ${tableName(table)}) t`,
      ),
  },
  mariadb: {
    plugin: 'mysql',
    directives: (collector, table) =>
      sql(collector, table, { sql_host: `unix:${socket(collector)}`, sql_db: 'pmacct', sql_user: 'root' }),
    compile: (collector) => ({
      directories: { [home(collector)]: 'mysql' },
      files: {
        [schemaPath(collector)]:
          `CREATE DATABASE pmacct; USE pmacct;\n${collector.tables.map(create).join('')}`,
      },
      processes: [
        oneshot(collector, 'install-db', [
          'mariadb-install-db',
          ...['--no-defaults', '--user=mysql', '--skip-test-db', `--datadir=${home(collector)}/data`],
        ]),
        {
          name: `${collector.process}-mariadbd`,
          argv: [
            ...['mariadbd', '--no-defaults', '--user=mysql', '--skip-networking', '--skip-grant-tables'],
            ...[`--datadir=${home(collector)}/data`, `--socket=${socket(collector)}`],
            `--pid-file=${home(collector)}/pid`,
          ],
          after: [`${collector.process}-install-db`],
          says: 'ready for connections',
        },
        oneshot(
          collector,
          'schema',
          ['mariadb', '--no-defaults', '-S', socket(collector), '-e', `source ${schemaPath(collector)}`],
          ['mariadbd'],
        ),
      ],
    }),
    read: (ask, collector, table) =>
      ask(
        ...['mariadb', '--no-defaults', '-S', socket(collector), '-BNr', 'pmacct', '-e'],
        `SELECT JSON_OBJECT(${columnsOf(table)
          .map((column) => `'${column}', ${column}`)
          .join(', ')}) FROM ${tableName(table)}`,
      ),
  },
}

const socket = (collector: CollectorPlan): string => `${home(collector)}/socket`
const psql = (collector: CollectorPlan): string[] => [
  ...['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1'],
  ...['-h', home(collector), '-U', 'postgres'],
]

const columnsOf = ({ aggregate }: Table): string[] => [
  ...aggregate.map((primitive) => sqlColumns[primitive]?.column ?? primitive),
  'packets',
  'bytes',
]

/** One JSON array, as sqlite3 prints it, an object a line. */
const linesOf = (text: string): string =>
  text.trim() === '' ? '' : (JSON.parse(text) as object[]).map((row) => `${JSON.stringify(row)}\n`).join('')
