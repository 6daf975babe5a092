// The wire over time: the kernel's counts of every observation point, read again and again while traffic flows, a line of JSON
// each in wire-curve.ndjson. Counts go up from the opening of the books; a line has only the flows that have grown.

import { setMaxListeners } from 'node:events'
import { appendFile, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../backend.ts'
import type { Direction, WireFlow, WireSample } from '../evidence.ts'
import { flowId } from '../kernel/flow.ts'
import type { Plan } from '../plan/plan.ts'
import { readWire } from './books.ts'
import type { RunDirectory } from './directory.ts'

const name = 'wire-curve.ndjson'

/** From one reading to the next, in ms; longer where a reading takes longer than that. */
export const interval = 200

/** Begins to read; what it gives back ends it, after a last reading. */
export function drawCurve(lab: Lab, plan: Plan, directory: RunDirectory): () => Promise<void> {
  const ending = new AbortController()
  setMaxListeners(plan.points.length, ending.signal)
  const curves = plan.points.map(async (point, index) => {
    const known = new Map<string, number>()
    for (let last = false; !last; ) {
      last = ending.signal.aborted
      const at = Date.now()
      // A node that restarts takes the program with it that reads.
      const read = await readWire(lab, point, index, { opened: 0, closed: 0 }).catch(() => undefined)
      const till = Date.now()
      if (read) {
        const grown = (direction: Direction): WireFlow[] =>
          read.directions[direction].flows.filter((flow) => {
            const id = `${direction} ${flowId(flow)} ${flow.fragments ?? false}`
            if (known.get(id) === flow.packets) return false
            known.set(id, flow.packets)
            return true
          })
        const sample: WireSample = {
          point: point.name,
          at,
          till,
          directions: {
            in: { total: read.directions.in.total, flows: grown('in') },
            out: { total: read.directions.out.total, flows: grown('out') },
          },
        }
        await appendFile(directory.file(name), `${JSON.stringify(sample)}\n`)
      }
      if (last) break
      const pause = Math.max(at + interval - till, till - at)
      await sleep(pause, undefined, { signal: ending.signal }).catch(() => {})
    }
  })
  // A lab that is taken down meanwhile has no curve any more; who waits for its traffic is told.
  const done = Promise.allSettled(curves)
  return async () => {
    ending.abort()
    for (const each of await done) if (each.status === 'rejected') throw each.reason
  }
}

/** All readings, in their order; none where the run has no curve. */
export async function readCurve(directory: RunDirectory): Promise<WireSample[]> {
  const text = await readFile(directory.file(name), 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as WireSample)
}
