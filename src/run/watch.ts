// What the collectors show, over time: their tables' sums, read again and again, a line of JSON each in collected-curve.ndjson. By
// it is told how long it takes until traffic is visible.

import { appendFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../backend.ts'
import type { CollectedSample } from '../evidence.ts'
import { add, nothing, type Volume } from '../kernel/units.ts'
import { collectors } from '../part/collector/collectors.ts'
import type { CollectorPlan, Plan } from '../plan/plan.ts'
import { addressesOf, Growth } from '../verify/shown.ts'
import { asker } from './ask.ts'
import type { RunDirectory } from './directory.ts'
import { valuesIn } from './lines.ts'

const name = 'collected-curve.ndjson'

/** From one reading to the next, in ms. */
const interval = 250
/** Of the time, what goes by without reading, for each time that a reading takes: of large tables more, since reading them is felt. */
const rest = { small: 4, large: 20, from: 20_000 } as const

const patience = 2_000

/** Reads while something is done, and once more at its end. A collector that does not answer is asked again later. */
export async function watched<T>(
  lab: Lab,
  plan: Plan,
  directory: RunDirectory,
  act: () => Promise<T>,
): Promise<T> {
  const ending = new AbortController()
  const watching = Promise.all(
    plan.collectors.map((collector) => {
      const growth = growthOf(plan, collector)
      return keepReading(lab, { collector, growth }, directory, ending.signal)
    }),
  )
  try {
    return await act()
  } finally {
    ending.abort()
    // One that hangs answers no more; the end of its lab ends the question too.
    await Promise.race([watching, sleep(patience, undefined, { ref: false })])
  }
}

interface Watch {
  readonly collector: CollectorPlan
  /** By table. */
  readonly growth: ReadonlyMap<string, Growth>
}

function growthOf({ nodes }: Plan, { tables }: CollectorPlan): Watch['growth'] {
  const addresses = new Set(addressesOf(nodes).map(([address]) => address))
  return new Map(tables.map(({ name: table }) => [table, new Growth(addresses)]))
}

async function keepReading(
  lab: Lab,
  watch: Watch,
  directory: RunDirectory,
  ending: AbortSignal,
): Promise<void> {
  for (let last = false; !last; ) {
    last = ending.aborted
    const begun = Date.now()
    const rows = await read(lab, watch, directory)
    const took = Date.now() - begun
    const pause = Math.max(interval - took, (rows < rest.from ? rest.small : rest.large) * took)
    if (!last) await sleep(pause, undefined, { signal: ending }).catch(() => {})
  }
}

/** Rows that were read. */
async function read(lab: Lab, { collector, growth }: Watch, directory: RunDirectory): Promise<number> {
  const tables = await collectors[collector.kind]
    .tables(asker(lab, collector.node), collector)
    .catch(() => [])
  const at = Date.now()
  for (const { name: table, rows } of tables) {
    const volume = rows.reduce<Volume>(
      (sum, { packets, bytes }) => add(sum, { packets: Number(packets), bytes: Number(bytes) }),
      nothing,
    )
    const grown = growth.get(table)?.of(rows) ?? []
    const sample: CollectedSample = {
      collector: collector.name,
      table,
      at,
      ...volume,
      ...(grown.length > 0 ? { grown } : {}),
    }
    await appendFile(directory.file(name), `${JSON.stringify(sample)}\n`)
  }
  return tables.reduce((sum, { rows }) => sum + rows.length, 0)
}

/** All readings, in their order; none where there are none. */
export const readWatched = (directory: RunDirectory): Promise<CollectedSample[]> =>
  valuesIn(directory.file(name))
