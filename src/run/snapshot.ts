// What a lab that is alive has counted so far, to be asked like the records of a run: the collectors' tables through their own
// clients, the wire from the kernel's counters, the exports from their recordings. Nothing of it is kept.

import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Lab } from '../backend.ts'
import type { RouteTable } from '../evidence.ts'
import { exporters, exportName } from '../plan/exporters.ts'
import type { Plan } from '../plan/plan.ts'
import type { Archive } from '../store.ts'
import { openArchive } from '../store/duckdb/archive.ts'
import { openStore } from '../store/duckdb/open.ts'
import { loadWire, namesIn } from '../verify/ledgers.ts'
import { collectedRows } from './archive-rows.ts'
import { hosts, views } from './archive-views.ts'
import { readWire } from './books.ts'
import { collectedNow } from './collected-now.ts'
import { type RunDirectory, recordingFile } from './directory.ts'
import { loadExports } from './evidence.ts'

export type Source = 'wire' | 'exported' | 'arrived' | 'collected'

export interface SnapshotOptions {
  readonly sources: ReadonlySet<Source>
  /** Collectors to be asked; all without it. */
  readonly collectors?: ReadonlySet<string>
  /** A directory of the caller's, for as long as it is open. */
  readonly folder: string
}

/** Throws where one of those asked does not answer. */
export async function takeSnapshot(
  lab: Lab,
  plan: Plan,
  directory: RunDirectory,
  { sources, collectors, folder }: SnapshotOptions,
): Promise<Archive> {
  const [collected, wires, routes] = await Promise.all([
    sources.has('collected') ? collectedNow(lab, plan, collectors) : undefined,
    sources.has('wire')
      ? Promise.all(plan.points.map((point, index) => readWire(lab, point, index, { opened: 0, closed: 0 })))
      : [],
    directory.read<RouteTable[]>('routes').catch(() => []),
  ])
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `${randomUUID()}.duckdb`)
  const store = await openStore({ names: namesIn(plan), file, overflow: `${file}.overflow` })
  try {
    await loadWire(store, wires)
    for (const side of ['exported', 'arrived'] as const)
      for (const probe of sources.has(side) ? exporters(plan) : []) {
        const recording = recordingFile(directory, plan, probe, side)
        if (existsSync(recording)) await loadExports(store, side, exportName(probe), recording)
      }
  } finally {
    store.close()
  }
  const archive = await openArchive({ file, folder })
  try {
    await archive.prepare(
      [...views(plan), ...collectedRows(plan, collected, routes), ...hosts(plan, routes)].join(';\n'),
    )
  } catch (error) {
    archive.close()
    throw error
  }
  return {
    ...archive,
    close() {
      archive.close()
      void rm(file, { force: true })
    },
  }
}
