// From evidence to verdict: joins books, causes and routing for every probe. Reads the run directory and nothing else, so a
// verdict can be reached again at any time, anywhere.

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
import { add, type Volume } from '../kernel/units.ts'
import { exporters, exportName } from '../plan/exporters.ts'
import type { Plan, ProbePlan } from '../plan/plan.ts'
import type { Exports } from '../replay/exports.ts'
import type { Moments } from '../replay/moments.ts'
import { literal, type Store } from '../store.ts'
import { account, addressText, comparison, difference, sums, type Witness } from './accounts.ts'
import { book, crossed } from './books.ts'
import type { Case } from './case.ts'
import { type Account, cellsOf } from './cells.ts'
import { datagramsOf } from './datagrams.ts'
import { bookCells, bookToEvents, eventReports, type Happened, happenedIn, pricesOf } from './events.ts'
import { exitFindings } from './exits.ts'
import { judgeExpectations } from '../expect/judge.ts'
import { explain } from './explain.ts'
import { asKept, collectedOf, flowsOf } from './flows.ts'
import { common, type Field, fieldsOf } from './granularity.ts'
import { announcedOf, analysisOf, errorsOf, settleArrived, settleExported } from './sampled.ts'
import { samplingSection } from './sampling/section.ts'
import { timeOfExports } from './timed.ts'
import { timeSection } from './time/section.ts'
import {
  alike,
  directions,
  ledgerOf,
  loadCollected,
  loadWire,
  ownRows,
  tablesOf,
  volumeOf,
} from './ledgers.ts'
import { checkTable } from './probe-tables.ts'
import { recordChecks, recordTimes } from './record-attributes.ts'
import { hostsOf } from './hosts.ts'
import { shownBy } from './shown.ts'
import { merge } from './merge.ts'
import { judgeRouting, type Judged, unjudged, viewOf } from './routing.ts'
import { addressLiteral, filterCondition } from './selection.ts'
import type { AttributeCheck, Book, Booked, Finding, FlowComparison, TableCheck, Verdict } from './verdict.ts'

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
  await loadTables(evidence)
  const ways: Way[] = []
  const events = happenedIn(plan, evidence.timeline)
  for (const probe of exporters(plan)) ways.push(await judgeExport(evidence, probe, events))
  const findings = [...ways.flatMap((way) => way.findings), ...exitFindings(plan, evidence.exits)]
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
    traffic: await Promise.all(
      evidence.sent.map(async ({ index, sent, received }) => {
        const wire = await onTheWire(store, plan, index)
        return { flow: flowName(plan, index), sent, ...(received && { received }), ...(wire && { wire }) }
      }),
    ),
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

function flowName({ traffic }: Plan, index: number): string {
  const flow = traffic.find((each) => each.index === index)
  if (!flow) return `flow ${index}`
  const { intent } = flow
  return `${intent.from} → ${intent.to} ${intent.kind}${intent.kind === 'ditg' ? ` ${intent.protocol}` : ''}`
}

/** Of one generator's flow, the most that crossed any one point. */
async function onTheWire(store: Store, { traffic }: Plan, index: number): Promise<Volume | undefined> {
  const flow = traffic.find((each) => each.index === index)
  if (!flow) return undefined
  const { source, destination, port, intent } = flow
  const protocols = intent.kind === 'ping' ? '1, 58' : '6, 17'
  const [row] = await store.ask(`
    SELECT sum(packets) AS packets, sum(bytes) AS bytes FROM wire
    WHERE source = ${addressLiteral(source)} AND destination = ${addressLiteral(destination)}
      AND protocol IN (${protocols}) ${port === undefined ? '' : `AND destinationPort = ${port}`}
    GROUP BY point ORDER BY sum(packets) DESC LIMIT 1`)
  return row && volumeOf(row['packets'], row['bytes'])
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
  readonly hosts: Verdict['hosts']
  readonly sampling: Verdict['sampling']
  readonly time: Verdict['time']
  readonly checks: readonly AttributeCheck[]
  readonly booked: readonly Booked[]
}

/** One probe's way from wire to a collector. */
async function judgeExport(evidence: Evidence, probe: ProbePlan, events: readonly Happened[]): Promise<Way> {
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
  const sources = await flowsOf(store, probe, exporters(plan))
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

  const priced = pricesOf(
    events,
    { ...evidence, ...exports, probe, collector, wire, transport },
    evidence.moments.get(exportName(probe)),
  )
  const way = await account(store, 'account', sources, fields)
  const announced = await announcedOf(store, probe, exports)
  const isPlain =
    !probe.sampling &&
    announced.every(({ rate = 1 }) => rate <= 1) &&
    bookToEvents(await difference(store, way, 'wire', 'exported'), priced.of('metering')).gap.flows === 0
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
  const given: Omit<Case, 'account'> = {
    ...{ ...parties, sampling, time },
    datagrams: await datagramsOf(store, exportName(probe)),
    icmp: await firstIcmp(store, probe),
    times: await recordTimes(store, probe, wire),
  }
  const cells = (
    of: string,
    name: string,
    fieldsOfIt: readonly Field[],
    ends: readonly [Witness, Witness],
    selects = 'true',
  ) => cellsOf(store, of, name, fieldsOfIt, ends, rowsOf(probe, sources.wire, selects))
  const onWay = bookCells(
    await cells(way, 'exports', fields, ['exported', 'arrived']),
    priced.of('transport'),
  )
  if (sampling) await settleExported(store, way, sampling)
  const metered = bookCells(await cells(way, 'exports', fields, ['wire', 'exported']), priced.of('metering'))
  const onTheWay = [
    ...(await explain(store, ['metering', 'exporting'], { ...given, account: metered.account })),
    ...(priced.isWayPaid(onWay.account)
      ? []
      : await explain(store, ['transport'], {
          ...given,
          account: onWay.account,
          transport: priced.transport,
        })),
  ]

  const seen = await crossed(store, probe, exporters(plan))
  const kept: Kept[] = []
  for (const table of collector.tables) {
    const selects = filterCondition(table.filter)
    if (selects === undefined) continue
    const entries = await tableAccount(table, selects)
    const own = await sums(store, entries)
    const flows = table === collector.tables[0] ? await comparison(store, entries, wire.point) : []
    const keys = common(fields, fieldsOf(table.aggregate))
    const hosts = await hostsOf(store, entries, keys, plan, { ...place, table: table.name })
    if (sampling) await settleArrived(store, entries, sampling, table.name)
    const collecting = bookCells(
      await cells(entries, `${collector.name}/${table.name}`, keys, ['arrived', 'collected'], selects),
      priced.of('collecting'),
    )
    kept.push({
      booked: priced.booked(collecting.booked, table.name),
      books: directions.map((direction) =>
        book(direction, own, seen, wire, { probe, collector: collector.name, table: table.name }),
      ),
      findings: await explain(store, ['collecting'], {
        ...given,
        account: collecting.account,
      }),
      flows,
      hosts,
    })
  }
  const known = onTheWay.filter(({ stage }) => stage !== 'transport')
  const tables = []
  for (const table of probe.tables) tables.push(await checkTable(store, given, table, known, priced.tables))
  const routing: Judged[] = [
    ...tablesOf(evidence.collected.collectors, collector.name).map(
      (table) => [collector, { ...table, rows: ownRows(table, probe, collector) }] as const,
    ),
    ...tablesOf(evidence.collected.probes, probe.name).map((table) => [probe, table] as const),
  ].flatMap(([daemon, table]) => {
    const view = viewOf(daemon, probe, evidence.routes, priced.feed)
    return view
      ? judgeRouting(daemon, probe, table, view, evidence.updates?.[daemon.name])
      : unjudged(daemon, table)
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
      ...priced.booked([...metered.booked, ...onWay.booked]),
      ...kept.flatMap((each) => each.booked),
      ...tables.flatMap(({ check, booked }) => priced.booked(booked, check.table)),
      ...routing.flatMap(({ forgiven }) => priced.booked(forgiven)),
    ],
    flows: kept.flatMap(({ flows }) => flows),
    hosts: kept.flatMap(({ hosts }) => hosts),
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
    checks: [...(await recordChecks(store, probe, given.times)), ...routing.flatMap(({ checks }) => checks)],
  }
}

/** The rate itself, and what a tenth or ten times of it would give. */
const ratesAround = (rate: number): number[] => [
  ...new Set([1, Math.max(1, Math.round(rate / 10)), rate, rate * 10]),
]

interface Kept {
  readonly booked: readonly Booked[]
  readonly books: readonly Book[]
  readonly findings: readonly Finding[]
  readonly hosts: Verdict['hosts']
  readonly flows: readonly FlowComparison[]
}

/** The rows behind the accounts of a probe's way. */
const rowsOf = (probe: ProbePlan, wire: string, selects: string): Account['rows'] => {
  const own = `probe = ${literal(exportName(probe))} AND (${selects})`
  return {
    wire: `${wire} WHERE ${selects}`,
    exported: `SELECT * FROM exported WHERE ${own}`,
    arrived: `SELECT * FROM arrived WHERE ${own}`,
  }
}

/** The first record that arrived of ICMP with a type other than 0. */
async function firstIcmp(store: Store, probe: ProbePlan): Promise<Case['icmp']> {
  const [row] = await store.ask<{
    source: bigint | null
    destination: bigint | null
    packet: number
    octet: number
    seen: number
    protocol: number
    destinationPort: number
  }>(`SELECT * FROM arrived WHERE probe = ${literal(exportName(probe))} AND protocol IN (1, 58)
    AND destinationPort <> 0 ORDER BY packet, octet LIMIT 1`)
  return (
    row && {
      source: addressText(row.source),
      destination: addressText(row.destination),
      protocol: row.protocol,
      sourcePort: 0,
      destinationPort: row.destinationPort,
      frame: row.packet,
      at: row.seen,
      offset: row.octet,
    }
  )
}
