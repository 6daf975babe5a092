// DuckDB as the store: in memory, or in a file that is the caller's alone while it is open. One thread of ours owns it; what is
// larger than its memory goes to temporary files, what is small is asked by one thread.

import { rm } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import duckdb from '@duckdb/node-bindings'
import { type Answer, type Kind, literal, type Store, type TableName, tables } from '../../store.ts'
import { rowsOf } from './answer.ts'
import { createLoader } from './loader.ts'

export interface StoreOptions {
  /** What columns of kind `name` may hold. */
  readonly names: readonly string[]
  /** A file to keep the tables in; one that is there is replaced. In memory without it. */
  readonly file?: string
  /** A directory for what does not fit into memory; it is made when it is needed, and gone when the store is closed. */
  readonly overflow: string
  /** As DuckDB has it, such as `500MB`; a quarter of the machine's, and no more than 4 GB, without it. */
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

/** Rows beyond which a question is shared among threads: of fewer it takes longer to wake them, and more processor time. */
const few = 100_000

const ownShare = (): string => `${Math.floor(Math.min(totalmem() / 4, 4e9) / 1e6)}MB`

export async function openStore({
  names,
  file,
  overflow,
  memory = ownShare(),
}: StoreOptions): Promise<Store> {
  if (file !== undefined) await rm(file, { force: true })
  const config = duckdb.create_config()
  for (const [name, value] of Object.entries({
    memory_limit: memory,
    temp_directory: overflow,
    preserve_insertion_order: 'false',
    threads: '1',
    // Nothing of what is asked comes from files or from afar.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
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
  let [rows, isShared] = [0, false]
  return {
    async load(table, given) {
      const loader = createLoader<typeof table & TableName>(connection, table, known, given)
      return {
        ...loader,
        add(added) {
          rows += added
          loader.add(added)
        },
      }
    },
    async ask<Row = Answer>(sql: string) {
      if (rows > few && !isShared) {
        isShared = true
        await duckdb.query(connection, `SET threads = ${availableParallelism()}`)
      }
      return (await rowsOf(await duckdb.query(connection, sql))) as Row[]
    },
    close() {
      duckdb.disconnect_sync(connection)
      duckdb.close_sync(database)
    },
  }
}
