// Definitions in MariaDB or MySQL, as in the talk: by URL, such as mysql://user:password@host/database.

import type { Database } from '../database.ts'

/** In ms. */
const patience = 10_000

/** Throws the server's or the system's error; the password is never part of it. */
export async function openMariadb(url: URL): Promise<Database> {
  const { createConnection } = await import('mysql2/promise')
  const connection = await createConnection({
    host: url.hostname,
    port: Number(url.port || 3306),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    ...(url.searchParams.has('socketPath') ? { socketPath: url.searchParams.get('socketPath') ?? '' } : {}),
    charset: 'utf8mb4',
    connectTimeout: patience,
    multipleStatements: false,
  })
  return {
    tableOptions: ' CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
    async run(sql, values = []) {
      // What takes no values need not be prepared, and some of it cannot be.
      const [rows] = await (values.length === 0
        ? connection.query(sql)
        : connection.execute(sql, [...values]))
      return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : []
    },
    close: () => connection.end(),
  }
}
