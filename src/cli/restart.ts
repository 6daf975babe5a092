// `flowlab restart NODE`: a node of a running lab off and on again.

import type { Command } from 'commander'

export function declare(program: Command): void {
  program
    .command('restart')
    .description('restart a node of a running lab, and wait until its sessions are up again')
    .argument('<node>', 'node of the lab')
    .option('--lab <lab>', 'name or run directory, where several are alive')
    .addHelpText(
      'after',
      '\nEvery process on it is killed; it comes back with its interfaces, addresses, routes and processes.' +
        '\nThe timeline notes it, and the verdict books to it what it cost.',
    )
    .action(async (name: string, options: { lab?: string }) => {
      const [{ livingLab, nodeOf }, { progress }, { exclusively }, { restartAsEvent }] = await Promise.all([
        import('./labs.ts'),
        import('./progress.ts'),
        import('../run/lock.ts'),
        import('../run/restart.ts'),
      ])
      const living = await livingLab(options.lab)
      const node = nodeOf(living, name)
      const { step } = progress()
      await exclusively(living.directory, 'restart', () => restartAsEvent(living, node, step))
    })
}
