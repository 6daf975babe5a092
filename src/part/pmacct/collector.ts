// CollectorPlan → nfacctd.conf or sfacctd.conf, which differ in the names of their directives: tables, AS attributes from its
// own BGP session, as in the talk.

import type { Compiled } from '../../part.ts'
import type { CollectorPlan } from '../../plan/plan.ts'
import {
  agentMapPath,
  bgp,
  configuration,
  daemon,
  type Directives,
  content,
  unlimited,
  wake,
} from './directives.ts'
import { stores } from './stores.ts'

interface Program {
  readonly name: 'nfacctd' | 'sfacctd'
  /** What it logs when it listens. */
  readonly says: string
}

export function compileCollector(program: Program, collector: CollectorPlan): Compiled {
  const path = `/etc/pmacct/${collector.process}.conf`
  const kept = storeOf(collector).compile?.(collector)
  const last = kept?.processes.at(-1)
  return {
    ...(kept?.directories ? { directories: kept.directories } : {}),
    files: {
      ...kept?.files,
      [path]: configuration(directives(program.name, collector), collector.options),
      ...(collector.bgp ? { [agentMapPath(collector.process)]: agentMap(collector) } : {}),
    },
    processes: [
      ...(kept?.processes ?? []),
      {
        name: collector.process,
        argv: [program.name, '-f', path],
        ...(last ? { after: [last.name] } : {}),
        says: program.says,
        ...wake(collector.bgp, 'wait_for_more_packets'),
        stop: 'SIGINT',
      },
    ],
  }
}

const storeOf = ({ store = 'memory' }: CollectorPlan) => stores[store]

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
  plugins: collector.tables.map(({ name }) => `${storeOf(collector).plugin}[${name}]`).join(', '),
  ...(collector.bgp ? bgp(program, collector.process, collector.bgp) : {}),
  ...(storeOf(collector).plugin === 'memory' ? unlimited : {}),
  ...(Object.assign(
    {},
    ...collector.tables.map((table) => ({
      ...storeOf(collector).directives(collector, table),
      ...content(table),
    })),
  ) as Directives),
})
