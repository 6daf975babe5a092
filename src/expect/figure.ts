// What a figure of the verdict is: its name, its unit, what it may be asked of, and how it is read. figures.ts has them all.

import type { Verdict } from '../verify/verdict.ts'
import type { PlaceKind, Preposition, Scope } from './expectation.ts'

export const units = ['share', 'count', 'duration', 'text'] as const
export type Unit = (typeof units)[number]

export interface Figure {
  readonly name: string
  /** What it may be compared with; the first is its own. */
  readonly units: readonly Unit[]
  readonly takes: readonly Preposition[]
  /** Of text: what its values are. */
  readonly text?: 'AS' | 'path' | 'address'
  /** What `of`, `from` and `to` may name. */
  readonly places?: readonly PlaceKind[]
  /** Whether `(median)` and `(worst)` make sense; without either it is the worst. */
  readonly statistics?: true
  /** One sentence for docs/expectations.md. */
  readonly says: string
  readonly example: string
  /** Set where less of it is better: `flowlab compare` looks at it. */
  readonly better?: 'less'
  readonly read: (verdict: Verdict, scope: Scope, unit: Unit) => readonly Reading[]
}

/** One value of a figure, such as that of one account. */
export interface Reading {
  /** What it is about, such as `edge → main/display, in at r2:eth0`. */
  readonly where: string
  /** Share relative, duration in milliseconds; undefined where there is none to be had. */
  readonly value: number | undefined
  /** Of text: all values, each with the time at which it was first seen, ms since the epoch. */
  readonly texts?: readonly Seen[]
  /** How it came about, such as `12 of 3000`. */
  readonly detail?: string
  /** Of a share: how many of how many; and how many of these go together, so that chance falls on them as one. */
  readonly trials?: { readonly hits: number; readonly of: number; readonly bunch?: number }
  /** Within which it is as good as the same, in its unit. */
  readonly noise?: number
}

export interface Seen {
  readonly value: string
  /** Of rows that have it at the end. */
  readonly packets: number
  /** Times at which it was what was being shown, ms since the epoch; absent where nobody looked. */
  readonly times?: readonly (readonly [from: number, till: number])[]
}
