// `flowlab inspect`: what stands where in a running lab, and how it is.

import { type Command, Option } from 'commander'

export function declare(program: Command): void {
  program
    .command('inspect')
    .description('nodes, addresses, sessions, probes and collectors of a running lab, and their state')
    .argument('[lab]', 'name or run directory, where several are alive')
    .option('--all', 'only list the labs that are alive')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .action(async (named: string | undefined, options: { all?: boolean; format: 'text' | 'json' }) => {
      const [{ allLabs, livingLab }, report] = await Promise.all([
        import('./labs.ts'),
        import('../report/inspection.ts'),
      ])
      const print = (value: unknown, text: string): void =>
        void process.stdout.write(options.format === 'json' ? `${JSON.stringify(value, null, 2)}\n` : text)
      if (options.all) {
        const labs = (await allLabs()).map(({ name, plan, directory, backend }) => ({
          lab: name,
          backend,
          ...(plan ? { nodes: plan.nodes.length } : {}),
          directory: directory.path,
        }))
        print(labs, report.labList(labs))
        return
      }
      const { lab, plan, directory } = await livingLab(named)
      const { inspect } = await import('../run/inspect.ts')
      const inspection = await inspect(lab, plan, directory)
      print(inspection, report.inspectionText(inspection))
    })
}
