// `flowlab chart poll`, `render` and `csv`: the verbs of a chart's numbers. How they come into it is chart-poll.ts's.

import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { charting, chartVerb, numbersOf, type Place, withCharts } from './chart-place.ts'

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
      const { pollerOf } = await import('./chart-poll.ts')
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
        await poller.poll(passed)
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
