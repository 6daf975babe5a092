// What is known of the lab, for the map: of one that lives what it tells of itself, of one that has ended what the books say.

import { useMemo, useRef } from 'react'
import type { LabMap } from '../../../src/server/api/map.ts'
import type { Overview } from '../../../src/server/api/runs.ts'
import type { Condition } from '../../chart/map/drawn.ts'
import type { Live } from '../../live.ts'

/** What is known of the lab now; of one that has ended, what crossed each observation point in all of it. */
export function useCondition(map: LabMap, overview: Overview, live: Live, isLive: boolean): Condition {
  const grown = useRef(new Map<string, { datagrams: number; at: number }>())
  return useMemo(() => {
    const { state, rates } = live
    for (const { name, datagrams } of state?.probes ?? []) {
      const before = grown.current.get(name)
      if (!before || datagrams !== before.datagrams)
        grown.current.set(name, { datagrams, at: before ? (state?.at ?? 0) : 0 })
    }
    const now = Math.max(state?.at ?? 0, rates?.at ?? 0)
    const nodeOfAddress = new Map(
      map.nodes.flatMap((node) =>
        node.addresses.map((address) => [address.split('/')[0]!, node.name] as const),
      ),
    )
    return {
      rates: isLive
        ? new Map(rates?.interfaces.map((each) => [`${each.node}:${each.interface}`, each.outBits] as const))
        : carried(map, overview),
      down: new Set(
        isLive
          ? state?.interfaces.filter(({ up }) => !up).map((each) => `${each.node}:${each.interface}`)
          : [],
      ),
      nodes: new Map(isLive ? state?.nodes.map((node) => [node.name, node.state] as const) : []),
      exporting: new Set(
        isLive ? [...grown.current].filter(([, { at }]) => now - at < 2500).map(([name]) => name) : [],
      ),
      broken: isLive
        ? (state?.sessions ?? [])
            .filter(({ established }) => !established)
            .map(({ node, peer }) => [node, nodeOfAddress.get(peer) ?? node] as const)
        : [],
      moving: isLive,
    }
  }, [map, overview, live, isLive])
}

/** Mean bits a second at the observation points while the books were open, each direction out of the end that it comes from. */
function carried({ links }: LabMap, { crossed, begun, ended }: Overview): ReadonlyMap<string, number> {
  const seconds = Math.max(1, ((ended ?? begun) - begun) / 1000)
  return new Map(
    crossed.flatMap(({ point, in: into, out }) => {
      const ends = links.find((link) =>
        link.ends.some((end) => `${end.node}:${end.interface}` === point),
      )?.ends
      const peer = ends?.find((end) => `${end.node}:${end.interface}` !== point)
      return [
        [point, (out.bytes * 8) / seconds] as const,
        ...(peer ? [[`${peer.node}:${peer.interface}`, (into.bytes * 8) / seconds] as const] : []),
      ]
    }),
  )
}
