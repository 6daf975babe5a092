// Findings, signs of them and events, a line each below the table or in full.

import { type Glyphs, timeOfDay } from '../amounts.ts'
import type { Item, News } from '../news.ts'
import { harmless, type Line, type Piece, piece, wrapped } from '../text.ts'

const markOf = ({ kind }: Item, glyphs: Glyphs): Piece =>
  kind === 'finding' ? piece(` ${glyphs.no} `, 'bad') : kind === 'sign' ? piece(' ! ', 'warn') : piece('   ')

const wordsOf = ({ at, id, text }: Item): string =>
  [at === undefined ? undefined : timeOfDay(at), id === undefined ? undefined : `${id}:`, text]
    .filter(Boolean)
    .join(' ')

const itemLine = (item: Item, glyphs: Glyphs): Line => [
  markOf(item, glyphs),
  piece(wordsOf(item), item.kind === 'event' ? 'dim' : undefined),
]

const itemLines = (item: Item, columns: number, glyphs: Glyphs): Line[] =>
  wrapped(harmless(wordsOf(item)), Math.max(10, columns - 4)).map((text, index) => [
    index === 0 ? markOf(item, glyphs) : piece('   '),
    piece(text),
  ])

export const allNews = ({ items }: News, columns: number, glyphs: Glyphs): Line[] =>
  items.length === 0
    ? [[piece(' nothing has happened yet', 'dim')]]
    : items.flatMap((item) => itemLines(item, columns, glyphs))

/** Findings and signs first, then what happened last. */
export function lastNews({ items }: News, lines: number, columns: number, glyphs: Glyphs): Line[] {
  if (lines <= 1) return []
  const wrong = items.filter(({ kind }) => kind !== 'event')
  const events = items.filter(({ kind }) => kind === 'event')
  const room = lines - 1
  const shown = wrong.slice(0, wrong.length > room ? room - 1 : room)
  const more = wrong.length - shown.length
  const happened = events.slice(Math.max(0, events.length - (room - shown.length)))
  return [
    [
      piece(
        ` ${glyphs.rule} ${wrong.length === 0 ? 'events' : 'findings and events'} `.padEnd(
          columns,
          glyphs.rule,
        ),
        'dim',
      ),
    ],
    ...shown.map((item) => itemLine(item, glyphs)),
    ...(more > 0
      ? [[piece(`   and ${more} more: n shows all`, 'dim')]]
      : happened.map((item) => itemLine(item, glyphs))),
  ]
}
