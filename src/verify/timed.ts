// Fetches what the judgement of time needs: a probe's records from the store, the readings of its point and of its collector's
// table.

import type { Direction } from '../evidence.ts'
import { add, nothing, type Volume } from '../kernel/units.ts'
import { exportName } from '../plan/exporters.ts'
import type { CollectorPlan, ProbePlan } from '../plan/plan.ts'
import { addressText, keyColumns, literal, type Store } from '../store.ts'
import { tablesOf } from './ledgers.ts'
import type { Analysis } from './sampling/analysis.ts'
import type { TimedRecords } from './time/records.ts'
import { type Time, timeOf } from './time/time.ts'
import type { Evidence } from './verify.ts'

/** Of more records a sample of so many is looked at. */
const mostRecords = 200_000

export async function timeOfExports(
  evidence: Evidence,
  probe: ProbePlan,
  collector: CollectorPlan,
  sampling: Analysis | undefined,
): Promise<Time> {
  const { store, timeline } = evidence
  const booksAt = (what: string, entries = timeline): number =>
    entries.find((entry) => entry.target === 'books' && entry.what === what)?.at ?? 0
  const [exported, arrived] = [
    await recordsOf(store, 'exported', probe),
    await recordsOf(store, 'arrived', probe),
  ]
  const table =
    collector.exporters.length > 1 ? undefined : collector.tables.find(({ filter }) => filter === undefined)
  const rate = sampling?.counters === 'sampled' ? (sampling.judged?.rate ?? 1) : 1
  const seen = (['in', 'out'] as const).filter(
    (each) => probe.direction === undefined || probe.direction === each,
  )
  const wire = evidence.wire.find(({ point }) => point === probe.point)
  const [opened, closed] = [booksAt('opened'), booksAt('closed', timeline.toReversed())]
  const metered = seen.reduce((sum, each) => sum + (wire?.directions[each].total.packets ?? 0), 0) / rate
  const crossed = (totals: Readonly<Record<Direction, Volume>>): Volume =>
    seen.reduce<Volume>((sum, each) => add(sum, totals[each]), nothing)
  const readings = evidence.curve
    .filter(({ point }) => point === probe.point)
    .map(({ at, till, totals, flows }) => ({
      at,
      till,
      total: totals && crossed(totals),
      flows: flows && seen.flatMap((each) => flows[each]),
    }))
  // The books' own count is the last reading, so that the curve adds up to it.
  const last = wire && {
    at: wire.closed,
    till: wire.closed,
    total: crossed({ in: wire.directions.in.total, out: wire.directions.out.total }),
    flows: undefined,
  }
  const time = timeOf({
    exported: exported.records,
    arrived: arrived.records,
    exports: evidence.exports.get(exportName(probe))?.exported ?? { templates: [], datagrams: 0 },
    flowOf: arrived.flowOf,
    wire: readings.length > 0 && last ? [...readings, last] : readings,
    collected: table
      ? evidence.watched.filter((each) => each.collector === collector.name && each.table === table.name)
      : [],
    held: tablesOf(evidence.collected.collectors, collector.name)
      .filter(({ name }) => name === table?.name)
      .reduce((sum, { rows }) => rows.reduce((total, { packets }) => total + Number(packets), sum), 0),
    opened,
    closed,
    pace: metered / Math.max(1, (closed - opened) / 1000),
    asked: probe.timeouts ?? {},
    rate,
    factor: sampling?.factors.find((each) => each.table === table?.name)?.factor ?? 1,
  })
  return { ...time, early: await cutEarly(store, probe) }
}

/** Clocks of exporters have seconds, and they look at their caches once a second. */
const slack = 1_500

/**
 * A flow's record ends by a timeout or with the connection (FIN, RST): then the next begins no sooner than the timeouts have it. One that
 * was exported when the inactive timeout had passed since its last packet ended by that: what the flow sent meanwhile had not come to
 * the cache (pmacct's plugins get packets by the buffer).
 * undefined where the lab asks for no timeouts, or for such short ones that nothing can be told.
 */
async function cutEarly(store: Store, probe: ProbePlan): Promise<Time['early']> {
  const { active, inactive } = probe.timeouts ?? {}
  if (active === undefined || inactive === undefined || Math.min(active, inactive) <= slack) return undefined
  const flow = [...Object.keys(keyColumns), 'direction', 'tos', 'ingress', 'egress'].join(', ')
  const micros = (time: number): number => Math.round((time - slack) * 1000)
  const [row] = await store.ask<Row>(`
    SELECT count(*) AS records, count(*) FILTER (next >= flowEnd AND coalesce(tcpFlags, 0) & 5 = 0
      AND epoch_us(next) - epoch_us(flowEnd) < ${micros(inactive)}
      AND epoch_us(seen) - epoch_us(flowEnd) < ${inactive * 1000}
      AND epoch_us(flowEnd) - epoch_us(flowStart) < ${micros(active)}) AS cut
    FROM (SELECT flowStart, flowEnd, seen, tcpFlags, lead(flowStart) OVER (PARTITION BY ${flow} ORDER BY flowStart, flowEnd) AS next
      FROM exported WHERE probe = ${literal(exportName(probe))} AND flowStart IS NOT NULL AND flowEnd IS NOT NULL)`)
  return { cut: Number(row?.['cut'] ?? 0), records: Number(row?.['records'] ?? 0) }
}

type Row = Readonly<Record<string, bigint | number | null>>

async function recordsOf(store: Store, from: 'exported' | 'arrived', probe: ProbePlan) {
  const own = `FROM ${from} WHERE probe = ${literal(exportName(probe))}`
  const [sum] = await store.ask<Row>(`SELECT count(*) AS count ${own}`)
  const weight = Math.max(1, Number(sum?.['count'] ?? 0) / mostRecords)
  const rows = await store.ask<Row>(`
    SELECT * FROM (SELECT seen, flowStart, flowEnd, packets, bytes, ${Object.keys(keyColumns).join(', ')} ${own})
    USING SAMPLE reservoir(${mostRecords} ROWS) REPEATABLE (1)`)
  const of = (column: string, otherwise: number, times = 1): Float64Array =>
    Float64Array.from(rows, (row) => (row[column] === null ? otherwise : Number(row[column]) * times))
  const records: TimedRecords = {
    count: rows.length,
    weight,
    packets: of('packets', 0, weight),
    bytes: of('bytes', 0, weight),
    first: of('flowStart', NaN),
    last: of('flowEnd', NaN),
    seen: of('seen', NaN),
  }
  return {
    records,
    flowOf: (index: number) => {
      const row = rows[index]
      return (
        row && {
          source: addressText(BigInt(row['source'] ?? 0)),
          destination: addressText(BigInt(row['destination'] ?? 0)),
          protocol: Number(row['protocol']),
          sourcePort: Number(row['sourcePort']),
          destinationPort: Number(row['destinationPort']),
        }
      )
    },
  }
}
