// Plan → shell: a node of a running lab off and on again. Where its keeper lives, its network namespace and interfaces stay, and
// with them the kernel's counters; where it has crashed, they are made anew, at both ends of its links.

import { posix } from 'node:path'
import type { LinkPlan, NodePlan, Plan } from '../../plan/plan.ts'
import { addressLines, linkLines } from '../common/plumbing.ts'
import { quote } from '../common/shell.ts'
import { memoryLines, nodeLines } from './script.ts'

/** Whether the process that holds the node's namespaces lives. */
export const isKept = (node: string): string[] => ['test', '-e', `/run/ns/${node}/net`]

/** Kills all processes of a node but its keeper and `spared`, and lays its network down and up again. */
export function restartKept(plan: Plan, name: string, spared: readonly string[], directory: string): string {
  const node = nodeOf(plan, name)
  const inside = [
    ...['lo', ...node.interfaces.map((each) => each.name)].flatMap((each) => [
      `ip link set dev ${each} down`,
      `ip address flush dev ${each}`,
    ]),
    'ip route flush table main',
    'ip -6 route flush table main',
    'ip nexthop flush',
    'ip link set dev lo up',
  ]
  return [
    'set -eu',
    `state=${quote(posix.join(directory, 'nodes', name, 'state'))}`,
    `keeper=$(readlink /run/ns/${name}); keeper=\${keeper#/proc/}; spared=" \${keeper%/ns} "`,
    `for name in ${spared.map(quote).join(' ')}; do [ ! -e "$state/$name.pid" ] || spared="$spared$(<"$state/$name.pid") "; done`,
    killing(`readlink /run/ns/${name}/net`),
    `nsenter --net=/run/ns/${name}/net bash -e <<'DOWN'`,
    ...inside.map((line) => `${line} 2>/dev/null || :`),
    'DOWN',
    `find /run/nodes/${name}/run /run/nodes/${name}/tmp -mindepth 1 -delete`,
    ...memoryLines(node, directory),
    ...addressLines(node).slice(1),
    '',
  ].join('\n')
}

/** Kills what has outlived its keeper, and builds the node, its links and its neighbours' ends of them. */
export function rebuild(plan: Plan, name: string, directory: string): string {
  const node = nodeOf(plan, name)
  const links = linksOf(plan, name)
  const others = links.flatMap(({ ends }) => ends.filter((end) => end.node !== name))
  return [
    'set -eu',
    'spared=" "',
    `for pid in ${quote(posix.join(directory, 'nodes', name, 'state'))}/*.pid; do`,
    '  [ -e "$pid" ] && [ ! -e "${pid%.pid}.exit" ] || continue',
    '  former=$(readlink "/proc/$(<"$pid")/ns/net") || continue',
    killing('echo "$former"'),
    'done',
    // Where the old namespace is not yet cleared away, the other end takes this one with it.
    ...others.map(
      (end) => `nsenter --net=/run/netns/${end.node} ip link delete dev ${end.interface} 2>/dev/null || :`,
    ),
    `rm -rf /run/nodes/${name}`,
    ...nodeLines(node, directory),
    "ip -batch - <<'LINKS'",
    ...linkLines(links, plan.nodes),
    'LINKS',
    `(\n${addressLines(node).join('\n')}\n)`,
    ...others.flatMap((end) => {
      const other = nodeOf(plan, end.node)
      const interfaces = other.interfaces.filter((each) => each.name === end.interface)
      return [`(\n${addressLines({ ...other, interfaces, loopback: [] }, 'replace').join('\n')}\n)`]
    }),
    '',
  ].join('\n')
}

/** Links that end at a node. */
export const linksOf = ({ links }: Plan, name: string): readonly LinkPlan[] =>
  links.filter(({ ends }) => ends.some((end) => end.node === name))

/** Kills, until there are none, the processes whose network namespace is what `namespace` says, but those of $spared. */
const killing = (namespace: string): string => `
  net=$(${namespace}); net=\${net//[!0-9]/}
  while :; do
    found=
    for path in $(find /proc/[0-9]*/ns/net -prune -lname "net:?$net?" 2>/dev/null); do
      pid=\${path#/proc/}; pid=\${pid%/ns/net}
      case "$spared" in *" $pid "*) ;; *) found="$found $pid" ;; esac
    done
    [ -n "$found" ] || break
    kill -9 $found 2>/dev/null || :
  done`

function nodeOf({ nodes }: Plan, name: string): NodePlan {
  const node = nodes.find((each) => each.name === name)
  if (!node) throw new Error(`no node ${name} in the plan`)
  return node
}
