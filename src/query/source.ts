// Where a witness's rows come from: names of the views and tables that an archive has (src/run/archive.ts makes them).

import type { Witness } from './columns.ts'

/** The view by witness, as row `r`; with what the routers' tables say of its ends, where that is needed. */
export function source(witness: Witness, needs: ReadonlySet<'s' | 'd'>, overTime = false): string {
  const view = witness === 'wire' && overTime ? 'wire_over_time' : `${witness}_rows`
  const join = (alias: 's' | 'd', end: string): string =>
    needs.has(alias)
      ? ` LEFT JOIN hosts AS ${alias} ON ${alias}.address = r.${end} AND ${alias}.view = r.view`
      : ''
  return `${view} AS r${join('s', 'source')}${join('d', 'destination')}`
}
