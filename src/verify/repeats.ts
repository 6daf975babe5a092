// Records that say what others of their flow have said: the same ones again, or totals that hold those before. Looked for only
// where more was exported than crossed, since it costs a look at every record.

import { isNothing, type Volume } from '../kernel/units.ts'
import { exportName } from '../plan/exporters.ts'
import type { ProbePlan } from '../plan/plan.ts'
import { literal, type Store } from '../store.ts'
import { type Account, columnOf } from './accounts.ts'
import { keyOf } from './cells.ts'
import type { Seen } from './evidence-item.ts'
import type { Field } from './granularity.ts'

export interface Repeats {
  /** Records that left again, the same in key, counters and times, in a later datagram. */
  readonly again: { readonly count: number; readonly first: readonly (Seen & { readonly offset: number })[] }
  /** Flows with several records of which the largest alone has all that crossed: how many, by the keys of cells. */
  readonly totals: { readonly flows: number; readonly keys: ReadonlySet<string> }
}

/** A condition on rows of `exported`, once `repeatsOf` has found some. */
export const isAgain = '(packet, octet) IN (SELECT (packet, octet) FROM recordsAgain)'

const shown = 4
const mostTotals = 20_000

export async function repeatsOf(
  store: Store,
  probe: ProbePlan,
  way: Account,
  fields: readonly Field[],
  surplus: Volume,
): Promise<Repeats> {
  if (isNothing(surplus)) return { again: { count: 0, first: [] }, totals: { flows: 0, keys: new Set() } }
  const own = `FROM exported WHERE probe = ${literal(exportName(probe))}`
  await store.ask(`
    CREATE OR REPLACE TEMP TABLE recordsAgain AS SELECT packet, octet, seen FROM (
      SELECT packet, octet, seen, min(packet) OVER (PARTITION BY print) AS earliest FROM (
        SELECT packet, octet, seen, hash(domain, source, destination, protocol, sourcePort, destinationPort, direction,
          ingress, egress, tos, tcpFlags, packets, bytes, flowStart, flowEnd) AS print
        ${own} AND flowStart IS NOT NULL AND flowEnd IS NOT NULL))
    WHERE packet > earliest`)
  const [sum] = await store.ask('SELECT count(*) AS count FROM recordsAgain')
  const first = await store.ask<{ packet: number; octet: number; seen: number }>(
    `SELECT packet, octet, seen FROM recordsAgain ORDER BY packet, octet LIMIT ${shown}`,
  )
  const same = ['true', ...fields.map((field) => `said.${field} = way.${field}`)].join(' AND ')
  const crossed = (column: 'packets' | 'bytes'): string => `sum(way.${columnOf('wire', column)})`
  const group =
    fields.length === 0
      ? ''
      : `GROUP BY ${fields.map((field) => `said.${field}`).join(', ')}, said.packets, said.bytes`
  const rows = await store.ask(`
    SELECT ${fields.map((field) => `said.${field}`).join(', ')}${fields.length > 0 ? ', ' : ''} said.packets, said.bytes
    FROM (SELECT ${[...fields, 'max(packets) AS packets', 'max(bytes) AS bytes', 'min(packets) < max(packets) AS grows'].join(', ')} ${own}
      ${fields.length === 0 ? '' : `GROUP BY ${fields.join(', ')}`}) AS said JOIN ${way} AS way ON ${same}
    WHERE said.grows ${group}
    HAVING said.packets = ${crossed('packets')} AND said.bytes = ${crossed('bytes')} LIMIT ${mostTotals}`)
  return {
    again: {
      count: Number(sum?.['count'] ?? 0),
      first: first.map(({ packet, octet, seen: at }) => ({ frame: packet, offset: octet, at })),
    },
    totals: { flows: rows.length, keys: new Set(rows.map((row) => keyOf(row, fields))) },
  }
}
