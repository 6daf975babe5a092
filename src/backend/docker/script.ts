// Plan → shell: what a node's container runs as its process 1, and what the helper does to join the nodes. Pure text.

import { posix } from 'node:path'
import type { LinkPlan, NodePlan } from '../../plan/plan.ts'
import { addressLines, linkLines, sysctlLines } from '../common/plumbing.ts'
import { quote, sideBySide } from '../common/shell.ts'

/** Its existence says that a node has its files in place; hidden, since it is none of them. */
const sign = '/run/.prepared'

/**
 * Process 1 of a node, in bash, which reaps orphans: puts in place what the plan has in /run and /tmp, which are empty
 * whenever the container starts.
 */
export const prepared = ({ directories }: NodePlan): string =>
  [
    'set -e',
    '[ ! -d /lab/run ] || cp -r /lab/run/. /run/',
    ...Object.entries(directories).map(
      ([target, owner]) => `mkdir -p ${quote(target)} && chown ${owner} ${quote(target)}`,
    ),
    `touch ${sign}`,
    "trap 'exit 0' TERM",
    'while :; do sleep infinity & wait $! || :; done',
  ].join('\n')

export interface Started {
  readonly node: NodePlan
  /** Of its process 1, in the machine's numbering. */
  readonly pid: number
}

/** Seconds within which a container has its files in place. */
const patience = 30

/** What the helper does: names for the nodes' network namespaces, then links between them, then their addresses. */
export const plumbing = (started: readonly Started[], links: readonly LinkPlan[]): string =>
  [
    'set -eu',
    'mkdir -p /run/netns',
    ...started.flatMap(({ node: { name }, pid }) => [
      `until [ -e /proc/${pid}/root${sign} ]; do`,
      `  [ -d /proc/${pid}/ns ] && (( SECONDS < ${patience} )) || { echo ${name} has not started >&2; exit 1; }`,
      '  sleep 0.02',
      'done',
      `ln -s /proc/${pid}/ns/net ${posix.join('/run/netns', name)}`,
    ]),
    ...sideBySide(
      started.map(({ node }) => [
        `exec nsenter --net=/run/netns/${node.name} bash -e <<'NODE'`,
        ...sysctlLines(node),
        'NODE',
      ]),
    ),
    "ip -batch - <<'LINKS'",
    ...linkLines(
      links,
      started.map(({ node }) => node),
    ),
    'LINKS',
    ...sideBySide(started.map(({ node }) => addressLines(node))),
    '',
  ].join('\n')
