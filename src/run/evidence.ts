// Reads a run directory into what the verdict is reached from: flow records into a store, all else into values.

import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { exporters, exportName } from '../plan/exporters.ts'
import type { Plan } from '../plan/plan.ts'
import { type Exports, readExports } from '../replay/exports.ts'
import { readMoments } from '../replay/moments.ts'
import { recordsInto } from '../replay/records.ts'
import type { TimelineEntry } from '../evidence.ts'
import type { Store } from '../store.ts'
import { extentsIn } from './extents.ts'
import { openStore } from '../store/duckdb/open.ts'
import type { Evidence } from '../verify/verify.ts'
import { namesIn } from '../verify/ledgers.ts'
import { loadCrossed } from './crossed.ts'
import { readCurve } from './curve.ts'
import { type RunDirectory, recordingFile } from './directory.ts'
import { overflow } from './scratch.ts'
import { timeline } from './timeline.ts'
import { readWatched } from './watch.ts'

export interface EvidenceOptions {
  /** A file to leave the records in. */
  readonly records?: string
}

/**
 * The caller closes the evidence's store. Throws the system's error where a file is missing: then the run did not get as far as
 * its verdict.
 */
export async function readEvidence(
  directory: RunDirectory,
  { records }: EvidenceOptions = {},
): Promise<Evidence> {
  const plan = await directory.read<Plan>('plan')
  const extentOf = await extentsIn(directory)
  const { happened, till } = untilReopened(timeline(directory))
  const hasEvents = happened.some(({ event }) => event !== undefined)
  const moments = await Promise.all(
    (hasEvents ? exporters(plan) : []).map(async (probe) => {
      const read = (side: 'exported' | 'arrived') => {
        const file = recordingFile(directory, plan, probe, side)
        return readMoments(file, extentOf(file))
      }
      const [exported, arrived] = await Promise.all([read('exported'), read('arrived')])
      return [exportName(probe), { exported, arrived }] as const
    }),
  )
  const values = {
    directory: directory.path,
    plan,
    wire: await directory.read<Evidence['wire']>('wire'),
    curve: (await readCurve(directory)).filter(({ at }) => at <= till),
    watched: (await readWatched(directory)).filter(({ at }) => at <= till),
    routes: (await directory.read<Evidence['routes']>('routes')).filter(({ taken }) => taken <= till),
    transport: await directory.read<Evidence['transport']>('transport'),
    collected: await directory.read<Evidence['collected']>('collected'),
    sent: await directory.read<Evidence['sent']>('sent'),
    logs: await directory.read<Evidence['logs']>('logs'),
    exits: await directory.read<Evidence['exits']>('exits'),
    captures: await directory.read<Evidence['captures']>('captures'),
    offloads: await directory.read<Evidence['offloads']>('offloads'),
    interfaces: await directory.read<Evidence['interfaces']>('interfaces').catch(() => []),
    timing: await directory.read<Evidence['timing']>('timing'),
    timeline: happened,
    moments: new Map(moments),
    ...(await bgpLogs(directory, plan, happened.findLast(({ what }) => what === 'closed')?.at ?? Infinity)),
  }
  const store = await openStore({
    names: namesIn(plan),
    ...(records === undefined ? {} : { file: records }),
    overflow: records === undefined ? overflow() : `${records}.overflow`,
  })
  try {
    await loadCrossed(store, plan, directory, extentOf)
    const exports = new Map<string, { exported: Exports; arrived: Exports }>()
    for (const probe of exporters(plan)) {
      const name = exportName(probe)
      const read = (side: 'exported' | 'arrived') => {
        const file = recordingFile(directory, plan, probe, side)
        return loadExports(store, side, name, file, extentOf(file))
      }
      exports.set(name, { exported: await read('exported'), arrived: await read('arrived') })
    }
    return { ...values, store, exports }
  } catch (error) {
    store.close()
    throw error
  }
}

/** What happened until the books were last closed; where the lab went on afterwards, `till` is when it did. */
function untilReopened(all: readonly TimelineEntry[]): {
  readonly happened: TimelineEntry[]
  readonly till: number
} {
  const isBooks = ({ target }: TimelineEntry): boolean => target === 'books'
  const closed = all.findLastIndex((entry) => isBooks(entry) && entry.what === 'closed')
  const opened = all.findIndex((entry, index) => index > closed && isBooks(entry) && entry.what === 'opened')
  return closed < 0 || opened < 0
    ? { happened: [...all], till: Infinity }
    : { happened: all.slice(0, opened), till: all[opened]?.at ?? Infinity }
}

/** A recording's flow records into the store, and what it says besides. */
export async function loadExports(
  store: Store,
  table: 'exported' | 'arrived',
  probe: string,
  file: string,
  octets = Infinity,
): Promise<Exports> {
  const exports = await store.load(table, { probe }, (loader) =>
    readExports(file, recordsInto(loader), { octets }),
  )
  // Samples of frames that are not IP, of which the account has none.
  await store.ask(`DELETE FROM ${table} WHERE source IS NULL AND destination IS NULL`)
  return exports
}

/**
 * By daemon, of its own log of BGP messages: updates, and sessions that ended before `closed`, as it says itself, or as another that
 * began after them tells; without such a log it is left out.
 */
async function bgpLogs(
  directory: RunDirectory,
  plan: Plan,
  closed: number,
): Promise<Required<Pick<Evidence, 'updates' | 'closes'>>> {
  const updates: Record<string, number> = {}
  const closes: Record<string, number> = {}
  for (const { name, node, bgp } of [...plan.probes, ...plan.collectors]) {
    if (!bgp) continue
    const log = directory.file('nodes', node, 'log', basename(bgp.log))
    const text = await readFile(log, 'utf8').catch(() => undefined)
    if (text === undefined) continue
    updates[name] = text.split('"log_type": "update"').length - 1
    // Local time, as in `"timestamp": "2015-07-16 10:00:00.000000"`.
    const times = (type: string): number =>
      [
        ...text.matchAll(new RegExp(`"timestamp": "([\\d-]+) ([\\d:.]+)".*"event_type": "${type}"`, 'g')),
      ].filter(([, day, time]) => Date.parse(`${day}T${time}`) < closed).length
    closes[name] = Math.max(times('log_close'), times('log_init') - 1, 0)
  }
  return { updates, closes }
}
