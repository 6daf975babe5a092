// What is said of a count as such, whether or not numbers differ: how it is recognised, and what it means. What differs beyond it is
// left to the causes.

import type { Volume } from '../kernel/units.ts'
import type { Case, Cause } from './case.ts'
import type { FindingId } from './catalogue.ts'
import type { Stage } from './verdict.ts'

export interface EvidenceItem {
  readonly kind: 'counter'
  /** In the run directory. */
  readonly file: string
  readonly text: string
}

export const counter = (file: string, text: string): EvidenceItem => ({ kind: 'counter', file, text })

export interface Remark {
  /** Stable; never changes its meaning. */
  readonly id: string
  readonly stage: Stage
  /** One sentence. */
  readonly title: string
  readonly knownBy: string
  readonly remedy: string
  /** What would tell it apart from others that leave the same numbers. */
  readonly test: string
  readonly recognise: (given: Case) =>
    | {
        readonly volume: Volume
        readonly evidence: readonly EvidenceItem[]
        readonly sentence: (amount: string) => string
      }
    | undefined
}

export const asCause = ({ id, stage, remedy, recognise }: Remark): Cause => ({
  id: id as FindingId,
  stage,
  leavesGap: true,
  explain(given) {
    const found = recognise(given)
    return (
      found && {
        volume: found.volume,
        summary: found.sentence(`${found.volume.packets} packets (${found.volume.bytes} bytes)`),
        remedy,
        evidence: found.evidence.map(({ file, text }) => `${file}: ${text}`),
      }
    )
  },
})
