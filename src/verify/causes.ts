// The catalogue: what can go wrong between wire and collector, by which evidence it is known, what to do about it. In each
// stage the first cause whose evidence is there takes the difference; the last of a stage takes what no evidence explains.
// Routing information is judged in routing.ts.

import type { LogLine } from '../evidence.ts'
import { subtract, type Volume } from '../kernel/units.ts'
import { exportName } from '../plan/exporters.ts'
import type { Case, Cause, Gap } from './case.ts'
import type { FindingId } from './catalogue.ts'
import { remarks } from './remarks.ts'
import { asCause } from './remark.ts'
import type { Stage } from './verdict.ts'

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
const volumeText = ({ packets, bytes }: Volume): string => `${plural(packets, 'packet')} (${bytes} bytes)`

/** What the finding is about: what is missing, or, where nothing is, what is too much (negative). */
const netOf = ({ missing, surplus }: Gap): Volume =>
  missing.packets === 0 && missing.bytes === 0 ? surplus : missing

const differs = ({ flows }: Gap): boolean => flows > 0

const clock = (at: number): string => new Date(at).toISOString().slice(11, 23)

const logEvidence = (lines: readonly LogLine[]): string[] => [
  ...lines
    .slice(0, 3)
    .map(({ node, file, line, text }) => `nodes/${node}/log/${file}:${line}: ${text.trim()}`),
  ...(lines.length > 3 ? [`… and ${lines.length - 3} more such lines`] : []),
]

/** pmacct's words for data that its core process could not hand to a plugin. */
const queueLoss = /Failed during write|Missing data detected|missing data/i

const lossLines = (given: Case, process: string): LogLine[] =>
  given.logs.filter((line) => line.process === process && queueLoss.test(line.text))

/** When a daemon was away, from the timeline and from ends that nobody asked for. */
function absences({ timeline, exits }: Case, target: string, process: string): string[] {
  return [
    ...timeline
      .filter((entry) => entry.target === target && ['kill', 'stop', 'start'].includes(entry.what))
      .map(({ at, what }) => `timeline.ndjson: ${clock(at)} ${what} ${target}`),
    ...exits
      .filter((exit) => exit.process === process)
      .map(
        ({ node, code, at }) =>
          `nodes/${node}/state/${process}.exit: ended with ${code}${code > 128 ? ` (signal ${code - 128})` : ''} at ${clock(at)}`,
      ),
  ]
}

const superPackets: Cause = {
  id: 'offloads-on',
  stage: 'metering',
  leavesGap: true,
  explain({ wire, offloads }) {
    const oversize = {
      packets: wire.directions.in.oversize.packets + wire.directions.out.oversize.packets,
      bytes: wire.directions.in.oversize.bytes + wire.directions.out.oversize.bytes,
    }
    if (oversize.packets === 0 && offloads.length === 0) return undefined
    const seen =
      oversize.packets === 0
        ? `none longer than the MTU crossed ${wire.point} this time`
        : `${volumeText(oversize)} crossed ${wire.point} longer than its MTU`
    return {
      volume: oversize,
      summary: `segmentation offload is on: it hands over many segments as one, so that kernel and probe count packets that no wire carries; ${seen}`,
      remedy:
        'switch offloads off on every interface of the way (`offloads: off` on the link; ethtool -K IF tso off gso off gro off)',
      evidence: [
        ...(oversize.packets > 0 ? [`wire.json: ${wire.point}: oversize ${oversize.packets}`] : []),
        ...offloads.map(
          ({ node, interface: name, on }) => `ethtool -k ${name} on ${node}: ${on.join(', ')} on`,
        ),
      ],
    }
  },
}

const probeAway: Cause = {
  id: 'probe-away',
  stage: 'metering',
  explain(given) {
    const { probe, wire, gap } = given
    const evidence = absences(given, `probe ${probe.name}`, probe.process)
    if (!differs(gap) || evidence.length === 0) return undefined
    return {
      volume: netOf(gap),
      summary: `${probe.name} was away for a time, and lost the flows that it held: ${volumeText(netOf(gap))} of ${plural(gap.flows, 'flow')} crossed ${wire.point} and were not exported`,
      remedy: `keep ${probe.name} running; shorter active and inactive timeouts make such a loss smaller`,
      evidence,
    }
  },
}

const probeQueue: Cause = {
  id: 'probe-queue-overrun',
  stage: 'metering',
  explain(given) {
    const { probe, wire, gap } = given
    const lines = lossLines(given, probe.process)
    if (!differs(gap) || lines.length === 0) return undefined
    return {
      volume: netOf(gap),
      summary: `the queue between the core of ${probe.name} and its plugins overran: ${volumeText(netOf(gap))} of ${plural(gap.flows, 'flow')} crossed ${wire.point} and never reached the exporting plugin`,
      remedy: 'raise plugin_pipe_size, and plugin_buffer_size to a hundredth or thousandth of it',
      evidence: logEvidence(lines),
    }
  },
}

const probeCaptureHeld: Cause = {
  id: 'probe-capture-held',
  stage: 'metering',
  explain({ probe, wire, gap, captures }) {
    const said = captures.filter((each) => each.probe === probe.name)
    const held = said.reduce(
      (sum, { received, processed, dropped }) => sum + received - processed - dropped,
      0,
    )
    if (gap.missing.packets <= 0 || held < gap.missing.packets) return undefined
    return {
      volume: netOf(gap),
      summary: `${plural(held, 'packet')} stayed in the capture of ${probe.name} when it ended, which libpcap hands over only when a block is full: ${volumeText(gap.missing)} of ${plural(gap.flows, 'flow')} crossed ${wire.point} and were not metered`,
      remedy: `let ${probe.name} open its capture with a timeout or in immediate mode (a change of the program); with more traffic the share of the last block is smaller`,
      evidence: said.map(
        ({ received, processed, dropped }) =>
          `captures.json: ${probe.name}: received ${received}, processed ${processed}, dropped ${dropped}`,
      ),
    }
  },
}

const unexplained = (
  id: FindingId,
  stage: Stage,
  words: (given: Case) => { readonly between: string; readonly look: string },
): Cause => ({
  id,
  stage,
  explain(given) {
    if (!differs(given.gap)) return undefined
    const { missing, surplus, flows } = given.gap
    const { between, look } = words(given)
    const parts = [
      ...(missing.packets !== 0 || missing.bytes !== 0 ? [`${volumeText(missing)} missing`] : []),
      ...(surplus.packets !== 0 || surplus.bytes !== 0
        ? [`${volumeText(subtract({ packets: 0, bytes: 0 }, surplus))} too many`]
        : []),
    ]
    return {
      volume: netOf(given.gap),
      summary: `${between}: ${parts.join(', ')} in ${plural(flows, 'flow')}, and no known cause leaves this evidence`,
      remedy: look,
      evidence: ['flows: those that differ are listed first'],
    }
  },
})

const exportGaps: Cause = {
  id: 'exports-missing-in-sequence',
  stage: 'exporting',
  explain({ exported, gap, probe }) {
    const gaps = exported.sequence.filter(({ what }) => what === 'gap')
    if (!differs(gap) || gaps.length === 0) return undefined
    return {
      volume: netOf(gap),
      summary: `${probe.name} counted on in its sequence without sending: ${plural(gaps.length, 'gap')} before anything left the exporter`,
      remedy: `look for send errors in the log of ${probe.name}`,
      evidence: gaps
        .slice(0, 3)
        .map(
          ({ expected, found }) =>
            `exported-${exportName(probe)}.pcap: sequence ${expected} expected, ${found} found`,
        ),
    }
  },
}

const exportsUnreadable: Cause = {
  id: 'exports-unreadable',
  stage: 'exporting',
  explain({ exported, gap, probe }) {
    const undecoded = exported.domains.reduce((sum, { pending }) => sum + pending.waiting + pending.lost, 0)
    if (!differs(gap) || (exported.errors.length === 0 && undecoded === 0)) return undefined
    return {
      volume: netOf(gap),
      summary: `the exports of ${probe.name} cannot be read in full: ${plural(exported.errors.length, 'error')}, ${plural(undecoded, 'set')} without a template`,
      remedy: `compare \`flowlab decode exported-${exportName(probe)}.pcap -v\` with the protocol's RFC`,
      evidence: exported.errors.slice(0, 3),
    }
  },
}

const exportsLost: Cause = {
  id: 'exports-lost',
  stage: 'transport',
  explain({ transport, arrived, gap, probe, collector }) {
    const lost = transport.left.packets - transport.arrived.packets
    if (lost <= 0) return undefined
    const gaps = arrived.sequence.filter(({ what }) => what === 'gap')
    return {
      volume: netOf(gap),
      summary: `${lost} of ${plural(transport.left.packets, 'export datagram')} of ${probe.name} were lost on their way to ${collector.name}, and with them ${volumeText(netOf(gap))}`,
      remedy:
        'find the loss between exporter and collector; NetFlow over UDP never sends again, IPFIX over TCP or SCTP does',
      evidence: [
        `transport.json: ${transport.left.packets} datagrams left ${probe.node}, ${transport.arrived.packets} arrived at ${collector.node}`,
        ...gaps
          .slice(0, 3)
          .map(
            ({ expected, found }) =>
              `arrived-${exportName(probe)}.pcap: sequence ${expected} expected, ${found} found`,
          ),
      ],
    }
  },
}

const notListening: Cause = {
  id: 'collector-not-listening',
  stage: 'collecting',
  explain({ transport, collector, probe, gap }) {
    if (!differs(gap) || transport.listening || transport.arrived.packets === 0) return undefined
    return {
      volume: netOf(gap),
      summary: `${plural(transport.arrived.packets, 'export datagram')} arrived at ${collector.address} port ${probe.export.port}, where no socket listens: ${collector.name} collects elsewhere, or not at all`,
      remedy: `let ${collector.name} listen on port ${probe.export.port}, or ${probe.name} export to the port that it listens on`,
      evidence: [
        `transport.json: arrived ${transport.arrived.packets}, listening false (/proc/net/udp of ${collector.node})`,
      ],
    }
  },
}

const collectorAway: Cause = {
  id: 'collector-away',
  stage: 'collecting',
  explain(given) {
    const { collector, gap } = given
    const evidence = absences(given, `collector ${collector.name}`, collector.process)
    if (!differs(gap) || evidence.length === 0) return undefined
    return {
      volume: netOf(gap),
      summary: `${collector.name} was away for a time: ${volumeText(netOf(gap))} of ${plural(gap.flows, 'flow')} arrived and are not in its table`,
      remedy: `keep ${collector.name} running; what arrives while it is away, and templates sent before it came back, are lost to it`,
      evidence,
    }
  },
}

const socketOverrun: Cause = {
  id: 'collector-socket-overrun',
  stage: 'collecting',
  explain({ transport, collector, gap }) {
    if (!differs(gap) || transport.socketDrops === 0) return undefined
    return {
      volume: netOf(gap),
      summary: `the kernel dropped ${plural(transport.socketDrops, 'datagram')} at the socket of ${collector.name}, whose receive queue was full`,
      remedy:
        'raise net.core.rmem_max and the socket buffer (nfacctd_pipe_size), or spread the exporters over collectors',
      evidence: [`transport.json: socketDrops ${transport.socketDrops} (/proc/net/udp of ${collector.node})`],
    }
  },
}

const collectorQueue: Cause = {
  id: 'collector-queue-overrun',
  stage: 'collecting',
  explain(given) {
    const { collector, gap } = given
    const lines = lossLines(given, collector.process)
    if (!differs(gap) || lines.length === 0) return undefined
    return {
      volume: netOf(gap),
      summary: `the queue between the core of ${collector.name} and its plugins overran: ${volumeText(netOf(gap))} of ${plural(gap.flows, 'flow')} arrived, were read from the socket, and never reached its table`,
      remedy: 'raise plugin_pipe_size, and plugin_buffer_size to a hundredth or thousandth of it',
      evidence: logEvidence(lines),
    }
  },
}

const truthIncomplete: Cause = {
  id: 'truth-incomplete',
  stage: 'metering',
  leavesGap: true,
  explain({ wire }) {
    const overflow = {
      packets: wire.directions.in.overflow.packets + wire.directions.out.overflow.packets,
      bytes: wire.directions.in.overflow.bytes + wire.directions.out.overflow.bytes,
    }
    if (overflow.packets === 0) return undefined
    return {
      volume: overflow,
      summary: `${volumeText(overflow)} crossed ${wire.point} that the kernel's sets had no room for, or whose headers they could not read: the truth itself is incomplete there`,
      remedy: 'use fewer flows in one run',
      evidence: [`wire.json: ${wire.point}: overflow`],
    }
  },
}

/** In the order in which they are asked; `unexplained-…` ends each stage. */
export const causes: readonly Cause[] = [
  ...remarks.map(asCause),
  truthIncomplete,
  superPackets,
  probeAway,
  probeQueue,
  probeCaptureHeld,
  exportGaps,
  exportsUnreadable,
  unexplained('unexplained-metering', 'metering', ({ wire, probe }) => ({
    between: `between the wire at ${wire.point} and the exports of ${probe.name}`,
    look: `look at the filter, direction and capture drops of ${probe.name}`,
  })),
  exportsLost,
  unexplained('unexplained-transport', 'transport', ({ probe, collector }) => ({
    between: `between ${probe.name} and the interface of ${collector.name}`,
    look: `compare exported-${exportName(probe)}.pcap with arrived-${exportName(probe)}.pcap`,
  })),
  collectorAway,
  notListening,
  socketOverrun,
  collectorQueue,
  unexplained('unexplained-collecting', 'collecting', ({ collector }) => ({
    between: `between what arrived and the table of ${collector.name}`,
    look: `look at the filters and the log of ${collector.name}`,
  })),
]
