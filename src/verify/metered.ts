// What of the wire is no probe's fault: traffic that an export protocol has no fields for is booked beside the account; the
// lab's own exports, which cross a point even when the books are closed, are booked as such.

import type { Wire, WireFlow } from '../evidence.ts'
import { flowId } from '../kernel/flow.ts'
import { add, nothing, type Volume } from '../kernel/units.ts'
import type { ProbePlan } from '../plan/plan.ts'

type Protocol = ProbePlan['export']['protocol']

interface Outside {
  readonly reason: string
  readonly holds: (flow: WireFlow) => boolean
}

const outside: Readonly<Partial<Record<Protocol, Outside>>> = {
  netflow5: {
    reason: 'IPv6: NetFlow v5 has no fields for it',
    holds: ({ source }) => source.includes(':'),
  },
}

/** Whether the protocol can tell of a flow. */
export const isMetered = (protocol: Protocol, flow: WireFlow): boolean => !outside[protocol]?.holds(flow)

/** Of `flows`, what the protocol cannot tell of, and why. */
export function unmetered(
  protocol: Protocol,
  flows: readonly WireFlow[],
): { readonly reason: string; readonly volume: Volume } {
  const left = flows.filter((flow) => !isMetered(protocol, flow))
  return { reason: outside[protocol]?.reason ?? '', volume: left.reduce<Volume>(add, nothing) }
}

type Exported = readonly (WireFlow & Volume)[]

/** Whether a flow is export datagrams of one of these probes. */
const isExport = (flow: WireFlow, probes: readonly ProbePlan[]): boolean =>
  flow.protocol === 17 &&
  probes.some(
    ({ export: { source, address, port } }) =>
      flow.source === source && flow.destination === address && flow.destinationPort === port,
  )

/**
 * The wire, with exports that cross the point as often as the probe says where that is more often: they pass while the books
 * are closed already, and a probe may meter some of those that it sends itself.
 */
export function withLateExports(wire: Wire, probes: readonly ProbePlan[], exported: Exported): Wire {
  const said = new Map(
    exported.filter((flow) => isExport(flow, probes)).map((flow) => [flowId(flow), flow] as const),
  )
  const late = (flow: WireFlow): WireFlow => {
    const more = isExport(flow, probes) ? said.get(flowId(flow)) : undefined
    return more && more.packets > flow.packets ? { ...flow, packets: more.packets, bytes: more.bytes } : flow
  }
  const { in: inward, out } = wire.directions
  return {
    ...wire,
    directions: {
      in: { ...inward, flows: inward.flows.map(late) },
      out: { ...out, flows: out.flows.map(late) },
    },
  }
}

/** Of these flows, the lab's own exports. */
export const exportsAmong = (flows: readonly WireFlow[], probes: readonly ProbePlan[]): Volume =>
  flows.filter((flow) => isExport(flow, probes)).reduce<Volume>(add, nothing)
