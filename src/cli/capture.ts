// `flowlab capture NODE:IF`: packets as a pcap stream on standard output, for tcpdump, tshark or Wireshark to read.

import type { Command } from 'commander'

export function declare(program: Command): void {
  program
    .command('capture')
    .description('write packets of an interface as pcap: `flowlab capture r2:eth0 | tcpdump -r -`')
    .argument('<interface>', 'node:interface')
    .argument('[filter...]', 'pcap filter')
    .option('--lab <lab>', 'name or run directory, where several are alive')
    .option('-c, --count <packets>', 'end after so many packets')
    .action(async (place: string, filter: string[], options: { lab?: string; count?: string }) => {
      const [{ livingLab, nodeOf }, { InputError }] = await Promise.all([
        import('./labs.ts'),
        import('./exit.ts'),
      ])
      const living = await livingLab(options.lab)
      const [name = '', interfaceName] = place.split(':')
      const node = living.plan.nodes.find((each) => each.name === nodeOf(living, name))
      const names = node?.interfaces.map((each) => each.name) ?? []
      if (interfaceName === undefined || !['lo', ...names].includes(interfaceName))
        throw new InputError(
          `${name} has no interface "${interfaceName ?? ''}"`,
          `its interfaces: ${names.map((each) => `${name}:${each}`).join(', ')}`,
        )
      if (process.stdout.isTTY)
        throw new InputError(
          'packets are not for a terminal',
          `flowlab capture ${place} | tcpdump -n -r -   or   flowlab capture ${place} > FILE.pcap`,
        )
      const count = options.count === undefined ? [] : ['-c', options.count]
      const tcpdump = [
        'tcpdump',
        '-i',
        interfaceName,
        '-U',
        '-Z',
        'root',
        '--immediate-mode',
        '-w',
        '-',
        ...count,
      ]
      const child = living.lab.spawn(name, [...tcpdump, ...filter], ['ignore', 'inherit', 'inherit'])
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
      process.exitCode = await new Promise<number>((resolve, reject) => {
        child.once('error', reject)
        child.once('close', (code) => resolve(code ?? 0))
      })
    })
}
