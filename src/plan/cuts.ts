// Links that may change while the lab runs: those that are cut or impaired, and those by which a collector gets exports that are dropped. Each
// gets a wire in its middle (impairment.ts).

import type { Endpoint, Link, Topology } from '../topology/topology.ts'

export function cuts({ events, probes, collectors, links }: Topology): (link: Link) => boolean {
  const cut = events.flatMap(({ target }): Link[] => {
    if (target.kind === 'link')
      return links.filter(({ endpoints: [a, b] }) => isAt(target.ends[0], a) && isAt(target.ends[1], b))
    if (target.kind !== 'exports') return []
    const to = probes.find(({ name }) => name === target.name)?.export.to ?? []
    return collectors
      .filter(({ name }) => to.includes(name))
      .flatMap(({ node }) =>
        links.filter(({ endpoints }) => endpoints.some((end) => end.node === node)).slice(0, 1),
      )
  })
  return (link) => link.impairable || cut.includes(link)
}

const isAt = (a: Pick<Endpoint, 'node' | 'interface'>, b: Endpoint): boolean =>
  a.node === b.node && a.interface === b.interface
