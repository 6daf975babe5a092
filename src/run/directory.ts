// The run directory: where everything that a run has seen lies, and under which names. Whoever reads or writes evidence goes
// through here.

import { mkdir, realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { LabError } from '../backend.ts'
import { exportName } from '../plan/exporters.ts'
import type { Plan, ProbePlan } from '../plan/plan.ts'
import type { Side } from '../truth/transport/ruleset.ts'
import { readJson, writeJson } from './json-file.ts'

export interface RunDirectory {
  readonly path: string
  /** Path of a file in it. */
  readonly file: (...names: string[]) => string
  readonly write: (name: EvidenceName | StageName, value: unknown) => Promise<void>
  readonly read: <T>(name: EvidenceName | StageName) => Promise<T>
}

/** Values of the stages, each in a file of its own. */
export type StageName = 'topology' | 'plan' | 'verdict' | 'timing'

/** What the witnesses saw. */
export type EvidenceName =
  | 'wire'
  | 'routes'
  | 'sent'
  | 'transport'
  | 'collected'
  | 'timeline'
  | 'exits'
  | 'captures'
  | 'logs'
  | 'offloads'
  | 'interfaces'
  | 'recordings'

export function runDirectory(path: string): RunDirectory {
  const file = (...names: string[]): string => join(path, ...names)
  const place = (name: string): string => file(`${name}.json`)
  return {
    path,
    file,
    write: async (name, value) => writeJson(place(name), value),
    read: (name) => readJson(place(name)),
  }
}

/** Where the datagrams of a probe's exports were recorded, on either side of their way. */
export const recordingFile = (directory: RunDirectory, plan: Plan, probe: ProbePlan, side: Side): string => {
  const collector = plan.collectors.find(({ name }) => name === probe.export.collector)
  const node = side === 'exported' ? probe.node : collector?.node
  return directory.file('nodes', node ?? '', 'log', `${side}-${exportName(probe)}.pcap`)
}

/** Makes `runs/LAB/TIME`, with a number behind it where two begin in the same second. */
export async function createRunDirectory(
  lab: string,
  given?: string,
  now = new Date(),
): Promise<RunDirectory> {
  const base = given ?? join('runs', lab, now.toISOString().slice(0, 19).replaceAll(':', '-'))
  await mkdir(resolve(base, '..'), { recursive: true })
  for (let attempt = 1; ; attempt++) {
    const path = resolve(attempt === 1 ? base : `${base}-${attempt}`)
    try {
      await mkdir(path)
      return runDirectory(await realpath(path))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (given !== undefined)
        throw new LabError(
          `${path} exists already`,
          'a run has a directory of its own: name another one, or remove this one',
        )
    }
  }
}
