// The books as the verdict shows them: sums by direction, with what was not metered beside them.

import type { Direction, Wire } from '../evidence.ts'
import { add, isNothing, nothing, subtract, type Volume } from '../kernel/units.ts'
import type { ProbePlan } from '../plan/plan.ts'
import { literal, type Store } from '../store.ts'
import type { Volumes } from './accounts.ts'
import { directions, volumeOf } from './ledgers.ts'
import { isExport, notMetered } from './selection.ts'
import type { Book } from './verdict.ts'

const etherTypes: Readonly<Record<number, string>> = {
  0x0806: 'ARP (neighbour discovery of IPv4)',
  0x88cc: 'LLDP',
}

/** What crossed a point in one direction: all IP, and what of it the probe cannot tell of, each under its first reason. */
export type Crossed = Readonly<
  Record<
    Direction,
    {
      readonly ip: Volume
      /** The lab's own export datagrams among it. */
      readonly exports: Volume
      readonly outside: readonly ({ readonly reason: string } & Volume)[]
    }
  >
>

export async function crossed(
  store: Store,
  probe: ProbePlan,
  probes: readonly ProbePlan[],
): Promise<Crossed> {
  const reasons = notMetered(probe)
  const cases = reasons.map(({ holds }, index) => `WHEN ${holds} THEN ${index}`)
  const rows = await store.ask<Readonly<Record<string, number | bigint | null>>>(`
    SELECT direction, CASE ${cases.join(' ')} END AS reason,
      sum(packets) AS packets, sum(bytes) AS bytes
    FROM wire WHERE point = ${literal(probe.point)} GROUP BY direction, reason`)
  const exported = await store.ask<Readonly<Record<string, number | bigint | null>>>(`
    SELECT direction, sum(packets) AS packets, sum(bytes) AS bytes FROM wire
    WHERE point = ${literal(probe.point)} AND (${isExport(probes)}) GROUP BY direction`)
  const of = (direction: Direction) => {
    const exports = exported.find((row) => row['direction'] === directions.indexOf(direction))
    const own = rows.filter((row) => row['direction'] === directions.indexOf(direction))
    const volumes = own.map((row) => ({
      reason: reasons[Number(row['reason'] ?? -1)]?.reason ?? '',
      ...volumeOf(row['packets'], row['bytes']),
    }))
    return {
      ip: volumes.reduce<Volume>(add, nothing),
      exports: volumeOf(exports?.['packets'], exports?.['bytes']),
      outside: volumes.filter(({ reason }) => reason !== ''),
    }
  }
  return { in: of('in'), out: of('out') }
}

export function book(
  direction: Direction,
  { [direction]: own }: Readonly<Record<Direction, Volumes>>,
  { [direction]: { ip, exports, outside } }: Crossed,
  { point, directions: counted }: Wire,
  { probe, collector, table }: { probe: ProbePlan; collector: string; table: string },
): Book {
  const { notIp, overflow } = counted[direction]
  const reasons: { reason: string; packets: number; bytes: number }[] = [
    ...notIp.map(({ etherType, packets, bytes }) => ({
      reason: `${etherTypes[etherType] ?? `ethertype 0x${etherType.toString(16)}`}: not IP`,
      packets,
      bytes,
    })),
    {
      reason: `left out by the filter of ${table}`,
      ...subtract(subtract(ip, outside.reduce<Volume>(add, nothing)), own.wire),
    },
    ...outside,
    { reason: 'not told apart: no room in the sets of the kernel', ...overflow },
  ]
  return {
    point,
    probe: probe.name,
    collector,
    table,
    direction,
    ...own,
    ...(isNothing(exports) ? {} : { exports }),
    notMetered: reasons.filter((each) => !isNothing(each)),
  }
}
