// A listing of flow records as statements: filtered, record by record or added up by keys, sorted, a page at a time. What the page
// asks for and what `flowlab records` prints are made here, so they are the same.

import {
  addressSql,
  columns,
  type Key,
  type KeyName,
  keyOf,
  keys,
  shapeOf,
  type Shape,
  type Witness,
} from './columns.ts'
import { condition } from './condition.ts'
import { parseFilter } from './filter.ts'
import { source } from './source.ts'
import type { Statement, Value } from '../store.ts'
import { Values } from './statement.ts'

export interface Listing {
  readonly witness: Witness
  readonly filter?: string | undefined
  readonly group?: readonly string[] | undefined
  /** A column, `-` before it for the largest first. */
  readonly sort?: string | undefined
  /** Milliseconds since 1970-01-01T00:00:00Z: what overlaps the time between them. */
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** What cannot be asked. */
export class ListingError extends Error {
  readonly expected: string
  constructor(what: string, expected: string) {
    super(`${what}: expected ${expected}`)
    this.name = 'ListingError'
    this.expected = expected
  }
}

export interface ListingColumn {
  readonly name: string
  readonly kind: 'text' | 'number' | 'time' | 'address'
  readonly about: string
}

export interface Prepared {
  readonly columns: readonly ListingColumn[]
  /** Whether the routers' tables are asked. */
  readonly needsRoutes: boolean
  /** Rows of a page; times in milliseconds since 1970. */
  readonly page: (limit: number, offset: number) => Statement
  /** How many rows there are on all pages (`total`), and `records`, `packets`, `bytes` over all that is selected. */
  readonly sum: Statement
  /** All rows; times as TIMESTAMP. */
  readonly whole: Statement
}

const counts: readonly ListingColumn[] = [
  { name: 'records', kind: 'number', about: 'Flow records' },
  { name: 'packets', kind: 'number', about: 'Packets' },
  { name: 'bytes', kind: 'number', about: 'Layer-3 bytes' },
]

/** Throws FilterError or ListingError. */
export function prepare(listing: Listing): Prepared {
  const { witness, group = [] } = listing
  const shape = shapeOf(witness)
  for (const name of group)
    if (!Object.hasOwn(keys, name))
      throw new ListingError(`group by ${name.slice(0, 60)}`, Object.keys(keys).join(', '))
  const names = [...new Set(group)] as KeyName[]
  if (names.length > 6) throw new ListingError('group', 'at most six keys')
  const values = new Values()
  const rows = selected(listing, shape, names, values)
  const timed: readonly ListingColumn[] =
    shape === 'collected'
      ? []
      : (['first', 'last'] as const).map((name) => ({
          name,
          kind: 'time',
          about: columns[name]?.about ?? '',
        }))
  const own: readonly ListingColumn[] =
    names.length > 0
      ? [
          ...names.map((name) => ({ name, kind: keyOf(name).kind, about: keyOf(name).about })),
          ...counts,
          ...timed,
        ]
      : Object.entries(columns).flatMap(([name, { kind, about, of }]) =>
          of.includes(shape) ? [{ name, kind, about }] : [],
        )
  const inner =
    names.length > 0
      ? `SELECT ${names.map((_, index) => `k${index}`).join(', ')}, count(*) AS records, sum(packets) AS packets, sum(bytes) AS bytes
         ${timed.length > 0 ? ', min(first) AS first, max(last) AS last' : ''}
         FROM (${rows}) GROUP BY ${names.map((_, index) => `k${index}`).join(', ')}`
      : rows
  const columnOf = (name: string): string => {
    const index = names.findIndex((each) => each === name)
    return index >= 0 ? `k${index}` : `"${name}"`
  }
  const select = (time: (column: string) => string): string =>
    own
      .map(({ name, kind }) => {
        const column = columnOf(name)
        const shown = kind === 'address' ? addressSql(column) : kind === 'time' ? time(column) : column
        return `${shown} AS "${name}"`
      })
      .join(', ')
  const order = orderBy(listing.sort, own, columnOf, names.length > 0)
  const statement = (sql: string, more: readonly Value[] = []): Statement => ({
    sql,
    values: [...values.all, ...more],
  })
  // The page is cut out first: its rows alone are looked up whole and made into text.
  const page = (limit: number, offset: number): Statement => {
    const [a, b] = [values.all.length + 1, values.all.length + 2]
    const cut = `ORDER BY ${order} LIMIT $${a} OFFSET $${b}`
    const chosen =
      names.length > 0
        ? `SELECT * FROM (${inner}) ${cut}`
        : `SELECT * FROM (${rows}) WHERE "row" IN (SELECT "row" FROM (${rows}) ${cut})`
    return statement(
      `SELECT ${select((column) => `epoch_us(${column}) / 1000.0`)} FROM (${chosen}) ORDER BY ${order}`,
      [limit, offset],
    )
  }
  return {
    columns: own,
    needsRoutes: names.some((name) => (keyOf(name).needs?.[shape] ?? []).length > 0),
    page,
    sum: statement(
      names.length > 0
        ? `SELECT count(*) AS total, sum(records) AS records, sum(packets) AS packets, sum(bytes) AS bytes FROM (${inner})`
        : `SELECT count(*) AS total, count(*) AS records, sum(packets) AS packets, sum(bytes) AS bytes FROM (${inner})`,
    ),
    whole: statement(`SELECT ${select((column) => column)} FROM (${inner}) ORDER BY ${order}`),
  }
}

/** Rows as the listing has them: its columns, or `k0`, `k1` … with what is added up. */
function selected(listing: Listing, shape: Shape, names: readonly KeyName[], values: Values): string {
  const { witness, from, to } = listing
  const filter = parseFilter(listing.filter ?? '')
  const conditions = [condition(filter, shape, witness, values)]
  if (shape !== 'collected') conditions.push(...between(from, to, values))
  else if (from !== undefined || to !== undefined)
    throw new ListingError('time', 'another witness: tables of collectors have no time')
  // Tables of one collector speak of the same traffic: one of them stands for it, unless others are asked for.
  if (shape === 'collected' && !speaksOf(listing.filter, 'table')) conditions.push('r.main')
  const isTimed = from !== undefined || to !== undefined
  const own = Object.entries(columns)
    .filter(([, { of }]) => of.includes(shape))
    .map(([name, { sql }]) => `${sql ?? `r."${name}"`} AS "${name}"`)
  const row = `${shape === 'collected' ? 'r.rowid' : 'r."row"'} AS "row"`
  const chosen = names.map(keyOf)
  const needs = new Set(chosen.flatMap(({ needs: asked }) => asked?.[shape] ?? []))
  const base = source(witness, needs, isTimed)
  const where = `WHERE ${conditions.join(' AND ')}`
  if (names.length === 0) return `SELECT ${[...own, row].join(', ')} FROM ${base} ${where}`
  const added = `r.packets, r.bytes${shape === 'collected' ? '' : ', r.first, r.last'}`
  const text = ({ kind }: Key, sql: string): string =>
    kind === 'address' ? sql : `coalesce((${sql})::VARCHAR, '?')`
  if (chosen.filter((key) => key.sql[shape].length > 1).length > 1)
    throw new ListingError('group', 'one key of both ends (host, port, as) at most')
  // A flow counts at both of its ends, once where they are the same.
  const side = (end: 0 | 1): string => {
    const shown = chosen.map(
      (key, index) => `${text(key, key.sql[shape][end] ?? key.sql[shape][0])} AS k${index}`,
    )
    const apart = chosen.flatMap(({ sql }) => {
      const [one, other] = sql[shape]
      return end === 0 || other === undefined ? [] : [`(${other}) IS DISTINCT FROM (${one})`]
    })
    return `SELECT ${shown.join(', ')}, ${added} FROM ${base} WHERE ${[...conditions, ...apart].join(' AND ')}`
  }
  return chosen.some((key) => key.sql[shape].length > 1) ? `${side(0)} UNION ALL ${side(1)}` : side(0)
}

export const speaksOf = (filter: string | undefined, word: string): boolean =>
  new RegExp(`\\b${word}\\b`, 'i').test(filter ?? '')

/** What overlaps the time between two moments (milliseconds since 1970). */
export function between(from: number | undefined, to: number | undefined, values: Values): string[] {
  return [
    ...(from === undefined ? [] : [`epoch_us(r.last) >= ${values.add(from * 1000)}`]),
    ...(to === undefined ? [] : [`epoch_us(r.first) < ${values.add(to * 1000)}`]),
  ]
}

function orderBy(
  sort: string | undefined,
  own: readonly ListingColumn[],
  columnOf: (name: string) => string,
  grouped: boolean,
): string {
  const [, minus = '', name = ''] = /^(-?)(.*)$/s.exec(sort ?? '-bytes') ?? []
  if (!own.some((column) => column.name === name))
    throw new ListingError(`sort by ${name.slice(0, 60)}`, own.map((column) => column.name).join(', '))
  // What is equal keeps one order, so that no row is on two pages.
  const rest = grouped
    ? own.filter((column) => column.name !== name).map((column) => columnOf(column.name))
    : ['"row"']
  return [`${columnOf(name)} ${minus === '-' ? 'DESC' : 'ASC'} NULLS LAST`, ...rest].join(', ')
}
