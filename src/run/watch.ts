// What the collectors show, over time: their tables' sums, read again and again, a line of JSON each in collected-curve.ndjson. By
// it is told how long it takes until traffic is visible.

import { appendFile, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../backend.ts'
import type { CollectedSample } from '../evidence.ts'
import { add, nothing, type Volume } from '../kernel/units.ts'
import { collectors } from '../part/collector/collectors.ts'
import type { CollectorPlan, Plan } from '../plan/plan.ts'
import { addressesOf, Growth } from '../verify/shown.ts'
import { asker } from './ask.ts'
import type { RunDirectory } from './directory.ts'

const name = 'collected-curve.ndjson'

/** From one reading to the next, in ms; reading takes a fifth of the time at the most. */
const interval = 250
/** Tables of more rows are not read again: that would disturb what is measured. */
const mostRows = 20_000

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
    if (rows > mostRows) return
    const took = Date.now() - begun
    if (!last) await sleep(Math.max(interval - took, 4 * took), undefined, { signal: ending }).catch(() => {})
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
export async function readWatched(directory: RunDirectory): Promise<CollectedSample[]> {
  const text = await readFile(directory.file(name), 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as CollectedSample)
}
