// The accounts of a verdict that a scope selects: what each witness counted at an observation point in a direction, or from and to
// the hosts of the lab.

import { withinDeviations } from '../kernel/normal.ts'
import { add, nothing, subtract, type Volume } from '../kernel/units.ts'
import type { Verdict } from '../verify/verdict.ts'
import type { Place, Scope } from './expectation.ts'

export const witnesses = ['wire', 'exported', 'arrived', 'collected'] as const
export type Witness = (typeof witnesses)[number]

export interface Account extends Readonly<Record<Witness, Volume>> {
  readonly where: string
}

/** Whose exports a part of the verdict is about. */
interface Owned {
  readonly point?: string
  readonly probe: string
  readonly collector: string
}

export const isIn = ({ point, probe, collector }: Owned, { of, at }: Scope): boolean =>
  (at === undefined || point === at) &&
  (of?.kind !== 'probe' || of.name === probe) &&
  (of?.kind !== 'collector' || of.name === collector)

/** By direction at each point, or by host where the scope names any; with `over`, less what other events cost. */
export function accountsIn(verdict: Verdict, scope: Scope): Account[] {
  const { from, to } = scope
  const hosts = [scope.of, from, to].filter((place) => place?.kind === 'node' || place?.kind === 'AS')
  if (hosts.length > 0) return hostAccounts(verdict, scope)
  const books = verdict.books.filter((book) => isIn(book, scope))
  const scaled = books.map((book) => ({
    ...scale(verdict, book),
    where: `${book.probe} → ${book.collector}/${book.table}, ${book.direction} at ${book.point}`,
    table: `${book.probe} → ${book.collector}/${book.table}`,
    book,
  }))
  if (scope.over === undefined) return scaled
  return [...grouped(scaled, ({ table }) => table)].map(([where, own]) => {
    const { probe, collector, table } = own[0]?.book ?? {}
    const others = verdict.events
      .filter(({ name }) => name !== scope.over)
      .flatMap(({ booked }) => booked)
      .filter(
        (each) => each.probe === probe && each.collector === collector && (each.table ?? table) === table,
      )
      .reduce<Volume>(add, nothing)
    const sum = sumOf(own)
    return { where: `${where} over ${scope.over}`, ...sum, wire: subtract(sum.wire, others) }
  })
}

/** All accounts of one table of one collector together. */
export function totalsIn(verdict: Verdict, scope: Scope): Account[] {
  const tables = grouped(accountsIn(verdict, scope), ({ where }) => where.split(', ')[0] ?? where)
  return [...tables].map(([where, own]) => ({ where, ...sumOf(own) }))
}

const sumOf = (accounts: readonly Account[]): Record<Witness, Volume> => ({
  wire: accounts.map(({ wire }) => wire).reduce(add, nothing),
  exported: accounts.map(({ exported }) => exported).reduce(add, nothing),
  arrived: accounts.map(({ arrived }) => arrived).reduce(add, nothing),
  collected: accounts.map(({ collected }) => collected).reduce(add, nothing),
})

function hostAccounts(verdict: Verdict, scope: Scope): Account[] {
  const sides = (['from', 'to'] as const).flatMap((side) => {
    const place = scope[side] ?? (scope.of?.kind === 'node' || scope.of?.kind === 'AS' ? scope.of : undefined)
    return place ? [{ side, place }] : []
  })
  return sides.flatMap(({ side, place }) => {
    const rows = verdict.hosts.filter((host) => isIn(host, scope) && isHost(host, place))
    const tables = grouped(rows, ({ probe, collector, table }) => `${probe} → ${collector}/${table}`)
    return [...tables].flatMap(([name, own]) => {
      const sum = sumOf(own.map((host) => ({ where: '', ...scale(verdict, { ...host, ...host[side] }) })))
      const isSeen = witnesses.some((witness) => sum[witness].packets > 0)
      return isSeen ? [{ where: `${name}, ${side} ${placeText(place)}`, ...sum }] : []
    })
  })
}

const isHost = ({ node, as }: Verdict['hosts'][number], { kind, name }: Place): boolean =>
  kind === 'AS' ? String(as ?? '') === name : node === name

export const placeText = ({ kind, name }: Place): string => (kind === 'AS' ? `AS ${name}` : name)

/** What was sampled, times the rate; what the collector multiplied itself stays as it is. */
function scale(
  { sampling }: Verdict,
  book: Owned & { readonly table: string } & Readonly<Record<Witness, Volume>>,
): Record<Witness, Volume> {
  const { wire, exported, arrived, collected } = book
  const section = sampling.find(
    ({ probe, collector }) => probe === book.probe && collector === book.collector,
  )
  if (section?.counters !== 'sampled') return { wire, exported, arrived, collected }
  const { rate, tables } = section
  const factor = tables.find(({ table }) => table === book.table)?.factor ?? 1
  const times = (volume: Volume, by: number): Volume => ({
    packets: Math.round(volume.packets * by),
    bytes: Math.round(volume.bytes * by),
  })
  return {
    wire,
    exported: times(exported, rate),
    arrived: times(arrived, rate),
    collected: times(collected, factor === 1 ? rate : 1),
  }
}

function grouped<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const group = groups.get(keyOf(value))
    if (group) group.push(value)
    else groups.set(keyOf(value), [value])
  }
  return groups
}

/**
 * Where a way's packets are sampled: how far an estimate of so much may be off, relative, by the sampling section's own margin; undefined
 * where all are metered. `where` is as accounts have it.
 */
export function samplingNoise(
  { sampling }: Verdict,
  where: string,
  wire: Volume,
  column: keyof Volume,
): number | undefined {
  const section = sampling.find(({ probe, collector }) => where.startsWith(`${probe} → ${collector}/`))
  if (!section || wire[column] === 0) return undefined
  const { confidence, periods = [], margin, wire: all } = section
  const rate = Math.max(section.rate, ...periods.flatMap(({ rates }) => rates))
  if (rate <= 1) return undefined
  const ofPackets = withinDeviations(confidence) * Math.sqrt((rate - 1) / Math.max(1, wire.packets))
  // Of a part the margin falls with the root of its size.
  const share = Math.sqrt(wire.bytes / Math.max(1, all.bytes))
  return column === 'packets' ? ofPackets : Math.max(ofPackets, (margin.bytes * share) / wire.bytes)
}
