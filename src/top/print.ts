// What `top` prints where there is no terminal, or once: the frame as plain lines, or a document of JSON.

import { subtract, type Volume } from '../kernel/units.ts'
import { type Witness, witnesses } from '../query/columns.ts'
import { frame } from './frame.ts'
import type { Shown } from './frame/shown.ts'
import { type Look, missing, type Sum, type Volumes } from './look.ts'
import { painted, plain } from './text.ts'

/** All rows that were asked for, and all news; a line of the terminal's width each. */
export function lines(shown: Shown, columns: number, hasColour: boolean): string {
  const all = frame(shown, { columns, rows: Infinity })
  return all.map((line) => `${hasColour ? painted(line, true) : plain(line).trimEnd()}\n`).join('')
}

/** Rates are a second; `difference` is what the wire has and the last of the others has not. */
export function document({ lab, isLive, elapsed, view, look, news }: Shown): object {
  const { by, filter } = view
  const volumesOf = (volumes: Volumes): object => ({ ...volumes, ...differenceOf(missing(volumes)) })
  return {
    ...{ lab, live: isLive, elapsed, at: look?.at ?? null, by, filter },
    witnesses: Object.fromEntries(witnesses.map((witness) => [witness, witnessOf(witness, look)] as const)),
    total: look?.total ?? 0,
    rows: (look?.rows ?? []).map(({ key, volumes, rate }) => ({
      ...{ key, rate: rateOf(rate) },
      ...volumesOf(volumes),
    })),
    ...(news.verdict ? { verdict: news.verdict } : {}),
    news: news.items,
  }
}

function witnessOf(witness: Witness, look: Look | undefined): object | null {
  const why = look?.lacking[witness]
  if (why !== undefined) return { lacking: why }
  const of = (name: Witness): Sum | undefined => look?.sums.find((each) => each.witness === name)
  const [sum, wire] = [of(witness), of('wire')]
  if (!sum) return null
  const difference = wire && witness !== 'wire' ? subtract(wire.volume, sum.volume) : undefined
  return { ...sum.volume, ...(sum.rate ? { rate: rateOf(sum.rate) } : {}), ...differenceOf(difference) }
}

const differenceOf = (difference: Volume | undefined): { difference?: Volume } =>
  difference ? { difference } : {}

const rounded = (value: number): number => Math.round(value * 1000) / 1000

const rateOf = ({ packets, bytes }: Volume): { packets: number; bits: number } => ({
  packets: rounded(packets),
  bits: rounded(bytes * 8),
})
