// A node as a container, whoever makes it: its image and mounts, the commands that give it its addresses, and a script that
// starts its programs.

import { posix } from 'node:path'
import { quote, words } from '../../backend/common/shell.ts'
import { offloads } from '../../backend/common/plumbing.ts'
import type { NodePlan, Plan, ProcessPlan } from '../../plan/plan.ts'
import { sendings } from '../../plan/sendings.ts'

/** What `flowlab image build` makes: all parts from Debian's packages. */
const partsImage = 'flowlab/parts:latest'

/** Where a container finds the script that starts its programs. */
export const startScript = '/opt/flowlab/start.sh'

export interface Container {
  readonly name: string
  readonly image: string
  /** `source:target[:ro]`; sources of its own files are below the export's directory. */
  readonly binds: readonly string[]
  readonly env: NodePlan['env']
  readonly sysctls: NodePlan['sysctls']
  /** Command lines, once the links are there. */
  readonly commands: readonly (readonly string[])[]
}

export const container = (node: NodePlan): Container => ({
  name: node.name,
  image: node.image ?? partsImage,
  binds: [
    ...[...directoriesOf(node)].map((target) => `./${node.name}${target}:${target}`),
    ...node.binds.map(({ source, target, readonly }) => `${source}:${target}${readonly ? ':ro' : ''}`),
  ],
  env: node.env,
  sysctls: node.sysctls,
  commands: [...addressing(node), ['bash', startScript]],
})

/** Each directory that gets files is the container's own, but for one that the user binds. */
function directoriesOf({ files, binds }: NodePlan): Set<string> {
  const theirs = new Set(binds.map(({ target }) => target))
  const directories = Object.keys(files).map((path) => posix.dirname(path))
  return new Set([posix.dirname(startScript), ...directories].filter((target) => !theirs.has(target)))
}

/** May be said again after its links, or those of a neighbour, were made anew. */
const addressing = ({ interfaces, loopback, routes }: NodePlan): string[][] => [
  ...loopback.map((address) => ['ip', 'address', 'replace', address, 'dev', 'lo']),
  ...interfaces.flatMap(({ name, addresses, mtu, offloads: on }) => [
    // With them on, packets of up to 64 KB pass that no wire ever carried.
    ...(on ? [] : [['ethtool', '-K', name, ...offloads.flatMap((each) => [each, 'off'])]]),
    ...addresses.map((address) => ['ip', 'address', 'replace', address, 'dev', name]),
    ['ip', 'link', 'set', 'dev', name, 'mtu', String(mtu), 'up'],
  ]),
  ...routes.map((route) => ['ip', 'route', 'replace', ...route.split(' ')]),
]

/** Where a container keeps the process number of a program that was started, and when that began. */
const startedOf = (name: string): string => `/run/${name}.started`

/** All files that go beside the export, path → content. */
export const filesOf = ({ nodes }: Plan): Record<string, string> =>
  Object.fromEntries(
    nodes.flatMap((node) => [
      ...Object.entries(node.files)
        .filter(([path]) => directoriesOf(node).has(posix.dirname(path)))
        .map(([path, text]) => [`${node.name}${path}`, text]),
      [`${node.name}${startScript}`, startText(node)],
    ]),
  )

function startText({ name, directories, processes }: NodePlan): string {
  const awaiting = (names: readonly string[] = []): string[] =>
    names.flatMap((each) => {
      const process = processes.find((candidate) => candidate.name === each)
      return process ? readiness(process) : []
    })
  return [
    `# Starts the programs of ${name} that do not run, in their order; their output is in /var/log. Run it once the links are there.`,
    'set -eu',
    '# When a process began, so that its number, given again, is not taken for it.',
    `born() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }`,
    `start() { # NAME READY PROGRAM...`,
    `  name=$1 ready=$2; shift 2`,
    `  if [ -e "${startedOf('$name')}" ] && read -r pid since <"${startedOf('$name')}" && [ "$(born "$pid")" = "$since" ]; then return; fi`,
    `  rm -f "$ready"`,
    `  setsid env --default-signal=INT,QUIT,PIPE "$@" </dev/null >"/var/log/$name.log" 2>&1 &`,
    `  echo "$! $(born $!)" >"${startedOf('$name')}"`,
    '}',
    'wait_for() { n=0; until "$@" 2>/dev/null; do n=$((n + 1)); [ $n -lt 600 ] || { echo "not after a minute: $*" >&2; exit 1; }; sleep 0.1; done; }',
    ...Object.entries(directories).map(([path, owner]) => `install -d -o ${owner} ${quote(path)}`),
    ...processes.flatMap((process) => [
      ...awaiting(process.after),
      process.oneshot
        ? words(process.argv)
        : `start ${process.name} ${quote(process.ready ?? '')} ${words(process.argv)}`,
    ]),
    '',
  ].join('\n')
}

const readiness = ({ name, oneshot, says, ready }: ProcessPlan): string[] => {
  if (oneshot) return []
  if (says !== undefined) return [`wait_for grep -qF ${quote(says)} /var/log/${name}.log`]
  return ready === undefined ? [] : [`wait_for test -e ${quote(ready)}`]
}

/** A script that sends the lab's traffic, then lets the probes export what they hold. */
export function trafficScript(
  { probes, nodes, ...plan }: Plan,
  containerOf: (node: string) => string,
): string {
  const stopOf = (node: string, name: string): string => {
    const { stop = 'SIGTERM' } =
      nodes.find((each) => each.name === node)?.processes.find((each) => each.name === name) ?? {}
    return typeof stop === 'string'
      ? `stop ${containerOf(node)} ${name} ${stop.slice(3)}`
      : `docker exec ${containerOf(node)} ${words(stop.command)} || :`
  }
  return [
    '#!/usr/bin/env bash',
    "# Sends the lab's traffic; then each probe ends, for which it exports what it still holds.",
    'set -eu',
    '# It may have exported everything and not end.',
    `stop() { docker exec "$1" bash -c 'read -r pid _ <"${startedOf('$0')}"; kill "-$1" "$pid"; for n in {1..80}; do [ "$(cat "/proc/$pid/cmdline" 2>/dev/null | wc -c)" -gt 0 ] || exit 0; sleep 0.1; done' "$2" "$3"; }`,
    ...sendings(plan).map(
      ({ node, process, at }) =>
        `(sleep ${at / 1000}; docker exec ${containerOf(node)} ${words(process.argv)}) &`,
    ),
    'wait',
    ...(probes.length > 0 ? ['sleep 1.2'] : []),
    ...probes.map(({ node, process }) => stopOf(node, process)),
    '',
  ].join('\n')
}

export const leftOut = ({ points, events }: Plan): string[] => [
  ...(points.length > 0
    ? ["the kernel's own counters at the observation points, and with them the verdict"]
    : []),
  ...(events.length > 0 ? ['events: kill or stop the daemons by hand'] : []),
]
