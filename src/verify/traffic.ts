// The generators' flows beside the wire.

import type { Volume } from '../kernel/units.ts'
import type { Plan } from '../plan/plan.ts'
import type { Store } from '../store.ts'
import { volumeOf } from './ledgers.ts'
import { addressLiteral } from './selection.ts'

export function flowName({ traffic }: Plan, index: number): string {
  const flow = traffic.find((each) => each.index === index)
  if (!flow) return `flow ${index}`
  return `${flow.sourceNode} → ${flow.destinationNode} ${flow.title}`
}

/** Of one generator's flow, the most that crossed any one point. */
export async function onTheWire(store: Store, { traffic }: Plan, index: number): Promise<Volume | undefined> {
  const flow = traffic.find((each) => each.index === index)
  if (!flow) return undefined
  const { source, destination, port, protocols } = flow
  const [row] = await store.ask(`
    SELECT sum(packets) AS packets, sum(bytes) AS bytes FROM wire
    WHERE source = ${addressLiteral(source)} AND destination = ${addressLiteral(destination)}
      AND protocol IN (${protocols.join(', ')}) ${port === undefined ? '' : `AND destinationPort = ${port}`}
    GROUP BY point ORDER BY sum(packets) DESC LIMIT 1`)
  return row && volumeOf(row['packets'], row['bytes'])
}
