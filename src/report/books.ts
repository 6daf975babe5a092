// The books as CSV (RFC 4180): a row for each direction of a probe's exports to a table. Flow records have `flowlab records`.

import type { Verdict } from '../verify/verdict.ts'

const witnesses = ['wire', 'exported', 'arrived', 'collected'] as const

export function booksCsv({ books }: Verdict): string {
  const head = [
    ...['point', 'direction', 'probe', 'collector', 'table'],
    ...witnesses.flatMap((name) => [`${name}_packets`, `${name}_bytes`]),
  ]
  const rows = books.map((book) => [
    ...[book.point, book.direction, book.probe, book.collector, book.table],
    ...witnesses.flatMap((name) => [book[name].packets, book[name].bytes]),
  ])
  return [head, ...rows].map((row) => `${row.join(',')}\r\n`).join('')
}
