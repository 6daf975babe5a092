// Asks, each chart at its step, and puts what was counted since into the charts' numbers. Charts that ask the same of the same lab
// are answered together, and the others at the same time: one that gets no answer holds up nobody.

import { rates, type Reading, unknown } from '../chart/counting.ts'
import { type Definition, directoryOf, filterOf, stepOf, units } from '../chart/definition.ts'
import { keepReading, lastReading, update } from '../chart/rrd.ts'
import { keyOf } from '../query/columns.ts'
import { prepare } from '../query/records.ts'
import { type LiveLab, type LiveRecords, openLiveRecords } from '../run/live-records.ts'

export interface Polling {
  /** Throws where there is no such lab. */
  readonly lab: (named: string | undefined) => Promise<LiveLab>
  /** The directory of a chart's numbers. */
  readonly numbersOf: (directory: string) => string
  /** What is said of a chart: how many series answered, or why none did. */
  readonly tell: (name: string, what: string) => void
}

export interface Poller {
  /** Asks for these charts; comes back when all have been answered or given up. One that still waits for its answer is left out. */
  readonly poll: (due: readonly Definition[]) => Promise<void>
  readonly close: () => Promise<void>
}

/** A lab's counts, kept open from step to step. */
interface Asked {
  readonly directory: string
  readonly live: LiveLab
  readonly records: LiveRecords
}

/** What there is for a question's answer, in ms. */
const patience = { ms: 30_000 }
/** Series of one answer, the largest first. */
const mostSeries = 1_000

export function createPoller({ lab, numbersOf, tell }: Polling): Poller {
  const open = new Map<string, Asked>()
  const busy = new Set<string>()

  async function close(group: string): Promise<void> {
    const asked = open.get(group)
    open.delete(group)
    await asked?.records.close()
  }

  /** The counts that a group of charts asks for, read anew. */
  async function refreshed(group: string, { lab: named, witness, collector }: Definition): Promise<Asked> {
    const live = await lab(named)
    const known = open.get(group)
    // A lab of the same name that was deployed anew is another one.
    if (known && known.directory !== live.directory.path) await close(group)
    const asked = open.get(group) ?? {
      ...{ live, directory: live.directory.path },
      records: await openLiveRecords(live.lab, live.plan, live.directory, {
        sources: new Set([witness]),
        ...(collector === undefined ? {} : { collectors: new Set([collector]) }),
      }),
    }
    open.set(group, asked)
    const wrong = (await asked.records.refresh()).get(witness)
    if (wrong) throw wrong
    return asked
  }

  /** Puts in what a chart's reading says; without one that nothing is known. */
  async function put(definition: Definition, asked: number, reading: Reading | undefined): Promise<void> {
    const directory = numbersOf(directoryOf(definition))
    const former = await lastReading(directory)
    const found = reading ? rates(former, reading, stepOf(definition)) : unknown
    const at = reading?.at ?? Date.now()
    await update(directory, definition, { from: former?.at ?? asked, at }, found)
    await keepReading(directory, reading)
  }

  async function pollGroup(group: string, definitions: readonly Definition[]): Promise<void> {
    const [first] = definitions
    if (!first) return
    const at = Date.now()
    const failed =
      (...of: readonly Definition[]) =>
      (error: unknown): undefined => {
        for (const { name } of of) tell(name, `no answer: ${(error as Error).message.split('\n')[0]}`)
      }
    const asked = await refreshed(group, first).catch(failed(...definitions))
    if (!asked) await close(group).catch(() => {})
    for (const definition of definitions) {
      const reading = asked && (await read(definition, asked, at).catch(failed(definition)))
      await put(definition, at, reading)
      if (reading) tell(definition.name, `${Object.keys(reading.totals).length} series`)
    }
  }

  return {
    async poll(due) {
      const groups = new Map<string, Definition[]>()
      for (const definition of due) {
        const group = JSON.stringify([definition.lab, definition.witness, definition.collector])
        groups.set(group, [...(groups.get(group) ?? []), definition])
      }
      await Promise.all(
        [...groups].map(async ([group, definitions]) => {
          if (busy.has(group)) return
          busy.add(group)
          await pollGroup(group, definitions).finally(() => busy.delete(group))
        }),
      )
    },
    async close() {
      await Promise.all([...open.keys()].map((group) => close(group).catch(() => {})))
    },
  }
}

/** Throws where the lab has not what is asked about. */
async function read(
  definition: Definition,
  { live: { plan }, records }: Asked,
  at: number,
): Promise<Reading> {
  const { collector, table, witness, key, unit } = definition
  const known = plan.collectors.find(({ name }) => name === collector)
  if (collector !== undefined && !known) throw new Error(`${plan.lab} has no collector ${collector}`)
  if (table !== undefined && !known?.tables.some(({ name }) => name === table))
    throw new Error(`collector ${collector} of ${plan.lab} has no table ${table}`)
  const listing = prepare({ witness, filter: filterOf(definition), group: [key] })
  if (listing.needsRoutes) await records.routes(patience)
  const rows = await records.ask<Readonly<Record<string, string | bigint | number | null>>>(
    listing.page(mostSeries, 0),
    patience,
  )
  const amount = units[unit].of
  return {
    at,
    totals: Object.fromEntries(
      rows.map((row) => [
        String(row[key] ?? '?') || (keyOf(key).kind === 'text' ? '(none)' : '?'),
        amount({
          records: Number(row['records']),
          packets: Number(row['packets']),
          bytes: Number(row['bytes']),
        }),
      ]),
    ),
  }
}
