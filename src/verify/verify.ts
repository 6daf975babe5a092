// From evidence to verdict: every probe's way judged by itself (way.ts), and what all have in common. Reads the run directory and
// nothing else, so a verdict can be reached again at any time, anywhere.

import type {
  Collected,
  CollectedSample,
  Exit,
  InterfaceIndex,
  LogLine,
  Offloads,
  ProbeCapture,
  RouteTable,
  SentReport,
  TimelineEntry,
  Transport,
  Wire,
  WireSample,
} from '../evidence.ts'
import { exporters } from '../plan/exporters.ts'
import type { Plan } from '../plan/plan.ts'
import type { Exports } from '../replay/exports.ts'
import type { Moments } from '../replay/moments.ts'
import type { Store } from '../store.ts'
import { eventReports, happenedIn } from './events.ts'
import { exitFindings } from './exits.ts'
import { judgeExpectations } from '../expect/judge.ts'
import { loadTables } from './ledgers.ts'
import { shownBy } from './shown.ts'
import type { Verdict } from './verdict.ts'
import { judgeSending } from './sending/judge.ts'
import { judgeExport, type Way } from './way.ts'

/** All that a run has seen, as read from its directory. */
export interface Evidence {
  readonly directory: string
  readonly plan: Plan
  readonly wire: readonly Wire[]
  /** The wire over time; empty where nobody looked. */
  readonly curve: readonly WireSample[]
  /** The collectors' tables over time; empty where nobody looked. */
  readonly watched: readonly CollectedSample[]
  readonly routes: readonly RouteTable[]
  readonly transport: readonly Transport[]
  readonly collected: Collected
  readonly sent: readonly SentReport[]
  readonly logs: readonly LogLine[]
  readonly exits: readonly Exit[]
  readonly captures: readonly ProbeCapture[]
  readonly offloads: readonly Offloads[]
  /** Of the nodes that are measured at; empty where nobody looked. */
  readonly interfaces: readonly InterfaceIndex[]
  readonly timeline: readonly TimelineEntry[]
  /** By daemon: the BGP updates in its own log; absent where it keeps none. */
  readonly updates?: Readonly<Record<string, number>>
  /** By daemon: BGP sessions that ended while the books were open, as its own log has it. */
  readonly closes?: Readonly<Record<string, number>>
  readonly timing: readonly { readonly name: string; readonly ms: number }[]
  /** Holds the flow records that left the probes and that arrived, in its tables `exported` and `arrived`. */
  readonly store: Store
  /** By the name of the exports: what left the probe, and what of it arrived, besides the records. */
  readonly exports: ReadonlyMap<string, { readonly exported: Exports; readonly arrived: Exports }>
  /** By the name of the exports: when they came. Empty in a run without events. */
  readonly moments: ReadonlyMap<string, { readonly exported: Moments; readonly arrived: Moments }>
}

/** The store is the verdict's own afterwards; whoever opened it closes it. */
export async function judge(evidence: Evidence): Promise<Verdict> {
  const { plan, store } = evidence
  await loadTables(store, evidence)
  const ways: Way[] = []
  const events = happenedIn(plan, evidence.timeline)
  for (const probe of exporters(plan)) ways.push(await judgeExport(evidence, probe, events))
  const sending = judgeSending(evidence)
  const findings = [
    ...sending.findings,
    ...ways.flatMap((way) => way.findings),
    ...exitFindings(plan, evidence.exits),
  ]
  const checks = ways.flatMap((way) => way.checks)
  const verdict: Verdict = {
    lab: plan.lab,
    pass: findings.length === 0,
    expectations: [],
    findings,
    books: ways.flatMap(({ books }) => books),
    tables: ways.flatMap(({ tables }) => tables),
    attributes: {
      checked: checks.reduce((total, { checked }) => total + checked, 0),
      wrong: checks.reduce((total, { wrong }) => total + wrong, 0),
      each: checks,
    },
    events: eventReports(
      events,
      ways.flatMap(({ booked }) => booked),
    ),
    transport: evidence.transport.map(({ probe, collector, left, arrived, socketDrops }) => ({
      ...{ probe, collector, left, arrived, socketDrops },
    })),
    hosts: ways.flatMap(({ hosts }) => hosts),
    shown: shownBy(plan, evidence.collected, evidence.watched),
    flows: ways.flatMap(({ flows }) => flows),
    sampling: ways.flatMap(({ sampling }) => sampling),
    time: ways.flatMap(({ time }) => time),
    traffic: [...sending.traffic],
    run: {
      directory: evidence.directory,
      opened: timeOf(evidence.timeline, 'opened'),
      closed: timeOf(evidence.timeline.toReversed(), 'closed'),
      stages: [...evidence.timing],
    },
  }
  return judgeExpectations(verdict, plan.expectations ?? [])
}

/** Of the first such entry about the books; 0 where there is none. */
const timeOf = (timeline: readonly TimelineEntry[], what: string): number =>
  timeline.find((entry) => entry.target === 'books' && entry.what === what)?.at ?? 0
