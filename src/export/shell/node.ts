// A node's section of the script: its addresses, its files, its programs.

import { posix } from 'node:path'
import { offloads } from '../../backend/common/plumbing.ts'
import type { NodePlan, ProcessPlan } from '../../plan/plan.ts'
import { heading, hereDocument, quote, words } from './words.ts'

/** The directories of /etc that a node has for itself: those into which it gets files. */
export const ownDirectories = ({ files, binds }: NodePlan): string[] => [
  ...new Set(
    [...Object.keys(files), ...binds.map(({ target }) => target)].flatMap((path) => {
      const [, top, program] = path.split('/')
      return top === 'etc' && program !== undefined && posix.dirname(path) !== '/etc'
        ? [`/etc/${program}`]
        : []
    }),
  ),
]

/** What a node binds outside of what it has for itself: nothing of the machine may be written to, so it is left out. */
export const leftOut = (node: NodePlan): string[] =>
  node.binds
    .map(({ target }) => target)
    .filter(
      (target) =>
        !['/run', '/tmp', '/var/tmp', '/var/log', ...ownDirectories(node)].some((own) =>
          `${target}/`.startsWith(`${own}/`),
        ),
    )

const titles: Readonly<Record<NodePlan['kind'], string>> = {
  frr: 'a router of FRR',
  bird: 'a router of BIRD',
  host: 'a host',
  bridge: 'a bridge',
  wire: 'the wire of a link with loss',
}

export function nodeSection(node: NodePlan): string[] {
  const { name, kind, as } = node
  return [
    ...heading(`${name}: ${titles[kind]}${as === undefined ? '' : `, AS ${as}`}`),
    ...addressing(node),
    ...Object.entries(node.directories).map(
      ([path, owner]) => `on ${name} install -d -o ${owner} ${quote(path)}`,
    ),
    ...filesOf(node),
    ...programs(node),
  ]
}

/** Before its interfaces are there: those take over what `default` says. */
export const sysctlLines = ({ name, sysctls }: NodePlan): string[] => [
  ...(Object.keys(sysctls).some((key) => /forward/.test(key))
    ? [`# ${name} passes packets on from one interface to another.`]
    : []),
  ...Object.entries(sysctls).map(
    ([key, value]) => `on ${name} sh -c ${quote(`echo ${value} >/proc/sys/${key.replaceAll('.', '/')}`)}`,
  ),
]

function addressing({ name, interfaces, loopback, routes }: NodePlan): string[] {
  const net = `ip -netns ${name}`
  const hard = interfaces.filter((each) => !each.offloads)
  return [
    ...loopback.map((address) => `${net} address add ${address} dev lo`),
    ...interfaces.flatMap(({ name: dev, addresses }) => [
      ...addresses.map((address) => `${net} address add ${address} dev ${dev}`),
      `${net} link set dev ${dev} up`,
    ]),
    ...(hard.length === 0
      ? []
      : [`for dev in ${hard.map((each) => each.name).join(' ')}; do no_offloads ${name} "$dev"; done`]),
    ...(routes.some((route) => route.startsWith('local '))
      ? [
          "# An address on no interface, for a probe's BGP daemon: FRR refuses a neighbour at the router's own.",
        ]
      : []),
    ...routes.map((route) => `${net} route add ${route}`),
  ]
}

/** The helper that node sections use. */
export const noOffloads = [
  '# With segmentation offload on, packets of up to 64 KB pass that no wire ever carried, and every count of packets is wrong.',
  `no_offloads() { on "$1" ethtool -K "$2" ${offloads.map((each) => `${each} off`).join(' ')} >/dev/null 2>&1; }`,
]

function filesOf(node: NodePlan): string[] {
  const { name, files, binds } = node
  const out = new Set(leftOut(node))
  return [
    ...Object.entries(files).flatMap(([path, text]) => hereDocument(`file ${name} ${quote(path)}`, text)),
    // Copied: what is at the source stays as it is.
    ...binds.flatMap(({ source, target }) => {
      if (out.has(target)) return [`# left out: a bind at ${JSON.stringify(target)}`]
      const [from, to] = [quote(source), quote(target)]
      return [
        `if [ -d ${from} ]; then on ${name} mkdir -p ${to} && tar -C ${from} -c . | on ${name} tar -C ${to} -x`,
        `else file ${name} ${to} <${from}; fi`,
      ]
    }),
  ]
}

/** Each after those that it needs; what nobody waits for here is waited for when all nodes have been started. */
function programs({ name, processes }: NodePlan): string[] {
  const awaited = new Set<string>()
  const awaiting = (names: readonly string[] = []): string[] =>
    names.flatMap((each) => {
      const process = processes.find((candidate) => candidate.name === each)
      if (!process || awaited.has(each)) return []
      awaited.add(each)
      return readiness(name, process)
    })
  return processes.flatMap((process) => [
    ...awaiting(process.after),
    process.oneshot
      ? `on ${name} ${words(process.argv)}`
      : `start ${name} ${process.name} ${words(process.argv)}`,
  ])
}

/** How a process is known to be ready, once more for those that were waited for before: it costs nothing. */
export function readiness(node: string, { name, oneshot, says, ready }: ProcessPlan): string[] {
  const what = quote(`${name} on ${node}`)
  if (oneshot) return []
  if (says !== undefined) return [`wait_for ${what} grep -qF ${quote(says)} "$lab/${node}/${name}.log"`]
  return ready === undefined ? [] : [`wait_for ${what} on ${node} test -e ${quote(ready)}`]
}
