// What `run` and `deploy` have in common: from a lab file to a lab that is up, and an orderly end when the user interrupts.

import { copyFile } from 'node:fs/promises'
import type { Backend } from '../backend.ts'
import { backends } from '../backend/backends.ts'
import { refusal } from '../machine/check.ts'
import { lacking } from '../machine/examine.ts'
import { compile } from '../plan/compile.ts'
import { deploy, type Run } from '../run/conduct.ts'
import { createRunDirectory } from '../run/directory.ts'
import { load } from '../topology/load.ts'
import { formatWarning } from '../topology/problem.ts'
import type { BackendName } from '../topology/topology.ts'
import { type Progress, progress } from './progress.ts'

export interface Session extends Run {
  readonly progress: Progress
}

export interface Wishes {
  readonly dir?: string
  /** Instead of the lab file's. */
  readonly backend?: BackendName
}

/** Throws LabFileError, or MachineError where the machine cannot; then nothing was built. */
export async function bringUp(file: string, { dir, backend: asked }: Wishes): Promise<Session> {
  const { topology, warnings } = await load(file)
  for (const warning of warnings) process.stderr.write(`${formatWarning(warning)}\n`)
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
    copyFile(file, directory.file('lab.yaml')),
    directory.write('topology', topology),
    directory.write('plan', plan),
  ])
  const shown = progress()
  process.stderr.write(`${topology.name}: ${directory.path}\n`)
  endInOrder(backend, directory.path)
  const run = await deploy(backend, plan, directory, shown.step)
  return { ...run, progress: shown }
}

/** An interrupted command takes its lab down before it ends, whatever there is of it; killed otherwise, the kernel does. */
function endInOrder(backend: Backend, directory: string): void {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    process.once(signal, () => {
      process.stderr.write(`\n${signal}: taking the lab down\n`)
      void backend
        .attach(directory)
        .then((lab) => lab?.destroy())
        .finally(() => process.exit(code))
    })
}
