// `flowlab sampling`: which rate to choose, from the traffic of a run.

import { type Command, InvalidArgumentError, Option } from 'commander'

const defaults = [1, 10, 100, 1000]

function rates(text: string): number[] {
  const list = text.split(',').map(Number)
  if (list.some((rate) => !Number.isInteger(rate) || rate < 1 || rate > 16_777_215))
    throw new InvalidArgumentError(
      'expected rates from 1 to 16777215 with commas between them, such as 1,10,100',
    )
  return list
}

export function declare(program: Command): void {
  program
    .command('sampling')
    .description(
      'the error that each sampling rate would give for the traffic of a run, by peer, AS and host',
    )
    .argument('<run>', 'run directory')
    .addOption(
      new Option('--rates <rates>', 'N of 1:N, with commas between them')
        .argParser(rates)
        .default(defaults, defaults.join(',')),
    )
    .addOption(new Option('--format <format>', 'of the table').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nErrors are of bytes, at 95 %, and upper bounds: the wire does not tell the size of each packet.',
    )
    .action(async (named: string, options: { rates: number[]; format: 'text' | 'json' }) => {
      const [{ foundDirectory }, { errorsOf }, { errorsText }] = await Promise.all([
        import('./labs.ts'),
        import('../verify/sampled.ts'),
        import('../report/sampling.ts'),
      ])
      const directory = await foundDirectory(named)
      const [plan, wire, routes] = await Promise.all([
        directory.read<Parameters<typeof errorsOf>[0]['plan']>('plan'),
        directory.read<Parameters<typeof errorsOf>[0]['wire']>('wire'),
        directory.read<Parameters<typeof errorsOf>[0]['routes']>('routes'),
      ])
      const tables = wire.map(({ point }) => ({
        point,
        errors: errorsOf({ plan, wire, routes }, point, options.rates),
      }))
      if (options.format === 'json') process.stdout.write(`${JSON.stringify(tables, null, 2)}\n`)
      else for (const { point, errors } of tables) process.stdout.write(`${point}\n${errorsText(errors)}`)
    })
}
