// Chooses the database by its name: a file, or the URL of a server.

import { existsSync } from 'node:fs'
import { ChartError, type Definitions, definitionsIn, definitionsRead } from './database.ts'
import type { Definition } from './definition.ts'

/** Opened for one act, closed after it. Throws ChartError where the database cannot be used. */
export async function withDefinitions<T>(
  named: string,
  act: (definitions: Definitions) => Promise<T>,
): Promise<T> {
  const database = await open(named)
  try {
    return await act(await definitionsIn(database))
  } finally {
    await database.close()
  }
}

/** Only looks: a file that is not there is not made. Throws ChartError where the database cannot be used. */
export async function readDefinitions(named: string): Promise<Definition[]> {
  if (!isUrl(named) && !existsSync(named)) return []
  const database = await open(named, { readOnly: true })
  try {
    return await definitionsRead(database)
  } finally {
    await database.close()
  }
}

const isUrl = (named: string): boolean => /^[a-z]+:\/\//i.test(named)

async function open(named: string, { readOnly = false } = {}) {
  try {
    if (!isUrl(named)) return await (await import('./database/duckdb.ts')).openDuckdb(named, readOnly)
    const url = new URL(named)
    if (url.protocol === 'mysql:' || url.protocol === 'mariadb:')
      return await (await import('./database/mariadb.ts')).openMariadb(url)
  } catch (error) {
    throw new ChartError(
      `the database ${withoutPassword(named)} cannot be used: ${(error as Error).message || (error as NodeJS.ErrnoException).code}`,
      '--database takes a file, or mysql://USER:PASSWORD@HOST/DATABASE',
    )
  }
  throw new ChartError(
    `the database ${withoutPassword(named)} cannot be used: expected mysql:// or mariadb://`,
    '--database takes a file, or mysql://USER:PASSWORD@HOST/DATABASE',
  )
}

/** A URL as it may be printed. */
export const withoutPassword = (named: string): string => named.replace(/^([a-z]+:\/\/[^:@/]*):.*@/i, '$1:…@')
