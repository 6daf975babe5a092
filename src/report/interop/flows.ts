// Which host pairs of a verdict are which of the lab's flows: so that fragments, ICMP and IPv6 can be told apart by them.

import type { FlowComparison } from '../../verify/verdict.ts'
import type { Judged } from './cell.ts'

/** Of the lab file's traffic, what tells kinds apart. */
export interface PlannedFlow {
  readonly source: string
  readonly destination: string
  readonly kind: string
  /** Bytes of a packet of layer 3, in the mean; 0 where it is not known or the program cuts to fit. */
  readonly size: number
  /** Of Ethernet: above it packets leave in fragments. */
  readonly mtu: number
}

const mtu = 1500
const headers = 28

/** Both directions of the host pairs of those flows of the lab. */
export function flowsWith(
  { verdict, plan }: Judged,
  holds: (flow: PlannedFlow) => boolean,
): readonly FlowComparison[] {
  const pairs = new Set(
    plan.traffic
      .map(({ intent, source, destination }) => ({
        source,
        destination,
        kind: intent.kind,
        size: sizeOf(intent),
        mtu,
      }))
      .filter(holds)
      .flatMap(({ source, destination }) => [`${source} ${destination}`, `${destination} ${source}`]),
  )
  return verdict.flows.filter(({ source, destination }) => pairs.has(`${source} ${destination}`))
}

function sizeOf(intent: Judged['plan']['traffic'][number]['intent']): number {
  if (intent.kind !== 'ditg' || intent.protocol !== 'udp' || !intent.size) return 0
  const { size } = intent
  const mean = 'normal' in size ? size.normal[0] : 'constant' in size ? size.constant : 0
  return mean === 0 ? 0 : mean + headers
}
