// A probe's flow records beside the packets that its observation point's recording has of the same flows: one temporary table,
// `said`, of records whose flows were recorded whole, as the kernel's count shows.

import { exportName } from '../../plan/exporters.ts'
import type { ProbePlan } from '../../plan/plan.ts'
import { literal, type Store } from '../../store.ts'
import type { Field } from '../granularity.ts'
import { isMetered } from '../selection.ts'

/** How far the recording reaches. */
export interface Coverage {
  /** Flow records of the probe. */
  readonly records: number
  /** Those whose flows were recorded whole. */
  readonly covered: number
}

/**
 * Makes the tables `seen` (flows at the fields that the records tell apart) and `said`; undefined where the point has no recording.
 * Times are microseconds since 1970. `pairFirst`, `pairLast`, `pairServices` and `pairFlows` are of both directions together, for exporters that keep a
 * connection as one; ICMP between two hosts is one pair. `complete`: the records count as many packets as crossed, and tell of all: of a
 * sample no sum of theirs shows that.
 */
export async function joinRecords(
  store: Store,
  probe: ProbePlan,
  fields: readonly Field[],
  isSampled: boolean,
): Promise<Coverage | undefined> {
  const at = `point = ${literal(probe.point)}`
  const [recorded] = await store.ask<{ count: bigint }>(`SELECT count(*) AS count FROM packets WHERE ${at}`)
  if (!recorded || recorded.count === 0n) return undefined
  const own = `probe = ${literal(exportName(probe))}`
  const told = fields.join(', ')
  const same = (a: string, b: string): string =>
    ['true', ...fields.map((field) => `${a}.${field} = ${b}.${field}`)].join(' AND ')
  const pair = pairOf(fields)
  const by = (columns: string): string => (columns === '' ? '' : `PARTITION BY ${columns}`)
  const comma = told === '' ? '' : `${told}, `
  const group = told === '' ? '' : `GROUP BY ${told}`
  await store.ask(`
    CREATE OR REPLACE TEMP TABLE seen AS
      WITH flows AS (
        SELECT ${comma}min(direction) AS direction, count(DISTINCT direction) AS directions,
          sum(packets) AS packets, sum(bytes) AS bytes, epoch_us(min(flowStart)) AS first, epoch_us(max(flowEnd)) AS last,
          bit_or(tcpFlags) AS flags, list(DISTINCT tos) AS services
        FROM packets WHERE ${at} AND ${isMetered(probe)} ${group}),
      counted AS (
        SELECT ${comma}sum(packets) AS packets, sum(bytes) AS bytes
        FROM wire WHERE ${at} AND ${isMetered(probe)} ${group})
      SELECT flows.*, counted.packets = flows.packets AND counted.bytes = flows.bytes AS whole
      FROM (SELECT *, min(first) OVER (${by(pair)}) AS pairFirst, max(last) OVER (${by(pair)}) AS pairLast,
          flatten(list(services) OVER (${by(pair)})) AS pairServices, count(*) OVER (${by(pair)}) AS pairFlows FROM flows) AS flows
        JOIN counted ON ${same('flows', 'counted')};
    CREATE OR REPLACE TEMP TABLE said AS
      SELECT record.packet, record.octet, record.seen, record.source, record.destination, record.protocol,
        record.tos, record.tcpFlags, record.ingress, record.egress, record.clock,
        epoch_us(record.flowStart) AS begun, epoch_us(record.flowEnd) AS ended,
        seen.* EXCLUDE (${[...fields, 'packets', 'bytes'].join(', ')}),
        bit_or(record.tcpFlags) OVER flow AS allFlags, min(begun) OVER flow AS allBegun, max(ended) OVER flow AS allEnded,
        count(*) OVER flow AS records, ${isSampled ? 'false' : 'sum(record.packets) OVER flow = seen.packets'} AS complete
      FROM exported AS record JOIN seen ON ${same('record', 'seen')}
      WHERE record.${own} AND seen.whole
      WINDOW flow AS (${by(fields.map((field) => `record.${field}`).join(', '))});`)
  const [row] = await store.ask<{ records: bigint; covered: bigint }>(`
    SELECT (SELECT count(*) FROM exported WHERE ${own}) AS records, (SELECT count(*) FROM said) AS covered`)
  return { records: Number(row?.records ?? 0), covered: Number(row?.covered ?? 0) }
}

/** What both directions of a connection agree in, of what is told apart. */
function pairOf(fields: readonly Field[]): string {
  const isIcmp = 'protocol IN (1, 58)'
  const either = (a: Field, b: Field, of: (field: Field) => string): string[] => {
    if (fields.includes(a) && fields.includes(b))
      return [`least(${of(a)}, ${of(b)})`, `greatest(${of(a)}, ${of(b)})`]
    return [a, b].filter((field) => fields.includes(field)).map(of)
  }
  const portOf = (field: Field): string =>
    fields.includes('protocol') ? `CASE WHEN ${isIcmp} THEN 0 ELSE ${field} END` : field
  return [
    ...either('source', 'destination', (field) => field),
    ...(fields.includes('protocol') ? ['protocol'] : []),
    ...either('sourcePort', 'destinationPort', portOf),
  ].join(', ')
}
