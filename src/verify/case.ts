// One probe's way from wire to collector, with all that the witnesses say of it: what causes are judged by.

import type { Exit, LogLine, Offloads, ProbeCapture, TimelineEntry, Transport, Wire } from '../evidence.ts'
import type { Volume } from '../kernel/units.ts'
import type { CollectorPlan, ProbePlan } from '../plan/plan.ts'
import type { Exports } from '../replay/exports.ts'
import type { FindingId } from './catalogue.ts'
import type { Analysis } from './sampling/analysis.ts'
import type { Time } from './time/time.ts'
import type { Stage } from './verdict.ts'

export interface Case {
  readonly probe: ProbePlan
  readonly collector: CollectorPlan
  readonly wire: Wire
  readonly transport: Transport
  readonly exported: Exports
  readonly arrived: Exports
  /** What is missing, or too much, in the stage that is judged; zero where the numbers agree. */
  readonly gap: Gap
  readonly logs: readonly LogLine[]
  readonly exits: readonly Exit[]
  readonly captures: readonly ProbeCapture[]
  readonly timeline: readonly TimelineEntry[]
  readonly offloads: readonly Offloads[]
  /** Absent where nothing is sampled. */
  readonly sampling?: Analysis | undefined
  readonly time?: Time | undefined
}

export interface Gap {
  readonly missing: Volume
  readonly surplus: Volume
  /** Flows that differ. */
  readonly flows: number
}

/** What a cause says where it applies. */
export interface Explanation {
  readonly volume: Volume
  readonly summary: string
  readonly remedy: string
  readonly evidence: readonly string[]
}

export interface Cause {
  /** Stable; catalogue.ts says what it means. */
  readonly id: FindingId
  readonly stage: Stage
  /** About the count as such: leaves a difference in numbers to be explained by others. */
  readonly leavesGap?: true
  /** undefined where the evidence does not speak for it. */
  readonly explain: (given: Case) => Explanation | undefined
}
