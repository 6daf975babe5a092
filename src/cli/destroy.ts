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
      const { allLabs, destroyLab, livingLab } = await import('./labs.ts')
      const alive = await allLabs()
      // A lab whose run directory is lost is nobody's to look into, but still to be taken down.
      const lost = alive.filter(
        ({ name, plan, directory }) => !plan && named !== undefined && [name, directory.path].includes(named),
      )
      const meant = all ? alive : lost.length > 0 ? lost : [await livingLab(named)]
      for (const each of meant) {
        await destroyLab(each)
        process.stdout.write(
          each.plan
            ? `${each.name} is down; what it has seen is in ${each.directory.path}\n`
            : `${each.name} is down; its run directory was lost already\n`,
        )
      }
    })
}
