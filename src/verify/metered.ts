// What an export protocol has no fields for, and so no flow record can speak of: it is booked beside the account, and missing
// nowhere.

import type { WireFlow } from '../evidence.ts'
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
