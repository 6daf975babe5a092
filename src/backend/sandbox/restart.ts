// Plan → shell: a node of a running lab off and on again. Where its keeper lives, its network namespace and interfaces stay, and
// with them the kernel's counters; where it has crashed, they are made anew, at both ends of its links.

import { posix } from 'node:path'
import type { Plan } from '../../plan/plan.ts'
import { addressLines, downLines, nodeOf, relinkLines } from '../common/plumbing.ts'
import { quote } from '../common/shell.ts'
import { memoryLines, nodeLines } from './script.ts'

/** Whether the process that holds the node's namespaces lives. */
export const isKept = (node: string): string[] => ['test', '-e', `/run/ns/${node}/net`]

/** Kills all processes of a node but its keeper and `spared`, and lays its network down and up again. */
export function restartKept(plan: Plan, name: string, spared: readonly string[], directory: string): string {
  const node = nodeOf(plan, name)
  return [
    'set -eu',
    `state=${quote(posix.join(directory, 'nodes', name, 'state'))}`,
    `keeper=$(readlink /run/ns/${name}); keeper=\${keeper#/proc/}; spared=" \${keeper%/ns} "`,
    `for name in ${spared.map(quote).join(' ')}; do [ ! -e "$state/$name.pid" ] || spared="$spared$(<"$state/$name.pid") "; done`,
    killing(`readlink /run/ns/${name}/net`),
    ...downLines(node),
    `find /run/nodes/${name}/run /run/nodes/${name}/tmp -mindepth 1 -delete`,
    ...memoryLines(node, directory),
    ...addressLines(node).slice(1),
    '',
  ].join('\n')
}

/** Kills what has outlived its keeper, and builds the node, its links and its neighbours' ends of them. */
export function rebuild(plan: Plan, name: string, directory: string): string {
  const node = nodeOf(plan, name)
  return [
    'set -eu',
    'spared=" "',
    `for pid in ${quote(posix.join(directory, 'nodes', name, 'state'))}/*.pid; do`,
    '  [ -e "$pid" ] && [ ! -e "${pid%.pid}.exit" ] || continue',
    '  former=$(readlink "/proc/$(<"$pid")/ns/net") || continue',
    killing('echo "$former"'),
    'done',
    `rm -rf /run/nodes/${name}`,
    ...nodeLines(node, directory),
    ...relinkLines(plan, name),
    '',
  ].join('\n')
}

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
