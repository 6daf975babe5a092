// Faults as data, stage by stage. `npm run faults` makes them all, over and over, in the labs of labs.ts beside this file.
import { collectingFaults } from './collecting.ts'
import { exportingFaults } from './exporting.ts'
import type { Fault } from './fault.ts'
import { meteringFaults } from './metering.ts'
import { routingFaults } from './routing.ts'
import { transportFaults } from './transport.ts'

export const faults: readonly Fault[] = [
  ...meteringFaults,
  ...exportingFaults,
  ...transportFaults,
  ...collectingFaults,
  ...routingFaults,
]

/** Faults of the field that present parts cannot be made to show, and what stands in the way. */
export const cannotBeMade: Readonly<Record<string, string>> = {
  'a probe that looks at another interface':
    'a lab file that says so is refused with its place, and so is a configuration of one’s own',
}

/** Faults that leave the same traces at all witnesses. */
export const indistinguishable: readonly string[] = [
  'A packet metered twice and a counter that is doubled: both are `metered-twice`, since no witness stands between metering and exporting process.',
  'A packet filter on the collector’s node and the collector’s own list of exporters: both are `nothing-collected`; the kernel counts no drop at the socket in either.',
  'An exporter that never sent a datagram which it counted, and a loss between its socket and its interface: both are `exports-missing-in-sequence`.',
  'Sampling that nobody announces and a constant fraction: where all flows share one ratio within the error of sampling it is `sampling-unannounced`.',
  'A BGP session that came after the flows and one that went before them: both are `as-attributes-empty`; the daemon’s log of BGP messages has the times.',
]
