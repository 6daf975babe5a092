// `flowlab matrix DIRECTORY`: every combination that the lab files of a directory stand for, and the interoperability report on what
// their exporters and collectors get right. matrix-kept.ts has the runs made and read; the report is report/interop's.

import { writeFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { jobsOption } from './jobs.ts'

interface Options {
  readonly dir?: string
  readonly jobs: number
  readonly output?: string
  readonly format: 'text' | 'markdown' | 'json'
}

export function declare(program: Command): void {
  program
    .command('matrix')
    .description(
      'run every combination of a directory of lab files; say what each exporter and collector gets right',
    )
    .argument('<directory>', 'of lab files with a matrix; or of such runs, to report on them again')
    .option('--dir <directory>', 'directory for the runs (default: runs/NAME/TIME)')
    .option('--output <file>', 'write the report there as Markdown, too')
    .addOption(jobsOption())
    .addOption(
      new Option('--format <format>', 'of the report').choices(['text', 'markdown', 'json']).default('text'),
    )
    .addHelpText(
      'after',
      [
        '\nCombinations that no lab can be made of are left out, and the report says why.',
        'Exits with 0 when all runs came to a verdict, whatever it is.',
      ].join('\n'),
    )
    .action(async (directory: string, options: Options) => {
      const [{ matrixOf }, { interopMarkdown, interopReport, interopText }] = await Promise.all([
        import('./matrix-kept.ts'),
        import('../report/interop/document.ts'),
      ])
      const { base, matrix } = await matrixOf(directory, options)
      const report = interopReport(matrix)
      const markdown = interopMarkdown(report)
      if (options.output !== undefined) await writeFile(options.output, markdown)
      const texts = {
        text: () => `${interopText(report)}  ${base}\n`,
        markdown: () => markdown,
        json: () => `${JSON.stringify(report, null, 2)}\n`,
      }
      process.stdout.write(texts[options.format]())
      if (matrix.runs.some(({ judged }) => !judged)) process.exitCode = 1
    })
}
