// What the generators say, beside what of it crossed the wire.

import { styleText } from 'node:util'
import type { Verdict } from '../verify/verdict.ts'
import { table } from './table.ts'

type Sent = Verdict['traffic'][number]

export const sendingText = (traffic: Verdict['traffic']): string =>
  table(
    {
      head: ['flow', 'packets sent', 'payload bytes', 'received', 'bytes', 'wire', 'bytes'],
      numbers: [1, 2, 3, 4, 5, 6],
    },
    traffic.map((each) => [
      each.flows === undefined ? each.flow : `${each.flow}, ${each.flows} flows`,
      ...[each.sent, each.received, each.wire].flatMap((volume) => [
        volume?.packets ?? '–',
        volume?.bytes ?? '–',
      ]),
      remark(each),
    ]),
  )

/** What arrived must have crossed, unless part of it took another way. */
function remark({ beside, received, wire }: Sent): string {
  if (beside && beside.missing !== 0) {
    const text = besideText(beside)
    return beside.because === undefined ? styleText('yellow', text) : text
  }
  if (wire && received && received.bytes > wire.bytes) return styleText('yellow', 'less than arrived')
  return ''
}

function besideText({ point, missing, because }: NonNullable<Sent['beside']>): string {
  const difference = missing > 0 ? `${missing} not at ${point}` : `${-missing} more at ${point}`
  return because === undefined ? difference : `${difference}: ${because}`
}
