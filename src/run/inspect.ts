// How a running lab is at this moment: what stands where, which processes run, which sessions are up, what probes and
// collectors hold.

import type { Lab } from '../backend.ts'
import type { SessionState } from '../evidence.ts'
import { socketAddress } from '../kernel/address.ts'
import { collectors as collectorParts } from '../part/collector/collectors.ts'
import { probes as probeParts } from '../part/probe/probes.ts'
import { routers } from '../part/router/routers.ts'
import { exporters } from '../plan/exporters.ts'
import type { Plan } from '../plan/plan.ts'
import { asker } from './ask.ts'
import { readTransport } from './books.ts'
import type { RunDirectory } from './directory.ts'
import { endOf } from './process.ts'

export interface Inspection {
  readonly lab: string
  readonly directory: string
  readonly nodes: readonly NodeState[]
  readonly sessions: readonly (SessionState & { readonly node: string; readonly to: string })[]
  readonly probes: readonly DaemonState[]
  readonly collectors: readonly (DaemonState & {
    readonly listening: boolean
    /** Datagrams that left for it. */
    readonly sent: number
    /** Datagrams that the kernel dropped at its socket. */
    readonly drops: number
  })[]
}

export interface NodeState {
  readonly name: string
  readonly kind: string
  readonly as?: number
  readonly interfaces: readonly {
    readonly name: string
    readonly addresses: readonly string[]
    readonly peer: string
  }[]
  readonly loopback: readonly string[]
  readonly processes: readonly ProcessState[]
}

export interface ProcessState {
  readonly name: string
  readonly state: string
}

export interface DaemonState {
  readonly name: string
  readonly kind: string
  /** Where a probe watches, where a collector listens. */
  readonly at: string
  readonly state: string
  /** The router that feeds it with routes; absent where none does. */
  readonly bgp?: string
  readonly tables: readonly { readonly name: string; readonly rows: number; readonly packets: number }[]
  /** Export datagrams that left the probe, or arrived at the collector. */
  readonly datagrams: number
}

/** `withTables`: what tables hold takes a question a table; without them they are none. */
export async function inspect(
  lab: Lab,
  plan: Plan,
  directory: RunDirectory,
  withTables = true,
): Promise<Inspection> {
  const transports = await Promise.all(
    exporters(plan).map((probe, index) => readTransport(lab, plan, probe, index)),
  )
  const [nodes, sessions, probes, collectors] = await Promise.all([
    Promise.all(plan.nodes.map((node) => nodeState(node, plan, directory))),
    sessionStates(lab, plan),
    Promise.all(
      plan.probes.map(async (probe) => {
        const tables = withTables
          ? await probeParts[probe.kind].tables(asker(lab, probe.node), probe).catch(() => [])
          : []
        const datagrams = transports.find((each) => each.probe === probe.name)?.left.packets ?? 0
        return daemonState(probe, probe.point, tables, datagrams, directory)
      }),
    ),
    Promise.all(
      plan.collectors.map(async (collector) => {
        const tables = withTables
          ? await collectorParts[collector.kind].tables(asker(lab, collector.node), collector).catch(() => [])
          : []
        const own = transports.filter((each) => each.collector === collector.name)
        const datagrams = own.reduce((sum, { arrived }) => sum + arrived.packets, 0)
        const at = socketAddress(collector.address, collector.port)
        const state = await daemonState(collector, at, tables, datagrams, directory)
        const sent = own.reduce((sum, { left }) => sum + left.packets, 0)
        const drops = own.reduce((sum, { socketDrops }) => sum + socketDrops, 0)
        return { ...state, listening: own.every(({ listening }) => listening), sent, drops }
      }),
    ),
  ])
  return { lab: plan.lab, directory: directory.path, nodes, sessions, probes, collectors }
}

async function nodeState(
  node: Plan['nodes'][number],
  { links }: Plan,
  directory: RunDirectory,
): Promise<NodeState> {
  const peerOf = (name: string): string => {
    const ends = links.find((link) =>
      link.ends.some((end) => end.node === node.name && end.interface === name),
    )?.ends
    const peer = ends?.find((end) => !(end.node === node.name && end.interface === name))
    return peer ? `${peer.node}:${peer.interface}` : ''
  }
  return {
    name: node.name,
    kind: node.kind,
    ...(node.as === undefined ? {} : { as: node.as }),
    interfaces: node.interfaces.map(({ name, addresses }) => ({ name, addresses, peer: peerOf(name) })),
    loopback: node.loopback,
    processes: await Promise.all(
      node.processes
        .filter(({ oneshot }) => !oneshot)
        .map(async ({ name }) => ({ name, state: await processState(directory, node.name, name) })),
    ),
  }
}

async function processState(directory: RunDirectory, node: string, process: string): Promise<string> {
  const end = await endOf(directory, node, process)
  return end ? `ended with ${end.code}` : 'running'
}

async function sessionStates(lab: Lab, plan: Plan): Promise<Inspection['sessions']> {
  const each = await Promise.all(
    plan.nodes.map(async ({ name, kind }) => {
      if (kind !== 'frr' && kind !== 'bird') return []
      const states = await routers[kind].sessions(asker(lab, name)).catch(() => [])
      return states.map((state) => ({
        node: name,
        to:
          plan.sessions.find((session) => session.node === name && session.peer === state.peer)?.to.name ??
          '',
        ...state,
      }))
    }),
  )
  return each.flat()
}

async function daemonState(
  daemon: Plan['probes'][number] | Plan['collectors'][number],
  at: string,
  tables: Awaited<ReturnType<(typeof probeParts)['pmacctd']['tables']>>,
  datagrams: number,
  directory: RunDirectory,
): Promise<DaemonState> {
  return {
    name: daemon.name,
    kind: daemon.kind,
    at,
    state: await processState(directory, daemon.node, daemon.process),
    ...(daemon.bgp ? { bgp: daemon.bgp.router } : {}),
    tables: tables.map(({ name, rows }) => ({
      name,
      rows: rows.length,
      packets: rows.reduce((sum, { packets }) => sum + Number(packets), 0),
    })),
    datagrams,
  }
}
