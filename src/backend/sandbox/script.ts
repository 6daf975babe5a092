// Plan → shell: what builds the nodes. Pure text, so that it can be read, golden-tested and run by hand. A node is a network, a
// mount and a UTS namespace, kept by one sleeping process; it sees its own files at the places where its programs look for them
// (/etc/frr, /run, /tmp, /var/log), so that everything in it works as on a machine of its own. (Mount namespaces kept by a bind
// mount would need no process; Linux 6.18 refuses them by chance.) Links and processes are common/'s.

import { posix } from 'node:path'
import type { NodePlan, Plan } from '../../plan/plan.ts'
import { configured, environmentOf } from '../common/files.ts'
import { addressLines, linkLines, sysctlLines } from '../common/plumbing.ts'
import { quote, sideBySide } from '../common/shell.ts'
import type { Place } from '../common/supervision.ts'
import { binding, bindLine } from './binds.ts'

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
    environment: environmentOf(directory, node),
  })

/** Everything from nothing to nodes that reach their neighbours. */
export function build({ nodes, links }: Plan, directory: string): string {
  return [
    'set -eu',
    ...sideBySide(nodes.map((node) => nodeLines(node, directory))),
    "ip -batch - <<'LINKS'",
    ...linkLines(links, nodes),
    'LINKS',
    ...sideBySide(nodes.map((node) => addressLines(node))),
    '',
  ].join('\n')
}

const mountLine = ([source, target]: readonly [string, string]): string =>
  `mount --rbind ${quote(source)} ${target}`

export function nodeLines(node: NodePlan, directory: string): string[] {
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
    ...(node.binds.length > 0 ? [binding] : []),
    ...node.binds.map((bind) => bindLine(bind, mounts, own)),
    // With what was bound below them; /run last, from which the others come.
    ...mounts.slice(0, -1).map(mountLine),
    ...(node.binds.length > 0 ? [`carry ${own}`] : []),
    ...mounts.slice(-1).map(mountLine),
    ...sysctlLines(node),
    'ip link set lo up',
    // The process stays as the node's keeper; its pid is all that it says.
    'echo $$',
    `exec -a node:${node.name} sleep infinity </dev/null >/dev/null 2>&1`,
  ]
  return [
    ...memoryLines(node, directory),
    `read -r pid < <(exec setsid unshare --net --mount --uts bash -c ${quote(inside.join('\n'))})`,
    `ln -sfn /proc/$pid/ns /run/ns/${node.name}`,
    `ln -sfn /proc/$pid/ns/net /run/netns/${node.name}`,
  ]
}

/** What a node has in memory at first: /run with its files and directories, and /tmp. */
export function memoryLines({ name, directories }: NodePlan, directory: string): string[] {
  const own = `/run/nodes/${name}`
  const kept = quote(posix.join(directory, 'nodes', name, 'run'))
  return [
    `mkdir -p ${own}/run ${own}/tmp ${own}/state`,
    `chmod 1777 ${own}/tmp`,
    `[ ! -d ${kept} ] || cp -r ${kept}/. ${own}/run/`,
    ...Object.entries(directories).map(
      ([target, owner]) => `mkdir -p ${own}${target} && chown ${owner} ${own}${target}`,
    ),
  ]
}
