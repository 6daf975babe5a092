// Plan → shell: what a node's container runs as its process 1, and what the helper does to join the nodes. Pure text.

import type { LinkPlan, NodePlan, Plan } from '../../plan/plan.ts'
import { addressLines, downLines, linkLines, relinkLines, sysctlLines } from '../common/plumbing.ts'
import { quote, sideBySide } from '../common/shell.ts'

/** Its existence says that a node has its files in place; hidden, since it is none of them. */
const sign = '/run/.prepared'

/** Puts in place what the plan has in /run, which is empty whenever a node begins. */
const memoryLines = ({ directories }: NodePlan): string[] => [
  '[ ! -d /lab/run ] || cp -r /lab/run/. /run/',
  ...Object.entries(directories).map(
    ([target, owner]) => `mkdir -p ${quote(target)} && chown ${owner} ${quote(target)}`,
  ),
  `touch ${sign}`,
]

const emptied = 'find /run /tmp /var/tmp -xdev -mindepth 1 -delete 2>/dev/null || :'

/** Process 1 of a node, in bash, which reaps orphans. */
export const prepared = (node: NodePlan): string =>
  [
    'set -e',
    ...(node.image === undefined ? [] : [emptied]),
    ...memoryLines(node),
    "trap 'exit 0' TERM",
    'while :; do sleep infinity & wait $! || :; done',
  ].join('\n')

/** Whether the node still has the links that the helper made; a container that was started anew has none. */
export const isLinked = ({ interfaces }: NodePlan): string[] => [
  'test',
  ...interfaces.slice(0, 1).flatMap(({ name }) => ['-e', `/sys/class/net/${name}`]),
]

/**
 * Run in the node: kills everything but process 1, `spared` and those who note the ends of processes (they end by themselves),
 * and gives it back what it has in memory.
 */
export const cleared = (node: NodePlan, spared: readonly string[]): string =>
  [
    'set -eu',
    'spared=" 1 $$ "',
    `for name in ${spared.map(quote).join(' ')}; do`,
    '  [ ! -e "/lab/state/$name.pid" ] || spared="$spared$(</lab/state/$name.pid) "',
    'done',
    'while :; do',
    '  found=',
    '  for path in /proc/[0-9]*; do',
    '    pid=${path#/proc/}',
    '    case "$spared" in *" $pid "*) continue ;; esac',
    `    { mapfile -d '' -t argv <"$path/cmdline"; } 2>/dev/null || continue`,
    // What has ended and is not yet reaped has no command line; the sleep is process 1's.
    '    case "${argv[*]-}" in "" | "sleep infinity" | "sh -c "*" supervise /lab/state/"*) ;; *) found="$found $pid" ;; esac',
    '  done',
    '  [ -n "$found" ] || break',
    '  kill -9 $found 2>/dev/null || :',
    'done',
    emptied,
    ...memoryLines(node),
  ].join('\n')

/** Run in the node, $1 being the image's process: what belongs to a user is the user's by the number that the image has. */
export const owned = ({ directories }: NodePlan): string =>
  [
    `until [ -e ${sign} ]; do sleep 0.02; done`,
    'while IFS=: read -r name _ id _; do',
    ...Object.entries(directories).map(
      ([target, owner]) => `  [ "$name" != ${quote(owner)} ] || chown "$id" ${quote(target)}`,
    ),
    '  :',
    'done <"/proc/$1/root/etc/passwd"',
  ].join('\n')

export interface Started {
  readonly node: NodePlan
  /** Of its process 1, in the machine's numbering. */
  readonly pid: number
}

/** Seconds within which a container has its files in place. */
const patience = 30

/** Names for the nodes' network namespaces, as soon as the nodes have their files in place. */
const namesLines = (started: readonly Started[]): string[] => [
  'set -eu',
  // Podman has it read-only, whatever it is asked for.
  'mount -o remount,bind,rw /proc/sys 2>/dev/null || :',
  'mkdir -p /run/netns',
  ...started.flatMap(({ node: { name }, pid }) => [
    `until [ -e /proc/${pid}/root${sign} ]; do`,
    `  [ -d /proc/${pid}/ns ] && (( SECONDS < ${patience} )) || { echo ${name} has not started >&2; exit 1; }`,
    '  sleep 0.02',
    'done',
    `ln -s /proc/${pid}/ns/net /run/netns/${name}`,
  ]),
]

const settings = (node: NodePlan): string[] => [
  `exec nsenter --net=/run/netns/${node.name} bash -e <<'NODE'`,
  ...sysctlLines(node),
  'NODE',
]

/** What the helper does for a whole lab: sysctls, then links, then addresses. */
export const plumbing = (started: readonly Started[], links: readonly LinkPlan[]): string =>
  [
    ...namesLines(started),
    ...sideBySide(started.map(({ node }) => settings(node))),
    "ip -batch - <<'LINKS'",
    ...linkLines(
      links,
      started.map(({ node }) => node),
    ),
    'LINKS',
    ...sideBySide(started.map(({ node }) => addressLines(node))),
    '',
  ].join('\n')

/** What it does for one node that was cleared: the network down and up again. */
export const relaid = (started: readonly Started[], node: NodePlan): string =>
  [...namesLines(started), ...downLines(node), ...addressLines(node).slice(1), ''].join('\n')

/** What it does for one node whose container was started anew: its links, and the neighbours' ends of them. */
export const relinked = (started: readonly Started[], plan: Plan, node: NodePlan): string =>
  [...namesLines(started), ...sideBySide([settings(node)]), ...relinkLines(plan, node.name), ''].join('\n')

/** What it does when the nodes are gone: what their daemons have written becomes the user's own. */
export const handedOver = (user: string, group: string): string =>
  `chown -R --no-dereference ${user}:${group} /lab\n`
