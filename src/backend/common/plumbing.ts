// Plan → shell: the links between nodes, and the addresses and routes at their ends. The same for every backend: all that it
// has to bring is a name for each node's network namespace under /run/netns, where ip(8) looks for it.

import type { InterfacePlan, LinkPlan, NodePlan, Plan } from '../../plan/plan.ts'
import { quote } from './shell.ts'

/** Switched off on every interface: with them on, packets of up to 64 KB pass that no wire ever carried. */
export const offloads = ['tso', 'gso', 'gro', 'lro', 'tx', 'rx'] as const

/** For a shell that has the node's network namespace. */
export const sysctlLines = ({ sysctls }: NodePlan): string[] =>
  Object.entries(sysctls).map(([key, value]) => `echo ${quote(value)} >/proc/sys/${key.replaceAll('.', '/')}`)

/** Lines of `ip -batch`. Both ends are made where they belong: nothing ever passes through another namespace. */
export function linkLines(links: readonly LinkPlan[], nodes: readonly NodePlan[]): string[] {
  const mtu = (node: string, name: string): number =>
    nodes.find((each) => each.name === node)?.interfaces.find((each) => each.name === name)?.mtu ?? 1500
  return links.map(({ ends: [a, b] }) => {
    const [left, right] = [a, b].map(
      (end) => `name ${end.interface} netns ${end.node} mtu ${mtu(end.node, end.interface)}`,
    )
    return `link add ${left} type veth peer ${right}`
  })
}

/**
 * Bash that gives a node's interfaces what the plan says, in the node's network namespace. Routes that may be there already
 * are replaced.
 */
export function addressLines(
  { name, interfaces, loopback, routes }: NodePlan,
  routing: 'add' | 'replace' = 'add',
): string[] {
  const off = (each: InterfacePlan) =>
    `ethtool -K ${each.name} ${offloads.map((feature) => `${feature} off`).join(' ')}`
  return [
    'set -eu',
    `exec nsenter --net=/run/netns/${name} bash -e <<'NODE'`,
    ...interfaces.filter((each) => !each.offloads).map((each) => `${off(each)} >/dev/null 2>&1`),
    ...interfaces.filter((each) => each.silent).map((each) => mute(each.name)),
    "ip -batch - <<'IP'",
    ...loopback.map((address) => `address add ${address} dev lo`),
    ...interfaces.flatMap((each) =>
      each.addresses.map((address) => `address add ${address} dev ${each.name}`),
    ),
    ...interfaces.map((each) => `link set dev ${each.name} up`),
    ...routes.map((route) => `route ${routing} ${route}`),
    'IP',
    'NODE',
  ]
}

/** Without an address of IPv6 the kernel has nothing to say there. */
const mute = (name: string): string =>
  `[ ! -e /proc/sys/net/ipv6/conf/${name} ] || echo 1 >/proc/sys/net/ipv6/conf/${name}/disable_ipv6`

/** Bash that lays a node's network down, as a power cut does; its interfaces stay. */
export const downLines = ({ name, interfaces }: NodePlan): string[] => [
  `nsenter --net=/run/netns/${name} bash -e <<'DOWN'`,
  ...[
    ...['lo', ...interfaces.map((each) => each.name)].flatMap((each) => [
      `ip link set dev ${each} down`,
      `ip address flush dev ${each}`,
    ]),
    'ip route flush table main',
    'ip -6 route flush table main',
    'ip nexthop flush',
    'ip link set dev lo up',
  ].map((line) => `${line} 2>/dev/null || :`),
  'DOWN',
]

/** Bash that links a node again which has a new network namespace, and gives its neighbours' ends what they had. */
export function relinkLines(plan: Plan, name: string): string[] {
  const links = linksOf(plan, name)
  const others = links.flatMap(({ ends }) => ends.filter((end) => end.node !== name))
  return [
    // Where the old namespace is not yet cleared away, the other end takes this one with it.
    ...others.map(
      (end) => `nsenter --net=/run/netns/${end.node} ip link delete dev ${end.interface} 2>/dev/null || :`,
    ),
    "ip -batch - <<'LINKS'",
    ...linkLines(links, plan.nodes),
    'LINKS',
    `(\n${addressLines(nodeOf(plan, name)).join('\n')}\n)`,
    ...others.flatMap((end) => {
      const other = nodeOf(plan, end.node)
      const interfaces = other.interfaces.filter((each) => each.name === end.interface)
      return [`(\n${addressLines({ ...other, interfaces, loopback: [] }, 'replace').join('\n')}\n)`]
    }),
  ]
}

/** Links that end at a node. */
export const linksOf = ({ links }: Plan, name: string): readonly LinkPlan[] =>
  links.filter(({ ends }) => ends.some((end) => end.node === name))

export function nodeOf({ nodes }: Plan, name: string): NodePlan {
  const node = nodes.find((each) => each.name === name)
  if (!node) throw new Error(`no node ${name} in the plan`)
  return node
}
