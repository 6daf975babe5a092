// `flowlab chart poll`, `render` and `csv`: how numbers come into a chart, and how they are looked at.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Definition, directoryOf, filterOf, stepOf, units } from '../chart/definition.ts'
import { rates, type Reading, unknown } from '../chart/counting.ts'
import { keepReading, lastReading, update } from '../chart/rrd.ts'
import { keyOf } from '../query/columns.ts'
import { prepare } from '../query/records.ts'
import { openLiveRecords } from '../run/live-records.ts'
import { charting, chartVerb, type Place, placeOf, withCharts } from './chart-place.ts'
import { livingLab } from './labs.ts'

const size = (text: string): { width: number; height: number } => {
  const [, width = '', height = ''] = /^(\d{2,4})x(\d{2,4})$/.exec(text) ?? []
  if (Number(width) < 100 || Number(height) < 50)
    throw new InvalidArgumentError('It is WIDTHxHEIGHT in pixels, from 100x50 to 9999x9999.')
  return { width: Number(width), height: Number(height) }
}

interface Looked extends Partial<Place> {
  readonly from: string
  readonly to: string
}

const spanned = (command: Command): Command =>
  command
    .argument('<name>')
    .option('--from <time>', 'as rrdfetch(1) has it: -1h, "yesterday", seconds since 1970', '-1h')
    .option('--to <time>', 'likewise', 'now')

export function declareNumbers(chart: Command): void {
  chartVerb(chart, 'poll')
    .description('ask the collectors, each chart at its step, until it is interrupted')
    .argument('[names...]', 'charts (default: all)')
    .option('--once', 'ask once, as from cron')
    .action(async (names: string[], options: Partial<Place> & { once?: boolean }) => {
      const poller = pollerOf(names, options)
      if (options.once) {
        await poller.poll(() => true)
        return
      }
      const ending = new AbortController()
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
        process.once(signal, () => ending.abort())
      for (let second = 0; !ending.signal.aborted; ) {
        const now = Math.floor(Date.now() / 1000)
        // Steps begin at multiples of themselves; one that was slept through is left out.
        const passed = (step: number): boolean =>
          second === 0 || Math.floor(now / step) > Math.floor(second / step)
        await poller.poll((definition) => passed(stepOf(definition)))
        second = now
        const rest = 1_000 - (Date.now() % 1_000)
        await sleep(rest, undefined, { signal: ending.signal }).catch(() => {})
      }
    })
  spanned(chartVerb(chart, 'render'))
    .description('draw a chart')
    .addOption(new Option('--format <format>', 'of the picture').choices(['png', 'svg']).default('png'))
    .addOption(
      new Option('--size <size>', 'of the plot')
        .argParser(size)
        .default({ width: 640, height: 240 }, '640x240'),
    )
    .option('--output <file>', 'where it goes (default: standard output)')
    .action(
      async (
        name: string,
        {
          size: plot,
          format,
          from,
          to,
          output,
          ...place
        }: Looked & { size: ReturnType<typeof size>; format: 'png' | 'svg'; output?: string },
      ) => {
        const { render } = await import('../chart/draw.ts')
        const definition = await withCharts(place, async ({ find }) => find(name))
        const picture = await charting(() =>
          render(numbersOf(place, definition), definition, { format, from, to, ...plot }),
        )
        if (output === undefined) process.stdout.write(picture)
        else await writeFile(output, picture)
      },
    )
  spanned(chartVerb(chart, 'csv'))
    .description('the numbers of a chart; what is unknown is empty')
    .action(async (name: string, { from, to, ...place }: Looked) => {
      const { numbers, csv } = await import('../chart/draw.ts')
      const definition = await withCharts(place, async ({ find }) => find(name))
      process.stdout.write(
        csv(await charting(() => numbers(numbersOf(place, definition), definition, { from, to }))),
      )
    })
}

const numbersOf = (place: Partial<Place>, definition: Definition): string =>
  join(placeOf(place).data, 'charts', directoryOf(definition))

/** One step after the other; definitions are read each time, so that a change is followed. What does not answer is told once. */
function pollerOf(names: readonly string[], place: Partial<Place>) {
  const told = new Map<string, string>()
  const tell = (name: string, what: string): void => {
    if (told.get(name) !== what) process.stderr.write(`${name}: ${what}\n`)
    told.set(name, what)
  }
  return {
    async poll(isDue: (definition: Definition) => boolean): Promise<void> {
      const definitions = await withCharts(place, async ({ find, list }) =>
        names.length === 0 ? list() : Promise.all(names.map(find)),
      )
      for (const definition of definitions.filter(isDue)) {
        const directory = numbersOf(place, definition)
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
  const at = Date.now()
  const records = await openLiveRecords(lab, plan, directory, {
    sources: new Set([witness]),
    ...(collector === undefined ? {} : { collectors: new Set([collector]) }),
  })
  try {
    const wrong = (await records.refresh()).get(witness)
    if (wrong) throw wrong
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
  } finally {
    await records.close()
  }
}
