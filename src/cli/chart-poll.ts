// How numbers come into charts: the collector, or another witness, is asked, and what has grown since it was asked before is put in.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Definition, filterOf, stepOf, units } from '../chart/definition.ts'
import { rates, type Reading, unknown } from '../chart/counting.ts'
import { keepReading, lastReading, update } from '../chart/rrd.ts'
import { keyOf } from '../query/columns.ts'
import { prepare } from '../query/records.ts'
import { takeSnapshot } from '../run/snapshot.ts'
import { charting, numbersOf, type Place, withCharts } from './chart-place.ts'
import { livingLab } from './labs.ts'

/**
 * One step after the other, of those charts whose step, in s, is due; definitions are read each time, so that a change is followed.
 * What does not answer is told once.
 */
export function pollerOf(names: readonly string[], place: Partial<Place>) {
  const told = new Map<string, string>()
  const tell = (name: string, what: string): void => {
    if (told.get(name) !== what) process.stderr.write(`${name}: ${what}\n`)
    told.set(name, what)
  }
  return {
    async poll(isDue: (step: number) => boolean): Promise<void> {
      const definitions = await withCharts(place, async ({ find, list }) =>
        names.length === 0 ? list() : Promise.all(names.map(find)),
      )
      for (const definition of definitions.filter((each) => isDue(stepOf(each)))) {
        const directory = await numbersOf(place, definition)
        const asked = Date.now()
        const former = await lastReading(directory)
        const reading = await read(definition).catch((error: unknown) => {
          tell(definition.name, `no answer: ${(error as Error).message.split('\n')[0]}`)
          return undefined
        })
        const found = reading ? rates(former, reading, stepOf(definition)) : unknown
        const at = reading?.at ?? Date.now()
        await charting(() => update(directory, definition, { from: former?.at ?? asked, at }, found))
        await keepReading(directory, reading)
        if (reading) tell(definition.name, `${Object.keys(reading.totals).length} series`)
      }
    },
  }
}

/** What there is for a question's answer, in ms. */
const patience = { ms: 30_000 }
/** Series of one answer, the largest first. */
const mostSeries = 1_000

async function read(definition: Definition): Promise<Reading> {
  const { lab, plan, directory } = await livingLab(definition.lab)
  const { collector, witness, key, unit } = definition
  if (collector !== undefined && !plan.collectors.some(({ name }) => name === collector))
    throw new Error(`${plan.lab} has no collector ${collector}`)
  const folder = await mkdtemp(join(tmpdir(), 'flowlab-'))
  try {
    const at = Date.now()
    const archive = await takeSnapshot(lab, plan, directory, {
      sources: new Set([witness]),
      ...(collector === undefined ? {} : { collectors: new Set([collector]) }),
      folder,
    })
    try {
      const listing = prepare({ witness, filter: filterOf(definition), group: [key] })
      const rows = await archive.ask<Readonly<Record<string, string | bigint | number | null>>>(
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
    } finally {
      archive.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
