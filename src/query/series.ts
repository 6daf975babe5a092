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

/** Rows with `k`, the key's value (text; an address as it is stored), and what is added up. */
function rows(
  witness: Witness,
  { by, filter, point }: Selection,
  values: Values,
  overTime: boolean,
  more: readonly string[] = [],
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
    shape === 'wire' && overTime
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
  return {
    sql: `SELECT 1 AS one FROM (${rows(witness, selection, values, false)}) WHERE k::VARCHAR <> '${unknown}' LIMIT 1`,
    values: values.all,
  }
}

/** The place of `k` among the chosen ones; behind them all others. */
const place = (chosen: readonly KeyValue[], values: Values): string =>
  chosen.length === 0
    ? '0'
    : `CASE ${chosen.map((each, index) => `WHEN k = ${values.add(each)} THEN ${index}`).join(' ')} ELSE ${chosen.length} END`

/** Sums by place among the chosen values: `place`, `packets`, `bytes`. */
export function totals(witness: Witness, selection: Selection, chosen: readonly KeyValue[]): Statement {
  const values = new Values()
  const from = rows(witness, selection, values, false)
  return {
    sql: `SELECT ${place(chosen, values)} AS place, sum(packets) AS packets, sum(bytes) AS bytes
      FROM (SELECT k, sum(packets) AS packets, sum(bytes) AS bytes FROM (${from}) GROUP BY k) GROUP BY place`,
    values: values.all,
  }
}

/**
 * By place and interval (`bucket`): `packets`, `bytes` and `flows` that lie there, and `dPackets`, `dBytes` and `dFlows` by which every
 * interval from there on has more. Flows are the records whose time has a part in the interval; of the wire the flows that grew in it.
 */
export function spread(
  witness: Exclude<Witness, 'collected'>,
  selection: Selection,
  chosen: readonly KeyValue[],
  { from, step, count }: Span,
): Statement {
  const values = new Values()
  const to = from + step * count
  const own = rows(witness, selection, values, true, between(from, to, values))
  const [f, t, s] = [from * 1000, to * 1000, step * 1000].map(
    (each) => `${values.add(Math.round(each))}::BIGINT`,
  )
  return {
    sql: `WITH timed AS (
        SELECT ${place(chosen, values)} AS place, packets::DOUBLE AS p, bytes::DOUBLE AS b, epoch_us(first) AS f, epoch_us(last) AS l,
          ${witness === 'wire' ? 'flow' : 'NULL'} AS flow FROM (${own})),
      placed AS (
        SELECT place, p, b, f, l, flow, greatest(f, ${f})::DOUBLE AS x, least(l, ${t})::DOUBLE AS y, greatest(l - f, 1)::DOUBLE AS d,
          (greatest(f, ${f}) - ${f}) // ${s} AS b0, (greatest(least(l, ${t} - 1), greatest(f, ${f})) - ${f}) // ${s} AS b1 FROM timed),
      weighed AS (
        SELECT *, CASE WHEN l <= f THEN 1 WHEN b0 = b1 THEN (y - x) / d ELSE (${f} + (b0 + 1) * ${s} - x) / d END AS w FROM placed),
      parts AS (
        SELECT place, b0 AS bucket, sum(p * w) AS p, sum(b * w) AS b, 0 AS dp, 0 AS db, 0 AS n, 0 AS dn FROM weighed GROUP BY ALL
        UNION ALL
        SELECT place, b0 + 1, 0, 0, sum(p * ${s} / d), sum(b * ${s} / d), 0, 0 FROM placed WHERE b1 > b0 GROUP BY ALL
        UNION ALL
        SELECT place, b1, sum(p * (y - (${f} + b1 * ${s})) / d), sum(b * (y - (${f} + b1 * ${s})) / d),
          -sum(p * ${s} / d), -sum(b * ${s} / d), 0, 0 FROM placed WHERE b1 > b0 GROUP BY ALL
        UNION ALL
        ${witness === 'wire' ? grown : running})
      SELECT place, bucket, sum(p)::DOUBLE AS packets, sum(b)::DOUBLE AS bytes, sum(dp)::DOUBLE AS dPackets, sum(db)::DOUBLE AS dBytes,
        sum(n)::DOUBLE AS flows, sum(dn)::DOUBLE AS dFlows FROM parts GROUP BY place, bucket`,
    values: values.all,
  }
}

/** Flows of the wire, each once an interval: a row is what a flow grew by between two readings, which are seconds apart at the most. */
const grown = `SELECT place, bucket, 0, 0, 0, 0, count(DISTINCT flow), 0
  FROM (SELECT place, flow, unnest(range(b0, b1 + 1)) AS bucket FROM placed) GROUP BY ALL`

/** Records from the interval of their first packet to that of their last. */
const running = `SELECT place, b0, 0, 0, 0, 0, 0, count(*) FROM placed GROUP BY ALL
  UNION ALL SELECT place, b1 + 1, 0, 0, 0, 0, 0, -count(*) FROM placed GROUP BY ALL`

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
    sql: `SELECT ${place(chosen, values)} AS place, (epoch_us(seen) - ${f}) // ${values.add(Math.round(step * 1000))} AS bucket,
        sum(packets)::DOUBLE AS packets, sum(bytes)::DOUBLE AS bytes, count(*)::DOUBLE AS flows FROM (${own}) GROUP BY ALL`,
    values: values.all,
  }
}
