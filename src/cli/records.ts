// `flowlab records RUN`: a run's flow records as a table, filtered, added up and sorted; what the page's table shows, in the terminal.

import { type Command, InvalidArgumentError, Option } from 'commander'
import { witnesses } from '../query/columns.ts'

const formats = ['text', 'csv', 'json', 'parquet'] as const

interface Options {
  readonly witness: (typeof witnesses)[number]
  readonly filter?: string
  readonly group?: string
  readonly sort?: string
  readonly from?: number
  readonly to?: number
  readonly limit: number
  readonly offset: number
  readonly format: (typeof formats)[number]
}

const whole = (text: string): number => {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It is a whole number.')
  return Number(text)
}

export function declare(program: Command): void {
  program
    .command('records')
    .description('flow records of a run: filtered, added up by keys, sorted')
    .argument('<run>', 'run directory')
    .addOption(new Option('--witness <witness>', 'whose records').choices(witnesses).default('exported'))
    .option('--filter <words>', 'such as "src 192.0.2.0/24 and proto udp and bytes > 1000"')
    .option('--group <keys>', 'add up by these, with commas between: source,protocol')
    .option('--sort <column>', 'with - before it the largest first: --sort=-bytes')
    .option('--from <ms>', 'what overlaps the time from here on, in milliseconds since 1970', whole)
    .option('--to <ms>', 'and until here', whole)
    .option('--limit <rows>', 'so many rows, of text and json', whole, 100)
    .option('--offset <rows>', 'leave out so many before them', whole, 0)
    .addOption(
      new Option('--format <format>', 'csv and parquet have all rows').choices(formats).default('text'),
    )
    .addHelpText('after', helpText)
    .action(async (named: string, { format, limit, offset, group, ...asked }: Options) => {
      const [{ foundDirectory }, { withArchive }, { prepare }] = await Promise.all([
        import('./labs.ts'),
        import('./archive.ts'),
        import('../query/records.ts'),
      ])
      const directory = await foundDirectory(named)
      await withArchive(directory, asked.witness === 'collected', async (archive, patience) => {
        const listing = prepare({ ...asked, group: group?.split(',').filter(Boolean) })
        if (listing.needsRoutes) await archive.routes(patience)
        if (format === 'csv' || format === 'parquet') {
          const { pipeFile } = await import('./archive.ts')
          await pipeFile(await archive.write(listing.whole, format, patience))
          return
        }
        const rows = await archive.ask(listing.page(limit, offset), patience)
        if (format === 'json') {
          process.stdout.write(
            `${JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value), 2)}\n`,
          )
          return
        }
        const { listingText } = await import('../report/listing.ts')
        process.stdout.write(listingText(listing.columns, rows))
      })
    })
}

const helpText = (): string =>
  '\nThe wire is what the kernel counted; exported and arrived are flow records at both ends of their way; collected is the\ncollector’s table. The words of filters and the keys are in docs/records.md.'
