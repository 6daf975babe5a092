// Whether a machine can send in time what traffic matrices ask for. Measured on two cores of which others had most, with a probe, four
// hosts and routers between them (docs/performance.md): 600 flows and 10,800 packets a second were sent in their time or hardly later.

import type { Path } from '../../topology/problem.ts'
import type { Topology } from '../../topology/topology.ts'
import type { Plan } from '../plan.ts'

/** A processor's, a second. */
const most = { flows: 300, packets: 6_000 }

export interface Beyond {
  readonly path: Path
  readonly message: string
  readonly remedy: string
}

/** @param plan is asked for where there is a matrix only. */
export function beyond({ traffic }: Topology, plan: () => Plan, processors: number): Beyond[] {
  const entries = traffic.flatMap(({ kind }, index) => (kind === 'matrix' ? [index] : []))
  if (entries.length === 0) return []
  const { matrices = [] } = plan()
  const [flows, packets] = [most.flows * processors, most.packets * processors]
  return matrices.flatMap(({ asks }, number) =>
    asks.flowsPerSecond <= flows && asks.packetsPerSecond <= packets
      ? []
      : [
          {
            path: ['traffic', entries[number] ?? 0],
            message: `expected at most ${flows} flows and ${packets} packets a second, which ${processors} processors are known to send in time, found ${asks.flowsPerSecond} and ${asks.packetsPerSecond}`,
            remedy: 'Ask for less or for a longer span: what cannot be sent in time is sent later.',
          },
        ],
  )
}
