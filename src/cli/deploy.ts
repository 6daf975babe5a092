// `flowlab deploy LAB`: brings a lab up and leaves it there.

import type { Command } from 'commander'
import { backendOption } from './backend.ts'
import type { Wishes } from './session.ts'

export function declare(program: Command): void {
  program
    .command('deploy')
    .alias('up')
    .description('build the lab and leave it running')
    .argument('<lab>', 'lab file')
    .option('--dir <directory>', 'run directory (default: runs/LAB/TIME)')
    .addOption(backendOption())
    .action(async (file: string, options: Wishes) => {
      const { bringUp } = await import('./session.ts')
      const { lab, plan, directory, progress } = await bringUp(file, options)
      await directory.write('timing', progress.timing)
      await lab.keep()
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
    })
}
