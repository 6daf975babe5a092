// The map of a lab, from its plan alone: what stands where. The middle of an impaired link is no node of the map.

import type { End, Plan } from '../../plan/plan.ts'
import { exporters } from '../../plan/exporters.ts'
import type { LabMap, MapLink } from '../api/map.ts'
import { layout } from '../../layout/layout.ts'

const kept = new WeakMap<Plan, LabMap>()

/** Made once: of large labs the places take their time. */
export function mapOf(plan: Plan): LabMap {
  const known = kept.get(plan) ?? made(plan)
  kept.set(plan, known)
  return known
}

function made(plan: Plan): LabMap {
  const nodes = plan.nodes.filter(({ kind }) => kind !== 'wire')
  const links = linksOf(plan)
  const { places, ...size } = layout({
    nodes: nodes.map(({ name, as }) => ({ name, ...(as === undefined ? {} : { as }) })),
    links: links.map(({ ends: [a, b] }) => [a.node, b.node]),
  })
  return {
    width: size.width,
    height: size.height,
    systems: [...size.systems],
    nodes: nodes.map(({ name, kind, as, loopback, interfaces }) => ({
      name,
      kind: kind === 'wire' ? 'bridge' : kind,
      ...(as === undefined ? {} : { as }),
      ...(places.get(name) ?? { x: 0, y: 0 }),
      addresses: [...loopback, ...interfaces.flatMap(({ addresses }) => addresses)],
      probes: plan.probes.filter(({ node }) => node === name).map((probe) => probe.name),
      collectors: plan.collectors.filter(({ node }) => node === name).map((collector) => collector.name),
    })),
    links,
    sessions: plan.sessions.map(({ node, local, localAs, peer, peerAs, to }) => ({
      ...{ node, local, localAs, peer, peerAs },
      to: { ...to },
    })),
    probes: plan.probes.map((probe) => ({
      name: probe.name,
      kind: probe.kind,
      node: probe.node,
      interface: probe.interface,
      point: probe.point,
      protocol: probe.export.protocol,
      exports: exporters({ probes: [probe] }).map(({ export: { collector, address, port } }) => {
        const node = plan.collectors.find(({ name }) => name === collector)?.node ?? ''
        return { collector, node, address, port, path: shortest(links, probe.node, node) }
      }),
    })),
    collectors: plan.collectors.map(({ name, kind, node, address, port }) => ({
      ...{ name, kind, node, address, port },
    })),
  }
}

/** Links between nodes of the lab file: both halves of an impaired one are one, and a switch at an interface is the interface. */
export function linksOf({ nodes, links: planned, probes }: Plan): MapLink[] {
  const links = planned
    .filter(({ ends: [a, b] }) => a.node !== b.node)
    .map(({ ends: [a, b] }) => ({ ends: [outside(a, probes), outside(b, probes)] as const }))
  const wires = new Set(nodes.filter(({ kind }) => kind === 'wire').map(({ name }) => name))
  const isWire = (end: End): boolean => wires.has(end.node)
  return links.flatMap(({ ends: [a, b] }): MapLink[] => {
    if (isWire(a)) return []
    if (!isWire(b)) return [link(a, b, false)]
    const other = links.find(({ ends: [near] }) => near.node === b.node)?.ends[1]
    return other ? [link(a, other, true)] : []
  })
}

const outside = (end: End, probes: Plan['probes']): End => {
  const inLine = probes.find((probe) => probe.node === end.node && probe.switch?.uplink === end.interface)
  return inLine ? { ...end, interface: inLine.interface } : end
}

const link = (a: End, b: End, impaired: boolean): MapLink => ({
  id: `${a.node}:${a.interface}-${b.node}:${b.interface}`,
  ends: [{ ...a }, { ...b }],
  impaired,
})

/** Nodes on the way of the fewest links, both ends among them; only these where there is none. */
function shortest(links: readonly MapLink[], from: string, to: string): string[] {
  const before = new Map<string, string>([[from, from]])
  const waiting = [from]
  for (let node = waiting.shift(); node !== undefined && node !== to; node = waiting.shift())
    for (const { ends } of links) {
      const next = ends.find((end) => end.node !== node)?.node
      if (next === undefined || !ends.some((end) => end.node === node) || before.has(next)) continue
      before.set(next, node)
      waiting.push(next)
    }
  if (!before.has(to)) return [from, to]
  const path = [to]
  for (let node = to; node !== from; node = before.get(node) ?? from) path.unshift(before.get(node) ?? from)
  return path
}
