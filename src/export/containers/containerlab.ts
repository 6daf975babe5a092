// Plan → a topology of containerlab, with each node's configuration beside it. Nodes have no management network: then eth0 is a
// link's. A bridge is a node with a bridge in it, since containerlab's own would be the machine's.

import { stringify } from 'yaml'
import { words } from '../../backend/common/shell.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Exported } from '../exported.ts'
import { container, filesOf, leftOut, trafficScript } from './node.ts'

export function containerlab(plan: Plan): Exported {
  const file = `${plan.lab}.clab.yml`
  const mtu = (node: string, name: string): number =>
    plan.nodes.find((each) => each.name === node)?.interfaces.find((each) => each.name === name)?.mtu ?? 1500
  const topology = {
    name: plan.lab,
    topology: {
      defaults: { kind: 'linux', 'network-mode': 'none' },
      nodes: Object.fromEntries(
        plan.nodes.map((node) => {
          const { name, image, binds, env, sysctls, commands } = container(node)
          return [
            name,
            {
              image,
              cmd: 'sleep infinity',
              binds,
              ...(Object.keys(env).length > 0 ? { env } : {}),
              ...(Object.keys(sysctls).length > 0 ? { sysctls } : {}),
              exec: commands.map(words),
            },
          ]
        }),
      ),
      links: plan.links.map(({ ends: [a, b] }) => ({
        endpoints: [`${a.node}:${a.interface}`, `${b.node}:${b.interface}`],
        mtu: mtu(a.node, a.interface),
      })),
    },
  }
  return {
    files: {
      // containerlab replaces variables before it reads the file; two dollar signs are one.
      [file]: stringify(topology, { lineWidth: 120 }).replaceAll('$', '$$$$'),
      'traffic.sh': trafficScript(plan, (node) => `clab-${plan.lab}-${node}`),
      ...filesOf(plan),
    },
    executable: ['traffic.sh'],
    leftOut: leftOut(plan),
    next: `containerlab deploy -t ${file}`,
  }
}
