// Plan → a compose file, and what compose has no word for: links between two containers. links.sh makes them, once the
// containers run: each veth directly in the network namespaces of its two ends, which have no network but that.

import { stringify } from 'yaml'
import { quote, words } from '../../backend/common/shell.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Exported } from '../exported.ts'
import { container, filesOf, leftOut, trafficScript } from './node.ts'

export function compose(plan: Plan): Exported {
  const nameOf = (node: string): string => `${plan.lab}-${node}`
  const services = Object.fromEntries(
    plan.nodes.map((node) => {
      const { name, image, binds, env, sysctls } = container(node)
      return [
        name,
        {
          image,
          container_name: nameOf(name),
          hostname: name,
          network_mode: 'none',
          init: true,
          cap_add: ['NET_ADMIN', 'NET_RAW', 'SYS_ADMIN'],
          command: ['sleep', 'infinity'],
          volumes: binds,
          ...(Object.keys(env).length > 0 ? { environment: escaped(env) } : {}),
          ...(Object.keys(sysctls).length > 0 ? { sysctls } : {}),
        },
      ]
    }),
  )
  return {
    files: {
      'compose.yaml': stringify({ services }, { lineWidth: 120 }),
      'links.sh': linksScript(plan, nameOf),
      'traffic.sh': trafficScript(plan, nameOf),
      ...filesOf(plan),
    },
    executable: ['links.sh', 'traffic.sh'],
    leftOut: leftOut(plan),
    next: 'docker compose up -d && sudo ./links.sh',
  }
}

/** A dollar sign is compose's own. */
const escaped = (env: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).map(([key, value]) => [key, value.replaceAll('$', '$$$$')]))

function linksScript(plan: Plan, nameOf: (node: string) => string): string {
  const mtu = (node: string, name: string): number =>
    plan.nodes.find((each) => each.name === node)?.interfaces.find((each) => each.name === name)?.mtu ?? 1500
  return [
    '#!/usr/bin/env bash',
    '# What compose cannot say: the links between the containers, their addresses, and what starts once these are there. Run it',
    '# as root after `docker compose up -d`, and again after a container has been restarted: its links went with it.',
    'set -eu',
    `pid() { docker inspect -f '{{.State.Pid}}' "$1"; }`,
    '# Both ends are made where they belong; nothing appears in the network of the machine.',
    'link() { # CONTAINER INTERFACE MTU CONTAINER INTERFACE MTU',
    '  nsenter -t "$(pid "$1")" -n ip link show dev "$2" >/dev/null 2>&1 ||',
    '    ip link add name "$2" netns "$(pid "$1")" mtu "$3" type veth peer name "$5" netns "$(pid "$4")" mtu "$6"',
    '}',
    ...plan.links.map(
      ({ ends: [a, b] }) =>
        `link ${nameOf(a.node)} ${a.interface} ${mtu(a.node, a.interface)} ${nameOf(b.node)} ${b.interface} ${mtu(b.node, b.interface)}`,
    ),
    ...plan.nodes.flatMap((node) => [
      '',
      `# ${node.name}`,
      `docker exec -i ${nameOf(node.name)} bash <<'END'`,
      ...container(node).commands.map((argv) =>
        argv[0] === 'ethtool' ? `${words(argv)} >/dev/null 2>&1 || :` : words(argv),
      ),
      'END',
    ]),
    '',
    `echo ${quote(`${plan.lab} is up; docker exec -it ${nameOf(plan.nodes[0]?.name ?? 'NODE')} bash`)}`,
    '',
  ].join('\n')
}
