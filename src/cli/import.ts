// `flowlab import FILE.clab.yml`: a containerlab topology as a lab file.

import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import type { Command } from 'commander'

export function declare(program: Command): void {
  program
    .command('import')
    .description('turn a containerlab topology into a lab file')
    .argument('<file>', 'topology file of containerlab, such as lab.clab.yml')
    .option('-o, --output <file>', 'lab file to write (default: standard output)')
    .addHelpText(
      'after',
      '\nWhat is not carried over is named on standard error, with its place. docs/containerlab.md says what is.',
    )
    .action(async (file: string, { output }: { output?: string }) => {
      const [{ importContainerlab }, { readText }, { formatProblem }, { parse }] = await Promise.all([
        import('../import/containerlab/translate.ts'),
        import('../topology/load.ts'),
        import('../topology/problem.ts'),
        import('../topology/parse.ts'),
      ])
      const from = dirname(file)
      const { text, remarks } = importContainerlab(await readText(file), file, {
        env: process.env,
        exists: (path) => existsSync(resolve(from, path)),
        place: (path) =>
          output === undefined
            ? resolve(from, path)
            : relative(dirname(resolve(output)), resolve(from, path)),
      })
      for (const remark of remarks) process.stderr.write(`${formatProblem(remark)}\n`)
      parse(text, output ?? 'the lab file made of it')
      if (output === undefined) process.stdout.write(text)
      else await writeFile(output, text)
    })
}
