// `flowlab chart poll`, `render` and `csv`: how numbers come into a chart, and how they are looked at.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Definition } from '../chart/definition.ts'
import { charting, chartVerb, type Place, placeOf, withCharts } from './chart-place.ts'
import type { Poller } from '../poller/poller.ts'

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

/** RRDtool takes `-2m` for months and `-10m` for minutes; here m is minutes, as in steps, and months are `mon`. */
const time = (text: string): string => text.replaceAll(/(\d\s*)m(?![a-z])/gi, '$1min')

const spanned = (command: Command): Command =>
  command
    .argument('<name>')
    .option(
      '--from <time>',
      'as rrdfetch(1) has it: -1h, -10m (minutes), "noon yesterday", seconds since 1970',
      time,
      '-1h',
    )
    .option('--to <time>', 'likewise', time, 'now')

export function declareNumbers(chart: Command): void {
  chartVerb(chart, 'poll')
    .description('ask the collectors, each chart at its step, until it is interrupted')
    .argument('[names...]', 'charts (default: all)')
    .option('--once', 'ask once, as from cron')
    .action(async (names: string[], options: Partial<Place> & { once?: boolean }) => {
      const [{ createPoller }, { livingLab }] = await Promise.all([
        import('../poller/poller.ts'),
        import('./labs.ts'),
      ])
      const told = new Map<string, string>()
      const { data } = placeOf(options)
      const poller = createPoller({
        lab: livingLab,
        numbersOf: (directory) => join(data, 'charts', directory),
        // What does not answer is told once.
        tell(name, what) {
          if (told.get(name) !== what) process.stderr.write(`${name}: ${what}\n`)
          told.set(name, what)
        },
      })
      /** Definitions are read each time, so that a change is followed. */
      const chosen = (): Promise<Definition[]> =>
        withCharts(options, async ({ find, list }) =>
          names.length === 0 ? list() : Promise.all(names.map(find)),
        )
      try {
        if (options.once) await charting(async () => poller.poll(await chosen()))
        else await charting(() => pollOn(poller, chosen))
      } finally {
        await poller.close()
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
        const picture = await charting(async () =>
          render(await numbersOf(place, definition), definition, { format, from, to, ...plot }),
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
        csv(
          await charting(async () => numbers(await numbersOf(place, definition), definition, { from, to })),
        ),
      )
    })
}

/** Each at its step, until it is interrupted. */
async function pollOn(poller: Poller, chosen: () => Promise<Definition[]>): Promise<void> {
  const { stepOf } = await import('../chart/definition.ts')
  const ending = new AbortController()
  let failed: unknown
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ending.abort())
  const running = new Set<Promise<void>>()
  for (let second = 0; !ending.signal.aborted; ) {
    const now = Math.floor(Date.now() / 1000)
    // Steps begin at multiples of themselves; one that was slept through is left out.
    const passed = (step: number): boolean =>
      second === 0 || Math.floor(now / step) > Math.floor(second / step)
    const due = (await chosen()).filter((definition) => passed(stepOf(definition)))
    const polled: Promise<void> = poller
      .poll(due)
      .catch((error: unknown) => {
        failed = error
        ending.abort()
      })
      .finally(() => running.delete(polled))
    running.add(polled)
    second = now
    await sleep(1_000 - (Date.now() % 1_000), undefined, { signal: ending.signal }).catch(() => {})
  }
  await Promise.all(running)
  if (failed !== undefined) throw failed
}

async function numbersOf(place: Partial<Place>, definition: Definition): Promise<string> {
  const { directoryOf } = await import('../chart/definition.ts')
  return join(placeOf(place).data, 'charts', directoryOf(definition))
}
