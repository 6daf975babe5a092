// Runs a lab for real, in a run directory of its own: for tests of what the verdict says of a part.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sandbox } from '../../src/backend/sandbox/sandbox.ts'
import { lacking } from '../../src/machine/examine.ts'
import { compile } from '../../src/plan/compile.ts'
import { closeBooks, deploy, traffic } from '../../src/run/conduct.ts'
import { createRunDirectory } from '../../src/run/directory.ts'
import { readEvidence } from '../../src/run/evidence.ts'
import { load } from '../../src/topology/load.ts'
import type { Verdict } from '../../src/verify/verdict.ts'
import { judge } from '../../src/verify/verify.ts'

export const labFile = (name: string): string =>
  fileURLToPath(new URL(`../labs/${name}.yaml`, import.meta.url))

const planOf = async (name: string) => compile((await load(labFile(name))).topology)

/** What the machine lacks for a lab of test/labs, in words; empty where it can run. */
export const reasonToSkip = async (name: string): Promise<string> =>
  (await lacking(await planOf(name))).map(({ what, found }) => `${what}: ${found}`).join('; ')

export async function runLab(name: string): Promise<Verdict> {
  const plan = await planOf(name)
  const base = await mkdtemp(join(tmpdir(), `flowlab-${name}-`))
  const directory = await createRunDirectory(plan.lab, join(base, 'run'))
  try {
    await Promise.all([directory.write('plan', plan), directory.write('timing', [])])
    const run = await deploy(sandbox, plan, directory, (_, act) => act())
    try {
      await traffic(run)
      await closeBooks(run)
    } finally {
      await run.lab.destroy()
    }
    const evidence = await readEvidence(directory)
    return await judge(evidence).finally(() => evidence.store.close())
  } finally {
    await rm(base, { recursive: true })
  }
}
