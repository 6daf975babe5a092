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
import { bgpTies, mapDirectives, mapFiles, mapTies, tie, watched, type Tie } from './own.ts'
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
  const own =
    collector.own?.config && tie(collector.own.config, ties(program.name, collector), collector.options)
  return {
    ...(own ? { problems: own.problems } : {}),
    ...(kept?.directories ? { directories: kept.directories } : {}),
    files: {
      ...kept?.files,
      [path]:
        own?.text ??
        configuration(
          { ...directives(program.name, collector), ...mapDirectives(collector.process, collector.own) },
          collector.options,
        ),
      ...(collector.own ? mapFiles(collector.process, collector.own) : {}),
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

/** Where a table is kept and how it is read is the lab's; how the queue to its plugin is sized is the file's. */
const storeTies = (collector: CollectorPlan, table: CollectorPlan['tables'][number]): Tie[] =>
  Object.entries(storeOf(collector).directives(collector, table)).flatMap(([directive, value]) => {
    const [, key = '', plugin] = /^(\w+)\[(.*)\]$/.exec(directive) ?? []
    return plugin === undefined || key.startsWith('plugin_')
      ? []
      : [{ keys: [key], plugin, value, how: 'set' }]
  })

/** What ties a configuration of the user's own to the lab. */
const ties = (program: Program['name'], collector: CollectorPlan): Tie[] => [
  ...watched(collector.process),
  {
    keys: [`${program}_ip`],
    value: collector.address,
    how: 'must',
    remedy: 'Write the address of its node, or leave it out: it is added.',
  },
  { keys: [`${program}_port`], value: String(collector.port), how: 'must' },
  ...collector.tables.flatMap((table) => storeTies(collector, table)),
  ...bgpTies(collector.process, collector.bgp, collector.own ?? { maps: {} }),
  ...mapTies(collector.process, collector.own ?? { maps: {} }),
]
