// Faults as data: how each is made in a lab, and which cause in which stage must be named for it. `npm run faults` makes them all,
// over and over, in the labs of labs.ts beside this file; a fault that a lab cannot have says why.
import { join } from 'node:path'
import { type Draft, of } from '../support/labs.ts'
import type { Stage } from '../../src/verify/verdict.ts'
import {
  collecting,
  collectorLink,
  configured,
  lasting,
  many,
  type LabName,
  often,
  runs,
  stutter,
  through,
  withoutRoutes,
} from './labs.ts'

export interface Fault {
  readonly id: string
  /** As faults of the field are told: what is wrong. */
  readonly title: string
  readonly edit: (draft: Draft) => void
  readonly stage: Stage
  readonly cause: string
  /** Findings that follow from it, or that it may be split into. */
  readonly also?: readonly string[]
  /** The labs that can have it; default: all. */
  readonly labs?: readonly LabName[]
}

const farHost = ({ name }: Draft): string => (name === 'chain' ? 'h2' : 'h16')

const pingOf = (draft: Draft) => {
  const ping = draft.traffic?.find(({ kind }) => kind === 'ping')
  if (!ping) throw new Error('the lab has no ping')
  return ping
}

export const faults: readonly Fault[] = [
  {
    id: 'probe-killed',
    title: 'the probe dies and comes back: a hole in all flows',
    edit(draft) {
      lasting(draft, '4s')
      draft.events = [{ at: '500ms', probe: 'edge', action: 'kill', for: '2s', expected: false }]
    },
    ...{ stage: 'metering', cause: 'probe-away', also: ['as-attributes-empty'] },
  },
  {
    id: 'probe-queue',
    title: "the probe's internal queue overruns",
    edit: (draft) => {
      of(draft.probes, 'edge').options = { plugin_pipe_size: '4096', plugin_buffer_size: '1024' }
    },
    ...{ stage: 'metering', cause: 'probe-queue-overrun', also: ['as-attributes-wrong'] },
  },
  {
    id: 'one-direction',
    title: 'the probe looks in one direction only, which nobody asked for',
    edit: (draft) => {
      of(draft.probes, 'edge').options = { pcap_direction: 'in' }
    },
    ...{ stage: 'metering', cause: 'probe-leaves-out' },
  },
  {
    id: 'probe-filter',
    title: "the probe's filter leaves a protocol out",
    edit: (draft) => {
      of(draft.probes, 'edge').options = { pcap_filter: 'not udp' }
    },
    ...{ stage: 'metering', cause: 'probe-leaves-out' },
  },
  {
    id: 'offloads',
    title: 'offloads are on: super-packets instead of the wire’s',
    edit(draft) {
      for (const link of draft.links ?? []) link.offloads = 'on'
      draft.traffic = [
        { from: 'h1', to: farHost(draft), kind: 'ditg', tcp: { rate: '300pps', size: 4000 }, for: '1s' },
      ]
    },
    ...{ stage: 'metering', cause: 'offloads-on' },
  },
  {
    id: 'nothing-exported',
    title: 'the exports go to an address where nobody is',
    edit: (draft) => {
      configured(draft, {
        'nfprobe_receiver[collect]': draft.name === 'chain' ? '192.0.2.13:2100' : '172.17.0.9:2100',
      })
    },
    ...{ stage: 'exporting', cause: 'nothing-exported' },
  },
  {
    id: 'exports-lost',
    title: 'exports are lost on their way',
    edit(draft) {
      often(draft)
      lasting(draft, '4s')
      collectorLink(draft).loss = '1/5'
    },
    ...{ stage: 'transport', cause: 'exports-lost' },
  },
  {
    id: 'collector-restart',
    title: 'the collector dies and comes back without templates',
    edit(draft) {
      often(draft)
      lasting(draft, '6s')
      draft.events = [{ at: '2s', collector: 'main', action: 'kill', for: '1s', expected: false }]
    },
    ...{ stage: 'collecting', cause: 'template-unknown', also: ['collector-away', 'as-attributes-empty'] },
  },
  {
    id: 'collector-elsewhere',
    title: 'the collector listens on another port',
    edit: (draft) => {
      of(draft.collectors, 'main').options = { nfacctd_port: 2101 }
    },
    ...{ stage: 'collecting', cause: 'collector-not-listening' },
  },
  {
    id: 'collector-queue',
    title: "the collector's internal queue overruns",
    edit(draft) {
      often(draft)
      lasting(draft, '3s')
      collecting(draft, { plugin_pipe_size: 2048, plugin_buffer_size: 1024 })
    },
    ...{ stage: 'collecting', cause: 'collector-queue-overrun', also: ['as-attributes-wrong'] },
  },
  {
    id: 'collector-filter',
    title: "the collector's filter leaves a protocol out",
    edit(draft) {
      const [table = ''] = Object.keys(of(draft.collectors, 'main').tables ?? {})
      collecting(draft, { [`aggregate_filter[${table}]`]: 'tcp' })
    },
    ...{ stage: 'collecting', cause: 'collector-leaves-out' },
  },
  {
    id: 'rate-not-applied',
    title: 'a sampling rate is announced, and the collector does not multiply by it',
    edit: (draft) => {
      of(draft.probes, 'edge').options = { sampling_rate: 10 }
    },
    ...{ stage: 'collecting', cause: 'sampling-unapplied' },
  },
  {
    id: 'no-bgp',
    title: 'AS 0: no BGP session',
    edit: (draft) => delete of(draft.collectors, 'main').bgp,
    ...{ stage: 'routing', cause: 'no-bgp-session' },
  },
  {
    id: 'next-hop',
    title: 'the next hop of NetFlow v5 is lost in the collector',
    edit: (draft) => {
      const { export: way } = of(draft.probes, 'edge')
      Object.assign(way, {
        protocol: 'netflow5',
        aggregate: ['src_host', 'dst_host', 'src_port', 'dst_port', 'proto'],
      })
    },
    ...{ stage: 'routing', cause: 'next-hop-lost', labs: ['talk'] },
  },
  // What the daemons' own directives can do.
  {
    id: 'active-timeout',
    title: 'the active timeout is not kept',
    edit(draft) {
      lasting(draft, '6s')
      of(draft.probes, 'edge').timeouts = { active: '1s' }
      configured(draft, { 'nfprobe_timeouts[collect]': 'maxlife=60:expint=1' })
    },
    ...{ stage: 'metering', cause: 'active-timeout-not-kept' },
  },
  {
    id: 'inactive-timeout',
    title: 'the inactive timeout is not kept',
    edit(draft) {
      lasting(draft, '8s')
      draft.traffic?.push({ ...pingOf(draft), at: '500ms' })
      of(draft.probes, 'edge').timeouts = { inactive: '1s' }
      configured(draft, { 'nfprobe_timeouts[collect]': 'maxlife=60:expint=60' })
    },
    ...{ stage: 'metering', cause: 'inactive-timeout-not-kept' },
  },
  {
    id: 'small-cache',
    title: 'the flow cache is too small, and flows expire early',
    edit(draft) {
      lasting(draft, '3s')
      of(draft.probes, 'edge').timeouts = { active: '60s', inactive: '15s' }
      configured(draft, { 'nfprobe_maxflows[collect]': 3 })
    },
    ...{ stage: 'metering', cause: 'flows-cut-early' },
  },
  {
    id: 'capture-overrun',
    title: 'the probe is overloaded: its capture buffer overruns',
    edit(draft) {
      lasting(draft, '6s')
      withoutRoutes(draft)
      const flow = { from: 'h1', to: farHost(draft), kind: 'ditg' } as const
      draft.traffic?.push({ ...flow, udp: { rate: '8000pps', size: 40 }, for: '6s' })
      stutter(draft, draft.name === 'chain' ? 'r1' : 'r2', 'pmacctd', 3)
    },
    ...{ stage: 'metering', cause: 'probe-capture-overrun' },
  },
  {
    id: 'fragments',
    title: 'fragments but the first are booked to the ports of others',
    edit(draft) {
      const [node, address] = draft.name === 'chain' ? ['h1', '198.51.100.2'] : ['h1', '192.16.0.2']
      runs(
        draft,
        node,
        `setsid bash -c 'while sleep 0.2; do head -c 3000 /dev/zero >/dev/udp/${address}/7777; done' >/dev/null 2>&1 </dev/null &`,
      )
    },
    ...{ stage: 'metering', cause: 'fragments-misbooked' },
  },
  {
    id: 'rate-unannounced',
    title: 'sampled, and not announced',
    edit(draft) {
      withoutRoutes(draft)
      lasting(draft, '3s')
      configured(draft, {
        pcap_filter: '(udp and udp[7] & 3 = 0) or (tcp and tcp[17] & 3 = 0) or (icmp and icmp[3] & 3 = 0)',
      })
    },
    ...{ stage: 'exporting', cause: 'sampling-unannounced' },
  },
  {
    id: 'rate-doubled',
    title: 'the rate is applied by the exporter, and by the collector once more',
    edit(draft) {
      withoutRoutes(draft)
      lasting(draft, '3s')
      of(draft.probes, 'edge').sampling = 10
      of(draft.collectors, 'main').renormalize = true
      through(draft, 'times-ten')
    },
    ...{ stage: 'collecting', cause: 'sampling-doubled' },
  },
  {
    id: 'rate-external',
    title: 'the collector is told another rate than that of the exporter',
    edit(draft) {
      withoutRoutes(draft)
      lasting(draft, '3s')
      of(draft.probes, 'edge').sampling = 10
      of(draft.collectors, 'main').renormalize = true
      collecting(draft, { nfacctd_ext_sampling_rate: 20 })
    },
    ...{ stage: 'collecting', cause: 'sampling-misapplied' },
  },
  {
    id: 'rate-not-done',
    title: 'a rate is announced, and every packet is metered',
    edit(draft) {
      withoutRoutes(draft)
      of(draft.probes, 'edge').export.protocol = 'netflow5'
      of(draft.collectors, 'main').renormalize = true
      through(draft, 'rate-invented')
    },
    ...{ stage: 'metering', cause: 'sampling-not-done', labs: ['chain'] },
  },
  {
    id: 'rate-turned',
    title: 'the rate is announced in the wrong order of bytes',
    edit(draft) {
      withoutRoutes(draft)
      lasting(draft, '3s')
      of(draft.probes, 'edge').sampling = 10
      of(draft.collectors, 'main').renormalize = true
      through(draft, 'rate-turned')
    },
    ...{ stage: 'exporting', cause: 'sampling-rate-wrong' },
  },

  // What stands between exporter and collector.
  {
    id: 'exports-counted-only',
    title: 'the exporter counts datagrams in its sequence that it never sends',
    edit(draft) {
      often(draft)
      lasting(draft, '4s')
      through(draft, 'lost')
    },
    ...{ stage: 'exporting', cause: 'exports-missing-in-sequence' },
  },
  {
    id: 'exports-sent-twice',
    title: 'the exporter sends every datagram twice',
    edit: (draft) => through(draft, 'doubled'),
    ...{ stage: 'exporting', cause: 'exports-sent-twice' },
  },
  {
    id: 'exports-cut',
    title: 'export datagrams are malformed',
    edit(draft) {
      often(draft)
      lasting(draft, '4s')
      through(draft, 'cut')
    },
    ...{ stage: 'exporting', cause: 'exports-unreadable' },
  },
  {
    id: 'no-template',
    title: 'templates are never sent',
    edit: (draft) => through(draft, 'no-template'),
    ...{ stage: 'exporting', cause: 'exports-unreadable' },
  },
  {
    id: 'two-templates',
    title: 'two exporters of one address and domain use one template number',
    edit(draft) {
      often(draft)
      lasting(draft, '4s')
      through(draft, 'two-templates')
    },
    ...{ stage: 'exporting', cause: 'template-changed', also: ['as-attributes-wrong'] },
  },
  {
    id: 'layer-2',
    title: 'bytes are counted at layer 2',
    edit: (draft) => through(draft, 'layer-2'),
    ...{ stage: 'metering', cause: 'bytes-at-layer-2' },
  },
  {
    id: 'twice-counted',
    title: 'counters are twice those of the wire',
    edit: (draft) => through(draft, 'twice-counted'),
    ...{ stage: 'metering', cause: 'metered-twice' },
  },
  {
    id: 'addresses-swapped',
    title: 'source and destination are exchanged in the exports',
    edit(draft) {
      withoutRoutes(draft)
      through(draft, 'swapped')
    },
    ...{ stage: 'metering', cause: 'metered-exchanged' },
  },
  {
    id: 'hour-late',
    title: "flow times are an hour late: the exporter's clock",
    edit: (draft) => through(draft, 'hour-late'),
    ...{ stage: 'exporting', cause: 'times-off-by-constant' },
  },
  {
    id: 'uptime-wrapped',
    title: 'flow times are 49.7 days early: the uptime has wrapped',
    edit: (draft) => through(draft, 'uptime-wrapped'),
    ...{ stage: 'exporting', cause: 'uptime-wrapped' },
  },
  {
    id: 'end-before-start',
    title: 'flows end before they begin',
    edit: (draft) => through(draft, 'end-before-start'),
    ...{ stage: 'exporting', cause: 'times-wrong' },
  },
  {
    id: 'clock-late',
    title: "the header's clock of NetFlow v5 is an hour late",
    edit(draft) {
      withoutRoutes(draft)
      of(draft.probes, 'edge').export.protocol = 'netflow5'
      through(draft, 'clock-late')
    },
    ...{ stage: 'exporting', cause: 'times-wrong', labs: ['chain'] },
  },
  {
    id: 'exports-duplicated',
    title: 'export datagrams are duplicated on their way',
    edit: (draft) =>
      runs(
        draft,
        'mid',
        "nft 'add table ip path; add chain ip path way { type filter hook prerouting priority 0; }; add rule ip path way iifname eth0 udp dport 2100 dup to 10.9.1.2 device eth1'",
      ),
    ...{ stage: 'transport', cause: 'exports-duplicated', labs: ['chain'] },
  },

  // At the collector.
  {
    id: 'collector-socket',
    title: "the collector's socket overruns",
    edit(draft) {
      often(draft)
      lasting(draft, '4s')
      withoutRoutes(draft)
      // Another exporter sends more than its receive queue holds, while the collector is busy.
      runs(
        draft,
        'mid',
        "setsid bash -c 'while sleep 0.05; do head -c 60000 /dev/zero >/dev/udp/10.9.1.2/2100; done' >/dev/null 2>&1 </dev/null &",
      )
      stutter(draft, 'col', 'nfacctd', 2)
    },
    ...{ stage: 'collecting', cause: 'collector-socket-overrun', labs: ['chain'] },
  },
  {
    id: 'collector-table-full',
    title: "the collector's table has no room for more flows",
    edit(draft) {
      many(draft)
      withoutRoutes(draft)
      collecting(draft, { imt_mem_pools_number: 2, imt_mem_pools_size: 4096, imt_buckets: 101 })
    },
    ...{ stage: 'collecting', cause: 'collector-table-full', labs: ['chain'] },
  },
  {
    id: 'collector-firewall',
    title: 'a packet filter on the collector eats the exports',
    edit: (draft) =>
      runs(
        draft,
        'col',
        "nft 'add table inet wall; add chain inet wall input { type filter hook input priority 0; }; add rule inet wall input udp dport 2100 drop'",
      ),
    ...{ stage: 'collecting', cause: 'nothing-collected' },
  },
  {
    id: 'collector-allow-file',
    title: "the collector's list of exporters lacks this one",
    edit: (draft) => collecting(draft, { nfacctd_allow_file: '/etc/hosts' }),
    ...{ stage: 'collecting', cause: 'nothing-collected' },
  },

  // Routing information.
  {
    id: 'agent-map',
    title: 'the agent map leads from the exporter to nobody',
    edit(draft) {
      const node = of(draft.nodes, 'col')
      node.binds = [
        ...(node.binds ?? []),
        `${join(import.meta.dirname, 'nobody.agents')}:/opt/nobody.agents:ro`,
      ]
      collecting(draft, { bgp_agent_map: '/opt/nobody.agents' })
    },
    ...{ stage: 'routing', cause: 'agent-map-mismatch' },
  },
  {
    id: 'session-dies',
    title: "the collector's BGP session dies before the flows come",
    edit(draft) {
      lasting(draft, '3s')
      const router = draft.name === 'chain' ? 'r1' : 'r2'
      draft.events = [{ at: '0s', session: `${router}:main`, action: 'down', expected: false }]
    },
    ...{ stage: 'routing', cause: 'as-attributes-empty' },
  },
  {
    id: 'path-not-filled',
    title: 'the collector is not told to fill in the source AS path',
    edit: (draft) => collecting(draft, { bgp_src_as_path_type: 'sflow' }),
    ...{ stage: 'routing', cause: 'as-attribute-not-filled' },
  },
]

/** Faults of the field that present parts cannot be made to show, and what stands in the way. */
export const cannotBeMade: Readonly<Record<string, string>> = {
  'counters of 32 bits that overrun':
    'a lab would have to send 4 GiB in a flow; the cause is tested on accounts made by hand (src/verify/explain.test.ts)',
  'exports that are too large for the path':
    'pmacctd’s datagrams have no more than 500 octets, which every path takes',
  'AS numbers cut to 16 bits': 'pmacctd’s NetFlow v5 had 0 in their place where it was tried',
  'a less specific route': 'no daemon here was kept from one route and given another',
  'interface indexes': 'the daemons here write 0 for all',
  'a source AS path that is not the one by which the packets came':
    'in these labs both ways are one; a table that shows the route back is held against the route back',
}

/** Faults that leave the same traces at all witnesses. */
export const indistinguishable: readonly string[] = [
  'A packet metered twice and a counter that is doubled: both are `metered-twice`, since no witness stands between metering and exporting process.',
  'A packet filter on the collector’s node and the collector’s own list of exporters: both are `nothing-collected`; the kernel counts no drop at the socket in either.',
  'An exporter that never sent a datagram which it counted, and a loss between its socket and its interface: both are `exports-missing-in-sequence`.',
  'Sampling that nobody announces and a constant fraction: where all flows share one ratio within the error of sampling it is `sampling-unannounced`.',
  'A BGP session that came after the flows and one that went before them: both are `as-attributes-empty`; the daemon’s log of BGP messages has the times.',
]
