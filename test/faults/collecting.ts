// Faults at the collector.
import { of } from '../support/labs.ts'
import type { Fault } from './fault.ts'
import { collecting, freeze, lasting, many, often, runs, stutter, through, withoutRoutes } from './labs.ts'

export const collectingFaults: readonly Fault[] = [
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
    id: 'collector-frozen',
    title: 'the collector is stopped by a signal, and nobody lets it go on',
    edit(draft) {
      often(draft)
      lasting(draft, '3s')
      freeze(draft, 'col', 'nfacctd', 1, 'udp port 2100')
    },
    ...{ stage: 'collecting', cause: 'collector-away' },
  },
  {
    id: 'header-count',
    title:
      'the header of NetFlow v9 counts less than its datagram has, and the collector reads no more than that',
    edit(draft) {
      withoutRoutes(draft)
      lasting(draft, '3s')
      const { at } = of(draft.probes, 'edge')
      const way = { protocol: 'netflow9', to: 'main', 'template-refresh': '1s' } as const
      draft.probes = {
        edge: { kind: 'softflowd', at, timeouts: { active: '1s', inactive: '1s' }, export: way },
      }
    },
    ...{ stage: 'collecting', cause: 'records-beyond-count', also: ['icmp-type-lost'] },
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
  {
    id: 'template-refresh-lost',
    title: 'the collector restarts, and templates are not sent again',
    edit(draft) {
      often(draft)
      lasting(draft, '5s')
      draft.events = [{ at: '2s', collector: 'main', action: 'kill', for: '1s', expected: false }]
      through(draft, 'no-refresh')
    },
    ...{
      ...{ stage: 'collecting', cause: 'template-unknown' },
      also: ['collector-away', 'as-attributes-empty', 'exports-unreadable'],
    },
  },
  {
    id: 'collector-coarser',
    title: 'the collector aggregates a key away',
    edit(draft) {
      withoutRoutes(draft)
      const [table = ''] = Object.keys(of(draft.collectors, 'main').tables ?? {})
      collecting(draft, { [`aggregate[${table}]`]: 'src_host' })
    },
    ...{ stage: 'collecting', cause: 'collected-keys-wrong' },
  },
  {
    id: 'collector-plugin',
    title: 'one of two tables of the collector loses records',
    edit(draft) {
      often(draft)
      lasting(draft, '3s')
      const collector = of(draft.collectors, 'main')
      const [table] = Object.values(collector.tables ?? {})
      if (table) Object.assign(collector.tables ?? {}, { small: table })
      collecting(draft, { 'plugin_pipe_size[small]': 2048, 'plugin_buffer_size[small]': 1024 })
    },
    ...{ stage: 'collecting', cause: 'collector-queue-overrun', also: ['as-attributes-wrong'] },
  },
]
