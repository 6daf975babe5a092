// The verdict on a probe that was judged from two recordings: what `verify --wire … --exports … --format json` prints.

import type { Volume } from '../kernel/units.ts'
import type { Field } from '../verify/granularity.ts'
import type { Stage } from '../verify/verdict.ts'
import type { LinkSampling } from './sampling.ts'

/** Part of a total that is not compared, and why. */
export interface Besides extends Volume {
  readonly reason: string
}

export interface Account {
  readonly total: Volume
  readonly besides: readonly Besides[]
  /** What is left, and compared. */
  readonly judged: Volume
}

export interface LinkFlow {
  readonly source: string
  readonly destination: string
  readonly protocol: number
  readonly sourcePort: number
  readonly destinationPort: number
  readonly wire: Volume
  readonly exported: Volume
}

export interface LinkFinding extends Volume {
  /** As docs/findings.md has it. */
  readonly cause: string
  readonly stage: Stage
  /** Flows that differ. */
  readonly flows: number
  readonly summary: string
  readonly remedy: string
  readonly evidence: readonly string[]
}

export interface LinkVerdict {
  readonly wire: string
  readonly exports: string
  readonly pass: boolean
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly interval: { readonly from: number; readonly to: number }
  readonly exporters: readonly string[]
  /** What flows are told apart by. */
  readonly fields: readonly Field[]
  readonly findings: readonly LinkFinding[]
  /** Packets and layer-3 bytes. */
  readonly books: { readonly wire: Account; readonly exported: Account }
  /** Where a rate above 1:1 was asked for or announced. */
  readonly sampling?: LinkSampling
  /** Flows compared, and those of them that differ. */
  readonly flows: {
    readonly compared: number
    readonly different: number
    readonly largest: readonly LinkFlow[]
  }
  /** What else is to be known of the recordings. */
  readonly remarks: readonly string[]
}
