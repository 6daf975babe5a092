// The records of a run, to be asked by whoever wants to look: the file that its verdict left, or, where there is none that this
// version can read, one that is made now from the evidence there is. Beside the records the session has views with the names of
// things (src/query says what is asked of them), the collectors' rows with all that they say, and what the routers believed of each address.

import { existsSync, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../backend.ts'
import type { Collected, RouteTable, Wire, WireFlow } from '../evidence.ts'
import { flowId } from '../kernel/flow.ts'
import { nothing } from '../kernel/units.ts'
import { exporters, exportName } from '../plan/exporters.ts'
import type { Plan } from '../plan/plan.ts'
import { type Archive, type Patience, tables } from '../store.ts'
import { openArchive } from '../store/duckdb/archive.ts'
import { openStore } from '../store/duckdb/open.ts'
import { loadTables, namesIn } from '../verify/ledgers.ts'
import { collectedRows } from './archive-rows.ts'
import { countersFit, hosts, views } from './archive-views.ts'
import { readCurve } from './curve.ts'
import { type RunDirectory, recordingFile } from './directory.ts'
import { loadExports, readEvidence } from './evidence.ts'

export interface RunArchive extends Archive {
  /** Makes the table of what the routers' tables say of every address; once. */
  routes(patience: Patience): Promise<void>
  /** Whether the collectors' tables have been read. */
  readonly hasCollected: boolean
}

/**
 * `folder`: a directory of the caller's, for what must be made; `now`: what the collectors of a living lab show. Throws the system's
 * error where there is not even a plan.
 */
export async function openRunArchive(
  directory: RunDirectory,
  folder: string,
  now?: Collected,
): Promise<RunArchive> {
  const plan = await directory.read<Plan>('plan')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const archive =
    (await keptArchive(directory, folder)) ??
    (await openArchive({ file: await make(directory, plan, join(folder, 'records.duckdb')), folder }))
  const [collected, routes] = await Promise.all([
    now ?? directory.read<Collected>('collected').catch(() => undefined),
    directory.read<RouteTable[]>('routes').catch(() => []),
  ])
  try {
    const [counters] = await archive.ask<{ fit: boolean }>(countersFit, { ms: 10_000 })
    await archive.prepare(
      [...views(plan, counters?.fit), ...collectedRows(plan, collected, routes)].join(';\n'),
    )
  } catch (error) {
    archive.close()
    throw error
  }
  let isMade = false
  return {
    ...archive,
    hasCollected: collected !== undefined,
    async routes(patience) {
      if (isMade) return
      await archive.prepare(hosts(plan, routes).join(';\n'), patience)
      isMade = true
    },
  }
}

/** The file that the verdict left; undefined where there is none, or one that this version cannot read. */
async function keptArchive(directory: RunDirectory, folder: string): Promise<Archive | undefined> {
  const file = directory.file('records.duckdb')
  if (!existsSync(file)) return undefined
  // What cannot be opened was made by another version of the database, or the verdict is writing it now.
  const archive = await openArchive({ file, folder }).catch(() => undefined)
  if (!archive) return undefined
  if (await isOfThisVersion(archive).catch(() => false)) return archive
  archive.close()
  return undefined
}

async function isOfThisVersion(archive: Archive): Promise<boolean> {
  const rows = await archive.ask<{ name: string }>(
    {
      sql: "SELECT table_name || '.' || column_name AS name FROM duckdb_columns() WHERE NOT internal",
      values: [],
    },
    { ms: 10_000 },
  )
  const has = new Set(rows.map(({ name }) => name))
  return Object.entries(tables).every(([table, columns]) =>
    Object.keys(columns).every((column) => has.has(`${table}.${column}`)),
  )
}

/** By what it is told that the records of a run have changed. */
export function marksOf(directory: RunDirectory, plan: Plan): string {
  const files = [
    directory.file('records.duckdb'),
    directory.file('collected.json'),
    directory.file('wire-curve.ndjson'),
    ...exporters(plan).flatMap((probe) =>
      (['exported', 'arrived'] as const).map((side) => recordingFile(directory, plan, probe, side)),
    ),
  ]
  return files
    .map((file) => {
      const stat = statSync(file, { throwIfNoEntry: false })
      return stat ? `${stat.mtimeMs} ${stat.size}` : '-'
    })
    .join(', ')
}

/** Throws LabError where the run has had records and nothing is left to read them from. */
async function make(directory: RunDirectory, plan: Plan, file: string): Promise<string> {
  const recordings = exporters(plan).map((probe) => recordingFile(directory, plan, probe, 'exported'))
  if (existsSync(directory.file('records.duckdb')) && !recordings.some((path) => existsSync(path)))
    throw new LabError(
      `${directory.file('records.duckdb')} cannot be read by this version, and the recordings it was made from are gone`,
      'read it with the version of flowlab that made it, or run the lab again',
    )
  const evidence = await readEvidence(directory, { records: file }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  })
  if (evidence) {
    await loadTables(evidence.store, evidence).finally(() => evidence.store.close())
    return file
  }
  const store = await openStore({ names: namesIn(plan), file, overflow: `${file}.overflow` })
  try {
    for (const probe of exporters(plan))
      for (const side of ['exported', 'arrived'] as const) {
        const recording = recordingFile(directory, plan, probe, side)
        if (existsSync(recording)) await loadExports(store, side, exportName(probe), recording)
      }
    const curve = await readCurve(directory)
    const wire = plan.points.map(({ name }) => soFar(name, curve))
    await loadTables(store, { plan, wire, curve, collected: { probes: [], collectors: [] } })
  } finally {
    store.close()
  }
  return file
}

/** What has been read of the wire while the books are open. */
function soFar(point: string, curve: Awaited<ReturnType<typeof readCurve>>): Wire {
  const own = curve.filter((sample) => sample.point === point)
  const direction = (name: 'in' | 'out'): Wire['directions']['in'] => {
    const flows = new Map<string, WireFlow>()
    for (const sample of own)
      for (const flow of sample.flows?.[name] ?? [])
        flows.set(`${flow.fragments ?? false} ${flowId(flow)}`, flow)
    const total = own.findLast(({ totals }) => totals)?.totals?.[name] ?? nothing
    return { total, flows: [...flows.values()], notIp: [], overflow: nothing, oversize: nothing }
  }
  return {
    point,
    opened: own[0]?.at ?? 0,
    closed: own.at(-1)?.till ?? 0,
    directions: { in: direction('in'), out: direction('out') },
  }
}
