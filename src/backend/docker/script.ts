// Plan → shell: what a node's containers run as their first processes, and what the helper does to join the nodes. Pure text.

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

const forever = "trap 'exit 0' TERM\nwhile :; do sleep infinity & wait $! || :; done"

/** Process 1 of what stays of a node, in bash, which reaps orphans. */
export const staying = forever

/** First process of a node: its end is the node's. */
export const prepared = (node: NodePlan): string =>
  ['set -e', ...(node.image === undefined ? [] : [emptied]), ...memoryLines(node), forever].join('\n')

/** Whether the node still has the links that the helper made: not where what keeps them was started anew. */
export const isLinked = ({ interfaces }: NodePlan): string[] => [
  'test',
  ...interfaces.slice(0, 1).flatMap(({ name }) => ['-e', `/sys/class/net/${name}`]),
]

/** Run in what keeps a node's links: those who note the ends of its processes have gone with them. */
export const noted = String.raw`
for pid in /lab/state/*.pid; do
  state=${'${pid%.pid}'}
  [ -e "$pid" ] && [ ! -e "$state.exit" ] && [ "$state" != /lab/state/image ] || continue
  [ -d "/proc/$(<"$pid")" ] || { echo "137 $(date +%s%3N)" >"$state.end" && mv "$state.end" "$state.exit"; }
done
`

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
  /** Of its first process, in the machine's numbering. */
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

/** What it does for one node that is off: its neighbours see its links go down. `pid`: a process of what keeps them. */
export const cut = (pid: number): string =>
  `for path in $(nsenter --target=${pid} --net ip -o link show type veth | sed 's/^[0-9]*: //; s/[@:].*//'); do
  nsenter --target=${pid} --net ip link set dev "$path" down
done
`

/** What it does for one node that was off: the network down and up again. */
export const relaid = (started: Started): string =>
  [...namesLines([started]), ...downLines(started.node), ...addressLines(started.node).slice(1), ''].join(
    '\n',
  )

/** What it does for one node whose links are gone: makes them again, and the neighbours' ends of them. */
export const relinked = (started: readonly Started[], plan: Plan, node: NodePlan): string =>
  [...namesLines(started), ...sideBySide([settings(node)]), ...relinkLines(plan, node.name), ''].join('\n')

/** What it does when the nodes are gone: what their daemons have written becomes the user's own. */
export const handedOver = (user: string, group: string): string =>
  `chown -R --no-dereference ${user}:${group} /lab\n`
