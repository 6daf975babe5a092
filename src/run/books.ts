// Opens and closes the books: gates at the observation points, the kernel's counters behind them, and the recorders of the
// exports. Between closing and opening again nothing crosses an observation point.

import type { Lab, Placed } from '../backend.ts'
import type { Direction, Transport, Wire } from '../evidence.ts'
import type { Volume } from '../kernel/units.ts'
import { exporters } from '../plan/exporters.ts'
import type { ObservationPoint, Plan, ProbePlan } from '../plan/plan.ts'
import { closing, endsOf, opening } from '../truth/gate.ts'
import { packetRecorder } from '../truth/packets/recorder.ts'
import { parseCounter, parseSockets } from '../truth/transport/read.ts'
import {
  listing,
  recorder,
  ruleset as transportRuleset,
  type Side,
  tableOf as transportTable,
} from '../truth/transport/ruleset.ts'
import { parse, parseTotals } from '../truth/wire/read.ts'
import { ethernetHeader, ruleset, tableOf, totalsRuleset, totalsTableOf } from '../truth/wire/ruleset.ts'
import { say } from './ask.ts'

const nft = (lab: Lab, node: string, text: string): Promise<string> =>
  say(lab, node, ['nft', '-f', '-'], text)

/** Ends of all points' links, by node: a node's gates open and close at once. */
function gates(plan: Plan): Map<string, { node: string; interface: string }[]> {
  const byNode = new Map<string, { node: string; interface: string }[]>()
  for (const point of plan.points)
    for (const end of endsOf(point, plan)) byNode.set(end.node, [...(byNode.get(end.node) ?? []), end])
  return byNode
}

export async function closeGates(lab: Lab, plan: Plan): Promise<void> {
  await Promise.all(
    [...gates(plan)].map(([node, ends]) =>
      nft(
        lab,
        node,
        closing(
          ends,
          plan.probes.map((probe) => probe.export),
        ),
      ),
    ),
  )
}

/** Lets traffic cross. The counters must be there first. */
export async function openGates(lab: Lab, plan: Plan): Promise<void> {
  await Promise.all([...gates(plan).keys()].map((node) => nft(lab, node, opening)))
}

/** Which interfaces something is about. */
type Chosen = (node: string, interfaceName: string) => boolean

const all: Chosen = () => true

/**
 * Loads rules so that they are there once, whatever is left of them: where an interface was made anew kernels differ in whether
 * its chains went with the old one (Linux 6.18 keeps them). Sets and counters stay, and count on.
 */
const once = (rules: string, table: string): string => `${rules}flush table netdev ${table}\n${rules}`

/** Starts to count, at the points and along the exports' way. */
export async function startCounting(lab: Lab, plan: Plan, chosen: Chosen = all): Promise<void> {
  await Promise.all([
    ...plan.points.flatMap((point, index) =>
      chosen(point.node, point.interface)
        ? [
            nft(lab, point.node, once(ruleset(point, index), tableOf(index))),
            nft(lab, point.node, once(totalsRuleset(point, index), totalsTableOf(index))),
          ]
        : [],
    ),
    ...exporters(plan).flatMap((probe, index) =>
      sides(plan, probe).flatMap(({ side, node, interface: name }) =>
        chosen(node, name)
          ? nft(
              lab,
              node,
              once(
                transportRuleset(
                  probe,
                  index,
                  side,
                  name,
                  exporters(plan).map(({ export: way }) => way.source),
                ),
                transportTable(side, index),
              ),
            )
          : [],
      ),
    ),
  ])
}

/** What records the exports, and the packets at the points, to be started before the probes. */
export const recorders = (plan: Plan, chosen: Chosen = all): Placed[] => [
  ...exporters(plan).flatMap((probe) =>
    sides(plan, probe).flatMap(({ side, node, interface: name }) =>
      chosen(node, name) ? { node, process: recorder(probe, side, name) } : [],
    ),
  ),
  ...plan.points
    .filter((point) => chosen(point.node, point.interface))
    .flatMap((point) =>
      (['in', 'out'] as const).map((direction) => ({
        node: point.node,
        process: packetRecorder(point, direction),
      })),
    ),
]

interface Watched {
  readonly side: Side
  readonly node: string
  readonly interface: string
}

function sides(plan: Plan, probe: ProbePlan): Watched[] {
  const collector = collectorOf(plan, probe)
  const { interface: name } = probe.export
  // Exports to a collector on the same node go by the loopback.
  const by = probe.node === collector.node ? name : collector.interface
  return [
    { side: 'exported', node: probe.node, interface: name },
    { side: 'arrived', node: collector.node, interface: by },
  ]
}

export function collectorOf(plan: Plan, probe: ProbePlan) {
  const collector = plan.collectors.find(({ name }) => name === probe.export.collector)
  if (!collector) throw new Error(`no collector ${probe.export.collector}`)
  return collector
}

export async function readWire(
  lab: Lab,
  point: ObservationPoint,
  index: number,
  times: Pick<Wire, 'opened' | 'closed'>,
): Promise<Wire> {
  return { point: point.name, ...times, ...parse(await listed(lab, point, tableOf(index))) }
}

/** All that has crossed, in little time however many flows that were. */
export const readTotals = async (
  lab: Lab,
  point: ObservationPoint,
  index: number,
): Promise<Readonly<Record<Direction, Volume>>> => parseTotals(await listed(lab, point, totalsTableOf(index)))

const listed = (lab: Lab, { node }: ObservationPoint, table: string): Promise<string> =>
  say(lab, node, ['nft', '-j', '-n', 'list', 'table', 'netdev', table])

/** The datagrams of its exports that have left a probe's node. */
export const readLeft = (lab: Lab, probe: ProbePlan, index: number): Promise<Volume> =>
  say(lab, probe.node, listing('exported', index)).then((json) => parseCounter(json))

export async function readTransport(
  lab: Lab,
  plan: Plan,
  probe: ProbePlan,
  index: number,
): Promise<Transport> {
  const collector = collectorOf(plan, probe)
  const [left, { others, ...arrived }, udp] = await Promise.all([
    readLeft(lab, probe, index),
    say(lab, collector.node, listing('arrived', index)).then((json) => ({
      ...parseCounter(json),
      others: parseCounter(json, 'others'),
    })),
    // A kernel without IPv6 has only the first.
    say(lab, collector.node, ['bash', '-c', 'cat /proc/net/udp; cat /proc/net/udp6 2>/dev/null || :']),
  ])
  const sockets = parseSockets(udp, collector.address, probe.export.port)
  return {
    probe: probe.name,
    collector: collector.name,
    left: { packets: left.packets, bytes: left.bytes - left.packets * ethernetHeader },
    arrived,
    others,
    socketDrops: sockets.drops,
    listening: sockets.listening,
  }
}
