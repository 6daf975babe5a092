// Faults of exporting processes: how records become datagrams.
import { of } from '../support/labs.ts'
import type { Fault } from './fault.ts'
import { configured, lasting, often, through, withoutRoutes } from './labs.ts'

export const exportingFaults: readonly Fault[] = [
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
    ...{ stage: 'exporting', cause: 'times-of-other-packets' },
  },
  {
    id: 'clock-late',
    title: "the header's clock of NetFlow v5 is an hour late",
    edit(draft) {
      withoutRoutes(draft)
      of(draft.probes, 'edge').export.protocol = 'netflow5'
      through(draft, 'clock-late')
    },
    ...{ stage: 'exporting', cause: 'times-off-by-constant', labs: ['chain'] },
  },
  {
    id: 'counters-exchanged',
    title: 'packets stand for bytes, and bytes for packets',
    edit: (draft) => through(draft, 'counters-exchanged'),
    ...{ stage: 'exporting', cause: 'counters-distorted' },
  },
  {
    id: 'packets-zero',
    title: 'records count no packets',
    edit: (draft) => through(draft, 'packets-zero'),
    ...{ stage: 'exporting', cause: 'counters-distorted' },
  },
  {
    id: 'bytes-wrapped',
    title: 'bytes are counted in 16 bits',
    edit: (draft) => through(draft, 'bytes-wrapped'),
    ...{ stage: 'exporting', cause: 'counters-distorted' },
  },
  {
    id: 'packets-times-ten',
    title: 'packets are multiplied by a rate, and bytes are not',
    edit: (draft) => through(draft, 'packets-times-ten'),
    ...{ stage: 'exporting', cause: 'constant-ratio' },
  },
  {
    id: 'half-multiplied',
    title: 'sampled: packets are multiplied by the rate, and bytes are not',
    edit(draft) {
      withoutRoutes(draft)
      lasting(draft, '3s')
      of(draft.probes, 'edge').sampling = 10
      through(draft, 'packets-times-ten')
    },
    ...{ stage: 'exporting', cause: 'sampling-half-multiplied', also: ['sampling-unapplied'] },
  },
  {
    id: 'counters-cumulative',
    title: 'records tell totals since their flow began, and not what came since the last',
    edit(draft) {
      often(draft)
      lasting(draft, '4s')
      through(draft, 'cumulative')
    },
    ...{ stage: 'exporting', cause: 'counters-cumulative' },
  },
  {
    id: 'counters-overrun',
    title: 'a flow of more than 4 GiB, and counters of 32 bits',
    edit(draft) {
      for (const link of draft.links ?? []) if (!link.endpoints.includes('col:eth0')) link.mtu = 65_000
      const way = of(draft.probes, 'edge').export
      Object.assign(draft.probes ?? {}, {
        edge: {
          kind: 'fprobe',
          at: 'r1:eth0',
          export: { protocol: 'netflow5', to: 'main', source: way.source },
        },
      })
      const collector = of(draft.collectors, 'main')
      delete collector.bgp
      for (const table of Object.values(collector.tables ?? {}))
        table.aggregate = ['src_host', 'dst_host', 'src_port', 'dst_port', 'proto']
      draft.traffic = [
        { from: 'h2', to: 'h1', kind: 'iperf3', rate: '6gbit', for: '9s' },
        { from: 'h1', to: 'h2', kind: 'ditg', udp: { rate: '100pps', size: 300 }, for: '2s' },
      ]
    },
    ...{ stage: 'exporting', cause: 'counters-overrun', labs: ['chain'] },
  },
  {
    id: 'domain-changed',
    title: 'the observation domain changes midway',
    edit(draft) {
      often(draft)
      lasting(draft, '4s')
      through(draft, 'domain-changed')
    },
    ...{
      stage: 'exporting',
      cause: 'observation-domain-changed',
      also: ['exports-unreadable', 'template-unknown'],
    },
  },
  {
    id: 'rate-options-lost',
    title: 'the options that announce the rate are never sent',
    edit(draft) {
      withoutRoutes(draft)
      lasting(draft, '3s')
      of(draft.probes, 'edge').sampling = 10
      of(draft.collectors, 'main').renormalize = true
      through(draft, 'no-options')
    },
    ...{ stage: 'exporting', cause: 'sampling-unannounced', also: ['exports-unreadable'] },
  },
  {
    id: 'rate-changed',
    title: 'the sampling rate changes midway, and the lab was promised one',
    edit(draft) {
      withoutRoutes(draft)
      lasting(draft, '6s')
      of(draft.probes, 'edge').sampling = 10
      of(draft.collectors, 'main').renormalize = true
      draft.events = [
        {
          ...{ at: '3s', probe: 'edge', action: 'reconfigure', expected: false },
          options: { 'sampling_rate[collect]': 40 },
        },
      ]
    },
    ...{ stage: 'exporting', cause: 'sampling-rate-changed', also: ['probe-away'] },
  },
  {
    id: 'cache-replayed',
    title: 'records that were exported are exported again later',
    edit(draft) {
      often(draft)
      lasting(draft, '4s')
      through(draft, 'replayed')
    },
    ...{ stage: 'exporting', cause: 'records-repeated' },
  },
  {
    id: 'clock-stepped',
    title: 'the exporter’s clock is set on by 90 s in the middle',
    edit(draft) {
      often(draft)
      lasting(draft, '4s')
      through(draft, 'clock-stepped')
    },
    ...{ stage: 'exporting', cause: 'clock-stepped' },
  },
  {
    id: 'clock-drifts',
    title: 'the exporter’s clock goes too fast',
    edit(draft) {
      often(draft)
      lasting(draft, '6s')
      through(draft, 'clock-drifts')
    },
    ...{ stage: 'exporting', cause: 'clock-drifts' },
  },
  {
    id: 'seconds-for-milliseconds',
    title: 'times are told in seconds where milliseconds are meant',
    edit: (draft) => through(draft, 'seconds'),
    ...{ stage: 'exporting', cause: 'times-in-wrong-unit' },
  },
  {
    id: 'boot-time-off',
    title: 'the header’s uptime of NetFlow v5 counts from another moment than the records’',
    edit(draft) {
      withoutRoutes(draft)
      of(draft.probes, 'edge').export.protocol = 'netflow5'
      through(draft, 'boot-off')
    },
    ...{ stage: 'exporting', cause: 'times-off-by-constant', labs: ['chain'] },
  },
]
