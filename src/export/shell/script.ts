// Plan → a script that builds the same lab by hand, for people to read, run and change: no part of flowlab is needed to run it.
// What flowlab adds for its verdict (gates, recordings, the order of the drain) is left out; the kernel's own counters are in.

import { linkLines } from '../../backend/common/plumbing.ts'
import type { CollectorPlan, NodePlan, Plan, ProbePlan } from '../../plan/plan.ts'
import { sendings, type SendingProcess } from '../../plan/sendings.ts'
import { ruleset, tableOf } from '../../truth/wire/ruleset.ts'
import type { Exported } from '../exported.ts'
import { helpers } from './helpers.ts'
import { leftOut, nodeSection, noOffloads, ownDirectories, readiness, sysctlLines } from './node.ts'
import { comment, heading, hereDocument, quote, words } from './words.ts'

/** @param packages what Debian brings it by. */
export function shell(plan: Plan, packages: readonly string[]): Exported {
  const { lab, nodes } = plan
  const missing = [
    ...nodes.flatMap((node) => leftOut(node).map((target) => `the bind at ${target} of ${node.name}`)),
    ...(plan.events.length > 0 ? ['events: kill or stop the daemons by hand'] : []),
  ]
  const lines = [
    '#!/usr/bin/env bash',
    ...comment(
      [
        `The lab ${lab}, by hand: what flowlab builds from its lab file, as a script to read, run and change.`,
        '',
        `  bash ${lab}.sh up               namespaces, links, addresses, daemons; ends when the routes are there`,
        `  bash ${lab}.sh traffic          sends the lab's traffic`,
        `  bash ${lab}.sh flush            ends the probes, which then export all that they hold`,
        `  bash ${lab}.sh tables           what the kernel, the probes and the collectors have counted`,
        `                           (a probe's own tables end with it: look before flush)`,
        `  bash ${lab}.sh routes           what the routers believe`,
        `  bash ${lab}.sh on NODE COMMAND  a command on a node: on ${nodes[0]?.name ?? 'NODE'} ip address`,
        `  bash ${lab}.sh down             ends it all; the logs stay`,
        '',
        `It needs these packages of Debian: ${packages.join(' ')}; and root, or user namespaces with a range in /etc/subuid.`,
        `Files and logs are in ./${lab}.lab, or where LAB_DIRECTORY says.`,
        ...(missing.length > 0 ? ['', `Not in it: ${missing.join('; ')}.`] : []),
      ].join('\n'),
    ),
    'set -euo pipefail',
    'self=$(realpath "$0")',
    `lab=$(realpath -m "\${LAB_DIRECTORY:-${lab}.lab}")`,
    ...helpers.split('\n').slice(0, -1),
    ...noOffloads,
    ...environments(nodes),
    '',
    ...body('build', buildLines(plan)),
    ...body('traffic', trafficLines(sendings(plan))),
    ...body(
      'flush',
      plan.probes.flatMap((probe) => flushLines(probe, plan)),
    ),
    ...body('tables', tableLines(plan)),
    ...body('routes', nodes.flatMap(routeLines)),
    '# The holder is the last of it: with it the kernel ends every process and removes every namespace, interface and mount.',
    'down() {',
    '  kill -KILL "$(cat "$lab/pid")"',
    '  rm -f "$lab/pid" "$lab/held"',
    '}',
    '',
    'case ${INSIDE:+inside}${1:-} in',
    '  inside*) "$@" ;;',
    '  up)',
    '    hold',
    '    enter build || { echo "not all of it is up: see $lab, then take it down" >&2; exit 1; }',
    '    ;;',
    '  traffic | flush | tables | routes | on) enter "$@" ;;',
    '  down) down ;;',
    '  *) sed -n \'2,/^set /{/^set /d;s/^# \\{0,1\\}//p}\' "$self" && exit 2 ;;',
    'esac',
    '',
  ]
  const file = `${lab}.sh`
  return {
    files: { [file]: lines.join('\n') },
    executable: [file],
    leftOut: missing,
    next: `bash ${file} up`,
  }
}

/** Here-documents must stay at the margin, so nothing in a function is indented. */
const body = (name: string, lines: readonly string[]): string[] => [
  `${name}() {`,
  ...(lines.length === 0 ? [':'] : lines),
  '}',
  '',
]

/** What a node adds to its programs' environment. */
const environments = (nodes: readonly NodePlan[]): string[] => [
  '# What a node adds to the environment of its programs.',
  'environment_of() {',
  '  case $1 in',
  ...nodes.flatMap(({ name, env }) => {
    const own = Object.entries(env).map(([key, value]) => `${key}=${value}`)
    return own.length === 0 ? [] : [`    ${name}) own=(${words(own)}) ;;`]
  }),
  '    *) own=() ;;',
  '  esac',
  '}',
]

const buildLines = (plan: Plan): string[] => [
  ...heading('nodes'),
  ...plan.nodes.map((node) => ['node', node.name, ...ownDirectories(node)].join(' ')),
  ...plan.nodes.flatMap(sysctlLines),
  ...heading('links: both ends of a veth are made where they belong'),
  ...linkLines(plan.links, plan.nodes).map((line) => `ip ${line}`),
  ...plan.points.flatMap((point, index) => [
    ...heading(`the kernel's own count of every flow at ${point.name}, to compare with the probe's`),
    ...hereDocument(`on ${point.node} nft -f -`, ruleset(point, index)),
  ]),
  ...plan.nodes.flatMap(nodeSection),
  ...heading('ready?'),
  '# A daemon of pmacct with a BGP session takes five seconds to begin.',
  ...plan.nodes.flatMap(({ name, processes }) => processes.flatMap((process) => readiness(name, process))),
  ...plan.reachable.flatMap(({ node, prefixes }) =>
    prefixes.map(
      (prefix) =>
        `wait_for ${quote(`the route of ${node} to ${prefix}`)} has_route ${node} ${prefix.includes(':') ? '-6' : '-4'} ${prefix}`,
    ),
  ),
]

const trafficLines = (sending: readonly SendingProcess[]): string[] => [
  ...sending.flatMap(({ node, process, at, what }) => [
    `# ${what}`,
    `(sleep ${at / 1000}; on ${node} ${words(process.argv)}) >"$lab/${node}/${process.name}.log" 2>&1 &`,
  ]),
  ...(sending.length > 0 ? ['wait'] : []),
]

/** A probe keeps what it has metered until it expires, and hands it over when it is told to end. */
function flushLines({ node, process: name }: ProbePlan, plan: Plan): string[] {
  const process = plan.nodes.find((each) => each.name === node)?.processes.find((each) => each.name === name)
  const { stop = 'SIGTERM' } = process ?? {}
  return [
    '# libpcap hands over what it has captured up to a second late.',
    'sleep 1.2',
    typeof stop === 'string'
      ? `kill -${stop.slice(3)} "$(cat "$lab/${node}/${name}.pid")"`
      : `on ${node} ${words(stop.command)} || :`,
    `wait_for ${quote(`the end of ${name} on ${node}`)} gone ${node} ${name}`,
  ]
}

const tableLines = ({ points, probes, collectors }: Plan): string[] => [
  ...points.flatMap(({ name, node }, index) => [
    `echo ${quote(`== the kernel at ${name}, flow by flow`)}`,
    `on ${node} nft list table netdev ${tableOf(index)} | grep -F 'counter packets' || :`,
  ]),
  ...[...probes, ...collectors].flatMap((daemon) =>
    daemon.tables.flatMap(({ name }) => {
      const command = look(daemon, name)
      return command
        ? [`echo ${quote(`== ${daemon.name}: ${name}`)}`, `on ${daemon.node} ${command} || :`]
        : []
    }),
  ),
]

/** The command by which each kind of daemon shows a table. */
function look({ kind, process }: ProbePlan | CollectorPlan, table: string): string | undefined {
  if (kind === 'pmacctd' || kind === 'nfacctd') return `pmacct -s -p /tmp/${process}-${table}.pipe`
  // Of what is no older than its rotation, two seconds, nothing can be read.
  return kind === 'nfcapd' ? `nfdump -q -R /tmp/${process} -o extended` : undefined
}

function routeLines({ name, kind }: NodePlan): string[] {
  if (kind !== 'frr' && kind !== 'bird') return []
  const ask =
    kind === 'frr' ? `vtysh -c 'show bgp ipv4 unicast' -c 'show bgp ipv6 unicast'` : 'birdc show route'
  return [`echo '== ${name}'`, `on ${name} ${ask} || :`, `on ${name} ip route`, `on ${name} ip -6 route`]
}
