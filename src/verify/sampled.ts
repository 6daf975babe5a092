// Joins the store's flows with the judgement of sampling: fetches what it needs to know of a probe's way, and takes out of the accounts
// what sampling explains, so that other causes are asked for the rest only.

import type { Exit, RouteTable, Wire } from '../evidence.ts'
import type { FlowKey } from '../kernel/flow.ts'
import { exportName } from '../plan/exporters.ts'
import type { Plan, ProbePlan } from '../plan/plan.ts'
import { addressText, keyColumns, literal, type Store } from '../store.ts'
import type { Account } from './accounts.ts'
import type { Case } from './case.ts'
import { isAbsence, smallQueue } from './causes/words.ts'
import { captureDelay, type Happened, happenedIn } from './events.ts'
import { type Analysis, analyse, type Announcement } from './sampling/analysis.ts'
import type { Field } from './granularity.ts'
import { alpha, type FlowPair } from './sampling/judge.ts'
import type { PeriodCounts } from './sampling/periods.ts'
import { levelsOf } from './sampling/levels.ts'
import { type ErrorRow, errorTable } from './sampling/table.ts'
import { addressLiteral, isMetered } from './selection.ts'

const keys = Object.keys(keyColumns).join(', ')

type Row = Readonly<Record<string, bigint | number | null>>

const keyOf = (row: Row): FlowKey => ({
  source: addressText(BigInt(row['source'] ?? 0)),
  destination: addressText(BigInt(row['destination'] ?? 0)),
  protocol: Number(row['protocol']),
  sourcePort: Number(row['sourcePort']),
  destinationPort: Number(row['destinationPort']),
})

const volumeIn = (row: Row, witness: string) => ({
  packets: Number(row[`${witness}Packets`] ?? 0),
  bytes: Number(row[`${witness}Bytes`] ?? 0),
})

/** Both directions of an account together. */
const summed = (account: Account, witnesses: readonly string[]): string =>
  `SELECT ${keys}, ${witnesses
    .flatMap((witness) => [`${witness}Packets`, `${witness}Bytes`])
    .map((column) => `sum(${column}) AS ${column}`)
    .join(', ')} FROM ${account} GROUP BY ${keys}`

/** What was announced of the records that left a probe. */
export async function announcedOf(
  store: Store,
  probe: ProbePlan,
  { exported }: Pick<Case, 'exported'>,
): Promise<Announcement[]> {
  const rows = await store.ask<Row>(
    `SELECT samplingRate AS rate, count(*) AS records FROM exported WHERE probe = ${literal(exportName(probe))} GROUP BY rate ORDER BY rate`,
  )
  const said = exported.domains.flatMap(({ sampling }) => sampling)
  return rows.map(({ rate, records }) => ({
    rate: rate === null ? undefined : Number(rate),
    source: rate === null ? undefined : said.find((each) => Math.round(each.rate) === Number(rate))?.source,
    records: Number(records),
  }))
}

export interface SampledGiven
  extends Omit<Case, 'account' | 'datagrams' | 'repeats' | 'icmp' | 'said' | 'sampling' | 'time'> {
  readonly announced: readonly Announcement[]
  /** The account of wire and exports. */
  readonly way: Account
  /** Makes the account of each of the collector's tables, one after the other. */
  readonly tables: () => AsyncIterable<{ readonly table: string; readonly account: Account }>
}

/** undefined where nothing is sampled. */
export async function analysisOf(
  store: Store,
  plan: Plan,
  given: SampledGiven,
): Promise<Analysis | undefined> {
  const { probe, wire, announced, way, timeline } = given
  const pairs = (await store.ask<Row>(summed(way, ['wire', 'exported']))).map(
    (row): FlowPair => ({
      flow: keyOf(row),
      wire: volumeIn(row, 'wire'),
      sampled: volumeIn(row, 'exported'),
    }),
  )
  const factors = []
  for await (const { table, account } of given.tables()) {
    const rows = await store.ask<Row>(summed(account, ['arrived', 'collected']))
    factors.push({
      table,
      pairs: rows.map((row) => ({
        arrived: volumeIn(row, 'arrived'),
        collected: volumeIn(row, 'collected'),
      })),
    })
  }
  const own = `probe ${probe.name}`
  const changes = happenedIn(plan, timeline).filter(
    ({ target, action, expected }) => expected && action === 'reconfigure' && target === own,
  )
  const analysis = analyse({
    intended: probe.sampling && { rate: probe.sampling.rate, method: probe.sampling.mode },
    announced,
    reconfigured: changes.length > 0,
    periods: await periodsOf(store, probe, changes),
    hinted: Object.keys(probe.options).some((key) => key.includes('sampling')),
    disturbed: isDisturbed(given, missingIn(pairs)),
    pairs,
    conditions: {
      beside: besides(wire, probe, pairs),
      counters: 1 + timeline.filter(({ target, what }) => target === own && what === 'start').length,
      mtu: mtuOf(plan, wire),
    },
    tables: factors,
  })
  return analysis.isSampled ? analysis : undefined
}

/** What crossed and what was sampled between changes of a probe; none where nothing changed or nobody counted over time. */
async function periodsOf(
  store: Store,
  probe: ProbePlan,
  changes: readonly Happened[],
): Promise<PeriodCounts[]> {
  if (changes.length === 0) return []
  const at = `point = ${literal(probe.point)} AND ${isMetered(probe)}`
  const [counted] = await store.ask<Row>(`SELECT count(*) AS readings FROM wireCurve WHERE ${at}`)
  if (Number(counted?.['readings'] ?? 0) === 0) return []
  const begins = changes.map(({ begin }) => begin)
  const periods = []
  for (const [index, since] of [undefined, ...changes].entries()) {
    const till = changes[index]
    const before = (column: string, time: number | undefined): string =>
      time === undefined ? 'true' : `epoch_ms(${column}) <= ${time}`
    const after = (column: string, time: number | undefined): string =>
      time === undefined ? 'true' : `epoch_ms(${column}) >= ${time}`
    const surely = `${after('flowStart', since && (since.end ?? since.begin))} AND ${before('flowEnd', till && till.begin - captureDelay)}`
    const perhaps = `${after('flowEnd', since?.begin)} AND ${before('flowStart', till && (till.end ?? till.begin))}`
    const [crossed] = await store.ask<Row>(`
      SELECT sum(packets) FILTER (${surely}) AS low, sum(packets) FILTER (${perhaps}) AS high FROM wireCurve WHERE ${at}`)
    const rows = await store.ask<Row>(`
      SELECT samplingRate AS rate, sum(packets) AS packets FROM exported
      WHERE probe = ${literal(exportName(probe))}
        AND (${begins.map((begin) => `(epoch_ms(coalesce(flowStart, seen)) >= ${begin})::INTEGER`).join(' + ')}) = ${index}
      GROUP BY rate ORDER BY rate`)
    const sum = (of: (row: Row) => number): number => rows.reduce((total, row) => total + of(row), 0)
    periods.push({
      ...(since ? { since: since.name } : {}),
      rates: rows.flatMap(({ rate }) => (rate === null ? [] : Number(rate))),
      crossed: { low: Number(crossed?.['low'] ?? 0), high: Number(crossed?.['high'] ?? 0) },
      sampled: sum(({ packets }) => Number(packets)),
      estimate: sum(({ packets, rate }) => Number(packets) * Number(rate ?? 1)),
    })
  }
  return periods
}

const missingIn = (pairs: readonly FlowPair[]): number =>
  pairs.reduce((sum, { wire, sampled }) => sum + Math.max(0, wire.packets - sampled.packets), 0)

/**
 * Whether a probe is known to have missed as many packets as are `missing`, or what it exported cannot all be read: that all flows
 * have a share of them missing is no sign of sampling then.
 */
export function isDisturbed(
  {
    probe,
    timeline,
    exits,
    logs,
    captures,
    wire,
    exported: { errors, sequence, templates },
  }: Pick<SampledGiven, 'probe' | 'timeline' | 'exits' | 'logs' | 'captures' | 'wire' | 'exported'>,
  missing: number,
): boolean {
  const isOwn = ({ node, process }: Pick<Exit, 'node' | 'process'>): boolean =>
    node === probe.node && process === probe.process
  const held = captures
    .filter((each) => each.probe === probe.name)
    .reduce((sum, { received, processed }) => sum + Math.max(0, received - processed), 0)
  return (
    errors.length > 0 ||
    sequence.some(({ what }) => what === 'gap') ||
    templates.some(({ what }) => what === 'unknown') ||
    timeline.some(({ target }) => target === `probe ${probe.name}`) ||
    exits.some((exit) => isOwn(exit) && isAbsence(exit, wire)) ||
    logs.some(isOwn) ||
    smallQueue(probe).length > 0 ||
    (held > 0 && held >= missing)
  )
}

/** Frames that no flow record tells of, and that a sampler's counter may have counted. */
function besides({ directions }: Wire, { direction }: ProbePlan, pairs: readonly FlowPair[]): number {
  const crossed = (['in', 'out'] as const)
    .filter((each) => direction === undefined || direction === each)
    .reduce((sum, each) => sum + directions[each].total.packets, 0)
  return Math.max(0, crossed - pairs.reduce((sum, { wire }) => sum + wire.packets, 0))
}

/** Longest packet that can have crossed. */
const mtuOf = ({ points }: Plan, { point, directions }: Wire): number =>
  directions.in.oversize.packets + directions.out.oversize.packets > 0
    ? 65_535
    : (points.find(({ name }) => name === point)?.mtu ?? 65_535)

/** Of so many flows it is no matter of single ones any more. */
const mostDoubtful = 1_000

/**
 * In an account of wire and exports: what sampling explains agrees with the wire from here on, and what it does not is what the
 * records stand for.
 */
export async function settleExported(store: Store, account: Account, analysis: Analysis): Promise<void> {
  const { judged, counters, observed, changed } = analysis
  // Where the rate changed it is not known how much of a flow was sampled at which.
  if (changed && counters === 'sampled')
    await store.ask(`UPDATE ${account} SET exportedPackets = wirePackets, exportedBytes = wireBytes`)
  if (!judged || counters === 'whole') return
  const rate = counters === 'sampled' ? judged.rate : 1
  const isOf = ({ source, destination, protocol, sourcePort, destinationPort }: FlowKey): string =>
    `(source = ${addressLiteral(source)} AND destination = ${addressLiteral(destination)} AND protocol = ${protocol} AND sourcePort = ${sourcePort} AND destinationPort = ${destinationPort})`
  const { doubtful, chance } = judged
  // A rate that is wrong altogether is a finding of its own, and no flow is further evidence of it.
  const all = chance < alpha && observed !== undefined
  const none = chance < alpha || doubtful.length > mostDoubtful
  const agree = all
    ? 'true'
    : none
      ? 'false'
      : `NOT (${['false', ...doubtful.map(({ flow }) => isOf(flow))].join(' OR ')})`
  await store.ask(`
    UPDATE ${account} SET
      exportedPackets = CASE WHEN ${agree} THEN wirePackets ELSE round(exportedPackets * ${rate})::HUGEINT END,
      exportedBytes = CASE WHEN ${agree} THEN wireBytes ELSE round(exportedBytes * ${rate})::HUGEINT END`)
}

/** In an account of a collector's table: what arrived is multiplied as the collector does. */
export async function settleArrived(
  store: Store,
  account: Account,
  { factors, changed }: Analysis,
  table: string,
  probe: ProbePlan,
  fields: readonly Field[],
): Promise<void> {
  const factor = factors.find((each) => each.table === table)?.assumed ?? 1
  if (factor === 1) return
  const update = (packets: string, bytes: string): string =>
    `UPDATE ${account} AS held SET arrivedPackets = round(arrivedPackets * ${packets})::HUGEINT, arrivedBytes = round(arrivedBytes * ${bytes})::HUGEINT`
  if (!changed) {
    await store.ask(update(String(factor), String(factor)))
    return
  }
  // Each record by the rate that was announced for it.
  const times = (column: string): string =>
    `sum(${column} * coalesce(samplingRate, 1))::DOUBLE / greatest(1, sum(${column})) AS ${column}`
  const of = fields.join(', ')
  await store.ask(`${update('said.packets', 'said.bytes')}
    FROM (SELECT ${[of, times('packets'), times('bytes')].filter((each) => each !== '').join(', ')} FROM arrived
      WHERE probe = ${literal(exportName(probe))} ${of === '' ? '' : `GROUP BY ${of}`}) AS said
    WHERE ${['true', ...fields.map((field) => `said.${field} = held.${field}`)].join(' AND ')}`)
}

/** The error that each rate would give for what crossed a point; AS and peer by the table of the router there. */
export function errorsOf(
  {
    plan,
    wire,
    routes,
  }: { readonly plan: Plan; readonly wire: readonly Wire[]; readonly routes: readonly RouteTable[] },
  point: string,
  rates: readonly number[],
): ErrorRow[] {
  const counted = wire.find((each) => each.point === point)
  if (!counted) return []
  const probe = plan.probes.find((each) => each.point === point)
  const router = probe?.bgp?.router ?? plan.points.find(({ name }) => name === point)?.node
  const table = routes.filter((each) => each.router === router).at(-1)
  const flows = [...counted.directions.in.flows, ...counted.directions.out.flows]
  return errorTable(flows, levelsOf(table?.routes ?? []), rates, mtuOf(plan, counted))
}
