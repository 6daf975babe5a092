// One probe's way from wire to collector, with all that the witnesses say of it: what causes are judged by.

import type { Exit, LogLine, Offloads, ProbeCapture, TimelineEntry, Transport, Wire } from '../evidence.ts'
import type { FlowKey } from '../kernel/flow.ts'
import type { CollectorPlan, ProbePlan } from '../plan/plan.ts'
import type { Exports } from '../replay/exports.ts'
import type { Account } from './cells.ts'
import type { Way } from './datagrams.ts'
import type { Seen } from './evidence-item.ts'
import type { Repeats } from './repeats.ts'
import type { RowsHeld } from './records/collected.ts'
import type { RecordsHeld } from './records/check.ts'
import type { Analysis } from './sampling/analysis.ts'
import type { Time } from './time/time.ts'

export interface Case {
  readonly probe: ProbePlan
  readonly collector: CollectorPlan
  readonly wire: Wire
  readonly transport: Transport
  readonly exported: Exports
  readonly arrived: Exports
  readonly datagrams: Way
  readonly repeats: Repeats
  /** The first records of ICMP and of ICMPv6 that arrived with their type. */
  readonly icmp: readonly (FlowKey & Seen & { readonly offset: number })[]
  /** What records say beside key and counters. */
  readonly said: RecordsHeld
  /** What the rows of the table that is judged say so; absent in other stages. */
  readonly rows?: readonly RowsHeld[]
  /** The account of the stage that is judged. */
  readonly account: Account
  readonly logs: readonly LogLine[]
  readonly exits: readonly Exit[]
  readonly captures: readonly ProbeCapture[]
  readonly timeline: readonly TimelineEntry[]
  readonly offloads: readonly Offloads[]
  /** Absent where nothing is sampled. */
  readonly sampling?: Analysis | undefined
  readonly time?: Time | undefined
}
