// The catalogue of findings in words: what each means, by what it is known and what to do about it in general, as docs/findings.md
// prints it. What a finding says of a given run is written by causes.ts and routing.ts, which can only use these ids.

import { remarks } from './remarks.ts'
import type { Stage } from './verdict.ts'

interface Entry {
  readonly stage: Stage
  /** One sentence. */
  readonly means: string
  /** What must be seen for it to be said. */
  readonly evidence: string
  readonly remedy: string
}

const entries = {
  'truth-incomplete': {
    stage: 'metering',
    means: 'The kernel’s own count is not complete, so nothing exact can be said of the flows at this point.',
    evidence: '`wire.json`: the counter `overflow` of a direction is not 0.',
    remedy: 'Use fewer flows in one run: a set holds 1,048,576 elements.',
  },
  'offloads-on': {
    stage: 'metering',
    means:
      'Segmentation offload is on: kernel and probe see packets of up to 64 KB, which no wire carries, and every packet count is false.',
    evidence:
      '`offloads.json`: features of `ethtool -k` that are on; `wire.json`: packets longer than the MTU (`oversize`).',
    remedy:
      'Switch offloads off on every interface of the way: `offloads: off` on the link, or `ethtool -K IF tso off gso off gro off`.',
  },
  'probe-away': {
    stage: 'metering',
    means:
      'The probe was killed, stopped or ended for a time, and the flows that it held or would have metered are lost.',
    evidence:
      'Packets that crossed were not exported, and `timeline.ndjson` or a file `state/….exit` shows that the probe was away.',
    remedy: 'Keep the probe running; shorter active and inactive timeouts make such a loss smaller.',
  },
  'probe-queue-overrun': {
    stage: 'metering',
    means:
      'The queue between the probe’s core process and a plugin overran: packets were captured and not metered.',
    evidence:
      'Packets that crossed were not exported, and the probe’s log says `Missing data detected` or `Failed during write`.',
    remedy: 'Raise `plugin_pipe_size`, and `plugin_buffer_size` to a hundredth or thousandth of it.',
  },
  'probe-capture-held': {
    stage: 'metering',
    means:
      'Packets stayed in the probe’s capture: libpcap hands a block over when it is full, and this one never was before the probe ended.',
    evidence:
      'Packets that crossed were not exported, and `captures.json` shows that the probe’s capture received more than it processed.',
    remedy:
      'Let the probe open its capture with a timeout (pcap_set_timeout) or in immediate mode; until then expect the last block to be missing at its end, and late before.',
  },
  'exports-missing-in-sequence': {
    stage: 'exporting',
    means: 'The exporter counted datagrams in its sequence that never left its node.',
    evidence:
      'Flows differ between wire and exports, and the recording at the exporter has a gap in its sequence numbers.',
    remedy: 'Look for send errors in the probe’s log.',
  },
  'exports-unreadable': {
    stage: 'exporting',
    means: 'What left the exporter cannot be read in full: malformed, or records whose template never came.',
    evidence:
      'Flows differ between wire and exports, and decoding the recording at the exporter gave errors.',
    remedy: 'Compare the exports, as `flowlab decode -v` shows them, with the protocol’s RFC.',
  },
  'unexplained-metering': {
    stage: 'metering',
    means: 'What was exported is not what crossed the wire, and nothing known leaves this evidence.',
    evidence: 'Flows differ between wire and exports; none of the findings above applies.',
    remedy: 'Look at the probe’s filter, direction and capture drops.',
  },
  'exports-lost': {
    stage: 'transport',
    means:
      'Export datagrams were lost between the probe’s interface and the collector’s, and their records with them.',
    evidence:
      '`transport.json`: fewer datagrams arrived than left; the recording at the collector has gaps in its sequence numbers.',
    remedy: 'Find the loss on the way; NetFlow over UDP never sends again.',
  },
  'unexplained-transport': {
    stage: 'transport',
    means: 'As many datagrams arrived as left, but they do not say the same.',
    evidence: 'Flows differ between the two recordings of the exports.',
    remedy: 'Compare `exported-PROBE.pcap` with `arrived-PROBE.pcap`.',
  },
  'collector-away': {
    stage: 'collecting',
    means:
      'The collector was killed, stopped or ended for a time: what it held and what came meanwhile is lost to it.',
    evidence:
      'Records that arrived are not in its table, and `timeline.ndjson` or a file `state/….exit` shows that it was away.',
    remedy: 'Keep the collector running; templates sent before it came back are lost to it too.',
  },
  'collector-not-listening': {
    stage: 'collecting',
    means: 'Exports arrive at the collector’s node on a port where no socket listens.',
    evidence: '`transport.json`: datagrams arrived, `listening` is false (from `/proc/net/udp`).',
    remedy: 'Let collector and probe agree on one port.',
  },
  'collector-socket-overrun': {
    stage: 'collecting',
    means: 'The kernel dropped export datagrams because the collector’s receive queue was full.',
    evidence: 'Records that arrived are not in its table, and `/proc/net/udp` counts drops (`socketDrops`).',
    remedy:
      'Raise `net.core.rmem_max` and the socket’s buffer (`nfacctd_pipe_size`), or spread the exporters over collectors.',
  },
  'collector-queue-overrun': {
    stage: 'collecting',
    means: 'The collector read the datagrams and lost records between its core process and a plugin.',
    evidence:
      'Records that arrived are not in its table, and its log says `Missing data detected` or `Failed during write`.',
    remedy: 'Raise `plugin_pipe_size`, and `plugin_buffer_size` to a hundredth or thousandth of it.',
  },
  'unexplained-collecting': {
    stage: 'collecting',
    means: 'The collector’s table is not what arrived, and nothing known leaves this evidence.',
    evidence: 'Flows differ between the arrived exports and the table; none of the findings above applies.',
    remedy: 'Look at the collector’s filters and its log.',
  },
  'no-bgp-session': {
    stage: 'routing',
    means:
      'AS attributes are empty because the daemon has no BGP session at all, while the router knows the routes.',
    evidence:
      'Rows whose AS fields are 0 or empty, beside the router’s route for the same address (`routes.json`).',
    remedy: 'Give the daemon a session: `bgp: ROUTER`.',
  },
  'as-attributes-empty': {
    stage: 'routing',
    means:
      'AS attributes are empty though a session is configured: it was not up when the flows came, or the agent map does not match the exporter.',
    evidence:
      'Rows whose AS fields are 0 or empty, beside the router’s route for the same address (`routes.json`).',
    remedy: 'Look for the session in the daemon’s log, and at its `bgp_agent_map`.',
  },
  'as-attributes-wrong': {
    stage: 'routing',
    means:
      'AS attributes are there and are not what the router believed at any of the times at which it was asked.',
    evidence:
      'The attribute found, the one expected and the route it follows from, row by row (`routes.json`).',
    remedy: 'Compare the daemon’s own BGP table (its dump is beside its log) with the router’s.',
  },
} as const satisfies Readonly<Record<string, Entry>>

export type FindingId = keyof typeof entries

/** In the order in which they are asked. */
export const catalogue: Readonly<Record<string, Entry>> = {
  ...Object.fromEntries(
    remarks.map(({ id, stage, title, knownBy, remedy }) => [
      id,
      { stage, means: title, evidence: knownBy, remedy },
    ]),
  ),
  ...entries,
}
