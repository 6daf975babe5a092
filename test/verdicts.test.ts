// Evidence of real runs, kept: from disk alone the same verdict is reached, to the letter. `-u` writes the verdicts anew.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runDirectory } from '../src/run/directory.ts'
import { readEvidence } from '../src/run/evidence.ts'
import { verdictSchema } from '../src/verify/verdict.ts'
import { judge } from '../src/verify/verify.ts'

const runs = join(import.meta.dirname, 'runs')
const names = readdirSync(runs, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
)

test.each(names)('%s', async (name) => {
  const evidence = await readEvidence(runDirectory(join(runs, name)))
  const judged = await judge({ ...evidence, directory: name }).finally(() => evidence.store.close())
  const verdict = verdictSchema.parse(judged)
  // A run is called by what it must be found to be.
  const isGreen = name.startsWith('green')
  expect(verdict.findings.map(({ cause }) => cause)).toEqual(isGreen ? [] : [name])
  expect(verdict.pass).toBe(isGreen)
  await expect(`${JSON.stringify(verdict, null, 2)}\n`).toMatchFileSnapshot(
    join(runs, `${name}.verdict.json`),
  )
})
