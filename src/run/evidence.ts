// Reads a run directory into what the verdict is reached from.

import type { Evidence } from '../verify/verify.ts'
import { exporters, exportName } from '../plan/exporters.ts'
import type { Plan } from '../plan/plan.ts'
import { readExports } from '../replay/exports.ts'
import { readMoments } from '../replay/moments.ts'
import { readCurve } from './curve.ts'
import { type RunDirectory, recordingFile } from './directory.ts'
import { timeline } from './timeline.ts'

/** Throws the system's error where a file is missing: then the run did not get as far as its verdict. */
export async function readEvidence(directory: RunDirectory): Promise<Evidence> {
  const plan = await directory.read<Plan>('plan')
  const exports = await Promise.all(
    exporters(plan).map(async (probe) => {
      const [exported, arrived] = await Promise.all([
        readExports(recordingFile(directory, plan, probe, 'exported')),
        readExports(recordingFile(directory, plan, probe, 'arrived')),
      ])
      return [exportName(probe), { exported, arrived }] as const
    }),
  )
  const happened = timeline(directory)
  const hasEvents = happened.some(({ event }) => event !== undefined)
  const moments = await Promise.all(
    (hasEvents ? exporters(plan) : []).map(async (probe) => {
      const [exported, arrived] = await Promise.all([
        readMoments(recordingFile(directory, plan, probe, 'exported')),
        readMoments(recordingFile(directory, plan, probe, 'arrived')),
      ])
      return [exportName(probe), { exported, arrived }] as const
    }),
  )
  return {
    directory: directory.path,
    plan,
    wire: await directory.read('wire'),
    curve: await readCurve(directory),
    routes: await directory.read('routes'),
    transport: await directory.read('transport'),
    collected: await directory.read('collected'),
    sent: await directory.read('sent'),
    logs: await directory.read('logs'),
    exits: await directory.read('exits'),
    captures: await directory.read('captures'),
    offloads: await directory.read('offloads'),
    timing: await directory.read('timing'),
    timeline: happened,
    exports: new Map(exports),
    moments: new Map(moments),
  }
}
