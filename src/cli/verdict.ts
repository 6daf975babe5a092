// From a run directory to a verdict: reached, kept in the directory, and printed.

import { readEvidence } from '../run/evidence.ts'
import type { RunDirectory } from '../run/directory.ts'
import { judge } from '../verify/verify.ts'
import type { Verdict } from '../verify/verdict.ts'
import { InputError } from './exit.ts'
import type { Format } from './format.ts'
import type { Progress } from './progress.ts'

export async function reachVerdict(directory: RunDirectory, progress?: Progress): Promise<Verdict> {
  // Of a lab that was deployed before, the former steps' times stay.
  const former = progress ? await directory.read<unknown[]>('timing').catch(() => []) : []
  if (progress) await directory.write('timing', [...former, ...progress.timing])
  // A verdict that is reached again, from a directory that may be somebody else's, need not be kept, nor its records.
  const records = progress ? { records: directory.file('records.duckdb') } : {}
  const evidence = await readEvidence(directory, records).catch((error: unknown) =>
    unfinished(error, directory),
  )
  const verdict = await judge(evidence).finally(() => evidence.store.close())
  if (progress) await directory.write('verdict', verdict)
  return verdict
}

/** A run that was cut short has no verdict, and says so. */
function unfinished(error: unknown, { path }: RunDirectory): never {
  const { code, message } = error as NodeJS.ErrnoException
  if (code !== 'ENOENT') throw error
  throw new InputError(`the run of ${path} was cut short: ${message}`, 'run the lab again')
}

/** Those that are made of the verdict alone. */
const documents: Readonly<Record<Exclude<Format, 'text'>, (verdict: Verdict) => Promise<string>>> = {
  json: async (verdict) => `${JSON.stringify(verdict, null, 2)}\n`,
  markdown: async (verdict) => (await import('../report/markdown.ts')).markdownReport(verdict),
  junit: async (verdict) => (await import('../report/junit.ts')).junitReport(verdict),
}

/** On standard output: one document and nothing else, or the report. */
export async function printVerdict(verdict: Verdict, directory: RunDirectory, format: Format): Promise<void> {
  if (format !== 'text') {
    process.stdout.write(await documents[format](verdict))
    return
  }
  const { textReport } = await import('../report/text.ts')
  const [plan, collected, routes, remarks] = await Promise.all([
    directory.read<Parameters<typeof textReport>[1]['plan']>('plan'),
    directory.read<Parameters<typeof textReport>[1]['collected']>('collected'),
    directory.read<Parameters<typeof textReport>[1]['routes']>('routes'),
    directory.read<Parameters<typeof textReport>[1]['remarks']>('logs'),
  ])
  process.stdout.write(textReport(verdict, { plan, collected, routes, remarks }))
}
