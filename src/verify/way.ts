// One probe's way from the wire to one of its collectors: the accounts of its stages, what explains their differences, and what is said
// beside the amounts.

import { add } from '../kernel/units.ts'
import { exporters, exportName } from '../plan/exporters.ts'
import type { Plan, ProbePlan } from '../plan/plan.ts'
import { addressText, literal, type Store } from '../store.ts'
import { account, comparison, difference, sums, type Witness } from './accounts.ts'
import { book, crossed } from './books.ts'
import type { Case } from './case.ts'
import { isReaddressed } from './causes/transport.ts'
import { type Account, cellsOf } from './cells.ts'
import { withConsequences } from './consequences.ts'
import { datagramsOf } from './datagrams.ts'
import { bookCells, bookToEvents, type Happened, pricesOf } from './events.ts'
import { explain } from './explain.ts'
import { asKept, collectedOf, flowsOf } from './flows.ts'
import { common, type Field, fieldsOf } from './granularity.ts'
import { announcedOf, analysisOf, errorsOf, settleArrived, settleExported } from './sampled.ts'
import { samplingSection } from './sampling/section.ts'
import { timeOfExports } from './timed.ts'
import { timeSection } from './time/section.ts'
import { alike, directions, ledgerOf, ownRows, tablesOf } from './ledgers.ts'
import { checkTable } from './probe-tables.ts'
import { hostsOf } from './hosts.ts'
import { merge } from './merge.ts'
import { repeatsOf } from './repeats.ts'
import { checkOf, holdRows } from './records/collected.ts'
import { checksOf, holdRecords } from './records/check.ts'
import type { Routing } from './records/routes.ts'
import type { View } from './attributes.ts'
import { network, parseInterfaceAddress } from '../kernel/address.ts'
import { judgeRouting, type Judged, unjudged, viewOf } from './routing.ts'
import { filterCondition } from './selection.ts'
import { judgeWayBack } from './way-back.ts'
import type { AttributeCheck, Book, Booked, Finding, FlowComparison, TableCheck, Verdict } from './verdict.ts'
import type { Evidence } from './verify.ts'

export interface Way {
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
export async function judgeExport(
  evidence: Evidence,
  probe: ProbePlan,
  events: readonly Happened[],
): Promise<Way> {
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
  const said = await flowsOf(store, probe, exporters(plan))
  // What came under another address was not recorded: the collector has got what left.
  const isReaddressedHere = isReaddressed(transport)
  const sources = isReaddressedHere ? { ...said, arrived: said.exported } : said
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
  const way = await account(store, 'account', said, fields)
  const gap = await difference(store, way, 'wire', 'exported')
  const announced = await announcedOf(store, probe, exports)
  const isPlain =
    !probe.sampling &&
    announced.every(({ rate = 1 }) => rate <= 1) &&
    bookToEvents(gap, priced.of('metering')).gap.flows === 0
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
    repeats: await repeatsOf(store, probe, way, fields, gap.surplus),
    icmp: await firstIcmp(store, probe),
    said: await holdRecords(
      store,
      probe,
      wire,
      evidence.interfaces,
      sampling !== undefined,
      routingAt(plan, probe, viewOf(probe, probe, evidence.routes, priced.feed)),
    ),
  }
  const cells = (
    of: string,
    name: string,
    fieldsOfIt: readonly Field[],
    ends: readonly [Witness, Witness],
    selects = 'true',
  ) => cellsOf(store, of, name, fieldsOfIt, ends, rowsOf(probe, sources.wire, isReaddressedHere, selects))
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
    const rows = await holdRows(store, collector, probe, table)
    const flows = table === collector.tables[0] ? await comparison(store, entries, wire.point) : []
    const keys = common(fields, fieldsOf(table.aggregate))
    const hosts = await hostsOf(store, entries, keys, plan, { ...place, table: table.name })
    if (sampling) await settleArrived(store, entries, sampling, table.name, probe, keys)
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
        rows,
        account: withoutEmpty(collecting.account),
      }),
      checks: rows.map(checkOf),
      flows,
      hosts,
    })
  }
  const known = onTheWay.filter(({ stage }) => stage !== 'transport')
  const tables = []
  for (const table of probe.tables) tables.push(await checkTable(store, given, table, known, priced.tables))
  const tablesHere = [
    ...tablesOf(evidence.collected.collectors, collector.name).map(
      (table) => [collector, { ...table, rows: ownRows(table, probe, collector) }] as const,
    ),
    ...tablesOf(evidence.collected.probes, probe.name).map((table) => [probe, table] as const),
  ]
  const routing: Judged[] = []
  const waysBack: Finding[] = []
  for (const [daemon, table] of tablesHere) {
    const view = viewOf(daemon, probe, evidence.routes, priced.feed)
    const log = {
      updates: evidence.updates?.[daemon.name],
      closes: evidence.closes?.[daemon.name] ?? 0,
    }
    routing.push(view ? judgeRouting(daemon, probe, table, view, log) : unjudged(daemon, table))
    if (view) waysBack.push(...(await judgeWayBack(store, plan, [daemon, table], probe, view)))
  }
  return {
    findings: withConsequences(
      merge([
        ...onTheWay,
        ...kept.flatMap(({ findings }) => findings),
        ...tables.flatMap(({ findings }) => findings),
        ...routing.flatMap(({ findings }) => findings),
        ...waysBack,
      ]),
    ),
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
            errorsOf(
              evidence,
              wire.point,
              ratesAround(
                sampling.judged?.rate ?? Math.max(1, ...sampling.announced.flatMap(({ rate = 1 }) => rate)),
              ),
            ),
          ),
        ]
      : [],
    time: [timeSection(place, time)],
    checks: [
      ...checksOf(probe, given.said),
      ...kept.flatMap((each) => each.checks),
      ...routing.flatMap(({ checks }) => checks),
    ],
  }
}

/** What the router that a probe stands for knows. */
function routingAt({ nodes }: Plan, probe: ProbePlan, view: View | undefined): Routing {
  const router = nodes.find(({ name }) => name === (view?.router ?? probe.node))
  return {
    ...{ view, as: router?.as },
    connected: (router?.interfaces ?? []).flatMap(({ addresses }) =>
      addresses.flatMap((text) => {
        const address = parseInterfaceAddress(text)
        return address ? [network(address)] : []
      }),
    ),
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
  readonly checks: readonly AttributeCheck[]
}

/** The rows behind the accounts of a probe's way. */
const rowsOf = (probe: ProbePlan, wire: string, fromExporter: boolean, selects: string): Account['rows'] => {
  const own = `probe = ${literal(exportName(probe))} AND (${selects})`
  return {
    wire: `${wire} WHERE ${selects}`,
    exported: `SELECT * FROM exported WHERE ${own}`,
    arrived: `SELECT * FROM ${fromExporter ? 'exported' : 'arrived'} WHERE ${own}`,
  }
}

/** Records of no packets make no row, whatever else they say. */
const withoutEmpty = (all: Account): Account => ({
  ...all,
  cells: all.cells.filter(({ before, after }) => before.packets !== 0 || after.packets !== 0),
})

/** The first records that arrived of ICMP and of ICMPv6 with a type other than 0. */
async function firstIcmp(store: Store, probe: ProbePlan): Promise<Case['icmp']> {
  const rows = await store.ask<{
    source: bigint | null
    destination: bigint | null
    packet: number
    octet: number
    seen: number
    protocol: number
    destinationPort: number
  }>(`SELECT DISTINCT ON (protocol) * FROM arrived WHERE probe = ${literal(exportName(probe))} AND protocol IN (1, 58)
    AND destinationPort <> 0 ORDER BY protocol, packet, octet`)
  return rows.map((row) => ({
    source: addressText(row.source),
    destination: addressText(row.destination),
    protocol: row.protocol,
    sourcePort: 0,
    destinationPort: row.destinationPort,
    frame: row.packet,
    at: row.seen,
    offset: row.octet,
  }))
}
