// `flowlab run LAB`: deploy, traffic, verify, destroy, for each lab that the file stands for. The verb for CI.

import type { Command } from 'commander'
import { exitCodes } from './exit.ts'
import { backendOption } from './backend.ts'
import { type Format, formatOption } from './format.ts'
import { jobsOption } from './jobs.ts'
import type { Wishes } from './session.ts'
import { uiOption, withPage } from './ui.ts'
import { type Assignments, setOption, settingsOf } from './set.ts'

interface Options extends Wishes {
  readonly keep?: boolean
  readonly ui?: boolean
  readonly set?: Assignments
  readonly jobs: number
  readonly format: Format
}

export function declare(program: Command): void {
  program
    .command('run')
    .description('build the lab, send its traffic, say whether the flow data is true, take it down')
    .argument('<lab>', 'lab file')
    .option('--dir <directory>', 'run directory (default: runs/LAB/TIME)')
    .addOption(backendOption())
    .addOption(setOption())
    .option('--keep', 'leave the lab running')
    .addOption(uiOption())
    .addOption(jobsOption())
    .addOption(formatOption())
    .addHelpText(
      'after',
      [
        '\nExits with 0 if all expectations hold and nothing is found beside them, 1 if not, 2 for a wrong lab file, 3 if the machine cannot.',
        'A lab file with a matrix is run once for each combination; a table tells of all, and the worst exit code is theirs.',
      ].join('\n'),
    )
    .action(
      withPage(async (file: string, options: Options) => {
        const [{ loadVariants }, { warn }] = await Promise.all([
          import('../topology/load.ts'),
          import('./warnings.ts'),
        ])
        const labs = await loadVariants(file, settingsOf(options))
        warn(labs)
        const [only] = labs
        if (only && Object.keys(only.combination).length === 0) {
          const [{ runLab }, { printVerdict }] = await Promise.all([
            import('./lab-run.ts'),
            import('./verdict.ts'),
          ])
          const { verdict, directory } = await runLab(only, options)
          await printVerdict(verdict, directory, options.format)
          process.exitCode = verdict.pass ? exitCodes.pass : exitCodes.fail
        } else {
          const { runMatrix } = await import('./matrix-runs.ts')
          process.exitCode = await runMatrix(labs, options)
        }
      }),
    )
}
