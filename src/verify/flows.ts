// The flows of one probe's way, added up once: many records make one flow, and every account is made of flows.

import { keyColumns, literal, type Store } from '../store.ts'
import type { Sources } from './accounts.ts'
import type { Condition } from './selection.ts'

const keys = Object.keys(keyColumns).join(', ')

/** Where they crossed, under which name their records stand in the store, and what of the wire's rows is meant. */
export interface Way {
  readonly point: string
  readonly probe: string
  readonly isMetered: Condition
}

/** `SELECT * FROM …` by witness, to which a WHERE may be added. What the probe cannot tell of is left out of the wire. */
export async function flowsOf(
  store: Store,
  { point, probe, isMetered }: Way,
): Promise<Required<Omit<Sources, 'collected'>>> {
  const added = 'sum(packets) AS packets, sum(bytes) AS bytes'
  await store.ask(`
    CREATE OR REPLACE TEMP TABLE wireFlows AS SELECT direction, ${keys}, ${added} FROM wire
      WHERE point = ${literal(point)} AND ${isMetered} GROUP BY direction, ${keys};
    CREATE OR REPLACE TEMP TABLE exportedFlows AS SELECT ${keys}, ${added} FROM exported
      WHERE probe = ${literal(probe)} GROUP BY ${keys};
    CREATE OR REPLACE TEMP TABLE arrivedFlows AS SELECT ${keys}, ${added} FROM arrived
      WHERE probe = ${literal(probe)} GROUP BY ${keys};`)
  return {
    wire: 'SELECT * FROM wireFlows',
    exported: 'SELECT * FROM exportedFlows',
    arrived: 'SELECT * FROM arrivedFlows',
  }
}
