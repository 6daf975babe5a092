// What the collectors of a lab that is alive show now, by their own clients.

import { type Lab, LabError } from '../backend.ts'
import type { Collected } from '../evidence.ts'
import { collectors as parts } from '../part/collector/collectors.ts'
import type { Plan } from '../plan/plan.ts'
import { mostRows } from './archive-rows.ts'
import { CommandError, asker } from './ask.ts'

/** Seconds: somebody waits for what they show now. */
const patience = 10

/** Of all collectors, or of those asked for. Throws where one of them does not answer, and LabError where they have too many rows. */
export async function collectedNow(lab: Lab, plan: Plan, asked?: ReadonlySet<string>): Promise<Collected> {
  const answers = await Promise.all(
    plan.collectors
      .filter(({ name }) => asked?.has(name) ?? true)
      .map(async (collector) => {
        const tables = await parts[collector.kind]
          .tables(asker(lab, collector.node, patience), collector)
          .catch((error: unknown) => {
            // timeout(1) says so.
            if (!(error instanceof CommandError) || error.code !== 124) throw error
            throw new LabError(
              `collector ${collector.name} has not answered for ${patience} s`,
              'it may be stopped: `flowlab inspect`',
            )
          })
        return { daemon: collector.name, tables }
      }),
  )
  const rows = answers.flatMap(({ tables }) => tables).reduce((sum, table) => sum + table.rows.length, 0)
  if (rows > mostRows)
    throw new LabError(
      `the collectors' tables have ${rows} rows`,
      `up to ${mostRows} can be looked at while they grow`,
    )
  return { probes: [], collectors: answers }
}
