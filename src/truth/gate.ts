// The gate of an observation point: while it is closed nothing crosses, so that probe and kernel start and stop counting at
// the same packet. Each end of the link drops what it would send, before any capture or counter sees it (nftables' egress
// hook, at a priority before the counters'). Only exports pass, since probes hand over what they hold when the gate is closed.

import type { End, ObservationPoint, Plan, ProbePlan } from '../plan/plan.ts'

const table = 'flowlab_gate'

/**
 * Both ends of the link that the point is on; where a switch stands in it, the outer ends, since what the switch is sent it
 * meters. Throws where no link has the point.
 */
export function endsOf(
  { name, node, interface: own, uplink }: ObservationPoint,
  { links }: Plan,
): readonly [End, End] {
  const isAt = (end: End, at: string | undefined): boolean => end.node === node && end.interface === at
  const linkOf = (at: string) => links.find(({ ends }) => ends.some((end) => isAt(end, at)))?.ends
  const ends = linkOf(uplink ?? own)
  if (!ends) throw new Error(`${name} is on no link`)
  if (uplink === undefined) return ends
  const inner = { node, interface: own }
  return isAt(ends[0], uplink) ? [inner, ends[1]] : [ends[0], inner]
}

/** Datagrams that pass a closed gate: a probe's exports, which leave when the books are closed. */
export type Passing = Pick<ProbePlan['export'], 'source' | 'address'>

const passes = ({ source, address }: Passing): string => {
  const family = source.includes(':') ? 'ip6' : 'ip'
  return `    ${family} saddr ${source} ${family} daddr ${address} meta l4proto udp accept`
}

/** The ethertype of frames of flowlab's own (IEEE 802, local experimental), which pass a closed gate and are in no book. */
export const filler = 0x88b5

export const closing = (ends: readonly End[], exports: readonly Passing[]): string =>
  [
    `table netdev ${table} {`,
    ...ends.flatMap(({ interface: name }, index) => [
      `  chain gate_${index} {`,
      `    type filter hook egress device "${name}" priority -300; policy drop;`,
      ...exports.map(passes),
      `    meta protocol ${filler} accept`,
      '  }',
    ]),
    '}',
    '',
  ].join('\n')

/** Whether it is closed or not. */
export const opening = `add table netdev ${table}\ndelete table netdev ${table}\n`
