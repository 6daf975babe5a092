// Two verdicts side by side: which figures got better or worse beyond what chance does from run to run, which findings came and
// went, which expectations hold no more, and where the time went.

import type { Figure, Reading, Unit } from '../expect/figure.ts'
import { figures } from '../expect/figures.ts'
import type { Verdict } from '../verify/verdict.ts'
import { binomialTails, hypergeometricTails, twoSided } from '../verify/sampling/probability.ts'

export type Change = 'better' | 'worse' | 'same'

export interface FigureChange {
  readonly figure: string
  readonly where: string
  readonly unit: Unit
  /** Shares relative, durations in ms. */
  readonly before: number
  readonly after: number
  readonly change: Change
  /** Of shares and counts: how likely chance makes a difference at least as large. */
  readonly chance?: number
}

export interface Comparison {
  readonly before: Side
  readonly after: Side
  /** What makes the two less than comparable: labs of two names, and what only one of them measured. */
  readonly notes: readonly string[]
  readonly figures: readonly FigureChange[]
  readonly findings: readonly {
    readonly id: string
    readonly change: 'gone' | 'new' | 'both'
    /** The expectation of the later run that allows it. */
    readonly allowed?: string
  }[]
  readonly expectations: readonly {
    readonly text: string
    readonly before?: boolean
    readonly after?: boolean
  }[]
  /** Milliseconds by stage; they depend on the machine and make nothing worse. */
  readonly stages: readonly { readonly name: string; readonly before?: number; readonly after?: number }[]
  /** Whether anything got worse. */
  readonly worse: boolean
}

interface Side {
  readonly lab: string
  readonly directory: string
  readonly pass: boolean
}

/** What all figures together may be wrong by chance, in calling one better or worse that is not. */
export const alpha = 0.01
/** Shares that differ by less are the same, in the whole of what they are a share of. */
export const leastShare = 0.001
/** Durations are the same up to this factor and this many milliseconds more. */
export const leastFactor = 1.5
export const leastDuration = 250

export function compare(before: Verdict, after: Verdict): Comparison {
  const pairs = figures
    .filter(({ better }) => better !== undefined)
    .flatMap((figure) => pairsOf(figure, before, after))
  const changes = pairs.map((pair) => changeOf(pair, alpha / pairs.length))
  const findings = both(before.findings, after.findings, ({ id }) => id).map(([id, old, now]) => ({
    id,
    change: old && now ? ('both' as const) : old ? ('gone' as const) : ('new' as const),
    ...(now?.allowed === undefined ? {} : { allowed: now.allowed }),
  }))
  const expectations = both(before.expectations, after.expectations, ({ text }) => text).map(
    ([text, old, now]) => ({
      text,
      ...(old ? { before: old.holds } : {}),
      ...(now ? { after: now.holds } : {}),
    }),
  )
  return {
    before: sideOf(before),
    after: sideOf(after),
    notes: notesOf(before, after),
    figures: changes,
    findings,
    expectations,
    stages: both(before.run.stages, after.run.stages, ({ name }) => name).map(([name, old, now]) => ({
      name,
      ...(old ? { before: old.ms } : {}),
      ...(now ? { after: now.ms } : {}),
    })),
    worse:
      changes.some(({ change }) => change === 'worse') ||
      findings.some(({ change, allowed }) => change === 'new' && allowed === undefined) ||
      expectations.some((each) => each.before === true && each.after === false),
  }
}

function notesOf(before: Verdict, after: Verdict): string[] {
  const ways = ({ books }: Verdict) => [
    ...new Set(
      books.map(({ point, probe, collector, table }) => `${probe} at ${point} → ${collector}/${table}`),
    ),
  ]
  return [
    ...(before.lab === after.lab
      ? []
      : [`these are runs of two labs, ${before.lab} and ${after.lab}: what differs may be the labs’`]),
    ...both(ways(before), ways(after), (way) => way).flatMap(([way, old, now]) =>
      old && now ? [] : [`${way} is in the ${old ? 'first' : 'second'} only, and is not compared`],
    ),
  ]
}

const sideOf = ({ lab, pass, run }: Verdict): Side => ({ lab, directory: run.directory, pass })

/** What either has, by its key, in the order of the first and then of the second. */
function both<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (value: T) => string,
): [key: string, before: T | undefined, after: T | undefined][] {
  const [old, now] = [before, after].map((values) => new Map(values.map((value) => [keyOf(value), value])))
  return [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].map((key) => [
    key,
    old?.get(key),
    now?.get(key),
  ])
}

interface Pair {
  readonly figure: string
  readonly unit: Unit
  readonly before: Reading
  readonly after: Reading
}

const pairsOf = ({ name, units: [unit = 'count'], read }: Figure, before: Verdict, after: Verdict): Pair[] =>
  both(read(before, {}, unit), read(after, {}, unit), ({ where }) => where).flatMap(([, old, now]) =>
    old?.value !== undefined && now?.value !== undefined
      ? [{ figure: name, unit, before: old, after: now }]
      : [],
  )

function changeOf({ figure, unit, before, after }: Pair, level: number): FigureChange {
  const [old, now] = [before.value ?? 0, after.value ?? 0]
  const chance = chanceOf(unit, before, after)
  const isSame = chance === undefined ? isNoise(unit, before, after) : chance >= level
  const isSmall = unit === 'share' && Math.abs(now - old) < leastShare
  const change = isSame || isSmall || now === old ? 'same' : now < old ? 'better' : 'worse'
  return {
    ...{ figure, where: after.where, unit, before: old, after: now, change },
    ...(chance === undefined ? {} : { chance }),
  }
}

/** Shares: Fisher's exact test. Counts: how they would fall on two runs alike. */
function chanceOf(unit: Unit, before: Reading, after: Reading): number | undefined {
  if (unit === 'count') {
    const sum = (before.value ?? 0) + (after.value ?? 0)
    return sum === 0 ? 1 : twoSided(binomialTails(sum, 0.5, after.value ?? 0))
  }
  const [a, b] = [before.trials, after.trials]
  if (!a || !b) return undefined
  const bunch = Math.max(a.bunch ?? 1, b.bunch ?? 1)
  const bunches = (count: number): number => Math.round(count / bunch)
  const [hits, of] = [bunches(a.hits) + bunches(b.hits), bunches(a.of) + bunches(b.of)]
  if (hits === 0 || hits === of) return 1
  return twoSided(hypergeometricTails(of, hits, bunches(b.of), bunches(b.hits)))
}

function isNoise(unit: Unit, before: Reading, after: Reading): boolean {
  const [old, now] = [before.value ?? 0, after.value ?? 0]
  const noise = (before.noise ?? 0) + (after.noise ?? 0)
  if (unit !== 'duration') return Math.abs(now - old) <= noise
  return Math.max(old, now) <= Math.min(old, now) * leastFactor + leastDuration + noise
}
