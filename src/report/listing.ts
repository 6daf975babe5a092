// Rows of a listing of flow records as a table.

import { table } from './table.ts'

const amounts: ReadonlySet<string> = new Set(['records', 'packets', 'bytes'])

/** A column of which no row has a value is left out. */
export function listingText(
  columns: readonly { readonly name: string; readonly kind: 'text' | 'number' | 'time' | 'address' }[],
  rows: readonly Readonly<Record<string, unknown>>[],
): string {
  const shown = columns.filter(({ name }) => rows.some((row) => row[name] !== null))
  return table(
    {
      head: shown.map(({ name }) => name),
      numbers: shown.flatMap(({ kind }, index) => (kind === 'number' ? [index] : [])),
    },
    rows.map((row) =>
      shown.map(({ name, kind }) => {
        const value = row[name]
        if (value === null || value === undefined) return ''
        if (kind === 'time') return new Date(Number(value)).toISOString().slice(11, 23)
        // Ports and AS numbers are names more than amounts.
        return amounts.has(name) ? Number(value) : `${value as string | number | bigint}`
      }),
    ),
  )
}
