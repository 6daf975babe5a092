// Routers' tables over time: a table is noted when it is new, and how long it was seen unchanged.

import type { RouteTable } from '../evidence.ts'
import type { RunDirectory } from './directory.ts'

/** Adds what is new to the run's routes; whether anything is. */
export async function addRoutes(directory: RunDirectory, tables: readonly RouteTable[]): Promise<boolean> {
  const known: RouteTable[] = await directory.read<RouteTable[]>('routes').catch(() => [])
  let isNew = false
  for (const table of tables) {
    const at = known.findLastIndex(({ router }) => router === table.router)
    const former = known[at]
    if (former && JSON.stringify(former.routes) === JSON.stringify(table.routes))
      known[at] = { ...former, seen: table.taken }
    else {
      known.push(table)
      isNew = true
    }
  }
  await directory.write('routes', known)
  return isNew
}
