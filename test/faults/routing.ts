// Faults of routing information.
import { of } from '../support/labs.ts'
import type { Fault } from './fault.ts'
import { beside, bound, collecting, lasting, telling, through } from './labs.ts'

export const routingFaults: readonly Fault[] = [
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
  {
    id: 'agent-map',
    title: 'the agent map leads from the exporter to nobody',
    edit: (draft) => bound(draft, 'main', 'bgp_agent_map', 'nobody.agents'),
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
  {
    id: 'as-numbers-cut',
    title: 'AS numbers of records are cut to 16 bits',
    edit(draft) {
      telling(draft, 'src_as', 'dst_as')
      of(draft.probes, 'edge').bgp = 'r1'
      const collector = of(draft.collectors, 'main')
      for (const table of Object.values(collector.tables ?? {}))
        table.aggregate = ['src_host', 'dst_host', 'src_port', 'dst_port', 'proto', 'src_as', 'dst_as']
      collecting(draft, { nfacctd_as: 'netflow', nfacctd_net: 'netflow' })
      through(draft, 'as-cut')
    },
    ...{ stage: 'routing', cause: 'as-numbers-cut', also: ['record-as-wrong'], labs: ['chain'] },
  },
  {
    id: 'less-specific',
    title: 'the collector has only the less specific of two routes',
    edit(draft) {
      beside(draft, 'y', 'aggregate.sh')
      beside(draft, 'r2', 'hidden.sh')
      for (const flow of draft.traffic ?? []) flow.at = '3s'
    },
    ...{ stage: 'routing', cause: 'less-specific-route', labs: ['talk'] },
  },
  {
    id: 'stale-route',
    title: 'the collector keeps a route that its router has no more',
    edit(draft) {
      for (const flow of draft.traffic ?? []) flow.at = '5s'
      draft.events = [{ at: '2s', router: 'x', action: 'prepend', neighbor: 'r2', times: 2 }]
      beside(draft, 'col', 'deaf.sh')
    },
    ...{ stage: 'routing', cause: 'stale-route', labs: ['talk'] },
  },
  {
    id: 'return-path',
    title: 'the source AS path is that of the way back, and packets came by another',
    edit: () => {},
    ...{ stage: 'routing', cause: 'source-path-of-way-back', labs: ['asymmetric'] },
  },
]
