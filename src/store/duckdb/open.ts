// DuckDB as the store: in memory, or in a file that is the caller's alone while it is open. One thread of ours owns it; what is
// larger than its memory goes to temporary files.

import { rm } from 'node:fs/promises'
import { totalmem } from 'node:os'
import duckdb from '@duckdb/node-bindings'
import { type Answer, type Archive, type Kind, literal, type Store, tables } from '../../store.ts'
import { rowsOf } from './answer.ts'
import { startLoading } from './loader.ts'
import { createSession } from './session.ts'
import { sourcesOf } from './source.ts'

export interface StoreOptions {
  /** What columns of kind `name` may hold. */
  readonly names: readonly string[]
  /** A file to keep the tables in; one that is there is replaced. In memory without it. */
  readonly file?: string
  /** A directory for what does not fit into memory; it is made when it is needed, and gone when the store is closed. */
  readonly overflow: string
  /** As DuckDB has it, such as `500MB`; a quarter of the machine's, and no more than 2 GB, without it. */
  readonly memory?: string
}

const sqlTypes: Readonly<Record<Kind, string>> = {
  name: 'name',
  u8: 'UTINYINT',
  u16: 'USMALLINT',
  u32: 'UINTEGER',
  u64: 'UBIGINT',
  count: 'HUGEINT',
  // 128-bit integers are unpacked ten times as slowly as they are read as they are (docs/performance.md).
  address: "UHUGEINT USING COMPRESSION 'uncompressed'",
  time: 'TIMESTAMP',
}

const schema = ([name, columns]: readonly [string, Readonly<Record<string, Kind>>]): string =>
  `CREATE TABLE ${name} (${Object.entries(columns)
    .map(([column, kind]) => `${column} ${sqlTypes[kind]}`)
    .join(', ')});`

const ownShare = (): string => `${Math.floor(Math.min(totalmem() / 4, 2e9) / 1e6)}MB`

export async function openStore(options: StoreOptions): Promise<Store> {
  const { file } = options
  if (file !== undefined) await rm(file, { force: true })
  return (await openTables(options)).store
}

/** A store in memory that is asked while it is filled, though not at the same moment. `session` closes it. */
export async function openGrowing(
  options: Omit<StoreOptions, 'file'>,
): Promise<{ readonly store: Store; readonly session: Omit<Archive, 'write'> }> {
  // Small questions, often asked: a second thread costs more than it brings.
  const { store, connection } = await openTables(options, { threads: '1', enable_external_access: 'false' })
  return { store, session: createSession(connection, options.overflow, () => store.close()) }
}

async function openTables(
  { names, file, overflow, memory = ownShare() }: StoreOptions,
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly store: Store; readonly connection: duckdb.Connection }> {
  const config = duckdb.create_config()
  for (const [name, value] of Object.entries({
    memory_limit: memory,
    temp_directory: overflow,
    preserve_insertion_order: 'false',
    // Nothing of what is asked comes from files or from afar.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...more,
  }))
    duckdb.set_config(config, name, value)
  const database = await duckdb.open(file ?? ':memory:', config)
  const connection = await duckdb.connect(database)
  const known = [...new Set(['', ...names])]
  await duckdb.query(
    connection,
    [
      `CREATE TYPE name AS ENUM (${known.map(literal).join(', ')});`,
      ...Object.entries(tables).map(schema),
    ].join('\n'),
  )
  const sourceOf = sourcesOf(connection)
  const store: Store = {
    async load(table, given, fill) {
      const { loader, end, abandon } = await startLoading(
        connection,
        await sourceOf(table),
        table,
        known,
        given,
      )
      try {
        const result = await fill(loader)
        await end()
        return result
      } catch (error) {
        await abandon()
        throw error
      }
    },
    ask: async <Row = Answer>(sql: string) => (await rowsOf(await duckdb.query(connection, sql))) as Row[],
    close() {
      duckdb.disconnect_sync(connection)
      duckdb.close_sync(database)
    },
  }
  return { store, connection }
}
