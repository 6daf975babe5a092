// All processes of a plan that send traffic, whether of one flow or of a matrix: what starts them asks no more.

import type { Milliseconds } from '../kernel/units.ts'
import type { Plan, ProcessPlan } from './plan.ts'

export interface SendingProcess {
  readonly node: string
  readonly process: ProcessPlan
  /** After the start of traffic. */
  readonly at: Milliseconds
  readonly lasts: Milliseconds
  /** Such as `ditg from h1 to h2`. */
  readonly what: string
}

export const sendings = ({
  traffic,
  matrices = [],
}: Pick<Plan, 'traffic' | 'matrices'>): SendingProcess[] => [
  ...traffic.map(({ intent, sourceNode: node, destinationNode, process, at, lasts }) => ({
    ...{ node, process, at, lasts },
    what: `${intent.kind} from ${node} to ${destinationNode}`,
  })),
  ...matrices.flatMap(({ senders, at, lasts }) =>
    senders.map(({ node, process, flows }) => ({
      ...{ node, process, at, lasts },
      what: `${flows} flows of a matrix from ${node}`,
    })),
  ),
]
