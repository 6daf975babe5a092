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
      const say = (lab: string, directory: string): void =>
        void process.stdout.write(`${lab} is down; what it has seen is in ${directory}\n`)
      if (!all) {
        const { lab, plan, directory } = await livingLab(named)
        await lab.destroy()
        say(plan.lab, directory.path)
        return
      }
      for (const each of await allLabs()) {
        await destroyLab(each)
        if (each.plan) say(each.name, each.directory.path)
        else process.stdout.write(`${each.name} is down; its run directory was lost already\n`)
      }
    })
}
