// Plan → shell: what builds the nodes. Pure text, so that it can be read, golden-tested and run by hand. A node is a network, a
// mount and a UTS namespace, kept by one sleeping process; it sees its own files at the places where its programs look for them
// (/etc/frr, /run, /tmp, /var/log), so that everything in it works as on a machine of its own. (Mount namespaces kept by a bind
// mount would need no process; Linux 6.18 refuses them by chance.) Links and processes are common/'s.

import { posix } from 'node:path'
import type { NodePlan, Plan } from '../../plan/plan.ts'
import { configured } from '../common/files.ts'
import { addressLines, linkLines, sysctlLines } from '../common/plumbing.ts'
import { quote, sideBySide } from '../common/shell.ts'
import type { Place } from '../common/supervision.ts'

/** Namespaces of a node, as arguments of nsenter. */
export const inNode = (node: string): string[] => [
  'nsenter',
  `--net=/run/ns/${node}/net`,
  `--mount=/run/ns/${node}/mnt`,
  `--uts=/run/ns/${node}/uts`,
  '--wd=/',
  '--',
]

/** Nodes as seen from the lab's own mount namespace. */
export const placesIn =
  (directory: string) =>
  (node: string): Place => ({
    kept: posix.join(directory, 'nodes', node),
    root: `/run/nodes/${node}`,
    enter: inNode(node),
  })

/** Everything from nothing to nodes that reach their neighbours. */
export function build({ nodes, links }: Plan, directory: string): string {
  return [
    'set -eu',
    ...sideBySide(nodes.map((node) => nodeLines(node, directory))),
    "ip -batch - <<'LINKS'",
    ...linkLines(links, nodes),
    'LINKS',
    ...sideBySide(nodes.map(addressLines)),
    '',
  ].join('\n')
}

function nodeLines(node: NodePlan, directory: string): string[] {
  const own = `/run/nodes/${node.name}`
  const kept = posix.join(directory, 'nodes', node.name)
  const mounts: [string, string][] = [
    ...configured(node).map((target): [string, string] => [`${kept}${target}`, target]),
    [`${kept}/log`, '/var/log'],
    [`${own}/tmp`, '/var/tmp'],
    [`${own}/tmp`, '/tmp'],
    [`${own}/run`, '/run'],
  ]
  const inside = [
    'set -eu',
    `hostname ${node.name}`,
    ...mounts.map(([source, target]) => `mount --bind ${quote(source)} ${target}`),
    ...sysctlLines(node),
    'ip link set lo up',
    // The process stays as the node's keeper; its pid is all that it says.
    'echo $$',
    `exec -a node:${node.name} sleep infinity </dev/null >/dev/null 2>&1`,
  ]
  return [
    `mkdir -p ${own}/run ${own}/tmp ${own}/state`,
    `chmod 1777 ${own}/tmp`,
    `[ ! -d ${quote(`${kept}/run`)} ] || cp -r ${quote(`${kept}/run/.`)} ${own}/run/`,
    ...Object.entries(node.directories).map(
      ([target, owner]) => `mkdir -p ${own}${target} && chown ${owner} ${own}${target}`,
    ),
    `read -r pid < <(exec setsid unshare --net --mount --uts bash -c ${quote(inside.join('\n'))})`,
    `ln -s /proc/$pid/ns /run/ns/${node.name}`,
    `ln -s /proc/$pid/ns/net /run/netns/${node.name}`,
  ]
}
