// `flowlab report RUN`: a run as a document: the verdict in any of its forms, as a page, or its books as CSV.

import { type Command, Option } from 'commander'
import type { Plan } from '../plan/plan.ts'
import type { RunDirectory } from '../run/directory.ts'
import { type Format, formats } from './format.ts'

const all = [...formats, 'html', 'csv'] as const

export function declare(program: Command): void {
  program
    .command('report')
    .description('print a run: its verdict, as a page with curves, or its books as CSV')
    .argument('<run>', 'run directory')
    .addOption(
      new Option('--format <format>', 'html is one file without scripts; csv has the books')
        .choices(all)
        .default('text'),
    )
    .action(async (named: string, { format }: { format: Format | 'html' | 'csv' }) => {
      const [{ foundDirectory }, { printVerdict, reachVerdict }] = await Promise.all([
        import('./labs.ts'),
        import('./verdict.ts'),
      ])
      const directory = await foundDirectory(named)
      const verdict = await reachVerdict(directory)
      if (format === 'html')
        process.stdout.write(
          (await import('../report/html.ts')).htmlReport(verdict, await pictureOf(directory)),
        )
      else if (format === 'csv') process.stdout.write((await import('../report/books.ts')).booksCsv(verdict))
      else await printVerdict(verdict, directory, format)
    })
}

/** The lab as it was built, to stand in the page. */
async function pictureOf(directory: RunDirectory): Promise<string> {
  const [{ mapOf }, { svg }] = await Promise.all([
    import('../server/answers/map.ts'),
    import('../report/graph/svg.ts'),
  ])
  const plan = await directory.read<Plan>('plan')
  return svg(mapOf(plan), plan, 'interfaces', true)
}
