// The table: a line a value of the key, a page of them at a time.

import type { Sum } from '../look.ts'
import { type Line, piece } from '../text.ts'
import { type Given, headLine, place, rowLine } from './columns.ts'
import type { Shown } from './shown.ts'

export function tableLines({ look, view, isLive, glyphs }: Shown, lines: number, columns: number): Line[] {
  if (!look) return [[piece(' …', 'dim')]]
  const given: Given = {
    question: view,
    isWhole: !isLive,
    time: isLive ? 'LATELY' : 'RUN',
    asked: new Set(look.sums.map(({ witness }: Sum) => witness)),
    hasCurves: look.sums.some(({ curve }) => curve.length > 1),
    glyphs,
  }
  const page = Math.max(1, lines - 1)
  const cursor = Math.max(0, Math.min(view.cursor, look.rows.length - 1))
  const first = Number.isFinite(page) ? Math.floor(cursor / page) * page : 0
  const rows = look.rows.slice(first, Number.isFinite(page) ? first + page : undefined)
  const placed = place(columns - 1, rows, given)
  if (rows.length === 0)
    return [
      [piece(' '), ...headLine(placed, given)],
      [piece(' nothing has crossed that is asked for', 'dim')],
    ]
  const isPointed = (index: number): boolean => Number.isFinite(lines) && first + index === cursor
  return [
    ...(lines > 1 ? [[piece(' ', 'head'), ...headLine(placed, given)]] : []),
    ...rows.map((row, index): Line => {
      const line = [piece(isPointed(index) ? '>' : ' '), ...rowLine(placed, row, given)]
      // Who has not moved is not shown a bar.
      return isPointed(index) && view.cursor > 0
        ? line.map(({ text }) => ({ text, style: 'cursor' as const }))
        : line
    }),
  ]
}
