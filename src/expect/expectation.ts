// What an expectation says once it is read: plain data, so that it stands in topology.json and plan.json. parse.ts makes it of text,
// judge.ts holds it against a verdict.

import type { Unit } from './figure.ts'

export const stageNames = ['sending', 'metering', 'exporting', 'transport', 'collecting', 'routing'] as const
export type StageName = (typeof stageNames)[number]

export interface Expectation {
  /** As the lab file has it. */
  readonly text: string
  /** `file:line:column` of the lab file. */
  readonly at: string
  readonly claim: Claim
}

export type Claim = FindingClaim | FigureClaim

export interface FindingClaim {
  readonly about: 'findings'
  /** Absent: any. */
  readonly cause?: string
  /** There is none; there is one; there may be one. */
  readonly wanted: 'none' | 'some' | 'allowed'
  readonly scope: Scope
}

export interface FigureClaim {
  readonly about: 'figure'
  /** Its name in the table of figures. */
  readonly figure: string
  readonly scope: Scope
  readonly test: Test
  /** Only what is so at some time between an event's begin or end and so many milliseconds after it. */
  readonly after?: { readonly event: string; readonly of: 'begin' | 'end'; readonly within: number }
}

/** What of the lab a figure is about; absent: all. */
export interface Scope {
  readonly of?: Place
  readonly from?: Place
  readonly to?: Place
  readonly at?: string
  readonly in?: StageName
  /** An event. */
  readonly over?: string
  /** Milliseconds. */
  readonly per?: number
  readonly statistic?: Statistic
}

export type Preposition = Exclude<keyof Scope, 'statistic'>
export type Statistic = 'median' | 'worst'

/** `name` of an AS is its number. */
export interface Place {
  readonly kind: PlaceKind
  readonly name: string
}

export type PlaceKind = 'node' | 'AS' | 'probe' | 'collector'

export type Test =
  /** Shares are relative (0.02 is 2 %), durations milliseconds. A bound that is not `open` belongs to what is right. */
  | {
      readonly unit: Exclude<Unit, 'text'>
      readonly low?: Bound
      readonly high?: Bound
    }
  | { readonly unit: 'text'; readonly is: 'is' | 'is not' | 'includes'; readonly values: readonly string[] }

export interface Bound {
  readonly value: number
  readonly open: boolean
}
