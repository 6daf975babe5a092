// What no flow record of a probe can speak of, since it does not look that way or its protocol has no fields for it: it is
// booked beside the account, and missing nowhere.

import type { Direction, WireFlow } from '../evidence.ts'
import { add, nothing, type Volume } from '../kernel/units.ts'
import type { ProbePlan } from '../plan/plan.ts'

interface Outside {
  readonly reason: string
  readonly holds: (flow: WireFlow, direction: Direction, probe: ProbePlan) => boolean
}

const outside: readonly Outside[] = [
  {
    reason: 'the probe meters the other direction only',
    holds: (_flow, direction, probe) => (probe.direction ?? direction) !== direction,
  },
  ...(['1', '5'] as const).map((version) => ({
    reason: `IPv6: NetFlow v${version} has no fields for it`,
    holds: ({ source }: WireFlow, _direction: Direction, probe: ProbePlan) =>
      probe.export.protocol === `netflow${version}` && source.includes(':'),
  })),
]

/** Whether the probe can tell of a flow that crossed in this direction. */
export const isMetered = (probe: ProbePlan, flow: WireFlow, direction: Direction): boolean =>
  !outside.some(({ holds }) => holds(flow, direction, probe))

/** Of `flows`, what the probe cannot tell of, and why: the first reason that holds. */
export function unmetered(
  probe: ProbePlan,
  flows: readonly WireFlow[],
  direction: Direction,
): readonly ({ readonly reason: string } & Volume)[] {
  const reasonOf = (flow: WireFlow) => outside.find(({ holds }) => holds(flow, direction, probe))?.reason
  return outside.map(({ reason }) => ({
    reason,
    ...flows.filter((flow) => reasonOf(flow) === reason).reduce<Volume>(add, nothing),
  }))
}
