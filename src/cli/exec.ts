// `flowlab exec NODE -- COMMAND`: a command on a node, with this terminal.

import type { Command } from 'commander'

export function declare(program: Command): void {
  program
    .command('exec')
    .description('run a command on a node: `flowlab exec r2 -- vtysh`')
    .argument('<node>', 'node of the lab')
    .argument('[command...]', 'program and arguments (default: a shell)')
    .option('--lab <lab>', 'name or run directory, where several are alive')
    .passThroughOptions()
    .action(async (name: string, command: string[], options: { lab?: string }) => {
      const { livingLab, nodeOf } = await import('./labs.ts')
      const living = await livingLab(options.lab)
      const given = command[0] === '--' ? command.slice(1) : command
      const argv = given.length > 0 ? given : ['bash', '--norc']
      const child = living.lab.spawn(nodeOf(living, name), argv, 'inherit')
      // The terminal sends its signals to the command too; it is the command's to end.
      for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.on(signal, () => {})
      process.exitCode = await new Promise<number>((resolve, reject) => {
        child.once('error', reject)
        child.once('close', (code, signal) => resolve(code ?? (signal ? 128 : 0)))
      })
    })
}
