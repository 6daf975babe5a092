// CollectorPlan → nfacctd.conf or sfacctd.conf, which differ in the names of their directives: tables, AS attributes from its
// own BGP session, as in the talk.

import type { Compiled } from '../../part.ts'
import type { CollectorPlan } from '../../plan/plan.ts'
import { agentMapPath, bgp, configuration, daemon, type Directives, tables, wake } from './directives.ts'

interface Program {
  readonly name: 'nfacctd' | 'sfacctd'
  /** What it logs when it listens. */
  readonly says: string
}

export function compileCollector(program: Program, collector: CollectorPlan): Compiled {
  const path = `/etc/pmacct/${collector.process}.conf`
  return {
    files: {
      [path]: configuration(directives(program.name, collector), collector.options),
      ...(collector.bgp ? { [agentMapPath(collector.process)]: agentMap(collector) } : {}),
    },
    processes: [
      {
        name: collector.process,
        argv: [program.name, '-f', path],
        says: program.says,
        ...wake(collector.bgp, 'wait_for_more_packets'),
        stop: 'SIGINT',
      },
    ],
  }
}

/** Which router's view the flows of each exporter get. */
const agentMap = ({ bgp: feed, exporters }: CollectorPlan): string =>
  exporters.map(({ address }) => `bgp_ip=${feed?.peer} ip=${address}\n`).join('')

const directives = (program: Program['name'], collector: CollectorPlan): Directives => ({
  ...daemon(collector.process),
  [`${program}_ip`]: collector.address,
  [`${program}_port`]: String(collector.port),
  ...(collector.renormalize === undefined
    ? {}
    : { [`${program}_renormalize`]: String(collector.renormalize) }),
  plugins: collector.tables.map(({ name }) => `memory[${name}]`).join(', '),
  ...(collector.bgp ? bgp(program, collector.process, collector.bgp) : {}),
  ...tables(collector, 'record'),
})
