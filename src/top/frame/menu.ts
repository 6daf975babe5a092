// The list from which key or order are chosen, in place of the table.

import { keys } from '../../query/columns.ts'
import { left, type Line, piece } from '../text.ts'
import { type Menu, optionsOf } from '../view.ts'

export function menuLines({ of, at }: Menu, lines: number): Line[] {
  const options: readonly string[] = optionsOf[of]
  const about = (option: string): string =>
    of === 'by' ? (keys[option as keyof typeof keys]?.about ?? '') : (orderWords[option] ?? '')
  const first = Math.max(0, Math.min(at - Math.floor((lines - 1) / 2), options.length - (lines - 1)))
  return [
    [piece(of === 'by' ? ' add up by:' : ' the largest first, by:', 'head')],
    ...options.slice(first, first + Math.max(1, lines - 1)).map((option, index): Line => {
      const text = ` ${left(option, 17)} ${about(option)}`
      return [piece(text, first + index === at ? 'cursor' : undefined)]
    }),
  ]
}

const orderWords: Readonly<Record<string, string>> = {
  rate: 'what crosses the wire a second',
  wire: "what crossed the wire, by the kernel's count",
  exported: 'what the exported records say',
  arrived: 'what the records say that arrived',
  collected: "what the collector's table says",
  difference: 'what the wire has and the collector has not',
  key: 'the value itself',
}
