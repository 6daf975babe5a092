// Plain tables for terminals, logs and mails: cli-table3 without lines around its cells, numbers to the right.

import { styleText } from 'node:util'
import Table from 'cli-table3'

export interface Columns {
  /** Titles; none, no line for them. */
  readonly head?: readonly string[]
  /** Indices of columns that hold numbers. */
  readonly numbers?: readonly number[]
}

export type Cell = string | number

const digits = new Intl.NumberFormat('en-US')

/** Numbers get thousands separators. */
const shown = (cell: Cell): string => (typeof cell === 'number' ? digits.format(cell) : cell)

const edges = ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) =>
  ['', '-mid', '-left', '-right'].map((at) => [`${side}${at}`, '']),
)

/** Each line begins with `indent` and ends in a line feed. */
export function table(
  { head = [], numbers = [] }: Columns,
  rows: readonly (readonly Cell[])[],
  indent = '  ',
): string {
  const columns = head.length || (rows[0]?.length ?? 0)
  const drawn = new Table({
    head: head.map((title) => styleText('dim', title)),
    chars: { ...Object.fromEntries(edges), middle: ' ' },
    style: { 'padding-left': 0, 'padding-right': 1, head: [], border: [] },
    colAligns: Array.from({ length: columns }, (_, column) => (numbers.includes(column) ? 'right' : 'left')),
  })
  drawn.push(...rows.map((row) => row.map(shown)))
  return drawn
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${indent}${line.trimEnd()}\n`)
    .join('')
}

export const heading = (text: string): string => `\n${styleText('bold', text)}\n`
