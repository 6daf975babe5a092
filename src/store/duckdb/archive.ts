// A file of records, opened to be read only: DuckDB itself refuses to change it, to open any other file but those of one folder, and
// to have these settings changed. Every statement has its deadline.

import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import duckdb from '@duckdb/node-bindings'
import {
  type Answer,
  type Archive,
  literal,
  type Patience,
  PatienceError,
  type Statement,
} from '../../store.ts'
import { rowsOf } from './answer.ts'

export interface ArchiveOptions {
  readonly file: string
  /** A directory for answers that are files, and for what does not fit into memory. */
  readonly folder: string
}

/** Octets of memory, and of the folder. */
const mostMemory = () => `${Math.floor(Math.min(totalmem() / 4, 2e9) / 1e6)}MB`
const mostOnDisk = '8GB'

/** Throws the system's or DuckDB's error where the file cannot be opened. */
export async function openArchive({ file, folder }: ArchiveOptions): Promise<Archive> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const config = duckdb.create_config()
  // In this order: the folder is what may be written to once access is closed.
  for (const [name, value] of Object.entries({
    access_mode: 'READ_ONLY',
    memory_limit: mostMemory(),
    temp_directory: `${folder}/`,
    max_temp_directory_size: mostOnDisk,
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    enable_external_access: 'false',
    lock_configuration: 'true',
  }))
    duckdb.set_config(config, name, value)
  const database = await duckdb.open(file, config)
  const connection = await duckdb.connect(database)
  let last: Promise<unknown> = Promise.resolve()
  let isClosed = false

  /** One after the other: one connection keeps the session's tables, and no question takes all of the machine. */
  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const result = last.then(act)
    last = result.catch(() => {})
    return result
  }

  /** Ends what is done when the patience does. */
  async function within<T>(patience: Patience | undefined, act: () => Promise<T>): Promise<T> {
    if (isClosed || patience?.signal?.aborted) throw new PatienceError(0)
    const interrupt = (): void => duckdb.interrupt(connection)
    const timer = patience && setTimeout(interrupt, patience.ms)
    patience?.signal?.addEventListener('abort', interrupt)
    try {
      return await act()
    } catch (error) {
      if ((error as Error).message.startsWith('INTERRUPT')) throw new PatienceError(patience?.ms ?? 0)
      throw error
    } finally {
      clearTimeout(timer)
      patience?.signal?.removeEventListener('abort', interrupt)
    }
  }

  async function run({ sql, values }: Statement, patience: Patience): Promise<Answer[]> {
    const statement = await duckdb.prepare(connection, sql)
    try {
      values.forEach((value, index) => {
        if (typeof value === 'string') duckdb.bind_varchar(statement, index + 1, value)
        else if (typeof value === 'bigint') duckdb.bind_uhugeint(statement, index + 1, value)
        else if (Number.isInteger(value)) duckdb.bind_int64(statement, index + 1, BigInt(value))
        else duckdb.bind_double(statement, index + 1, value)
      })
      return await within(patience, async () => rowsOf(await duckdb.execute_prepared(statement)))
    } finally {
      duckdb.destroy_prepare_sync(statement)
    }
  }

  return {
    prepare: (sql, patience) =>
      inTurn(async () => {
        await within(patience, () => duckdb.query(connection, sql))
      }),
    ask: <Row>(statement: Statement, patience: Patience) =>
      inTurn(async () => (await run(statement, patience)) as Row[]),
    write: (statement, format, patience) =>
      inTurn(async () => {
        const path = join(folder, `${randomUUID()}.${format}`)
        const options = format === 'csv' ? 'FORMAT csv, HEADER' : 'FORMAT parquet, COMPRESSION zstd'
        await run({ ...statement, sql: `COPY (${statement.sql}) TO ${literal(path)} (${options})` }, patience)
        return path
      }),
    close() {
      if (isClosed) return
      isClosed = true
      duckdb.interrupt(connection)
      void last.then(() => {
        duckdb.disconnect_sync(connection)
        duckdb.close_sync(database)
      })
    },
  }
}
