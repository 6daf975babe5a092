// Flows over time as statements: which values of a key are the largest, and how much of each lies in each interval. A record's
// volume is spread evenly between its first and its last packet without a row an interval: what lies in the first and in the
// last interval is added there, and of those between only the change is noted where they begin and where they end.

import type { Statement } from '../store.ts'
import { addressSql, type KeyName, keyOf, shapeOf, type Witness } from './columns.ts'
import { condition } from './condition.ts'
import { parseFilter } from './filter.ts'
import { between, speaksOf } from './records.ts'
import { source } from './source.ts'
import { Values } from './statement.ts'

export interface Selection {
  readonly by?: KeyName | undefined
  readonly filter?: string | undefined
  /** One observation point. */
  readonly point?: string | undefined
}

/** A value of the key: as the store has it, for comparisons. */
export type KeyValue = string | bigint

export interface Span {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly from: number
  /** Milliseconds. */
  readonly step: number
  readonly count: number
}

/** The value of a key that a row does not tell. */
const unknown = '?'

export const needsRoutes = (witness: Witness, by: KeyName | undefined): boolean =>
  by !== undefined && (keyOf(by).needs?.[shapeOf(witness)] ?? []).length > 0

/** Rows with `k`, the key's value (text; an address as it is stored), and what is added up. Throws FilterError. */
export function rows(
  witness: Witness,
  { by, filter, point }: Selection,
  values: Values,
  overTime: boolean,
  more: readonly string[] = [],
  countsFlows = false,
): string {
  const shape = shapeOf(witness)
  const key = by === undefined ? undefined : keyOf(by)
  const text = (sql: string): string =>
    key?.kind === 'address' ? sql : `coalesce((${sql})::VARCHAR, '${unknown}')`
  const [one, other] = key?.sql[shape] ?? ["''"]
  const conditions = [
    condition(parseFilter(filter ?? ''), shape, witness, values),
    ...(point === undefined ? [] : [`r.point = ${values.add(point)}`]),
    ...(shape === 'collected' && !speaksOf(filter, 'table') ? ['r.main'] : []),
    ...more,
  ]
  const times = shape === 'collected' ? '' : ', r.first, r.last'
  const seen = shape === 'record' ? ', r.seen' : ''
  const flow =
    shape === 'wire' && countsFlows
      ? ', hash(r.source, r.destination, r.protocol, r.sourcePort, r.destinationPort, r.direction, r.point) AS flow'
      : ''
  const select = (
    sql: string,
    apart: readonly string[],
  ): string => `SELECT ${text(sql)} AS k, r.packets, r.bytes${times}${seen}${flow}
    FROM ${source(witness, new Set(key?.needs?.[shape] ?? []), overTime)} WHERE ${[...conditions, ...apart].join(' AND ')}`
  // A flow counts at both of its ends, once where they are the same.
  return other === undefined
    ? select(one, [])
    : `${select(one, [])} UNION ALL ${select(other, [`(${other}) IS DISTINCT FROM (${one})`])}`
}

/** The largest values of the key: `k`, its text, packets and bytes. Throws FilterError. */
export function largest(witness: Witness, selection: Selection, top: number): Statement {
  const values = new Values()
  const from = rows(witness, selection, values, false)
  const isAddress = selection.by !== undefined && keyOf(selection.by).kind === 'address'
  const limit = values.add(top)
  return {
    sql: `SELECT k, ${isAddress ? addressSql('k') : 'k'} AS name FROM (
      SELECT k, sum(bytes) AS bytes FROM (${from}) GROUP BY k ORDER BY bytes DESC, k LIMIT ${limit}) ORDER BY bytes DESC, k`,
    values: values.all,
  }
}

/** A row if any row of the witness tells the key. */
export function known(witness: Witness, selection: Selection): Statement {
  const values = new Values()
  const isAddress = selection.by !== undefined && keyOf(selection.by).kind === 'address'
  const tells = isAddress ? 'k IS NOT NULL' : `k <> '${unknown}'`
  return {
    sql: `SELECT 1 AS one FROM (${rows(witness, selection, values, false)}) WHERE ${tells} LIMIT 1`,
    values: values.all,
  }
}

/** Rows with the place of `k` among the chosen ones; behind them all others. Long values are looked up, short ones compared one by one. */
function placed(rowsSql: string, { by }: Selection, chosen: readonly KeyValue[], values: Values): string {
  if (chosen.length === 0) return `SELECT 0 AS place, * FROM (${rowsSql})`
  const all = chosen.map((each, index) => [values.add(each), index] as const)
  return by !== undefined && keyOf(by).kind === 'address'
    ? `SELECT coalesce(place, ${chosen.length}) AS place, own.* FROM (${rowsSql}) AS own
       LEFT JOIN (VALUES ${all.map(([value, index]) => `(${value}, ${index})`).join(', ')}) AS chosen(k, place) ON own.k = chosen.k`
    : `SELECT CASE ${all.map(([value, index]) => `WHEN k = ${value} THEN ${index}`).join(' ')} ELSE ${chosen.length} END AS place, *
       FROM (${rowsSql})`
}

/** Sums by place among the chosen values: `place`, `packets`, `bytes`. */
export function totals(witness: Witness, selection: Selection, chosen: readonly KeyValue[]): Statement {
  const values = new Values()
  const from = rows(witness, selection, values, false)
  return {
    sql: `SELECT place, sum(packets) AS packets, sum(bytes) AS bytes FROM (${placed(from, selection, chosen, values)}) GROUP BY place`,
    values: values.all,
  }
}

/**
 * By place and interval (`bucket`): `packets`, `bytes` and `flows` that lie there, and `dPackets`, `dBytes` and `dFlows` by which every
 * interval from there on has more. Flows are the records whose time has a part in the interval; of the wire the flows that grew in it,
 * where they are counted.
 */
export function spread(
  witness: Exclude<Witness, 'collected'>,
  selection: Selection,
  chosen: readonly KeyValue[],
  { from, step, count }: Span,
  countsFlows = false,
): Statement {
  const tellsFlows = witness === 'wire' && countsFlows
  const values = new Values()
  const to = from + step * count
  const own = rows(witness, selection, values, true, between(from, to, values), tellsFlows)
  const [f, s, n] = [from * 1000, step * 1000, count].map((each) => `${values.add(Math.round(each))}::BIGINT`)
  return {
    // Rows are added up once, by the intervals of their first and last packet (-1 and `count`: before and behind the span): `p` packets,
    // `r` of them a microsecond, `m` that times how far into the interval they begin. What lies where is made of these few sums.
    sql: `WITH timed AS (
        SELECT place, packets AS p, bytes AS b, epoch_us(first) - ${f} AS f,
          greatest(epoch_us(last) - epoch_us(first), 1) AS d ${tellsFlows ? ', flow' : ''} FROM (${placed(own, selection, chosen, values)})),
      begun AS (SELECT *, CASE WHEN f < 0 THEN -1 ELSE f // ${s} END AS b0 FROM timed),
      placed AS ${tellsFlows ? 'MATERIALIZED ' : ''}(
        SELECT place, p, b, p / d AS r, b / d AS q, f - b0 * ${s} AS m, b0, CASE WHEN f + d < 0 THEN -1 ELSE least((f + d) // ${s}, ${n}) END AS b1
          ${tellsFlows ? ', flow' : ''} FROM begun),
      spans AS MATERIALIZED (
        SELECT place, b0::INTEGER AS b0, b1::INTEGER AS b1, sum(p)::DOUBLE AS p, sum(b)::DOUBLE AS b, sum(r) AS r, sum(q) AS q,
          sum(r * m) AS rm, sum(q * m) AS qm, count(*) AS n FROM placed GROUP BY ALL),
      parts(place, bucket, p, b, dp, db, n, dn) AS (
        SELECT place, b0, p, b, 0, 0, 0, 0 FROM spans WHERE b1 = b0
        UNION ALL SELECT place, b0, r * ${s} - rm, q * ${s} - qm, 0, 0, 0, 0 FROM spans WHERE b1 > b0
        UNION ALL SELECT place, b0 + 1, 0, 0, r * ${s}, q * ${s}, 0, 0 FROM spans WHERE b1 > b0
        UNION ALL SELECT place, b1, rm + p - (b1 - b0) * r * ${s}, qm + b - (b1 - b0) * q * ${s}, -r * ${s}, -q * ${s}, 0, 0
          FROM spans WHERE b1 > b0
        UNION ALL ${tellsFlows ? grown : running})
      SELECT place, bucket, sum(p)::DOUBLE AS packets, sum(b)::DOUBLE AS bytes, sum(dp)::DOUBLE AS dPackets, sum(db)::DOUBLE AS dBytes,
        sum(n)::DOUBLE AS flows, sum(dn)::DOUBLE AS dFlows FROM parts GROUP BY place, bucket`,
    values: values.all,
  }
}

/** Flows of the wire, each once an interval: a row is what a flow grew by between two readings, which are seconds apart at the most. */
const grown = `SELECT place, bucket, 0, 0, 0, 0, count(DISTINCT flow), 0
  FROM (SELECT place, flow, unnest(range(b0::BIGINT, b1::BIGINT + 1)) AS bucket FROM placed) GROUP BY ALL`

/** Records from the interval of their first packet to that of their last. */
const running = `SELECT place, greatest(b0, 0), 0, 0, 0, 0, 0, n FROM spans UNION ALL SELECT place, b1 + 1, 0, 0, 0, 0, 0, -n FROM spans`

/** By place and interval: what records brought that came then. */
export function arrivals(
  witness: 'exported' | 'arrived',
  selection: Selection,
  chosen: readonly KeyValue[],
  { from, step, count }: Span,
): Statement {
  const values = new Values()
  const [f, t] = [from * 1000, (from + step * count) * 1000].map((each) => values.add(Math.round(each)))
  const own = rows(witness, selection, values, true, [`epoch_us(r.seen) >= ${f}`, `epoch_us(r.seen) < ${t}`])
  return {
    sql: `SELECT place, (epoch_us(seen) - ${f}) // ${values.add(Math.round(step * 1000))} AS bucket,
        sum(packets)::DOUBLE AS packets, sum(bytes)::DOUBLE AS bytes, count(*)::DOUBLE AS flows
      FROM (${placed(own, selection, chosen, values)}) GROUP BY ALL`,
    values: values.all,
  }
}
