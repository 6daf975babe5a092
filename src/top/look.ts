// What `top` shows, as a value: what each witness has of every value of a key, and of everything together. It is asked in the same
// way of a lab that runs and of a run's records; live.ts and past.ts bring these.

import { subtract, type Volume } from '../kernel/units.ts'
import { type KeyName, keyOf, type Witness, witnesses } from '../query/columns.ts'
import { comparison, type Counted, type Order } from '../query/comparison.ts'
import { type Curve, curvesOf, type Part } from '../query/curves.ts'
import { type KeyValue, needsRoutes, type Selection, type Span, spread } from '../query/series.ts'
import { type Answer, type Archive, addressText, type Patience } from '../store.ts'
import { knowing } from './knowing.ts'

export interface Question {
  readonly by: KeyName
  readonly order: Order
  readonly reverse: boolean
  readonly unit: 'bits' | 'packets'
  readonly filter: string
  /** So many values of the key. */
  readonly rows: number
}

/** What a witness has; of the wire also a second, lately or, of a whole run, on average. */
export type Volumes = Readonly<Partial<Record<Witness, Volume>>>

export interface Row {
  readonly key: string
  readonly volumes: Volumes
  readonly rate: Volume
  /** On the wire, an interval each: packets or bytes a second, by the question's unit. */
  readonly curve: readonly number[]
}

/** A witness's line over everything that the filter selects. */
export interface Sum {
  readonly witness: Witness
  readonly volume: Volume
  readonly rate?: Volume
  readonly curve: readonly number[]
}

export interface Look {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly at: number
  readonly sums: readonly Sum[]
  readonly rows: readonly Row[]
  /** Values of the key there are. */
  readonly total: number
  /** Why a witness has no numbers. */
  readonly lacking: Readonly<Partial<Record<Witness, string>>>
}

export interface Records extends Pick<Archive, 'ask'> {
  routes(patience: Patience): Promise<void>
}

/** What is asked about, beyond the question. */
export interface Period {
  /** Of the curves. */
  readonly span: Span
  /** Since when the wire's rate is taken (milliseconds since 1970), and over how many seconds. `whole`: all there is. */
  readonly recent: { readonly since: number; readonly seconds: number } | { readonly whole: number }
}

export interface Found {
  readonly rows: readonly Row[]
  readonly total: number
  /** Over everything that the filter selects. */
  readonly volumes: Volumes
  readonly lacking: Look['lacking']
}

const patience: Patience = { ms: 10_000 }

/** Throws FilterError where the filter is wrong, or no witness knows its words. */
export async function find(records: Records, question: Question, { span, recent }: Period): Promise<Found> {
  const { by, order, reverse, unit, filter, rows: limit } = question
  const { asked, lacking } = await knowing(records, question, patience)
  const measure = unit === 'bits' ? 'bytes' : 'packets'
  const isLive = 'since' in recent
  const counted: Counted[] = [...asked, ...(isLive && asked.includes('wire') ? (['recent'] as const) : [])]
  const since = isLive ? recent.since : 0
  if (asked.some((witness) => needsRoutes(witness, by))) await records.routes(patience)
  const wanted = { counted, since, measure, limit, reverse, filter } as const
  const found = await records.ask(
    comparison({ ...wanted, order: !isLive && order === 'rate' ? 'wire' : order, by }),
    patience,
  )
  const [all] = await records.ask(comparison({ ...wanted, order: 'wire', limit: 1 }), patience)
  const chosen = found.map((row) => row['k'] as KeyValue | null)
  const curves = asked.includes('wire')
    ? await curvesFor(records, { by, filter }, chosen, span)
    : chosen.map(() => undefined)
  const rateOf = (row: Answer | undefined): Volume =>
    isLive
      ? perSecond(volumeIn(row, 'recent'), recent.seconds)
      : perSecond(volumeIn(row, 'wire'), recent.whole)
  return {
    total: Number(found[0]?.['total'] ?? 0),
    volumes: volumesIn(all, asked),
    lacking,
    rows: found.map((row, index) => ({
      key: keyText(row['k'] ?? null, by),
      volumes: volumesIn(row, asked),
      rate: rateOf(row),
      curve: curves[index]?.[measure].map((value) => (value * 1000) / span.step) ?? [],
    })),
  }
}

async function curvesFor(
  records: Records,
  selection: Selection,
  keys: readonly (KeyValue | null)[],
  span: Span,
): Promise<(Curve | undefined)[]> {
  const chosen = keys.filter((key) => key !== null)
  if (chosen.length === 0 || span.count === 0) return []
  const parts = await records.ask<Part>(spread('wire', selection, chosen, span), patience)
  const curves = curvesOf(parts, chosen.length, span.count)
  return keys.map((key) => (key === null ? undefined : curves[chosen.indexOf(key)]))
}

const volumeIn = (row: Answer | undefined, counted: Counted): Volume => ({
  packets: Number(row?.[`${counted}_packets`] ?? 0),
  bytes: Number(row?.[`${counted}_bytes`] ?? 0),
})

const volumesIn = (row: Answer | undefined, asked: readonly Witness[]): Volumes =>
  Object.fromEntries(asked.map((witness) => [witness, volumeIn(row, witness)]))

export const perSecond = ({ packets, bytes }: Volume, seconds: number): Volume =>
  seconds > 0 ? { packets: packets / seconds, bytes: bytes / seconds } : { packets: 0, bytes: 0 }

function keyText(value: Answer[string], by: KeyName): string {
  if (keyOf(by).kind === 'address') return addressText(value as bigint | null) || '?'
  return String(value ?? '?') || '(none)'
}

/** The last witness on the way that has numbers, beside the wire. */
export const lastOf = (volumes: Volumes): Witness | undefined =>
  witnesses.findLast((witness) => witness !== 'wire' && volumes[witness] !== undefined)

/** What the wire has and the last witness has not; undefined where there is nothing to compare. */
export function missing(volumes: Volumes): Volume | undefined {
  const last = lastOf(volumes)
  const [wire, other] = [volumes.wire, last && volumes[last]]
  return wire && other && subtract(wire, other)
}
