// Server-sent events of a live lab: the name of each event, and what its data is (a JSON document).

import { z } from 'zod'
import { timelineEntry } from './runs.ts'
import { time, volume } from './values.ts'

export const liveEvents = {
  /** Something happened. Earlier entries are sent first. */
  timeline: timelineEntry,
  /** How nodes and sessions are; sent when something has changed. */
  state: z.strictObject({
    at: time,
    nodes: z.array(
      z.strictObject({
        name: z.string(),
        state: z
          .enum(['up', 'degraded', 'down'])
          .describe('down: none of its processes runs; degraded: some do not.'),
        processes: z.array(z.strictObject({ name: z.string(), state: z.string() })),
      }),
    ),
    interfaces: z.array(z.strictObject({ node: z.string(), interface: z.string(), up: z.boolean() })),
    sessions: z.array(
      z.strictObject({
        node: z.string(),
        peer: z.string(),
        to: z.string(),
        established: z.boolean(),
        state: z.string(),
      }),
    ),
    probes: z.array(z.strictObject({ name: z.string(), state: z.string(), datagrams: z.number() })),
    collectors: z.array(
      z.strictObject({
        name: z.string(),
        state: z.string(),
        sent: z.number().describe('Datagrams that left for it.'),
        datagrams: z.number().describe('Those that came.'),
        listening: z.boolean(),
        drops: z.number().describe('Datagrams that the kernel dropped at its socket.'),
      }),
    ),
  }),
  /** A line of a probe's or collector's log that says that data was lost or an association failed; the first hundred of each. */
  complaint: z.strictObject({ at: time, node: z.string(), process: z.string(), text: z.string() }),
  /** What interfaces carry, every second. */
  rates: z.strictObject({
    at: time,
    interfaces: z.array(
      z.strictObject({
        node: z.string(),
        interface: z.string(),
        inBits: z.number().describe('Bits a second, frames whole.'),
        inPackets: z.number(),
        outBits: z.number(),
        outPackets: z.number(),
      }),
    ),
  }),
  /** A reading of the kernel's counts at an observation point, since the books were opened. */
  wire: z.strictObject({ at: time, point: z.string(), in: volume, out: volume }),
  /** What a collector's table shows. */
  collected: z.strictObject({ at: time, collector: z.string(), table: z.string() }).extend(volume.shape),
  /** The verdict has been reached: ask for the books. */
  verdict: z.strictObject({ pass: z.boolean(), findings: z.number().int() }),
  /** The lab has ended; nothing more comes. */
  end: z.strictObject({ at: time }),
} as const

export type LiveEventName = keyof typeof liveEvents
export type LiveEvent = {
  [Name in LiveEventName]: { readonly event: Name; readonly data: z.infer<(typeof liveEvents)[Name]> }
}[LiveEventName]
export type LiveData<Name extends LiveEventName> = z.infer<(typeof liveEvents)[Name]>
