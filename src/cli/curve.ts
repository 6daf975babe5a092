// `flowlab curve`: a run's traffic over time, as each witness has it.

import { type Command, Option } from 'commander'

export function declare(program: Command): void {
  program
    .command('curve')
    .description('the traffic of a run second by second: on the wire, in the records, at the collector')
    .argument('<run>', 'run directory')
    .addOption(
      new Option('--format <format>', 'of the curve').choices(['text', 'csv', 'json']).default('csv'),
    )
    .action(async (named: string, { format }: { format: 'text' | 'csv' | 'json' }) => {
      const [{ foundDirectory }, { reachVerdict }, { curveCsv, timeText }] = await Promise.all([
        import('./labs.ts'),
        import('./verdict.ts'),
        import('../report/time.ts'),
      ])
      const { time } = await reachVerdict(await foundDirectory(named))
      if (format === 'json') process.stdout.write(`${JSON.stringify(time, null, 2)}\n`)
      else process.stdout.write(format === 'csv' ? curveCsv(time) : timeText(time, true))
    })
}
