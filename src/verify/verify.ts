// From evidence to verdict: joins books, causes and routing for every probe. Reads the run directory and nothing else, so a
// verdict can be reached again at any time, anywhere.

import type {
  Collected,
  CollectedTable,
  Exit,
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
import { exporters, exportName } from '../plan/exporters.ts'
import type { CollectorPlan, Plan, ProbePlan } from '../plan/plan.ts'
import { compileFilter } from '../truth/filter.ts'
import { account, difference, select } from './accounts.ts'
import { book, comparison } from './books.ts'
import type { Case } from './case.ts'
import {
  type Allowance,
  allowances,
  bookToEvents,
  eventReport,
  type Happened,
  happenedIn,
  type OneWay,
  type TemplateSeen,
  tableAllowances,
  withoutBooked,
} from './events.ts'
import { explain } from './explain.ts'
import type { Exports } from '../replay/exports.ts'
import type { Moments } from '../replay/moments.ts'
import { common, fieldsOf, rowFlow } from './granularity.ts'
import { isMetered } from './metered.ts'
import { checkTable } from './probe-tables.ts'
import { judgeRouting, type Judged, viewOf } from './routing.ts'
import type { Book, Booked, Finding, FlowComparison, Stage, TableCheck, Verdict } from './verdict.ts'

/** All that a run has seen, as read from its directory. */
export interface Evidence {
  readonly directory: string
  readonly plan: Plan
  readonly wire: readonly Wire[]
  /** The wire over time; empty where nobody looked. */
  readonly curve: readonly WireSample[]
  readonly routes: readonly RouteTable[]
  readonly transport: readonly Transport[]
  readonly collected: Collected
  readonly sent: readonly SentReport[]
  readonly logs: readonly LogLine[]
  readonly exits: readonly Exit[]
  readonly captures: readonly ProbeCapture[]
  readonly offloads: readonly Offloads[]
  readonly timeline: readonly TimelineEntry[]
  readonly timing: readonly { readonly name: string; readonly ms: number }[]
  /** By the name of the exports: what left the probe, and what of it arrived. */
  readonly exports: ReadonlyMap<string, { readonly exported: Exports; readonly arrived: Exports }>
  /** By the name of the exports: when they came. Empty in a run without events. */
  readonly moments: ReadonlyMap<string, { readonly exported: Moments; readonly arrived: Moments }>
}

export function judge(evidence: Evidence): Verdict {
  const { plan } = evidence
  const events = happenedIn(plan, evidence.timeline)
  const ways = exporters(plan).map((probe) => judgeExport(evidence, probe, events))
  const findings = ways.flatMap((way) => way.findings)
  return {
    lab: plan.lab,
    pass: findings.length === 0,
    findings,
    books: ways.flatMap(({ books }) => books),
    tables: ways.flatMap(({ tables }) => tables),
    attributes: {
      checked: ways.reduce((total, { routing }) => total + routing.checked, 0),
      wrong: ways.reduce((total, { routing }) => total + routing.wrong, 0),
    },
    events: events.map((event) =>
      eventReport(
        event,
        ways.flatMap(({ booked }) => booked),
      ),
    ),
    flows: ways.flatMap(({ flows }) => flows),
    traffic: evidence.sent.map((report) => ({
      flow: flowName(plan, report.index),
      sent: report.sent,
      ...(report.received ? { received: report.received } : {}),
    })),
    run: {
      directory: evidence.directory,
      opened: timeOf(evidence.timeline, 'opened'),
      closed: timeOf(evidence.timeline.toReversed(), 'closed'),
      stages: [...evidence.timing],
    },
  }
}

/** Of the first such entry about the books; 0 where there is none. */
const timeOf = (timeline: readonly TimelineEntry[], what: string): number =>
  timeline.find((entry) => entry.target === 'books' && entry.what === what)?.at ?? 0

function flowName({ traffic }: Plan, index: number): string {
  const flow = traffic.find((each) => each.index === index)
  if (!flow) return `flow ${index}`
  const { intent } = flow
  return `${intent.from} → ${intent.to} ${intent.kind}${intent.kind === 'ditg' ? ` ${intent.protocol}` : ''}`
}

interface Way {
  readonly findings: readonly Finding[]
  readonly books: readonly Book[]
  readonly tables: readonly TableCheck[]
  readonly flows: readonly FlowComparison[]
  readonly routing: { readonly checked: number; readonly wrong: number }
  readonly booked: readonly Booked[]
}

function judgeExport(evidence: Evidence, probe: ProbePlan, events: readonly Happened[]): Way {
  const { plan } = evidence
  const collector = plan.collectors.find(({ name }) => name === probe.export.collector)
  const wire = evidence.wire.find(({ point }) => point === probe.point)
  const transport = evidence.transport.find(
    (each) => each.probe === probe.name && each.collector === collector?.name,
  )
  const exports = evidence.exports.get(exportName(probe))
  if (!collector || !wire || !transport || !exports)
    throw new Error(`the evidence on ${probe.name} is not complete`)
  const given: Omit<Case, 'gap'> = { ...evidence, ...exports, probe, collector, wire, transport }
  const fields = fieldsOf(probe.export.aggregate)
  const metered = select(wire, (flow, direction) => isMetered(probe, flow, direction))
  const sources = { wire: metered, exported: exports.exported.flows, arrived: exports.arrived.flows }

  const way = account({ ...sources, collected: [] }, fields)
  const eventful: OneWay = {
    ...{ probe, curve: evidence.curve, ...evidence.moments.get(exportName(probe)) },
    templates: {
      exported: templatesSeen(exports.exported.templates),
      arrived: templatesSeen(exports.arrived.templates),
    },
    node: { collector: collector.node },
    closed: wire.closed,
  }
  const allowed = allowances(events, eventful)
  const of = (stage: Stage): readonly Allowance[] => allowed.filter((each) => each.stage === stage)
  const metering = bookToEvents(difference(way, 'wire', 'exported'), of('metering'))
  const onWay = bookToEvents(difference(way, 'exported', 'arrived'), of('transport'))
  const onTheWay = [
    ...explain(['metering', 'exporting'], { ...given, gap: metering.gap }),
    ...explain(['transport'], {
      ...given,
      gap: onWay.gap,
      transport: withoutBooked(transport, of('transport')),
    }),
  ]
  const booked = (all: readonly Allowance[], table?: string): Booked[] =>
    all.map(({ event, stage, volume }) => ({
      ...{ event, stage, probe: probe.name, collector: collector.name },
      ...(table === undefined ? {} : { table }),
      ...volume,
    }))

  const collected = tablesOf(evidence.collected.collectors, collector.name)
  const kept = collector.tables.map((table) => {
    const read = collected.find(({ name }) => name === table.name)
    const rows = ownRows(read, probe, collector).map(rowFlow)
    const granularity = common(fields, fieldsOf(table.aggregate))
    const selects = compileFilter(table.filter)
    if (!selects) return { entries: [], books: [], findings: [], booked: [] }
    const entries = account(
      {
        wire: select(metered, selects),
        exported: sources.exported.filter(selects),
        arrived: sources.arrived.filter(selects),
        collected: rows,
      },
      granularity,
    )
    const collecting = bookToEvents(difference(entries, 'arrived', 'collected'), of('collecting'))
    return {
      entries,
      booked: booked(collecting.booked, table.name),
      books: (['in', 'out'] as const).map((direction) =>
        book(direction, entries, wire, { probe, collector: collector.name, table: table.name }),
      ),
      findings: explain(['collecting'], { ...given, gap: collecting.gap }),
    }
  })
  const own = tablesOf(evidence.collected.probes, probe.name)
  const tables = probe.tables.map((table) =>
    checkTable(
      given,
      table,
      ownRows(
        own.find(({ name }) => name === table.name),
        probe,
        probe,
      ).map(rowFlow),
      tableAllowances(events, eventful),
    ),
  )
  const routing: Judged[] = [
    ...collected.map((table) => [collector, { ...table, rows: ownRows(table, probe, collector) }] as const),
    ...own.map((table) => [probe, table] as const),
  ].flatMap(([daemon, table]) => {
    const view = viewOf(daemon, probe, evidence.routes, { events, ...eventful })
    return view ? judgeRouting(daemon, probe, table, view) : []
  })
  return {
    findings: merge([
      ...onTheWay,
      ...kept.flatMap(({ findings }) => findings),
      ...tables.flatMap(({ findings }) => findings),
      ...routing.flatMap(({ findings }) => findings),
    ]),
    books: kept.flatMap(({ books }) => books),
    tables: tables.map(({ check }) => check),
    booked: [
      ...booked([...metering.booked, ...onWay.booked]),
      ...kept.flatMap((each) => each.booked),
      ...tables.flatMap(({ check, booked: lost }) => booked(lost, check.table)),
      ...routing.flatMap(({ forgiven }) => booked(forgiven)),
    ],
    flows: kept.slice(0, 1).flatMap(({ entries }) => comparison(entries, wire.point)),
    routing: {
      checked: routing.reduce((total, { checked }) => total + checked, 0),
      wrong: routing.reduce((total, { wrong }) => total + wrong, 0),
    },
  }
}

const templatesSeen = (events: Exports['templates']): TemplateSeen[] =>
  events.flatMap(({ what, templateId, message }) =>
    what === 'unknown' || what === 'withdrawn'
      ? []
      : [{ id: templateId, at: message.seconds * 1000 + message.nanoseconds / 1e6 }],
  )

const tablesOf = (daemons: Collected['probes'], name: string): readonly CollectedTable[] =>
  daemons.find(({ daemon }) => daemon === name)?.tables ?? []

/** Rows that speak of this probe's flows: where several export to one collector, those with its address as peer. */
function ownRows(table: CollectedTable | undefined, probe: ProbePlan, daemon: ProbePlan | CollectorPlan) {
  const rows = table?.rows ?? []
  const several = 'exporters' in daemon && daemon.exporters.length > 1
  return several
    ? rows.filter((row) => (row['peer_ip_src'] ?? probe.export.source) === probe.export.source)
    : rows
}

/** One finding a cause: what its tables say more of it is evidence. */
function merge(findings: readonly Finding[]): Finding[] {
  const byId = new Map<string, Finding>()
  for (const finding of findings) {
    const first = byId.get(finding.id)
    const more = finding.evidence
    byId.set(finding.id, first ? { ...first, evidence: [...new Set([...first.evidence, ...more])] } : finding)
  }
  return [...byId.values()]
}
