// The verdict of a run: the one that stands in its directory, else one that is reached now, and kept in memory only.

import { stat } from 'node:fs/promises'
import { readEvidence } from '../../run/evidence.ts'
import { type Verdict, verdictSchema } from '../../verify/verdict.ts'
import { judge } from '../../verify/verify.ts'
import { value } from '../files.ts'
import { Refusal } from '../refusal.ts'
import { quoted } from './command.ts'
import type { Run } from '../runs.ts'

const kept = new Map<string, { readonly of: string; readonly verdict: Promise<Verdict> }>()
const most = 20

/** Throws Refusal where there is no verdict yet. */
export async function verdictOf(run: Run): Promise<Verdict> {
  const of = (
    await Promise.all(
      ['verdict.json', 'collected.json'].map((name) =>
        stat(run.directory.file(name)).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        ),
      ),
    )
  ).join(' ')
  const known = kept.get(run.id)
  if (known?.of === of) return known.verdict
  const verdict = reached(run)
  kept.set(run.id, { of, verdict })
  verdict.catch(() => kept.delete(run.id))
  for (const id of kept.keys()) if (kept.size > most) kept.delete(id)
  return verdict
}

async function reached(run: Run): Promise<Verdict> {
  const written = verdictSchema.safeParse(await value(run.directory, 'verdict'))
  if (written.success) return written.data
  const evidence = await readEvidence(run.directory).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new Refusal(409, {
      error: run.living ? 'there is no verdict yet' : 'the run was cut short and has no verdict',
      remedy: run.living ? `flowlab verify ${quoted(run.directory.path)}` : 'run the lab again',
    })
  })
  return verdictSchema.parse(await judge(evidence).finally(() => evidence.store.close()))
}
