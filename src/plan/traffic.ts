// The lab file's flows as processes: addresses, ports and seeds chosen, one sending process a flow. matrix/ has the many flows of
// traffic matrices.

import type { Family } from '../kernel/address.ts'
import { fraction } from '../kernel/random.ts'
import { generators } from '../part/traffic/generators.ts'
import type { TrafficPart } from '../part.ts'
import type { Bind, FlowTraffic, Topology, Traffic } from '../topology/topology.ts'
import { bare, type Neighbourhood } from './neighbourhood.ts'
import type { ProcessPlan, TrafficPlan } from './plan.ts'

/** D-ITG's own default is one port for all; one a flow keeps them apart. Matrices have those after the flows'. */
export const firstPort = 10_001

export function schedule({ traffic, seed }: Topology, near: Neighbourhood): TrafficPlan[] {
  const flows = traffic.flatMap((each, entry) => flowsOf(each).map((intent) => ({ intent, entry })))
  return flows.map(({ intent, entry }, index) => {
    const part = generators[intent.kind]
    const flow = {
      intent,
      index,
      sourceNode: intent.from,
      destinationNode: intent.to,
      source: firstAddress(intent.from, intent.family, near),
      destination: firstAddress(intent.to, intent.family, near),
      ...(part.ports ? { port: firstPort + index } : {}),
      seed: fraction(seed, `traffic ${entry}`),
      at: intent.at,
      ...part.describe(intent),
    }
    return { ...flow, process: part.send(flow) }
  })
}

/** An exchange of several sides is a flow for each two of them, in each direction. */
function flowsOf(traffic: Traffic): readonly FlowTraffic[] {
  if (traffic.kind === 'matrix') return []
  if (!('sides' in traffic) || 'from' in traffic) return [traffic]
  const { sides } = traffic
  return sides.flatMap((from) =>
    sides
      .filter((to) => to !== from)
      .map((to) => ({
        ...traffic,
        ...{ from: from.host, to: to.host, source: from.prefixes, destination: to.prefixes },
      })),
  )
}

/** The receivers that a node needs. */
export function receivers(node: string, traffic: readonly TrafficPlan[]): ProcessPlan[] {
  const ending = traffic.filter((flow) => flow.destinationNode === node)
  return [...new Set(ending.map(({ intent }) => intent.kind))].flatMap(
    (kind) => generators[kind].receive(ending.filter(({ intent }) => intent.kind === kind)).processes,
  )
}

/** What of the machine a node sees, to send it. */
export const sources = (node: string, traffic: readonly TrafficPlan[]): Bind[] =>
  traffic
    .filter((flow) => flow.sourceNode === node)
    .flatMap((flow) => {
      const part: TrafficPart = generators[flow.intent.kind]
      return part.binds?.(flow) ?? []
    })

function firstAddress(node: string, family: Family, near: Neighbourhood): string {
  const adjacency = near(node, family)[0]
  if (!adjacency) throw new Error(`${node} has no link, so traffic cannot start or end there`)
  return bare(adjacency.address)
}
