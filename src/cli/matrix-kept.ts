// What a directory of runs keeps of its matrix: made of a directory of lab files, or read again. The runs themselves are
// matrix-runs.ts's.

import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { release } from 'node:os'
import { basename, join, relative } from 'node:path'
import { examine } from '../machine/examine.ts'
import type { Plan } from '../plan/plan.ts'
import type { InteropMatrix, InteropRun, Skipped } from '../report/interop/document.ts'
import { createRunDirectory, runDirectory } from '../run/directory.ts'
import type { Combination } from '../topology/composition/matrix.ts'
import { titleOf } from '../topology/composition/matrix.ts'
import { loadPossible } from '../topology/load.ts'
import type { Impossible } from '../topology/parse.ts'
import type { Verdict } from '../verify/verdict.ts'
import { InputError } from './exit.ts'
import { runAll, type Task, tasksOf } from './matrix-runs.ts'

interface Wanted {
  /** Where the runs go, unless the place is made up. */
  readonly dir?: string
  readonly jobs: number
}

/** Verdicts and plans are read from the runs'. */
type Kept = Omit<InteropMatrix, 'runs'> & { readonly runs: readonly Omit<InteropRun, 'judged'>[] }

const keptIn = 'interop.json'

/** Of a directory of lab files, which are run, or of such runs; and where the runs lie. */
export async function matrixOf(
  directory: string,
  wanted: Wanted,
): Promise<{ readonly base: string; readonly matrix: InteropMatrix }> {
  const runs = await isThere(join(directory, keptIn))
  const base = runs ? directory : await runDirectoryOf(directory, wanted)
  return { base, matrix: await readMatrix(base) }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** Runs all that the directory's files stand for; gives where the runs lie. */
async function runDirectoryOf(directory: string, options: Wanted): Promise<string> {
  const names = await readdir(directory).catch((error: Error) => {
    throw new InputError(`${directory}: ${error.message}`, 'name a directory of lab files')
  })
  const files = []
  for (const name of names.filter((each) => /\.ya?ml$/.test(each)).toSorted()) {
    const file = join(directory, name)
    const { labs, impossible } = await loadPossible(file)
    if (Object.keys(labs[0]?.combination ?? {}).length > 0) files.push({ file, labs, impossible })
  }
  if (files.length === 0)
    throw new InputError(`${directory} has no lab file with a matrix`, 'write matrix: in one of them')
  const name = basename(directory)
  const base = await createRunDirectory(name, options.dir)
  const count = files.reduce((sum, { labs }) => sum + labs.length, 0)
  process.stderr.write(`${name}: ${count} runs in ${base.path}\n`)
  const tasks: (Task & { readonly file: string })[] = []
  for (const { file, labs } of files) {
    const stem = basename(file).replace(/\.ya?ml$/, '')
    const own = await createRunDirectory(name, base.file(stem))
    tasks.push(...tasksOf(labs, own.path, `${stem}: `).map((task) => ({ ...task, file })))
  }
  const made = await runAll(tasks, options)
  const runs = made.map(
    ({ combination, directory: place, failure }, index): Omit<InteropRun, 'judged'> => ({
      command: commandOf(tasks[index]?.file ?? '', combination),
      directory: place === undefined ? '' : relative(base.path, place),
      ...(failure === undefined ? {} : { failure }),
    }),
  )
  const kept: Kept = {
    title: 'Interoperability',
    command: `flowlab matrix ${directory}${options.jobs > 1 ? ` --jobs ${options.jobs}` : ''}`,
    made: new Date().toISOString().slice(0, 10),
    versions: await versionsOf(
      files
        .flatMap(({ labs }) => labs)
        .flatMap(({ topology }) => [...topology.probes, ...topology.collectors].map(({ kind }) => kind)),
    ),
    skipped: files.flatMap(({ file, impossible }) => skippedOf(basename(file), impossible)),
    runs,
  }
  await writeFile(base.file(keptIn), `${JSON.stringify(kept, null, 2)}\n`)
  return base.path
}

async function readMatrix(base: string): Promise<InteropMatrix> {
  const kept = JSON.parse(await readFile(join(base, keptIn), 'utf8')) as Kept
  const runs = await Promise.all(
    kept.runs.map(async (run): Promise<InteropRun> => {
      if (run.directory === '' || run.failure !== undefined) return run
      const own = runDirectory(join(base, run.directory))
      return {
        ...run,
        judged: { verdict: await own.read<Verdict>('verdict'), plan: await own.read<Plan>('plan') },
      }
    }),
  )
  return { ...kept, runs }
}

const commandOf = (file: string, combination: Combination): string =>
  ['flowlab run', file, ...Object.entries(combination).map(([name, value]) => `--set ${name}=${value}`)].join(
    ' ',
  )

/** Each with the first of its reasons. */
const skippedOf = (file: string, impossible: readonly Impossible[]): Skipped[] =>
  impossible.map(({ combination, problems: [first] }) => ({
    file,
    combination: titleOf(combination),
    reason: first?.message ?? '',
  }))

async function versionsOf(kinds: readonly string[]): Promise<string[]> {
  const checks = await examine()
  return [
    `Linux ${release().split('-')[0]}`,
    ...[...new Set(kinds)].flatMap((kind) => {
      const found = checks.find(({ what }) => what === kind)?.found.split(' ')[0]
      return found === undefined ? [] : [`${kind} ${found}`]
    }),
  ]
}
