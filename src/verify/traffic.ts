// What the traffic generators say, beside what of each flow crossed the wire.

import type { SentReport } from '../evidence.ts'
import type { Volume } from '../kernel/units.ts'
import type { Plan } from '../plan/plan.ts'
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
      const wire = await onTheWire(store, plan, index)
      return { flow: flowName(plan, index), sent, ...(received && { received }), ...(wire && { wire }) }
    }),
  )

function flowName({ traffic }: Plan, index: number): string {
  const flow = traffic.find((each) => each.index === index)
  if (!flow) return `flow ${index}`
  const { intent } = flow
  return `${intent.from} → ${intent.to} ${intent.kind}${intent.kind === 'ditg' ? ` ${intent.protocol}` : ''}`
}

/** Of one generator's flow, the most that crossed any one point. */
async function onTheWire(store: Store, { traffic }: Plan, index: number): Promise<Volume | undefined> {
  const flow = traffic.find((each) => each.index === index)
  if (!flow) return undefined
  const { source, destination, port, intent } = flow
  const protocols = intent.kind === 'ping' ? '1, 58' : '6, 17'
  const [row] = await store.ask(`
    SELECT sum(packets) AS packets, sum(bytes) AS bytes FROM wire
    WHERE source = ${addressLiteral(source)} AND destination = ${addressLiteral(destination)}
      AND protocol IN (${protocols}) ${port === undefined ? '' : `AND destinationPort = ${port}`}
    GROUP BY point ORDER BY sum(packets) DESC LIMIT 1`)
  return row && volumeOf(row['packets'], row['bytes'])
}
