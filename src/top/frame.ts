// The picture of a moment: a function of what is known and of the terminal's size, and nothing else. Never more lines or columns than
// there are, however few.

import { type Witness, witnesses } from '../query/columns.ts'
import { clock } from './amounts.ts'
import { titleOf } from './frame/columns.ts'
import { allNews, lastNews } from './frame/happened.ts'
import { helpLines } from './frame/help.ts'
import { menuLines } from './frame/menu.ts'
import type { Shown } from './frame/shown.ts'
import { sumLine } from './frame/sums.ts'
import { tableLines } from './frame/table.ts'
import { fitted, harmless, left, type Line, piece } from './text.ts'
import type { View } from './view.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}

/** Lines of the table that are seen at once. */
export const pageOf = (shown: Shown, size: Size): number => Math.max(1, regions(shown, size).body - 1)

interface Regions {
  readonly title: number
  readonly sums: readonly Witness[]
  readonly filter: number
  readonly body: number
  readonly news: number
  readonly keys: number
}

/** Who gets how many lines: the table first, then what is best spared last. */
function regions({ look, view, error, news }: Shown, { rows }: Size): Regions {
  const filter = view.typing !== undefined || view.filter !== '' || error !== undefined ? 1 : 0
  const title = rows >= 4 ? 1 : 0
  const hints = rows >= 8 && Number.isFinite(rows) ? 1 : 0
  const asked = witnesses.filter(
    (witness) => look?.sums.some((sum) => sum.witness === witness) || look?.lacking[witness] !== undefined,
  )
  const ends = asked.filter((witness) => witness === 'wire' || witness === 'collected')
  const sums = rows >= 18 ? asked : rows >= 10 ? ends : []
  const rest = rows - title - hints - filter - sums.length
  const wanted = news.items.length === 0 ? 0 : news.items.length + 1
  const happened =
    view.page !== 'table' || rows < 14
      ? 0
      : Number.isFinite(rows)
        ? Math.min(wanted, Math.max(3, Math.floor(rows / 4)))
        : wanted
  return { title, sums, filter, keys: hints, news: happened, body: Math.max(1, rest - happened) }
}

export function frame(shown: Shown, size: Size): Line[] {
  const { columns, rows } = size
  const parts = regions(shown, size)
  const { view, glyphs } = shown
  const lines: Line[] = [
    ...(parts.title ? [titleLine(shown, columns)] : []),
    ...parts.sums.map((witness) => sumLine(witness, shown, columns)),
    ...(parts.filter ? [filterLine(shown)] : []),
    ...filled(body(shown, parts.body, columns), parts.body),
    ...lastNews(shown.news, parts.news, columns, glyphs),
    ...(parts.keys ? [keysLine(view)] : []),
  ]
  const fitting = lines.map((line) => fitted(line, columns, glyphs.more))
  return Number.isFinite(rows) ? fitting.slice(0, rows) : fitting
}

const filled = (lines: readonly Line[], count: number): Line[] =>
  Number.isFinite(count)
    ? [...lines.slice(0, count), ...Array.from({ length: Math.max(0, count - lines.length) }, (): Line => [])]
    : [...lines]

function titleLine({ lab, points, isLive, elapsed, view, news, glyphs }: Shown, columns: number): Line {
  const verdict = news.verdict
  const state = verdict
    ? verdict.pass
      ? `${glyphs.yes} true`
      : `${glyphs.no} not true, ${verdict.findings} finding${verdict.findings === 1 ? '' : 's'}`
    : isLive
      ? 'live'
      : 'not judged'
  const facts = [
    `flowlab top  ${lab}`,
    `${state} ${clock(elapsed)}`,
    `by ${titleOf(view.by)}`,
    points.length <= 2 ? points.join(', ') : `${points.length} points`,
    ...(view.isPaused ? ['PAUSED'] : []),
  ].filter(Boolean)
  return [piece(left(harmless(` ${facts.join(` ${glyphs.dot} `)}`), columns, glyphs.more), 'title')]
}

function filterLine({ view, error }: Shown): Line {
  const text = view.typing ?? view.filter
  return [
    piece(' filter: ', 'dim'),
    piece(text),
    ...(view.typing === undefined ? [] : [piece(' ', 'cursor')]),
    ...(error === undefined ? [] : [piece(`  ${error}`, 'bad')]),
  ]
}

function body(shown: Shown, lines: number, columns: number): Line[] {
  const { view, news, glyphs } = shown
  if (view.menu) return menuLines(view.menu, lines)
  if (view.page === 'help') return helpLines()
  if (view.page === 'news') return allNews(news, columns, glyphs)
  return tableLines(shown, lines, columns)
}

function keysLine(view: View): Line {
  const hints: readonly (readonly [string, string])[] =
    view.typing !== undefined
      ? [
          ['Enter', 'filter'],
          ['^U', 'clear'],
          ['Esc', 'leave it'],
        ]
      : view.menu
        ? [
            ['↑↓', 'move'],
            ['Enter', 'choose'],
            ['Esc', 'leave it'],
          ]
        : view.page !== 'table'
          ? [
              ['Esc', 'back'],
              ['q', 'quit'],
            ]
          : [
              ...([
                ['b', 'by'],
                ['o', 'order'],
                ['u', view.unit === 'bits' ? 'packets' : 'bits'],
                ['/', 'filter'],
              ] as const),
              ...([
                ['p', view.isPaused ? 'go on' : 'pause'],
                ['n', 'findings'],
                ['?', 'help'],
                ['q', 'quit'],
              ] as const),
            ]
  return hints.flatMap(([key, what]) => [piece(` ${key}`, 'strong'), piece(` ${what} `)])
}
