// The lab file's traffic matrices as processes: the drawn flows with addresses, ports and packets, one sending process a host.

import type { Family } from '../../kernel/address.ts'
import { matrixGenerator } from '../../part/traffic/generators.ts'
import type { Carriage, ScriptedFlow } from '../../part.ts'
import type { MatrixTraffic, Topology } from '../../topology/topology.ts'
import { bare, type Neighbourhood } from '../neighbourhood.ts'
import type { MatrixPlan, ProcessPlan } from '../plan.ts'
import { draw, type DrawnFlow } from './draw.ts'

/** A matrix with what its hosts need for it. */
export interface Scheduled {
  readonly plan: MatrixPlan
  /** By node: the script of what it sends. */
  readonly files: ReadonlyMap<string, Readonly<Record<string, string>>>
  /** By node: what receives there. */
  readonly receivers: ReadonlyMap<string, readonly ProcessPlan[]>
}

/** Source ports from here on, one a flow of a host: none that the kernel chooses for others. */
const firstSourcePort = 16_384
/** Payload of a packet at the most: with any headers it fits the usual MTU. */
const mostPayload = 1_400
/** Of IPv6 with TCP or UDP. */
const headers = 60

/** @param firstPort of the first matrix; the others have those after it. */
export function matrices(topology: Topology, near: Neighbourhood, firstPort: number): Scheduled[] {
  const { traffic, links, seed } = topology
  const most = Math.min(mostPayload, ...links.map(({ mtu }) => mtu - headers))
  return traffic
    .flatMap((intent, index) => (intent.kind === 'matrix' ? [{ intent, index }] : []))
    .map(({ intent, index }, number) => {
      const has = (host: string): ReadonlySet<Family> =>
        new Set(([4, 6] as const).filter((family) => near(host, family).length > 0))
      const flows = draw(intent, seed, `matrix ${index}`, has)
      return scheduled(intent, flows, { near, most, number, port: firstPort + number })
    })
}

interface Place {
  readonly near: Neighbourhood
  readonly most: number
  readonly number: number
  readonly port: number
}

function scheduled(intent: MatrixTraffic, drawn: readonly DrawnFlow[], place: Place): Scheduled {
  const { near, most, number, port } = place
  const { at, for: lasts, pace, tos } = intent
  const addressOf = (host: string, family: Family): string => bare(near(host, family)[0]?.address ?? '')
  const hosts = [...new Set(drawn.map(({ source }) => source))].toSorted()
  const sendings = hosts.map((node) => {
    const own = drawn.filter(({ source }) => source === node)
    const flows = own.map(
      ({ at: begin, family, protocol, destination, bytes }, index): ScriptedFlow => ({
        ...{ at: begin, family, protocol, sourcePort: firstSourcePort + index },
        destination: addressOf(destination, family),
        ...split(bytes, most),
      }),
    )
    const sending = { matrix: number, port, lasts, pace, flows, ...(tos === undefined ? {} : { tos }) }
    const families = ([4, 6] as const).filter((family) => own.some((flow) => flow.family === family))
    return {
      node,
      flows,
      addresses: families.map((family) => addressOf(node, family)),
      ...matrixGenerator.send(sending),
    }
  })
  const senders = sendings.map(({ node, flows, addresses, process }) => ({
    ...{ node, addresses, flows: flows.length },
    packets: sum(flows.map(({ packets }) => packets)),
    bytes: sum(flows.map(({ packets, size }) => packets * size)),
    process,
  }))
  const perSecond = (total: number): number => Math.round(total / (lasts / 1000))
  return {
    plan: {
      ...{ port, at, lasts },
      asks: {
        flowsPerSecond: perSecond(drawn.length),
        packetsPerSecond: perSecond(sum(senders.map(({ packets }) => packets))),
        bitsPerSecond: perSecond(8 * sum(senders.map(({ bytes }) => bytes))),
      },
      cells: cellsIn(drawn),
      senders,
    },
    files: new Map(sendings.map(({ node, files }) => [node, files])),
    receivers: new Map(
      [...new Set(drawn.map(({ destination }) => destination))].map((node) => [
        node,
        matrixGenerator.receive(port, waysTo(node, drawn)),
      ]),
    ),
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** Even packets that together are the flow: rounded up, by less than a byte a packet. */
function split(bytes: number, most: number): { readonly packets: number; readonly size: number } {
  const packets = Math.ceil(bytes / most)
  return { packets, size: Math.ceil(bytes / packets) }
}

function waysTo(node: string, drawn: readonly DrawnFlow[]): Carriage[] {
  const ways = drawn
    .filter(({ destination }) => destination === node)
    .map(({ family, protocol }): [string, Carriage] => [`${protocol}${family}`, { family, protocol }])
  return [...new Map(ways)].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, way]) => way)
}

function cellsIn(drawn: readonly DrawnFlow[]): MatrixPlan['cells'] {
  const cells = new Map<DrawnFlow['cell'], DrawnFlow[]>()
  for (const flow of drawn) cells.set(flow.cell, [...(cells.get(flow.cell) ?? []), flow])
  return [...cells]
    .map(([{ from, to }, flows]) => ({
      ...{ from: from.name, to: to.name, flows: flows.length },
      bytes: sum(flows.map(({ bytes }) => bytes)),
    }))
    .toSorted((a, b) => b.bytes - a.bytes)
}
