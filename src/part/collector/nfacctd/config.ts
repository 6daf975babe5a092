// CollectorPlan → nfacctd.conf: tables in memory, AS attributes from its own BGP session, as in the talk.

import type { Compiled } from '../../../part.ts'
import type { CollectorPlan } from '../../../plan/plan.ts'
import {
  agentMapPath,
  bgp,
  configuration,
  daemon,
  type Directives,
  tables,
  wake,
} from '../../pmacct/directives.ts'

export function compile(collector: CollectorPlan): Compiled {
  const path = `/etc/pmacct/${collector.process}.conf`
  return {
    files: {
      [path]: configuration(directives(collector), collector.options),
      ...(collector.bgp ? { [agentMapPath(collector.process)]: agentMap(collector) } : {}),
    },
    processes: [
      {
        name: collector.process,
        argv: ['nfacctd', '-f', path],
        says: 'waiting for NetFlow/IPFIX data',
        ...wake(collector.bgp, 'wait_for_more_packets'),
        stop: 'SIGINT',
      },
    ],
  }
}

/** Which router's view the flows of each exporter get. */
const agentMap = ({ bgp: feed, exporters }: CollectorPlan): string =>
  exporters.map(({ address }) => `bgp_ip=${feed?.peer} ip=${address}\n`).join('')

const directives = (collector: CollectorPlan): Directives => ({
  ...daemon(collector.process),
  nfacctd_ip: collector.address,
  nfacctd_port: String(collector.port),
  ...(collector.renormalize === undefined ? {} : { nfacctd_renormalize: String(collector.renormalize) }),
  plugins: collector.tables.map(({ name }) => `memory[${name}]`).join(', '),
  ...(collector.bgp ? bgp('nfacctd', collector.process, collector.bgp) : {}),
  ...tables(collector, 'record'),
})
