// One connection as a session: statements in turn, each with its deadline, values apart from their text.

import { randomUUID } from 'node:crypto'
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

/** `folder`: a directory for answers that are files. `close` ends the connection, after the last statement. */
export function createSession(connection: duckdb.Connection, folder: string, close: () => void): Archive {
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
      void last.then(close)
    },
  }
}
