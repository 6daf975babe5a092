// The facts of one node: what the plan decided for it, what it wrote to its logs, and what was last known of its routes.

import { readdir, stat } from 'node:fs/promises'
import type { RouteTable, Wire } from '../../evidence.ts'
import type { Plan } from '../../plan/plan.ts'
import type { LogTail, NodeFacts } from '../api/map.ts'
import { part, value, within } from '../files.ts'
import { absent } from '../refusal.ts'
import type { Run } from '../runs.ts'
import { command, quoted } from './command.ts'
import { linksOf } from './map.ts'
import { planOf } from './plan.ts'

/** Routes of a table that are shown. */
const mostRoutes = 5_000

export async function nodeFacts(run: Run, name: string): Promise<NodeFacts> {
  const plan = await planOf(run)
  const node = nodeIn(plan, name)
  const [routes, wires, logs] = await Promise.all([
    value<RouteTable[]>(run.directory, 'routes'),
    value<Wire[]>(run.directory, 'wire'),
    logsOf(run, name),
  ])
  const own = routes?.findLast(({ router }) => router === name)
  const links = linksOf(plan)
  const peerOf = (interfaceName: string): { node: string; interface: string } | undefined => {
    const isOwn = (end: { node: string; interface: string }) =>
      end.node === name && end.interface === interfaceName
    return links.find(({ ends }) => ends.some(isOwn))?.ends.find((end) => !isOwn(end))
  }
  return {
    name,
    kind: node.kind,
    ...(node.as === undefined ? {} : { as: node.as }),
    interfaces: node.interfaces.map(({ name: interfaceName, addresses, mtu }) => {
      const peer = peerOf(interfaceName)
      return {
        name: interfaceName,
        addresses: [...addresses],
        mtu,
        ...(peer ? { peer } : {}),
        point: plan.points.some((point) => point.node === name && point.interface === interfaceName),
      }
    }),
    loopback: [...node.loopback],
    staticRoutes: [...node.routes],
    routes: (own?.routes ?? []).slice(0, mostRoutes).map(({ prefix, path, nextHop }) => ({
      prefix,
      path: [...path],
      ...(nextHop === undefined ? {} : { nextHop }),
    })),
    ...(own ? { routesTaken: own.taken } : {}),
    sessions: plan.sessions
      .filter((session) => session.node === name)
      .map(({ peer, peerAs, local, to }) => ({ peer, as: peerAs, to: to.name, local })),
    processes: node.processes.map((process) => ({ name: process.name, command: process.argv.join(' ') })),
    files: Object.entries(node.files).map(([path, text]) => ({ path, text })),
    logs,
    counters: (wires ?? [])
      .filter(({ point }) => plan.points.some((each) => each.name === point && each.node === name))
      .flatMap(({ point, directions }) =>
        (['in', 'out'] as const).map((direction) => ({
          point,
          direction,
          total: directions[direction].total,
          flows: directions[direction].flows.length,
        })),
      ),
    commands: commandsOf(run, node),
  }
}

/** Of several labs that run, the one that is meant. An ended one has nothing that could be asked but its records. */
function commandsOf(
  run: Run,
  { name, kind, interfaces, loopback }: Plan['nodes'][number],
): NodeFacts['commands'] {
  const lab = `--lab ${quoted(run.directory.path)}`
  const shells = { frr: 'vtysh', bird: 'birdc' } as const
  const live = [
    { what: 'A shell on it', command: `flowlab exec ${lab} ${name}` },
    ...(kind === 'frr' || kind === 'bird'
      ? [{ what: 'Its router', command: `flowlab exec ${lab} ${name} -- ${shells[kind]}` }]
      : []),
    ...interfaces.map((each) => ({
      what: `Packets of ${each.name}`,
      command: `flowlab capture ${lab} ${name}:${each.name} | tcpdump -n -r -`,
    })),
  ]
  const addresses = [...loopback, ...interfaces.flatMap((each) => each.addresses)]
  const hosts = [...new Set(addresses.map((address) => `host ${address.split('/')[0]}`))]
  return [
    ...(run.living ? live : []),
    ...(hosts.length > 0
      ? [{ what: 'Its records', command: command(run, 'records', { filter: hosts.join(' or ') }) }]
      : []),
  ]
}

function nodeIn(plan: Plan, name: string): Plan['nodes'][number] {
  const node = plan.nodes.find((each) => each.name === name)
  if (!node) throw absent(`node ${name} of ${plan.lab}`)
  return node
}

async function logsOf(run: Run, node: string): Promise<NodeFacts['logs']> {
  const directory = await within(run.directory, 'nodes', node, 'log').catch(() => undefined)
  if (directory === undefined) return []
  const names = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isFile())
  const sizes = await Promise.all(
    names.map(async ({ name }) => ({ name, bytes: (await stat(`${directory}/${name}`)).size })),
  )
  return sizes.filter(({ name }) => !name.endsWith('.pcap')).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The last lines; of very long ones the end. */
export async function logTail(run: Run, node: string, log: string, lines = 200): Promise<LogTail> {
  nodeIn(await planOf(run), node)
  const known = (await logsOf(run, node)).find(({ name }) => name === log)
  if (!known) throw absent(`log ${log} of ${node}`)
  const path = await within(run.directory, 'nodes', node, 'log', known.name)
  const { text, begin, size } = await part(path, -lines * 500, lines * 500)
  const all = text.split('\n')
  if (all.at(-1) === '') all.pop()
  if (begin > 0) all.shift()
  return { name: log, bytes: size, lines: all.slice(-lines), cut: begin > 0 || all.length > lines }
}
