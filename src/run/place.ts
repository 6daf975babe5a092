// Where a probe or collector of the plan runs: its node, and its process as it was started.

import type { Placed } from '../backend.ts'
import type { Plan } from '../plan/plan.ts'

export type DaemonName = { readonly probe: string } | { readonly collector: string }

/** Throws where nothing of this name is planned. */
export function placeOf(plan: Plan, target: DaemonName): Placed {
  const daemon =
    'probe' in target
      ? plan.probes.find(({ name }) => name === target.probe)
      : plan.collectors.find(({ name }) => name === target.collector)
  const node = plan.nodes.find(({ name }) => name === daemon?.node)
  const process = node?.processes.find(({ name }) => name === daemon?.process)
  if (!node || !process) throw new Error(`nothing is planned for ${JSON.stringify(target)}`)
  return { node: node.name, process }
}
