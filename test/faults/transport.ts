// Faults on the way from exporter to collector.
import { of } from '../support/labs.ts'
import type { Fault } from './fault.ts'
import { collectorLink, lasting, many, often, runs, through, withoutRoutes } from './labs.ts'

export const transportFaults: readonly Fault[] = [
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
  {
    id: 'exports-reordered',
    title: 'export datagrams overtake each other: nothing is lost by it',
    edit(draft) {
      often(draft)
      lasting(draft, '4s')
      through(draft, 'reordered')
    },
    ...{ stage: 'transport', cause: '' },
  },
  {
    id: 'template-lost',
    title: 'a template is lost with its datagram',
    edit(draft) {
      often(draft)
      lasting(draft, '4s')
      runs(
        draft,
        'mid',
        "nft 'add table ip path; add chain ip path way { type filter hook forward priority 0; }; add rule ip path way udp dport 2100 numgen inc mod 100000 0 drop'",
      )
    },
    ...{
      stage: 'transport',
      cause: 'exports-lost',
      also: ['template-unknown', 'as-attributes-empty'],
      labs: ['chain'],
    },
  },
  {
    id: 'exports-too-large',
    title: 'exports are too large for the path',
    edit(draft) {
      Object.assign(draft.probes ?? {}, {
        edge: { kind: 'fprobe', at: 'r1:eth0', export: { protocol: 'netflow5', to: 'main' } },
      })
      const collector = of(draft.collectors, 'main')
      delete collector.bgp
      for (const table of Object.values(collector.tables ?? {}))
        table.aggregate = ['src_host', 'dst_host', 'src_port', 'dst_port', 'proto']
      draft.traffic = draft.traffic?.filter(({ kind }) => kind !== 'ping')
      many(draft)
      collectorLink(draft).mtu = 1000
      // Where a packet is too large its sender is told: here a filter is before that.
      runs(
        draft,
        'mid',
        "nft 'add table ip path; add chain ip path way { type filter hook prerouting priority 0; }; add rule ip path way udp dport 2100 meta length > 1000 drop'",
      )
    },
    ...{ stage: 'transport', cause: 'exports-too-large', labs: ['chain'] },
  },
  {
    id: 'address-translated',
    title: 'the exporter’s address is translated on the way',
    edit: (draft) =>
      runs(
        draft,
        'mid',
        "nft 'add table ip path; add chain ip path out { type nat hook postrouting priority 100; }; add rule ip path out udp dport 2100 snat to 10.9.1.1'",
      ),
    ...{
      ...{ stage: 'transport', cause: 'exporter-address-changed', labs: ['chain'] },
      also: ['as-attributes-empty', 'agent-map-mismatch'],
    },
  },
  {
    id: 'second-collector-filtered',
    title: 'one of two collectors is behind a filter',
    edit(draft) {
      withoutRoutes(draft)
      const main = of(draft.collectors, 'main')
      Object.assign(draft.collectors ?? {}, { other: { ...main, port: 2200 } })
      of(draft.probes, 'edge').export.to = ['main', 'other']
      runs(
        draft,
        'mid',
        "nft 'add table ip path; add chain ip path way { type filter hook forward priority 0; }; add rule ip path way udp dport 2200 drop'",
      )
    },
    ...{ stage: 'transport', cause: 'exports-lost', labs: ['chain'] },
  },
]
