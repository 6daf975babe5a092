// `flowlab destroy`: takes labs down. Their run directories stay.

import type { Command } from 'commander'

export function declare(program: Command): void {
  program
    .command('destroy')
    .alias('down')
    .description('take a lab down; its run directory stays')
    .argument('[lab]', 'name or run directory, where several are alive')
    .option('--all', 'every lab of this user')
    .action(async (named: string | undefined, { all }: { all?: boolean }) => {
      const { livingLab, livingLabs } = await import('./labs.ts')
      const meant = all ? (await livingLabs()).map(({ directory }) => directory.path) : [named]
      for (const each of meant) {
        const { lab, plan, directory } = await livingLab(each)
        await lab.destroy()
        process.stdout.write(`${plan.lab} is down; what it has seen is in ${directory.path}\n`)
      }
    })
}
