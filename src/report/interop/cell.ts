// A cell of the interoperability report: what the verdict of a run says of one thing, and by which evidence. cells.ts makes them;
// document.ts prints them.

import type { Verdict } from '../../verify/verdict.ts'
import type { Plan } from '../../plan/plan.ts'

/** `none`: neither program nor protocol is meant to have it; `unknown`: nothing in the run tells; `load`: lost where the machine was too slow. */
export type Mark = 'right' | 'wrong' | 'left-out' | 'none' | 'unknown' | 'load'

export interface Note {
  readonly text: string
  /** Where it is to be seen: a place in the run directory, expected and found. */
  readonly evidence?: string
}

export interface Cell {
  readonly is: Mark
  /** How much, such as `-3.2 %` or `4 of 28`. */
  readonly amount?: string
  /** What is to be said of it below the table; of what is wrong or left out the evidence. */
  readonly notes?: readonly Note[]
  /** The run that tells it, from 1. */
  readonly run?: number
}

export type Cells<Column extends string = string> = Readonly<Record<Column, Cell>>

/** A run that came to a verdict. */
export interface Judged {
  readonly verdict: Verdict
  readonly plan: Plan
}

export const right = (amount?: string): Cell => ({ is: 'right', ...(amount === undefined ? {} : { amount }) })
export const none = (note?: string): Cell => ({
  is: 'none',
  ...(note === undefined ? {} : { notes: [{ text: note }] }),
})

/** What was lost to the machine's load says less than any other run of the same. */
const rank: Readonly<Record<Mark, number>> = {
  wrong: 5,
  'left-out': 4,
  right: 3,
  none: 2,
  load: 1,
  unknown: 0,
}

/** What several runs say of the same: the worst of it. */
export const worst = (cells: readonly Cell[]): Cell =>
  cells.reduce((sofar, cell) => (rank[cell.is] > rank[sofar.is] ? cell : sofar), { is: 'unknown' })

const digits = new Intl.NumberFormat('en-US')

/** `found` against `expected`, relative and signed. */
export function share(found: number, expected: number): string {
  if (expected === 0) return `${digits.format(found)} of 0`
  const percent = ((found - expected) / expected) * 100
  return `${percent > 0 ? '+' : ''}${percent.toFixed(Math.abs(percent) < 10 ? 1 : 0)} %`
}

export const amount = (packets: number): string => digits.format(packets)
