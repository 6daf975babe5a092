// What the traffic generators say, beside what of each flow crossed the wire.

import type { SentReport } from '../evidence.ts'
import type { Volume } from '../kernel/units.ts'
import type { Plan, TrafficPlan } from '../plan/plan.ts'
import type { Store } from '../store.ts'
import { volumeOf } from './ledgers.ts'
import { addressLiteral } from './selection.ts'
import type { Verdict } from './verdict.ts'

export const trafficOf = ({
  plan,
  store,
  sent: reports,
}: {
  readonly plan: Plan
  readonly store: Store
  readonly sent: readonly SentReport[]
}): Promise<Verdict['traffic']> =>
  Promise.all(
    reports.map(async ({ index, sent, received }) => {
      const flow = plan.traffic.find((each) => each.index === index)
      const wire = flow && (await onTheWire(store, flow))
      return { flow: nameOf(flow, index), sent, ...(received && { received }), ...(wire && { wire }) }
    }),
  )

const nameOf = (flow: TrafficPlan | undefined, index: number): string =>
  flow ? `${flow.sourceNode} → ${flow.destinationNode} ${flow.title}` : `flow ${index}`

/** Of one generator's flow, the most that crossed any one point. */
async function onTheWire(
  store: Store,
  { source, destination, port, protocols }: TrafficPlan,
): Promise<Volume | undefined> {
  const [row] = await store.ask(`
    SELECT sum(packets) AS packets, sum(bytes) AS bytes FROM wire
    WHERE source = ${addressLiteral(source)} AND destination = ${addressLiteral(destination)}
      AND protocol IN (${protocols.join(', ')}) ${port === undefined ? '' : `AND destinationPort = ${port}`}
    GROUP BY point ORDER BY sum(packets) DESC LIMIT 1`)
  return row && volumeOf(row['packets'], row['bytes'])
}
