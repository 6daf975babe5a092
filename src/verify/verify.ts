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
} from '../evidence.ts'
import { exporters, exportName } from '../plan/exporters.ts'
import type { Plan, ProbePlan } from '../plan/plan.ts'
import { compileFilter } from '../truth/filter.ts'
import { account, difference, map, select } from './accounts.ts'
import { book, comparison } from './books.ts'
import type { Case } from './case.ts'
import { explain } from './explain.ts'
import type { Exports } from '../replay/exports.ts'
import { common, fieldsOf, rowFlow } from './granularity.ts'
import { isMetered } from './metered.ts'
import { asKept, collectedOf, ownRows } from './rows.ts'
import { checkTable } from './probe-tables.ts'
import { judgeRouting, type Judged, viewOf } from './routing.ts'
import type { Book, Finding, FlowComparison, TableCheck, Verdict } from './verdict.ts'

/** All that a run has seen, as read from its directory. */
export interface Evidence {
  readonly directory: string
  readonly plan: Plan
  readonly wire: readonly Wire[]
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
}

export function judge(evidence: Evidence): Verdict {
  const { plan } = evidence
  const ways = exporters(plan).map((probe) => judgeExport(evidence, probe))
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
}

function judgeExport(evidence: Evidence, probe: ProbePlan): Way {
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
  const onTheWay = [
    ...explain(['metering', 'exporting'], { ...given, gap: difference(way, 'wire', 'exported') }),
    ...explain(['transport'], { ...given, gap: difference(way, 'exported', 'arrived') }),
  ]

  const collected = tablesOf(evidence.collected.collectors, collector.name)
  const others = exporters(plan).filter(
    (other) => other.export.collector === collector.name && other.name !== probe.name,
  )
  const arrivedFrom = (other: ProbePlan) => evidence.exports.get(exportName(other))?.arrived.flows ?? []
  const kept = collector.tables.map((table) => {
    const read = collected.find(({ name }) => name === table.name)
    const keep = asKept(collector)
    const granularity = common(fields, fieldsOf(table.aggregate))
    const selects = compileFilter(table.filter)
    if (!selects) return { entries: [], books: [], findings: [] }
    const entries = account(
      {
        wire: map(select(metered, selects), keep),
        exported: sources.exported.filter(selects).map(keep),
        arrived: sources.arrived.filter(selects).map(keep),
        collected: collectedOf(read, collector, probe, others, arrivedFrom).map(keep),
      },
      granularity,
    )
    return {
      entries,
      books: (['in', 'out'] as const).map((direction) =>
        book(direction, entries, wire, { probe, collector: collector.name, table: table.name }),
      ),
      findings: explain(['collecting'], { ...given, gap: difference(entries, 'arrived', 'collected') }),
    }
  })
  const own = tablesOf(evidence.collected.probes, probe.name)
  const tables = probe.tables.map((table) =>
    checkTable(given, table, (own.find(({ name }) => name === table.name)?.rows ?? []).map(rowFlow)),
  )
  const routing: Judged[] = [
    ...collected.map((table) => [collector, { ...table, rows: ownRows(table.rows, probe) }] as const),
    ...own.map((table) => [probe, table] as const),
  ].flatMap(([daemon, table]) => {
    const view = viewOf(daemon, probe, evidence.routes)
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
    flows: kept.slice(0, 1).flatMap(({ entries }) => comparison(entries, wire.point)),
    routing: {
      checked: routing.reduce((total, { checked }) => total + checked, 0),
      wrong: routing.reduce((total, { wrong }) => total + wrong, 0),
    },
  }
}

const tablesOf = (daemons: Collected['probes'], name: string): readonly CollectedTable[] =>
  daemons.find(({ daemon }) => daemon === name)?.tables ?? []

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
