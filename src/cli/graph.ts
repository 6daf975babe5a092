// `flowlab graph LAB`: the picture of a lab, from its file alone.

import { type Command, Option } from 'commander'
import type { Detail } from '../report/graph/ends.ts'
import { type Assignments, setOption, settingsOf } from './set.ts'

const formats = ['svg', 'dot', 'mermaid'] as const
const details: readonly Detail[] = ['none', 'interfaces', 'addresses']

export function declare(program: Command): void {
  program
    .command('graph')
    .description('draw a lab: ASes, nodes, links with addresses, probes and collectors')
    .argument('<lab>', 'lab file')
    .addOption(new Option('--format <format>', 'of the picture').choices(formats).default('svg'))
    .addOption(
      new Option('--labels <labels>', "at the links' ends; addresses: of the interfaces too")
        .choices(details)
        .default('interfaces'),
    )
    .addOption(setOption())
    .action(
      async (
        file: string,
        {
          format,
          labels,
          ...options
        }: { format: (typeof formats)[number]; labels: Detail; set?: Assignments },
      ) => {
        const [{ load }, { compile }, { mapOf }] = await Promise.all([
          import('../topology/load.ts'),
          import('../plan/compile.ts'),
          import('../server/answers/map.ts'),
        ])
        const plan = compile((await load(file, settingsOf(options))).topology)
        const map = mapOf(plan)
        if (format === 'svg')
          process.stdout.write((await import('../report/graph/svg.ts')).svg(map, plan, labels))
        else {
          const { dot, mermaid } = await import('../report/graph/text.ts')
          process.stdout.write((format === 'dot' ? dot : mermaid)(map, plan, labels))
        }
      },
    )
}
