// `flowlab run LAB`: deploy, traffic, verify, destroy. The verb for CI.

import type { Command } from 'commander'
import { exitCodes } from './exit.ts'
import { backendOption } from './backend.ts'
import type { Wishes } from './session.ts'
import { type Format, formatOption } from './format.ts'

export function declare(program: Command): void {
  program
    .command('run')
    .description('build the lab, send its traffic, say whether the flow data is true, take it down')
    .argument('<lab>', 'lab file')
    .option('--dir <directory>', 'run directory (default: runs/LAB/TIME)')
    .addOption(backendOption())
    .option('--keep', 'leave the lab running')
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExits with 0 if all expectations hold and nothing is found beside them, 1 if not, 2 for a wrong lab file, 3 if the machine cannot.',
    )
    .action(async (file: string, options: Wishes & { keep?: boolean; format: Format }) => {
      const [{ bringUp }, { closeBooks, reopen, traffic }, { printVerdict, reachVerdict }] =
        await Promise.all([import('./session.ts'), import('../run/conduct.ts'), import('./verdict.ts')])
      const session = await bringUp(file, options)
      const { lab, directory, progress } = session
      try {
        await traffic(session)
        await closeBooks(session)
        if (options.keep) await reopen(session)
      } catch (error) {
        await lab.destroy()
        throw error
      }
      if (options.keep) await lab.keep()
      else await progress.step('destroy', () => lab.destroy())
      const verdict = await reachVerdict(directory, progress)
      await printVerdict(verdict, directory, options.format)
      process.exitCode = verdict.pass ? exitCodes.pass : exitCodes.fail
    })
}
