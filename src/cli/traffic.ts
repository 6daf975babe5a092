// `flowlab traffic`: sends the lab file's traffic through a lab that is up, and lets its events happen.

import type { Command } from 'commander'

export function declare(program: Command): void {
  program
    .command('traffic')
    .description("send the lab file's traffic through a running lab, with its events")
    .option('--lab <lab>', 'name or run directory, where several are alive')
    .action(async (options: { lab?: string }) => {
      const [{ livingLab }, { progress }, { traffic }] = await Promise.all([
        import('./labs.ts'),
        import('./progress.ts'),
        import('../run/conduct.ts'),
      ])
      await traffic({ ...(await livingLab(options.lab)), step: progress().step })
    })
}
