// A probe that is a switch stands in line: between its interface and the link. The node gets two ports that the switch joins, of
// which one is linked with the interface itself and the other has the link's place.

import type { InterfacePlan, LinkPlan, NodePlan, ProbePlan } from './plan.ts'

/** The ports' names on the node: short, since the kernel's names have 15 characters. */
export const portsOf = (index: number): NonNullable<ProbePlan['switch']> => ({
  uplink: `ovs${index}u`,
  port: `ovs${index}p`,
})

export function switched(
  links: readonly LinkPlan[],
  nodes: readonly NodePlan[],
  probes: readonly ProbePlan[],
): { readonly links: readonly LinkPlan[]; readonly nodes: readonly NodePlan[] } {
  const inLine = probes.flatMap((probe) => (probe.switch ? [{ ...probe, switch: probe.switch }] : []))
  return {
    nodes: nodes.map((node) => ({
      ...node,
      interfaces: [
        ...node.interfaces,
        ...inLine
          .filter((probe) => probe.node === node.name)
          .flatMap(({ interface: name, switch: { uplink, port } }) => {
            const mtu = node.interfaces.find((each) => each.name === name)?.mtu ?? 1500
            return [uplink, port].map(
              (each): InterfacePlan => ({ name: each, addresses: [], mtu, offloads: false, silent: true }),
            )
          }),
      ],
    })),
    links: inLine.reduce<readonly LinkPlan[]>(
      (all, { node, interface: name, switch: { uplink, port } }) => [
        ...all.map(({ ends: [a, b] }): LinkPlan => {
          const moved = (end: typeof a) =>
            end.node === node && end.interface === name ? { node, interface: uplink } : end
          return { ends: [moved(a), moved(b)] }
        }),
        {
          ends: [
            { node, interface: name },
            { node, interface: port },
          ],
        },
      ],
      links,
    ),
  }
}
