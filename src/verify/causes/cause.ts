// What a cause is: how it is recognised, what it predicts, and what is said of it. Each stage has its file of them beside this
// one; causes.ts joins them, and ../explain.ts ranks them by how well they predict the numbers.

import type { Volume } from '../../kernel/units.ts'
import type { Case } from '../case.ts'
import type { Account } from '../cells.ts'
import type { EvidenceItem, Stage } from '../verdict.ts'

/** What docs/findings.md says of a cause, whatever the run. */
export interface Described {
  /** Stable; never changes its meaning. */
  readonly id: string
  readonly stage: Stage
  /** One sentence. */
  readonly title: string
  /** What must be seen for it to be said, and what it then predicts. */
  readonly knownBy: string
  readonly remedy: string
  /** What would tell it apart from others that leave the same numbers. */
  readonly test: string
  /** Causes that are named beside it only because of it: their findings become evidence of this one's. */
  readonly follows?: readonly string[]
}

/** What records say besides, where it is not known of which flow they speak. */
export const ofOtherFlows: readonly string[] = [
  ...['tos-wrong', 'tcp-flags-wrong', 'interface-index-zero', 'interface-index-wrong'],
  ...[
    'uptime-wrapped',
    'times-in-wrong-unit',
    'times-off-by-constant',
    'times-of-other-packets',
    'times-wrong',
  ],
  ...['clock-stepped', 'clock-drifts'],
]

/** What the attributes of a table are, whose rows mix the fields of two records. */
export const ofMixedRows: readonly string[] = [
  ...['as-attributes-wrong', 'as-attributes-empty', 'as-attribute-not-filled'],
  ...['less-specific-route', 'stale-route'],
]

export interface Cause extends Described {
  /** A finding where its evidence is there, even if no numbers differ. */
  readonly always?: true
  /** It may be that numbers look so for another reason: named where no other cause predicts them. */
  readonly last?: true
  /** undefined where the evidence does not speak for it. That the numbers differ is no evidence. */
  readonly recognise: (given: Case) => Sign | undefined
}

/** Rows of a witness that are missing behind the stage, or there once more: a condition on the store's columns. */
export interface Rows {
  readonly of: keyof Account['rows']
  readonly where: string
  readonly are: 'missing' | 'doubled'
}

/**
 * What comes out of the stage: for each cell of the account, in their order; or all but some rows. `loss`: less, of whichever
 * flows it struck; `mixture`: less, and what is left of it under other flows' keys.
 */
export type Prediction = readonly Volume[] | Rows | 'loss' | 'mixture'

export interface Sign {
  readonly predicts: Prediction
  /** Something other than the amounts shows that it happened: a log, a counter, the timeline, a gap in a sequence. */
  readonly witnessed: boolean
  readonly evidence: readonly EvidenceItem[]
  /** One sentence on this run; the words for the amount that was booked to it are given. */
  readonly sentence: (amount: string) => string
}

/** Something about the count as such, whether or not numbers differ; what differs is left to the causes. */
export interface Remark extends Described {
  readonly recognise: (
    given: Case,
  ) => (Omit<Sign, 'predicts' | 'witnessed'> & { readonly volume: Volume }) | undefined
}
