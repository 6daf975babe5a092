// The books as the verdict shows them: sums by direction with what was not metered beside them, and host pair by host pair.

import type { Wire } from '../evidence.ts'
import { add, isNothing, nothing, type Volume } from '../kernel/units.ts'
import type { ProbePlan } from '../plan/plan.ts'
import { type Entry, sum } from './accounts.ts'
import { unmetered } from './metered.ts'
import type { Book, FlowComparison } from './verdict.ts'

const mostFlows = 1_000

const etherTypes: Readonly<Record<number, string>> = {
  0x0806: 'ARP (neighbour discovery of IPv4)',
  0x88cc: 'LLDP',
}

export function book(
  direction: 'in' | 'out',
  entries: readonly Entry[],
  { point, directions }: Wire,
  { probe, collector, table }: { probe: ProbePlan; collector: string; table: string },
): Book {
  const own = entries.filter((entry) => entry.direction === direction)
  const counted = directions[direction]
  const ip = counted.flows.reduce<Volume>(add, nothing)
  const outside = unmetered(probe, counted.flows, direction)
  const besides = outside.reduce<Volume>(add, nothing)
  const selected = sum(own, 'wire')
  const reasons: { reason: string; packets: number; bytes: number }[] = [
    ...counted.notIp.map(({ etherType, packets, bytes }) => ({
      reason: `${etherTypes[etherType] ?? `ethertype 0x${etherType.toString(16)}`}: not IP`,
      packets,
      bytes,
    })),
    {
      reason: `left out by the filter of ${table}`,
      packets: ip.packets - besides.packets - selected.packets,
      bytes: ip.bytes - besides.bytes - selected.bytes,
    },
    ...outside,
    { reason: 'not told apart: no room in the sets of the kernel', ...counted.overflow },
  ]
  return {
    point,
    probe: probe.name,
    collector,
    table,
    direction,
    wire: selected,
    exported: sum(own, 'exported'),
    arrived: sum(own, 'arrived'),
    collected: sum(own, 'collected'),
    notMetered: reasons.filter((each) => !isNothing(each)),
  }
}

/** Those that differ first, then by volume; at most a thousand. */
export function comparison(entries: readonly Entry[], point: string): FlowComparison[] {
  const byPair = new Map<string, FlowComparison>()
  for (const { direction, source, destination, wire, exported, arrived, collected } of entries) {
    const id = `${direction} ${source} ${destination}`
    const sofar = byPair.get(id)
    byPair.set(id, {
      ...{ point, source, destination, direction },
      wire: add(sofar?.wire ?? nothing, wire),
      exported: add(sofar?.exported ?? nothing, exported),
      arrived: add(sofar?.arrived ?? nothing, arrived),
      collected: add(sofar?.collected ?? nothing, collected),
    })
  }
  const isEqual = ({ wire, collected, exported }: FlowComparison): boolean =>
    wire.packets === exported.packets &&
    wire.bytes === exported.bytes &&
    wire.packets === collected.packets &&
    wire.bytes === collected.bytes
  return [...byPair.values()]
    .toSorted((a, b) => Number(isEqual(a)) - Number(isEqual(b)) || b.wire.bytes - a.wire.bytes)
    .slice(0, mostFlows)
}
