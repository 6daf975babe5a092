// `flowlab deploy LAB`: brings a lab up and leaves it there.

import type { Command } from 'commander'
import { backendOption } from './backend.ts'
import type { Wishes } from './session.ts'
import { type Assignments, setOption, settingsOf } from './set.ts'
import { uiOption, withPage } from './ui.ts'

export function declare(program: Command): void {
  program
    .command('deploy')
    .alias('up')
    .description('build the lab and leave it running')
    .argument('<lab>', 'lab file')
    .option('--dir <directory>', 'run directory (default: runs/LAB/TIME)')
    .addOption(backendOption())
    .addOption(uiOption())
    .addOption(setOption())
    .action(
      withPage(async (file: string, options: Wishes & { set?: Assignments; ui?: boolean }) => {
        const [{ bringUp }, { load }, { warn }] = await Promise.all([
          import('./session.ts'),
          import('../topology/load.ts'),
          import('./warnings.ts'),
        ])
        const parsed = await load(file, settingsOf(options))
        warn([parsed])
        const { lab, plan, directory, progress, release } = await bringUp(parsed, options)
        await directory.write('timing', progress.timing)
        await lab.keep()
        release()
        process.stdout.write(
          [
            `${plan.lab} is up: ${plan.nodes.length} nodes, ${plan.links.length} links`,
            '  flowlab inspect               what stands where, and how it is',
            '  flowlab exec NODE -- COMMAND  a command on a node',
            "  flowlab traffic               the lab file's traffic",
            '  flowlab verify                close the books and judge',
            '  flowlab destroy               take it down',
            '',
          ].join('\n'),
        )
      }),
    )
}
