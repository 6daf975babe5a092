// The wire over time: the kernel's counts of every observation point, read again and again while traffic flows, a line of JSON
// each in wire-curve.ndjson. Counts go up from the opening of the books; a line has only the flows that have grown, and none where
// reading them would be felt.

import { setMaxListeners } from 'node:events'
import { appendFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../backend.ts'
import type { Direction, WireFlow, WireSample } from '../evidence.ts'
import { flowId } from '../kernel/flow.ts'
import type { ObservationPoint, Plan } from '../plan/plan.ts'
import { readTotals, readWire } from './books.ts'
import type { RunDirectory } from './directory.ts'
import { valuesIn } from './lines.ts'

const name = 'wire-curve.ndjson'

/** From one reading to the next, in ms. */
export const interval = 200
/** Of the time, what goes by without reading flows, for each time that it takes to read them. */
const rest = 4
/**
 * After a reading of so many flows that have grown as much time goes by as had gone by before it, after one of fewer a share of it:
 * so the file grows with the logarithm of time.
 */
const mostFlows = 250_000
/** A last reading of flows is not worth more, in ms: the books' own count follows. */
const patience = 5_000

/** Begins to read; what it gives back ends it, after a last reading. */
export function drawCurve(lab: Lab, plan: Plan, directory: RunDirectory): () => Promise<void> {
  const ending = new AbortController()
  setMaxListeners(plan.points.length, ending.signal)
  const write = (sample: WireSample): Promise<void> =>
    appendFile(directory.file(name), `${JSON.stringify(sample)}\n`)
  const curves = plan.points.map(async (point, index) => {
    const begun = Date.now()
    const read = flowReader(lab, point, index)
    let [due, took] = [begun, 0]
    let reading: Promise<void> | undefined
    /** Of flows, and when the next may follow. */
    const readFlows = async (): Promise<void> => {
      const { sample, flows } = await read()
      if (sample) await write(sample)
      const now = Date.now()
      took = now - due
      due = now + Math.max(interval - took, rest * took, ((now - begun) * flows) / mostFlows)
    }
    for (;;) {
      const at = Date.now()
      if (!reading && at >= due) {
        due = at
        reading = readFlows().finally(() => (reading = undefined))
        await Promise.race([reading, sleep(interval)])
      } else {
        // A node that restarts takes the program with it that reads.
        const totals = await readTotals(lab, point, index).catch(() => undefined)
        if (totals) await write({ point: point.name, at, till: Date.now(), totals })
      }
      if (ending.signal.aborted) break
      const pause = Math.max(0, at + interval - Date.now())
      await sleep(pause, undefined, { signal: ending.signal }).catch(() => {})
    }
    await reading
    if (took <= patience) {
      due = Date.now()
      await readFlows()
    }
  })
  // A lab that is taken down meanwhile has no curve any more; who waits for its traffic is told.
  const done = Promise.allSettled(curves)
  return async () => {
    ending.abort()
    for (const each of await done) if (each.status === 'rejected') throw each.reason
  }
}

/** Reads the flows that have grown since it did so before; no sample where the point does not answer. */
function flowReader(
  lab: Lab,
  point: ObservationPoint,
  index: number,
): () => Promise<{ readonly sample?: WireSample; readonly flows: number }> {
  const known = new Map<string, number>()
  return async () => {
    const at = Date.now()
    const read = await readWire(lab, point, index, { opened: 0, closed: 0 }).catch(() => undefined)
    if (!read) return { flows: 0 }
    const grown = (direction: Direction): WireFlow[] =>
      read.directions[direction].flows.filter((flow) => {
        const id = `${direction} ${flowId(flow)} ${flow.fragments ?? false}`
        if (known.get(id) === flow.packets) return false
        known.set(id, flow.packets)
        return true
      })
    const till = Date.now()
    const flows = { in: grown('in'), out: grown('out') }
    const { in: inward, out } = read.directions
    // What took long has totals of nobody knows when.
    const totals = till - at <= interval ? { totals: { in: inward.total, out: out.total } } : {}
    return {
      sample: { point: point.name, at, till, ...totals, flows },
      flows: flows.in.length + flows.out.length,
    }
  }
}

/** All readings, in their order; none where the run has no curve. */
export async function readCurve(directory: RunDirectory): Promise<WireSample[]> {
  const samples = await valuesIn<WireSample>(directory.file(name))
  // Readings of totals are made and written while one of flows goes on.
  return samples.toSorted((a, b) => a.till - b.till)
}
