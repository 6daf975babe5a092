// From evidence to verdict: joins books, causes and routing for every probe. Reads the run directory and nothing else, so a
// verdict can be reached again at any time, anywhere.

import type {
  Collected,
  CollectedTable,
  Exit,
  LogLine,
  Offloads,
  RouteTable,
  SentReport,
  TimelineEntry,
  Transport,
  Wire,
} from '../evidence.ts'
import { add, isNothing, nothing, type Volume } from '../kernel/units.ts'
import type { CollectorPlan, Plan, ProbePlan } from '../plan/plan.ts'
import { compileFilter } from '../truth/filter.ts'
import { account, difference, type Entry, select, sum } from './accounts.ts'
import type { Case } from './case.ts'
import { causes, whateverTheNumbers } from './causes.ts'
import type { Exports } from './exports.ts'
import { common, fieldsOf, rowFlow } from './granularity.ts'
import { judgeRouting, type Judged, viewOf } from './routing.ts'
import type { Book, Finding, FlowComparison, Stage, TableCheck, Verdict } from './verdict.ts'

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
  readonly offloads: readonly Offloads[]
  readonly timeline: readonly TimelineEntry[]
  readonly timing: readonly { readonly name: string; readonly ms: number }[]
  /** By probe: what left it, and what of it arrived. */
  readonly exports: ReadonlyMap<string, { readonly exported: Exports; readonly arrived: Exports }>
}

export function judge(evidence: Evidence): Verdict {
  const { plan, wire } = evidence
  const ways = plan.probes.map((probe) => judgeProbe(evidence, probe))
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
    flows: ways.flatMap(({ flows }) => flows).slice(0, mostFlows),
    traffic: evidence.sent.map((report) => ({
      flow: flowName(plan, report.index),
      sent: report.sent,
      ...(report.received ? { received: report.received } : {}),
    })),
    run: {
      directory: evidence.directory,
      opened: Math.min(...wire.map(({ opened }) => opened)),
      closed: Math.max(...wire.map(({ closed }) => closed)),
      stages: [...evidence.timing],
    },
  }
}

const mostFlows = 1_000

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

function judgeProbe(evidence: Evidence, probe: ProbePlan): Way {
  const { plan } = evidence
  const collector = plan.collectors.find(({ name }) => name === probe.export.collector)
  const wire = evidence.wire.find(({ point }) => point === probe.point)
  const transport = evidence.transport.find((each) => each.probe === probe.name)
  const exports = evidence.exports.get(probe.name)
  if (!collector || !wire || !transport || !exports)
    throw new Error(`the evidence on ${probe.name} is not complete`)
  const given: Omit<Case, 'gap'> = { ...evidence, ...exports, probe, collector, wire, transport }
  const fields = fieldsOf(probe.export.aggregate)
  const sources = { wire, exported: exports.exported.flows, arrived: exports.arrived.flows }

  const way = account({ ...sources, collected: [] }, fields)
  const onTheWay = [
    ...explain(['metering', 'exporting'], { ...given, gap: difference(way, 'wire', 'exported') }),
    ...explain(['transport'], { ...given, gap: difference(way, 'exported', 'arrived') }),
  ]

  const collected = tablesOf(evidence.collected.collectors, collector.name)
  const kept = collector.tables.map((table) => {
    const read = collected.find(({ name }) => name === table.name)
    const rows = ownRows(read, probe, collector).map(rowFlow)
    const granularity = common(fields, fieldsOf(table.aggregate))
    const selects = compileFilter(table.filter) ?? (() => true)
    const entries = account(
      {
        wire: select(wire, selects),
        exported: sources.exported.filter(selects),
        arrived: sources.arrived.filter(selects),
        collected: rows,
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
    checkTable(
      given,
      table,
      ownRows(
        own.find(({ name }) => name === table.name),
        probe,
        probe,
      ).map(rowFlow),
    ),
  )
  const routing: Judged[] = [
    ...collected.map((table) => [collector, { ...table, rows: ownRows(table, probe, collector) }] as const),
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

/** Rows that speak of this probe's flows: where several export to one collector, those with its address as peer. */
function ownRows(table: CollectedTable | undefined, probe: ProbePlan, daemon: ProbePlan | CollectorPlan) {
  const rows = table?.rows ?? []
  const several = daemon.kind === 'nfacctd' && daemon.exporters.length > 1
  return several
    ? rows.filter((row) => (row['peer_ip_src'] ?? probe.export.source) === probe.export.source)
    : rows
}

/** The first cause of these stages that the evidence speaks for, and those that stand whatever the numbers say. */
function explain(stages: readonly Stage[], given: Case): Finding[] {
  const found: Finding[] = []
  let explained = false
  for (const cause of causes) {
    const always = whateverTheNumbers.has(cause.id)
    if (!stages.includes(cause.stage) || (explained && !always)) continue
    const explanation = cause.explain(given)
    if (!explanation) continue
    const { volume, summary, remedy, evidence } = explanation
    explained ||= given.gap.flows > 0 && !isCountItself(cause.id)
    found.push({
      id: cause.id,
      stage: cause.stage,
      point: given.wire.point,
      probe: given.probe.name,
      collector: given.collector.name,
      ...volume,
      summary,
      remedy,
      evidence: [...evidence],
    })
  }
  return found
}

/** Findings about the count as such leave a difference to be explained by others. */
const isCountItself = (id: string): boolean => id === 'truth-incomplete' || id === 'offloads-on'

/** One finding a cause: what its tables say more of it is evidence. */
function merge(findings: readonly Finding[]): Finding[] {
  const byId = new Map<string, Finding>()
  for (const finding of findings) {
    const first = byId.get(finding.id)
    const more = [finding.summary, ...finding.evidence]
    byId.set(finding.id, first ? { ...first, evidence: [...new Set([...first.evidence, ...more])] } : finding)
  }
  return [...byId.values()]
}

const etherTypes: Readonly<Record<number, string>> = {
  0x0806: 'ARP (neighbour discovery of IPv4)',
  0x88cc: 'LLDP',
}

function book(
  direction: 'in' | 'out',
  entries: readonly Entry[],
  { point, directions }: Wire,
  { probe, collector, table }: { probe: ProbePlan; collector: string; table: string },
): Book {
  const own = entries.filter((entry) => entry.direction === direction)
  const counted = directions[direction]
  const ip = counted.flows.reduce<Volume>(add, nothing)
  const selected = sum(own, 'wire')
  const reasons: { reason: string; packets: number; bytes: number }[] = [
    ...counted.notIp.map(({ etherType, packets, bytes }) => ({
      reason: `${etherTypes[etherType] ?? `ethertype 0x${etherType.toString(16)}`}: not IP`,
      packets,
      bytes,
    })),
    {
      reason: `left out by the filter of ${table}`,
      packets: ip.packets - selected.packets,
      bytes: ip.bytes - selected.bytes,
    },
    { reason: 'not told apart: no room in the sets of the kernel', ...counted.overflow },
  ]
  return {
    point,
    probe: probe.name,
    collector,
    table,
    direction,
    wire: selected,
    exported: sum(own, 'exported'),
    arrived: sum(own, 'arrived'),
    collected: sum(own, 'collected'),
    notMetered: reasons.filter((each) => !isNothing(each)),
  }
}

/** Those that differ first, then by volume. */
function comparison(entries: readonly Entry[], point: string): FlowComparison[] {
  const byPair = new Map<string, FlowComparison>()
  for (const { direction, source, destination, wire, exported, arrived, collected } of entries) {
    const id = `${direction} ${source} ${destination}`
    const sofar = byPair.get(id)
    byPair.set(id, {
      ...{ point, source, destination, direction },
      wire: add(sofar?.wire ?? nothing, wire),
      exported: add(sofar?.exported ?? nothing, exported),
      arrived: add(sofar?.arrived ?? nothing, arrived),
      collected: add(sofar?.collected ?? nothing, collected),
    })
  }
  const isEqual = ({ wire, collected, exported }: FlowComparison): boolean =>
    wire.packets === exported.packets &&
    wire.bytes === exported.bytes &&
    wire.packets === collected.packets &&
    wire.bytes === collected.bytes
  return [...byPair.values()]
    .toSorted((a, b) => Number(isEqual(a)) - Number(isEqual(b)) || b.wire.bytes - a.wire.bytes)
    .slice(0, mostFlows)
}

/** A probe's own table against the wire, under the table's filter. */
function checkTable(
  given: Omit<Case, 'gap'>,
  table: ProbePlan['tables'][number],
  rows: readonly ReturnType<typeof rowFlow>[],
): { readonly check: TableCheck; readonly findings: readonly Finding[] } {
  const { probe, wire } = given
  const selects = compileFilter(table.filter)
  const seen = select(wire, selects ?? (() => true))
  const entries = account(
    { wire: seen, exported: [], arrived: [], collected: rows },
    fieldsOf(table.aggregate),
  )
  const held = rows.reduce<Volume>(add, nothing)
  const check = {
    probe: probe.name,
    table: table.name,
    filter: table.filter ?? '',
    wire: selects ? sum(entries, 'wire') : nothing,
    held,
    checked: selects !== undefined,
  }
  if (!selects) return { check, findings: [] }
  const gap = difference(entries, 'wire', 'collected')
  const [finding] = explain(['metering'], { ...given, gap }).filter(({ id }) => !isCountItself(id))
  if (!finding) return { check, findings: [] }
  const where = `table ${table.name} of ${probe.name} holds ${held.packets} packets, ${check.wire.packets} crossed`
  return { check, findings: [{ ...finding, evidence: [where, ...finding.evidence] }] }
}
