// From evidence to verdict: joins books, causes and routing for every probe. Reads the run directory and nothing else, so a
// verdict can be reached again at any time, anywhere.

import type {
  Collected,
  CollectedSample,
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
import { add } from '../kernel/units.ts'
import { exporters, exportName } from '../plan/exporters.ts'
import type { Plan, ProbePlan } from '../plan/plan.ts'
import type { Exports } from '../replay/exports.ts'
import type { Store } from '../store.ts'
import { account, comparison, difference, sums } from './accounts.ts'
import { book, crossed } from './books.ts'
import type { Case } from './case.ts'
import { explain } from './explain.ts'
import { asKept, collectedOf, flowsOf } from './flows.ts'
import { common, fieldsOf } from './granularity.ts'
import { announcedOf, analysisOf, errorsOf, settleArrived, settleExported } from './sampled.ts'
import { samplingSection } from './sampling/section.ts'
import { timeOfExports } from './timed.ts'
import { timeSection } from './time/section.ts'
import { alike, directions, ledgerOf, loadCollected, loadWire, ownRows, tablesOf } from './ledgers.ts'
import { checkTable } from './probe-tables.ts'
import { judgeRouting, type Judged, viewOf } from './routing.ts'
import { filterCondition } from './selection.ts'
import type { Book, Finding, FlowComparison, TableCheck, Verdict } from './verdict.ts'

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
  readonly timeline: readonly TimelineEntry[]
  readonly timing: readonly { readonly name: string; readonly ms: number }[]
  /** Holds the flow records that left the probes and that arrived, in its tables `exported` and `arrived`. */
  readonly store: Store
  /** By the name of the exports: what left the probe, and what of it arrived, besides the records. */
  readonly exports: ReadonlyMap<string, { readonly exported: Exports; readonly arrived: Exports }>
}

/** The store is the verdict's own afterwards; whoever opened it closes it. */
export async function judge(evidence: Evidence): Promise<Verdict> {
  const { plan } = evidence
  await loadTables(evidence)
  const ways: Way[] = []
  for (const probe of exporters(plan)) ways.push(await judgeExport(evidence, probe))
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
    sampling: ways.flatMap(({ sampling }) => sampling),
    time: ways.flatMap(({ time }) => time),
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

/** The tables of rows into the store; the exports are there. */
async function loadTables({ store, plan, wire, collected }: Evidence): Promise<void> {
  await loadWire(store, wire)
  for (const probe of exporters(plan)) {
    const collector = plan.collectors.find(({ name }) => name === probe.export.collector)
    if (collector)
      await loadCollected(store, collector, probe, tablesOf(collected.collectors, collector.name))
  }
  for (const probe of plan.probes)
    await loadCollected(store, probe, probe, tablesOf(collected.probes, probe.name))
}

interface Way {
  readonly findings: readonly Finding[]
  readonly books: readonly Book[]
  readonly tables: readonly TableCheck[]
  readonly flows: readonly FlowComparison[]
  readonly sampling: Verdict['sampling']
  readonly time: Verdict['time']
  readonly routing: { readonly checked: number; readonly wrong: number }
}

/** One probe's way from wire to a collector. */
async function judgeExport(evidence: Evidence, probe: ProbePlan): Promise<Way> {
  const { plan, store } = evidence
  const collector = plan.collectors.find(({ name }) => name === probe.export.collector)
  const wire = evidence.wire.find(({ point }) => point === probe.point)
  const transport = evidence.transport.find(
    (each) => each.probe === probe.name && each.collector === collector?.name,
  )
  const exports = evidence.exports.get(exportName(probe))
  if (!collector || !wire || !transport || !exports)
    throw new Error(`the evidence on ${probe.name} is not complete`)
  const parties = { ...evidence, ...exports, probe, collector, wire, transport }
  const fields = fieldsOf(probe.export.aggregate)
  const sources = await flowsOf(store, probe)
  const tableAccount = ({ name, aggregate }: (typeof collector.tables)[number], selects: string) => {
    const read = tablesOf(evidence.collected.collectors, collector.name).find((each) => each.name === name)
    const others = alike(read, probe, plan)
    const keep = (select: string): string => asKept(collector, select)
    return account(
      store,
      'tableAccount',
      {
        wire: keep(`${sources.wire} WHERE ${selects}`),
        exported: keep(`${sources.exported} WHERE ${selects}`),
        arrived: keep(`${sources.arrived} WHERE ${selects}`),
        collected: keep(collectedOf(ledgerOf(collector.name, name), probe, others, selects)),
      },
      common(fields, fieldsOf(aggregate)),
    )
  }

  const way = await account(store, 'account', sources, fields)
  const lost = await difference(store, way, 'exported', 'arrived')
  const announced = await announcedOf(store, probe, exports)
  const isPlain =
    !probe.sampling &&
    announced.every(({ rate = 1 }) => rate <= 1) &&
    (await difference(store, way, 'wire', 'exported')).flows === 0
  const sampling = isPlain
    ? undefined
    : await analysisOf(store, plan, {
        ...parties,
        announced,
        way,
        async *tables() {
          for (const table of collector.tables) {
            const selects = filterCondition(table.filter)
            if (selects !== undefined)
              yield { table: table.name, account: await tableAccount(table, selects) }
          }
        },
      })
  const place = { point: wire.point, probe: probe.name, collector: collector.name }
  const totals = await sums(store, way)
  const time = await timeOfExports(evidence, probe, collector, sampling)
  const given: Omit<Case, 'gap'> = { ...parties, sampling, time }
  if (sampling) await settleExported(store, way, sampling)
  const onTheWay = [
    ...explain(['metering', 'exporting'], {
      ...given,
      gap: await difference(store, way, 'wire', 'exported'),
    }),
    ...explain(['transport'], { ...given, gap: lost }),
  ]

  const seen = await crossed(store, probe)
  const kept: Kept[] = []
  for (const table of collector.tables) {
    const selects = filterCondition(table.filter)
    if (selects === undefined) continue
    const entries = await tableAccount(table, selects)
    const own = await sums(store, entries)
    const flows = table === collector.tables[0] ? await comparison(store, entries, wire.point) : []
    if (sampling) await settleArrived(store, entries, sampling, table.name)
    kept.push({
      books: directions.map((direction) =>
        book(direction, own, seen, wire, { probe, collector: collector.name, table: table.name }),
      ),
      findings: explain(['collecting'], {
        ...given,
        gap: await difference(store, entries, 'arrived', 'collected'),
      }),
      flows,
    })
  }
  const tables = []
  for (const table of probe.tables) tables.push(await checkTable(store, given, table))
  const routing: Judged[] = [
    ...tablesOf(evidence.collected.collectors, collector.name).map(
      (table) => [collector, { ...table, rows: ownRows(table, probe, collector) }] as const,
    ),
    ...tablesOf(evidence.collected.probes, probe.name).map((table) => [probe, table] as const),
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
    flows: kept.flatMap(({ flows }) => flows),
    sampling: sampling
      ? [
          samplingSection(
            place,
            sampling,
            {
              wire: add(totals.in.wire, totals.out.wire),
              sampled: add(totals.in.exported, totals.out.exported),
            },
            errorsOf(evidence, wire.point, ratesAround(sampling.judged?.rate ?? 1)),
          ),
        ]
      : [],
    time: [timeSection(place, time)],
    routing: {
      checked: routing.reduce((total, { checked }) => total + checked, 0),
      wrong: routing.reduce((total, { wrong }) => total + wrong, 0),
    },
  }
}

/** The rate itself, and what a tenth or ten times of it would give. */
const ratesAround = (rate: number): number[] => [
  ...new Set([1, Math.max(1, Math.round(rate / 10)), rate, rate * 10]),
]

interface Kept {
  readonly books: readonly Book[]
  readonly findings: readonly Finding[]
  readonly flows: readonly FlowComparison[]
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
