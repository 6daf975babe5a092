// Faults of metering processes, and of what exports say beside amounts.
import { of } from '../support/labs.ts'
import type { Fault } from './fault.ts'
import {
  numbered,
  configured,
  farHost,
  freeze,
  lasting,
  marked,
  pingOf,
  runs,
  stutter,
  telling,
  through,
  withoutRoutes,
} from './labs.ts'

export const meteringFaults: readonly Fault[] = [
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
    id: 'probe-frozen',
    title: 'the probe is stopped by a signal, and nobody lets it go on',
    edit: (draft) => freeze(draft, draft.name === 'chain' ? 'r1' : 'r2', 'pmacctd', 500, 'udp'),
    ...{ stage: 'metering', cause: 'probe-away' },
  },
  {
    id: 'probe-queue',
    title: "the probe's internal queue overruns",
    edit: (draft) => {
      of(draft.probes, 'edge').options = { plugin_pipe_size: '8192', plugin_buffer_size: '4096' }
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
      lasting(draft, '5s')
      withoutRoutes(draft)
      draft.traffic?.push({ from: 'h1', to: farHost(draft), kind: 'iperf3', rate: '400mbit', for: '4s' })
      stutter(draft, draft.name === 'chain' ? 'r1' : 'r2', 'pmacctd', 1)
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
    id: 'second-probe-dead',
    title: 'one of two probes of a node dies',
    edit(draft) {
      lasting(draft, '3s')
      withoutRoutes(draft)
      const [edge, node] = [of(draft.probes, 'edge'), draft.name === 'chain' ? 'r1' : 'r2']
      Object.assign(draft.probes ?? {}, {
        second: { ...edge, at: `${node}:eth1`, export: { ...edge.export, domain: 8 } },
      })
      draft.events = [{ at: '1s', probe: 'second', action: 'kill', expected: false }]
    },
    ...{ stage: 'metering', cause: 'probe-away' },
  },
  {
    id: 'ports-swapped',
    title: 'source and destination ports are exchanged',
    edit: (draft) => through(draft, 'ports-swapped'),
    ...{ stage: 'metering', cause: 'flow-keys-wrong' },
  },
  {
    id: 'ports-zero',
    title: 'ports are 0 in all records',
    edit: (draft) => through(draft, 'ports-zero'),
    ...{ stage: 'metering', cause: 'flow-keys-wrong' },
  },
  {
    id: 'ports-turned',
    title: 'ports are in the wrong order of bytes',
    edit: (draft) => through(draft, 'ports-turned'),
    ...{ stage: 'metering', cause: 'flow-keys-wrong' },
  },
  {
    id: 'protocol-wrong',
    title: 'every record says UDP',
    edit: (draft) => through(draft, 'protocol-udp'),
    ...{ stage: 'metering', cause: 'flow-keys-wrong' },
  },
  {
    id: 'addresses-masked',
    title: 'addresses are cut to their networks',
    edit(draft) {
      withoutRoutes(draft)
      through(draft, 'masked')
    },
    ...{ stage: 'metering', cause: 'flow-keys-wrong' },
  },
  {
    id: 'fields-shifted',
    title: 'fields are read at the wrong offset, as behind a tag that was not skipped',
    edit(draft) {
      withoutRoutes(draft)
      through(draft, 'fields-shifted')
    },
    ...{ stage: 'metering', cause: 'flow-keys-absurd', also: ['icmp-type-lost'] },
  },
  {
    id: 'both-ways',
    title: 'each flow is counted for the way back too, as where a biflow is read as two flows',
    edit(draft) {
      withoutRoutes(draft)
      through(draft, 'both-ways')
    },
    ...{ stage: 'metering', cause: 'biflows-counted-twice' },
  },
  {
    id: 'tos-zero',
    title: 'the type of service is 0 in all records',
    edit(draft) {
      marked(draft, 184)
      telling(draft, 'tos')
      through(draft, 'tos-zero')
    },
    ...{ stage: 'metering', cause: 'tos-wrong' },
  },
  {
    id: 'flags-zero',
    title: 'TCP flags are 0 in all records',
    edit(draft) {
      telling(draft, 'tcpflags')
      through(draft, 'flags-zero')
    },
    ...{ stage: 'metering', cause: 'tcp-flags-wrong' },
  },
  {
    id: 'interface-zero',
    title: 'interface index 0',
    edit(draft) {
      telling(draft, 'in_iface', 'out_iface')
      // In its own words, of which flowlab makes no map of tags; and these say no number.
      configured(draft, { 'nfprobe_direction[collect]': 'in' })
    },
    ...{ stage: 'metering', cause: 'interface-index-zero' },
  },
  {
    id: 'interface-foreign',
    title: 'interfaces have another host’s numbers',
    edit(draft) {
      telling(draft, 'in_iface', 'out_iface')
      numbered(draft, 77)
    },
    ...{ stage: 'metering', cause: 'interface-index-wrong' },
  },
  {
    id: 'interface-same',
    title: 'input and output interface are the same',
    edit(draft) {
      telling(draft, 'in_iface', 'out_iface')
      numbered(draft, 2)
      through(draft, 'in-is-out')
    },
    ...{ stage: 'metering', cause: 'interface-index-wrong' },
  },
]
