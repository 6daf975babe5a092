// The definitions of charts as rows of a database: which of them there are, and the port behind which the database itself stands.
// Values never become part of a statement's text.

import { RemediedError } from '../kernel/error.ts'
import { checked, type Definition } from './definition.ts'

export type SqlValue = string | number | null

/** A database that keeps definitions; `?` stands for a value. */
export interface Database {
  run(sql: string, values?: readonly SqlValue[]): Promise<Readonly<Record<string, unknown>>[]>
  /** What follows the columns where a table is made. */
  readonly tableOptions: string
  close(): Promise<void>
}

/** What is asked of the definitions cannot be. */
export class ChartError extends RemediedError {}

type Column = readonly [field: keyof Definition, column: string, type: string]

const columns: readonly Column[] = [
  ['name', 'name', 'VARCHAR(64) PRIMARY KEY'],
  ['title', 'title', 'TEXT'],
  ['lab', 'lab', 'TEXT'],
  ['collector', 'collector', 'TEXT'],
  ['table', 'collector_table', 'TEXT'],
  ['witness', 'witness', 'TEXT'],
  ['filter', 'flow_filter', 'TEXT'],
  ['key', 'flow_key', 'TEXT'],
  ['unit', 'unit', 'TEXT'],
  ['step', 'step', 'TEXT'],
  ['archives', 'archives', 'TEXT'],
  ['style', 'style', 'TEXT'],
  ['most', 'most', 'INTEGER'],
  ['colours', 'colours', 'TEXT'],
]
const names = columns.map(([, column]) => column).join(', ')

const valuesOf = (definition: Definition): SqlValue[] =>
  columns.map(([field]) => {
    const value = definition[field]
    return Array.isArray(value) ? JSON.stringify(value) : ((value as SqlValue | undefined) ?? null)
  })

/** What stands in the database is checked like any other definition. */
function definitionOf(row: Readonly<Record<string, unknown>>): Definition {
  return checked(
    Object.fromEntries(
      columns.flatMap(([field, column]) => {
        const value = row[column]
        if (value === null || value === undefined) return []
        return [[field, field === 'archives' || field === 'colours' ? JSON.parse(value as string) : value]]
      }),
    ),
  )
}

export interface Definitions {
  readonly list: () => Promise<Definition[]>
  /** Throws ChartError where there is none. */
  readonly find: (name: string) => Promise<Definition>
  /** Throws ChartError where there is one. */
  readonly add: (definition: Definition) => Promise<void>
  readonly change: (definition: Definition) => Promise<void>
  readonly remove: (name: string) => Promise<void>
  /** Adds them, and changes those that are there; all of them, or none. */
  readonly put: (definitions: readonly Definition[]) => Promise<void>
}

/** All definitions, without making anything; none where there is no table of them. */
export async function definitionsRead(database: Database): Promise<Definition[]> {
  const tables = await database.run(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_name = 'flowlab_charts'",
  )
  if (tables.length === 0) return []
  return (await database.run(`SELECT ${names} FROM flowlab_charts ORDER BY name`)).map(definitionOf)
}

export async function definitionsIn(database: Database): Promise<Definitions> {
  await database.run(
    `CREATE TABLE IF NOT EXISTS flowlab_charts (${columns.map(([, column, type]) => `${column} ${type}`).join(', ')})${database.tableOptions}`,
  )
  const found = async (name: string): Promise<Definition | undefined> => {
    const [row] = await database.run(`SELECT ${names} FROM flowlab_charts WHERE name = ?`, [name])
    return row && definitionOf(row)
  }
  const find = async (name: string): Promise<Definition> => {
    const definition = await found(name)
    if (!definition)
      throw new ChartError(`there is no chart ${JSON.stringify(name)}`, '`flowlab chart list` has all')
    return definition
  }
  const insert = async (definition: Definition): Promise<void> => {
    await database.run(
      `INSERT INTO flowlab_charts (${names}) VALUES (${columns.map(() => '?').join(', ')})`,
      valuesOf(definition),
    )
  }
  const update = async (definition: Definition): Promise<void> => {
    const others = columns.slice(1).map(([, column]) => `${column} = ?`)
    await database.run(`UPDATE flowlab_charts SET ${others.join(', ')} WHERE name = ?`, [
      ...valuesOf(definition).slice(1),
      definition.name,
    ])
  }
  return {
    find,
    list: async () =>
      (await database.run(`SELECT ${names} FROM flowlab_charts ORDER BY name`)).map(definitionOf),
    async add(definition) {
      if (await found(definition.name))
        throw new ChartError(
          `there is a chart ${definition.name} already`,
          '`flowlab chart change` changes it, `flowlab chart remove` takes it away',
        )
      await insert(definition)
    },
    async change(definition) {
      await find(definition.name)
      await update(definition)
    },
    async remove(name) {
      await find(name)
      await database.run('DELETE FROM flowlab_charts WHERE name = ?', [name])
    },
    async put(definitions) {
      await database.run('BEGIN')
      try {
        for (const definition of definitions)
          await ((await found(definition.name)) ? update(definition) : insert(definition))
        await database.run('COMMIT')
      } catch (error) {
        await database.run('ROLLBACK')
        throw error
      }
    },
  }
}
