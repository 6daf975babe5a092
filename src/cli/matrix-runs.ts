// The runs of a matrix, one after the other or some at a time. None of them ends the others: what fails is a line of the table.

import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { matrixText, resultOf } from '../report/matrix.ts'
import type { MatrixRun } from '../report/matrix.ts'
import { createRunDirectory } from '../run/directory.ts'
import { titleOf } from '../topology/composition/matrix.ts'
import type { ParsedVariant } from '../topology/parse.ts'
import { exitCodes, explanationOf, InputError } from './exit.ts'
import { runLab } from './lab-run.ts'
import { silence } from './progress.ts'
import type { Wishes } from './session.ts'
import type { Format } from './format.ts'

interface Options extends Wishes {
  readonly keep?: boolean
  readonly jobs: number
  readonly format: Format
}

/** Runs all, prints the table, and gives the worst of their exit codes. */
export async function runMatrix(labs: readonly ParsedVariant[], options: Options): Promise<number> {
  const [first] = labs
  if (options.keep && labs.length > 1)
    throw new InputError(
      `${labs.length} labs cannot all be kept`,
      'choose one combination by --set, or use flowlab deploy',
    )
  if (options.format !== 'text' && options.format !== 'json')
    throw new InputError(
      `--format ${options.format} is for one run, and these are ${labs.length}`,
      `text or json here, and \`flowlab verify RUN --format ${options.format}\` for each`,
    )
  const lab = first?.topology.name ?? ''
  const base = await createRunDirectory(lab, options.dir)
  process.stderr.write(`${lab}: ${labs.length} runs in ${base.path}\n`)
  const runs = await runAll(tasksOf(labs, base.path), options)
  const json = `${JSON.stringify({ lab, directory: base.path, runs }, null, 2)}\n`
  await writeFile(base.file('matrix.json'), json)
  process.stdout.write(options.format === 'json' ? json : matrixText(lab, runs, base.path))
  return Math.max(...runs.map(({ exitCode }) => exitCode))
}

export interface Task {
  readonly lab: ParsedVariant
  readonly directory: string
  /** As it is called while it runs. */
  readonly title: string
}

/** Each in a directory of its own in `base`. */
export function tasksOf(labs: readonly ParsedVariant[], base: string, of = ''): readonly Task[] {
  const names = directoryNames(labs)
  return labs.map((lab, index) => ({
    lab,
    directory: join(base, names[index] ?? ''),
    title: `${of}${titleOf(lab.combination)}`,
  }))
}

/** `jobs` at a time; in the order of the tasks. */
export async function runAll(
  tasks: readonly Task[],
  options: Wishes & { readonly jobs: number },
): Promise<readonly MatrixRun[]> {
  const runs: MatrixRun[] = []
  const queue = [...tasks.entries()]
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, { lab, directory, title }] = next
      const begin = performance.now()
      const run = await runOne(lab, directory, options)
      runs[index] = run
      process.stderr.write(`${lineOf(title, run, performance.now() - begin)}\n`)
    }
  }
  await Promise.all(Array.from({ length: options.jobs }, worker))
  return runs
}

async function runOne(parsed: ParsedVariant, dir: string, options: Wishes): Promise<MatrixRun> {
  const { combination } = parsed
  try {
    const { verdict, directory } = await runLab(parsed, { ...options, dir }, silence())
    return {
      combination,
      directory: directory.path,
      exitCode: verdict.pass ? exitCodes.pass : exitCodes.fail,
      result: resultOf(verdict),
    }
  } catch (error) {
    const { code, text } = explanationOf(error)
    process.stderr.write(`${text}\n`)
    const directory = existsSync(dir) ? { directory: dir } : {}
    return { combination, ...directory, exitCode: code, failure: text.replace(/^flowlab: /, '') }
  }
}

const marks = [styleText('green', '✔'), styleText('red', '✘')]

const lineOf = (title: string, { exitCode }: MatrixRun, ms: number): string =>
  `${marks[exitCode] ?? styleText('yellow', '–')} ${title.padEnd(40)} ${(ms / 1000).toFixed(2).padStart(7)} s`

/** `sampling=10,protocol=ipfix`; with a number before it where two would be called alike. */
function directoryNames(labs: readonly ParsedVariant[]): string[] {
  const plain = labs.map(({ combination }) =>
    titleOf(combination)
      .replaceAll(', ', ',')
      .replaceAll(/[^\w.,=+-]/g, '_')
      .slice(0, 200),
  )
  return new Set(plain).size === plain.length ? plain : plain.map((name, index) => `${index + 1}-${name}`)
}
