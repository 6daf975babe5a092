// Plain tables for terminals, logs and mails: columns aligned, numbers to the right, no lines around them.

import { styleText } from 'node:util'

export interface Columns {
  readonly head: readonly string[]
  /** Indices of columns that hold numbers. */
  readonly numbers?: readonly number[]
}

export type Cell = string | number

const digits = new Intl.NumberFormat('en-US')

/** Numbers get thousands separators. */
export const shown = (cell: Cell): string => (typeof cell === 'number' ? digits.format(cell) : cell)

/** Width on a terminal, escape sequences not counted. */
// oxlint-disable-next-line no-control-regex
const width = (text: string): number => text.replaceAll(/\u001b\[[0-9;]*m/g, '').length

export function table(
  { head, numbers = [] }: Columns,
  rows: readonly (readonly Cell[])[],
  indent = '  ',
): string {
  const cells = rows.map((row) => row.map(shown))
  const widths = head.map((title, column) =>
    Math.max(width(title), ...cells.map((row) => width(row[column] ?? ''))),
  )
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) => {
        const pad = ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(text)))
        return numbers.includes(column) ? pad + text : text + pad
      })
      .join('  ')
      .trimEnd()
  return [styleText('dim', line(head)), ...cells.map(line)].map((text) => `${indent}${text}\n`).join('')
}

export const heading = (text: string): string => `\n${styleText('bold', text)}\n`
