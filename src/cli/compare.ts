// `flowlab compare RUN_A RUN_B`: what got better or worse from one run to another.

import { type Command, Option } from 'commander'
import { exitCodes } from './exit.ts'

export function declare(program: Command): void {
  program
    .command('compare')
    .description('what got better or worse from one run to another, beyond what chance does')
    .argument('<before>', 'run directory')
    .argument('<after>', 'run directory')
    .addOption(new Option('--format <format>', 'of the comparison').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nExits with 1 if anything got worse: a figure beyond noise, a new finding, an expectation that held before.',
    )
    .action(async (before: string, after: string, { format }: { format: 'text' | 'json' }) => {
      const [{ foundDirectory }, { reachVerdict }, { compare }, { comparisonText }] = await Promise.all([
        import('./labs.ts'),
        import('./verdict.ts'),
        import('../compare/compare.ts'),
        import('../report/compare.ts'),
      ])
      const directories = [await foundDirectory(before), await foundDirectory(after)] as const
      const comparison = compare(await reachVerdict(directories[0]), await reachVerdict(directories[1]))
      process.stdout.write(
        format === 'json' ? `${JSON.stringify(comparison, null, 2)}\n` : comparisonText(comparison),
      )
      process.exitCode = comparison.worse ? exitCodes.fail : exitCodes.pass
    })
}
