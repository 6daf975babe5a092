// The columns of the table: which there are, and which of them a terminal has room for.

import { type KeyName, type Witness, witnesses } from '../../query/columns.ts'
import type { Order } from '../../query/comparison.ts'
import { amountText, differenceText, type Glyphs, rateText, shareText, spark } from '../amounts.ts'
import { missing, type Question, type Row } from '../look.ts'
import { left, type Line, piece, right, type Style, width } from '../text.ts'

export interface Given {
  readonly question: Omit<Question, 'rows' | 'filter'>
  /** A run of which all is there; else a lab that goes on. */
  readonly isWhole: boolean
  /** Of a curve's interval and of all of them, in words. */
  readonly time: string
  readonly asked: ReadonlySet<Witness>
  /** Whether there is anything over time. */
  readonly hasCurves: boolean
  readonly glyphs: Glyphs
}

interface Column {
  readonly name: string
  readonly title: (given: Given) => string
  readonly order?: Order
  readonly least: number
  /** Takes more where there is more, up to so much. */
  readonly most?: number
  readonly toLeft?: true
  readonly cell: (row: Row, given: Given, columns: number) => string
  readonly style?: (row: Row, given: Given) => Style | undefined
}

const witnessColumn = (witness: Witness): Column => ({
  name: witness,
  title: () => witness.toUpperCase(),
  order: witness,
  least: 9,
  cell: ({ volumes }, { question, glyphs }) => amountText(volumes[witness], question.unit) || glyphs.dash,
  style: () => witness,
})

/** What differs in a run that is over is wrong; while a lab runs, it may still come. */
export const differenceStyle = (differs: boolean, isWhole: boolean): Style =>
  !differs ? 'dim' : isWhole ? 'bad' : 'warn'

const differs = (row: Row): boolean => {
  const difference = missing(row.volumes)
  return difference !== undefined && (difference.packets !== 0 || difference.bytes !== 0)
}

const titles: Readonly<Partial<Record<KeyName, string>>> = {
  ...{ sourcePort: 'source port', destinationPort: 'destination port', sourceAs: 'source AS' },
  ...{ destinationAs: 'destination AS', as: 'AS', path: 'AS path', peer: 'peer AS' },
}

export const titleOf = (by: KeyName): string => titles[by] ?? by

const key: Column = {
  name: 'key',
  title: ({ question }) => titleOf(question.by).toUpperCase(),
  order: 'key',
  least: 12,
  most: 60,
  toLeft: true,
  cell: (row) => row.key,
  style: () => 'strong',
}

/** In the order in which they are shown. */
const columns: readonly Column[] = [
  key,
  {
    name: 'rate',
    title: ({ isWhole }) => (isWhole ? 'MEAN' : 'RATE'),
    order: 'rate',
    least: 11,
    cell: ({ rate }, { question }) => rateText(rate, question.unit),
  },
  {
    name: 'curve',
    title: ({ time }) => time,
    least: 8,
    most: 60,
    toLeft: true,
    cell: ({ curve }, { isWhole, glyphs }, room) => spark(curve, room, isWhole, glyphs),
    style: () => 'wire',
  },
  ...witnesses.map(witnessColumn),
  {
    name: 'difference',
    title: () => 'DIFFERENCE',
    order: 'difference',
    least: 12,
    cell: ({ volumes }, { question, glyphs }, room) =>
      differenceText(missing(volumes), question.unit, room, glyphs) || glyphs.dash,
    style: (row, { isWhole }) => differenceStyle(differs(row), isWhole),
  },
  {
    name: 'share',
    title: () => '',
    least: 8,
    cell: ({ volumes }, { question, glyphs }) =>
      shareText(missing(volumes), volumes.wire, question.unit, glyphs),
    style: (row, { isWhole }) => differenceStyle(differs(row), isWhole),
  },
]

/** What is left out last. */
const importance = ['key', 'wire', 'collected', 'rate', 'difference', 'curve', 'share', 'exported', 'arrived']

export interface Placed {
  readonly column: Column
  readonly width: number
}

/** Of the columns those that fit, the most important first; what is left over goes to key and curve. */
export function place(room: number, rows: readonly Row[], given: Given): Placed[] {
  const longest = Math.max(width(key.title(given)) + 2, ...rows.map((row) => width(row.key)))
  const wanted = Math.min(Math.max(key.least, longest), key.most ?? longest)
  const least = (column: Column): number =>
    column === key ? Math.min(wanted, Math.max(key.least, Math.floor(room * 0.4))) : column.least
  const isAsked = ({ name }: Column): boolean =>
    name === 'curve'
      ? given.hasCurves
      : !(witnesses as readonly string[]).includes(name) || given.asked.has(name as Witness)
  const chosen = new Set<Column>()
  let spare = room + 1
  for (const name of importance) {
    const column = columns.find((each) => each.name === name)
    if (!column || !isAsked(column)) continue
    if (least(column) + 1 > spare) {
      // A key that is cut is better than none.
      if (column === key) chosen.add(key)
      break
    }
    spare -= least(column) + 1
    chosen.add(column)
  }
  const placed = columns
    .filter((column) => chosen.has(column))
    .map((column) => ({ column, width: least(column) }))
  for (const each of placed) {
    const goal = each.column === key ? wanted : (each.column.most ?? each.width)
    const more = Math.max(0, Math.min(goal - each.width, spare))
    each.width += more
    spare -= more
  }
  const [first] = placed
  if (first && placed.length === 1) first.width = Math.min(first.width, room)
  return placed
}

const put = ({ column, width: room }: Placed, text: string, { glyphs }: Given): string =>
  (column.toLeft ? left : right)(text, room, glyphs.more)

export function headLine(placed: readonly Placed[], given: Given): Line {
  const { order, reverse } = given.question
  return placed.flatMap((each, index) => {
    const { column } = each
    const isDown = (column.order === 'key') === reverse
    const mark = column.order === order ? (isDown ? given.glyphs.down : given.glyphs.up) : ''
    return [
      ...(index > 0 ? [piece(' ', 'head')] : []),
      piece(put(each, `${column.title(given)}${mark}`, given), 'head'),
    ]
  })
}

export const rowLine = (placed: readonly Placed[], row: Row, given: Given): Line =>
  placed.flatMap((each, index) => [
    ...(index > 0 ? [piece(' ')] : []),
    piece(put(each, each.column.cell(row, given, each.width), given), each.column.style?.(row, given)),
  ])
