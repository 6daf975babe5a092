// How far recordings belong to the books: a lab that goes on after they were closed goes on recording, and a verdict that is reached later
// must read what was there then.

import { relative } from 'node:path'
import { exporters } from '../plan/exporters.ts'
import type { Plan } from '../plan/plan.ts'
import { countRecorded } from '../truth/transport/read.ts'
import { crossedFiles } from './crossed.ts'
import { type RunDirectory, recordingFile } from './directory.ts'

/** By a recording's place in the run directory: octets up to the end of its last packet. */
type Extents = Readonly<Record<string, number>>

/** To be called when the books are closed and all that was counted is recorded. */
export async function keepExtents(directory: RunDirectory, plan: Plan): Promise<void> {
  const files = [
    ...exporters(plan).flatMap((probe) =>
      (['exported', 'arrived'] as const).map((side) => recordingFile(directory, plan, probe, side)),
    ),
    ...crossedFiles(directory, plan),
  ]
  const ends = await Promise.all(
    files.map(async (file) => [relative(directory.path, file), (await countRecorded(file)()).end] as const),
  )
  await directory.write('recordings', Object.fromEntries(ends.filter(([, end]) => end > 0)) satisfies Extents)
}

/** Octets of a recording that belong to the books; all of them where nobody wrote that down. */
export async function extentsIn(directory: RunDirectory): Promise<(file: string) => number> {
  const extents = await directory.read<Extents>('recordings').catch((): Extents => ({}))
  return (file) => extents[relative(directory.path, file)] ?? Infinity
}
