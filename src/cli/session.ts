// What `run` and `deploy` have in common: from a lab that was read to one that is up.

import { writeFile } from 'node:fs/promises'
import { backends } from '../backend/backends.ts'
import { refusal } from '../machine/check.ts'
import { lacking } from '../machine/examine.ts'
import { compile } from '../plan/compile.ts'
import { deploy, type Run } from '../run/conduct.ts'
import { createRunDirectory } from '../run/directory.ts'
import type { ParsedVariant } from '../topology/parse.ts'
import type { BackendName } from '../topology/topology.ts'
import { endInOrder } from './interrupt.ts'
import { type Progress, progress } from './progress.ts'

export interface Session extends Run {
  readonly progress: Progress
  /** To be called when the lab is down, or is to stay. */
  readonly release: () => void
}

export interface Wishes {
  readonly dir?: string
  /** Instead of the lab file's. */
  readonly backend?: BackendName
}

/** Throws MachineError where the machine cannot; then nothing was built. */
export async function bringUp(
  { topology, text }: ParsedVariant,
  { dir, backend: asked }: Wishes,
  shown: Progress = progress(),
): Promise<Session> {
  const plan = compile(topology)
  const name = asked ?? topology.backend
  const backend = await backends[name]()
  const missing = name === 'sandbox' ? await lacking(plan) : []
  if (missing.length > 0) throw refusal(missing)
  await backend.preflight(plan)
  // What a container lacks its image lacks.
  if (name === 'docker') await (await import('../image/examine.ts')).checkImage(plan)
  const directory = await createRunDirectory(topology.name, dir)
  await Promise.all([
    writeFile(directory.file('lab.yaml'), text),
    directory.write('topology', topology),
    directory.write('plan', plan),
  ])
  shown.say(`${topology.name}: ${directory.path}\n`)
  const release = endInOrder(backend, directory.path)
  const run = await deploy(backend, plan, directory, shown.step)
  return { ...run, progress: shown, release }
}
