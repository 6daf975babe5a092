// Definitions in a DuckDB file, which needs no server. One process has it open at a time: others wait for it.

import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import duckdb from '@duckdb/node-bindings'
import { rowsOf } from '../../store/duckdb/answer.ts'
import type { Database } from '../database.ts'

/** For another process to close it, in ms. */
const patience = 5_000

/** Throws DuckDB's error where the file is none of its own, or stays in use. */
export async function openDuckdb(file: string, readOnly = false): Promise<Database> {
  if (!readOnly) await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const config = duckdb.create_config()
  if (readOnly) duckdb.set_config(config, 'access_mode', 'READ_ONLY')
  for (const option of [
    'autoinstall_known_extensions',
    'autoload_known_extensions',
    'enable_external_access',
  ])
    duckdb.set_config(config, option, 'false')
  const opened = async (until: number): Promise<duckdb.Database> => {
    try {
      return await duckdb.open(file, config)
    } catch (error) {
      if (!(error as Error).message.includes('lock') || Date.now() > until) throw error
      await sleep(50)
      return opened(until)
    }
  }
  const database = await opened(Date.now() + patience)
  const connection = await duckdb.connect(database)
  return {
    tableOptions: '',
    async run(sql, values = []) {
      const statement = await duckdb.prepare(connection, sql)
      try {
        values.forEach((value, index) => {
          if (value === null) duckdb.bind_null(statement, index + 1)
          else if (typeof value === 'string') duckdb.bind_varchar(statement, index + 1, value)
          else duckdb.bind_int64(statement, index + 1, BigInt(value))
        })
        return await rowsOf(await duckdb.execute_prepared(statement))
      } finally {
        duckdb.destroy_prepare_sync(statement)
      }
    },
    async close() {
      duckdb.disconnect_sync(connection)
      duckdb.close_sync(database)
    },
  }
}
