// `flowlab export FORMAT LAB`: the lab for those who build it without flowlab.

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Argument, type Command } from 'commander'
import type { Plan } from '../plan/plan.ts'
import type { Exported } from '../export/exported.ts'
import { type Assignments, setOption, settingsOf } from './set.ts'

const formats: Readonly<Record<string, (plan: Plan) => Promise<Exported>>> = {
  containerlab: async (plan) => (await import('../export/containers/containerlab.ts')).containerlab(plan),
  compose: async (plan) => (await import('../export/containers/compose.ts')).compose(plan),
  shell: async (plan) => {
    const [{ shell }, { bundles }] = await Promise.all([
      import('../export/shell/script.ts'),
      import('../machine/programs.ts'),
    ])
    return shell(plan, [...new Set(bundles(plan).map((bundle) => bundle.package))])
  },
}

export function declare(program: Command): void {
  program
    .command('export')
    .description('write the lab as a script, or for containerlab or compose, to build it without flowlab')
    .addArgument(new Argument('<format>', 'what to write').choices(Object.keys(formats)))
    .argument('<lab>', 'lab file')
    .option(
      '-o, --output <directory>',
      'where to write it (default: a script to standard output, else LAB-FORMAT)',
    )
    .addOption(setOption())
    .addHelpText('after', '\nWhat is not carried over is named on standard error.')
    .action(
      async (
        format: string,
        file: string,
        { output, ...options }: { output?: string; set?: Assignments },
      ) => {
        const [{ load }, { compile }] = await Promise.all([
          import('../topology/load.ts'),
          import('../plan/compile.ts'),
        ])
        const plan = compile((await load(file, settingsOf(options))).topology)
        const exported = await formats[format]?.(plan)
        if (!exported) return
        for (const what of exported.leftOut) process.stderr.write(`not carried over: ${what}\n`)
        const [only, ...others] = Object.entries(exported.files)
        if (output === undefined && only && others.length === 0) {
          process.stdout.write(only[1])
          return
        }
        const directory = output ?? `${plan.lab}-${format}`
        await write(exported, directory)
        process.stderr.write(`${directory}: ${exported.next}\n`)
      },
    )
}

async function write({ files, executable }: Exported, directory: string): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const place = join(directory, path)
    await mkdir(dirname(place), { recursive: true })
    await writeFile(place, text, { mode: executable.includes(path) ? 0o755 : 0o644 })
  }
}
