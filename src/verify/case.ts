// One probe's way from wire to collector, with all that the witnesses say of it: what causes are judged by.

import type { Exit, LogLine, Offloads, ProbeCapture, TimelineEntry, Transport, Wire } from '../evidence.ts'
import type { FlowKey } from '../kernel/flow.ts'
import type { Volume } from '../kernel/units.ts'
import type { CollectorPlan, ProbePlan } from '../plan/plan.ts'
import type { Exports } from '../replay/exports.ts'
import type { Entry, Witness } from './accounts.ts'
import { type Field, project } from './granularity.ts'

export interface Case {
  readonly probe: ProbePlan
  readonly collector: CollectorPlan
  readonly wire: Wire
  readonly transport: Transport
  readonly exported: Exports
  readonly arrived: Exports
  /** The account of the stage that is judged. */
  readonly account: Account
  readonly logs: readonly LogLine[]
  readonly exits: readonly Exit[]
  readonly captures: readonly ProbeCapture[]
  readonly timeline: readonly TimelineEntry[]
  readonly offloads: readonly Offloads[]
}

/** What went into a stage and what came out, flow by flow. */
export interface Account {
  /** What the account is of: `exports`, or a table's name. */
  readonly name: string
  readonly cells: readonly Cell[]
  /** One string for all flows of a cell, whatever direction. */
  readonly cellOf: (flow: FlowKey) => string
}

export interface Cell extends FlowKey {
  readonly direction: 'in' | 'out'
  readonly fragments?: true
  readonly before: Volume
  readonly after: Volume
}

export const between = (
  name: string,
  entries: readonly Entry[],
  fields: readonly Field[],
  from: Witness,
  to: Witness,
): Account => ({
  name,
  cells: entries.map((entry) => ({ ...entry, before: entry[from], after: entry[to] })),
  cellOf: (flow) => project(flow, fields),
})
