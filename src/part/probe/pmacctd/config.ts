// ProbePlan → pmacctd.conf: nfprobe or sfprobe for the exports, memory plugins for its own tables, as in the talk.

import type { Compiled } from '../../../part.ts'
import { familyOf, socketAddress } from '../../../kernel/address.ts'
import type { Milliseconds } from '../../../kernel/units.ts'
import { exporters } from '../../../plan/exporters.ts'
import type { ExportPlan, ProbePlan } from '../../../plan/plan.ts'
import type { Problem } from '../../../topology/problem.ts'
import { directiveOf, pluginsOf, statementsOf } from '../../../topology/own/pmacct-file.ts'
import type { OwnFile, Timeouts } from '../../../topology/topology.ts'
import {
  agentMapPath,
  bgp,
  configuration,
  daemon,
  type Directives,
  pipeOf,
  promptQueue,
  queue,
  tables,
  wake,
} from '../../pmacct/directives.ts'
import { bgpTies, mapDirectives, mapFiles, mapTies, tie, watched, type Tie } from '../../pmacct/own.ts'
import { numberers, numbering, numberingOf } from './interfaces.ts'

/** The nfprobe plugin's name, as in the talk. */
const exporting = 'collect'

export function compile(probe: ProbePlan): Compiled {
  const path = `/etc/pmacct/${probe.process}.conf`
  const agents = probe.bgp
  const before = numberers(probe)
  const own = probe.own?.config && tie(probe.own.config, ties(probe, probe.own.config), probe.options)
  return {
    ...(own && probe.own?.config ? { problems: [...tooFew(probe, probe.own.config), ...own.problems] } : {}),
    files: {
      [path]:
        own?.text ??
        configuration({ ...directives(probe), ...mapDirectives(probe.process, probe.own) }, probe.options),
      ...(probe.own ? mapFiles(probe.process, probe.own) : {}),
      // pmacctd has one agent, itself: 0.0.0.0/0 stands for every packet that it sees.
      ...(agents ? { [agentMapPath(probe.process)]: `bgp_ip=${agents.peer} ip=0.0.0.0/0\n` } : {}),
    },
    processes: [
      ...before,
      {
        name: probe.process,
        ...(before.length > 0 ? { after: before.map(({ name }) => name) } : {}),
        argv: ['pmacctd', '-f', path],
        // It says so when libpcap has opened the interface, and then waits for packets in poll(2).
        says: 'link type is',
        ...wake(probe.bgp, 'poll'),
        stop: 'SIGINT',
      },
    ],
  }
}

/** nfprobe's names for the protocols: their version numbers (RFC 7011, section 3.1, for IPFIX's). */
const versions: Readonly<Record<string, string>> = { netflow5: '5', netflow9: '9', ipfix: '10' }

/** An exporting plugin sends to one collector: each has one of its own. */
const pluginOf = ({ export: { collector }, copies }: ProbePlan): string =>
  copies?.some((copy) => copy.collector === collector) ? `${exporting}-${collector}` : exporting

const directives = (probe: ProbePlan): Directives => {
  const ways = exporters({ probes: [probe] })
  return {
    ...daemon(probe.process),
    // The map names interfaces of its own: the two exclude each other.
    ...(probe.own?.maps['pcap_interfaces_map'] ? {} : { pcap_interface: probe.interface }),
    ...(probe.direction ? { pcap_direction: probe.direction } : {}),
    ...numbering(probe),
    ...(probe.snaplen === undefined ? {} : { snaplen: String(probe.snaplen) }),
    plugins: [
      ...probe.tables.map(({ name }) => `memory[${name}]`),
      ...ways.map((way) => `${way.export.protocol === 'sflow' ? 'sfprobe' : 'nfprobe'}[${pluginOf(way)}]`),
    ].join(', '),
    ...(probe.bgp ? bgp('pmacctd', probe.process, probe.bgp) : {}),
    ...tables(probe),
    ...(Object.assign({}, ...ways.map((way) => exportingPlugin(pluginOf(way), way))) as Directives),
  }
}

const exportingPlugin = (plugin: string, probe: ProbePlan): Directives => ({
  // sfprobe ends without sending the samples that it has not filled a datagram with: it must get them before.
  ...(probe.export.protocol === 'sflow' ? promptQueue(plugin) : queue(plugin)),
  ...(probe.sampling ? { [`sampling_rate[${plugin}]`]: String(probe.sampling.rate) } : {}),
  ...numberingOf(plugin, probe),
  ...(probe.export.protocol === 'sflow' ? sfprobe(plugin, probe) : nfprobe(plugin, probe)),
})

const nfprobe = (plugin: string, { export: way, timeouts }: ProbePlan): Directives => ({
  [`aggregate[${plugin}]`]: way.aggregate.join(', '),
  [`nfprobe_receiver[${plugin}]`]: socketAddress(way.address, way.port),
  // Given an address of IPv6, 1.7.7 cannot bind to it; the kernel takes that of the interface by which exports leave, which it is.
  ...(familyOf(way.source) === 4 ? { [`nfprobe_source_ip[${plugin}]`]: way.source } : {}),
  [`nfprobe_version[${plugin}]`]: versions[way.protocol] ?? way.protocol,
  ...(way.domain === 0 ? {} : { [`nfprobe_engine[${plugin}]`]: engine(way) }),
  [`nfprobe_timeouts[${plugin}]`]: timeoutsOf(timeouts),
})

/** Samples of packets, which have no flow key; `aggregate` says what beside their headers is told of them. */
const sfprobe = (plugin: string, { export: way }: ProbePlan): Directives => ({
  [`aggregate[${plugin}]`]: way.aggregate.join(', '),
  [`sfprobe_receiver[${plugin}]`]: socketAddress(way.address, way.port),
  [`sfprobe_source_ip[${plugin}]`]: way.source,
  [`sfprobe_agentip[${plugin}]`]: way.source,
  [`sfprobe_agentsubid[${plugin}]`]: String(way.domain),
})

/** NetFlow v5 has two numbers, engine type and engine ID. */
const engine = ({ protocol, domain }: ExportPlan): string =>
  protocol === 'netflow5' ? `0:${domain}` : String(domain)

/** Each kind of flow has an inactive timeout of its own; they are looked at as often as the talk's configuration does, or each second. */
function timeoutsOf({ active, inactive }: Timeouts): string {
  if (active === undefined && inactive === undefined) return 'maxlife=60:expint=60'
  const seconds = (span: Milliseconds): number => span / 1000
  const kinds = ['tcp', 'tcp.rst', 'tcp.fin', 'udp', 'icmp', 'general']
  return [
    ...(inactive === undefined ? [] : kinds.map((kind) => `${kind}=${seconds(inactive)}`)),
    `maxlife=${active === undefined ? 60 : seconds(active)}`,
    'expint=1',
  ].join(':')
}

/** What ties a configuration of the user's own to the lab: its exporting plugins go to the probe's collectors, in their order. */
function ties(probe: ProbePlan, { text }: OwnFile): Tie[] {
  const { statements } = statementsOf(text)
  const plugins = pluginsOf(directiveOf(statements, 'plugins')).filter(({ type }) =>
    /^[ns]fprobe$/.test(type),
  )
  const ways = exporters({ probes: [probe] })
  const collectors = `the ${ways.length === 1 ? 'address and port' : 'addresses and ports'} of ${ways.map(({ export: { collector } }) => collector).join(', ')}`
  return [
    ...watched(probe.process),
    // 1.7.7 passes over the former name and takes any interface: the new one is added.
    ...(['pcap_interface', 'interface'] as const).map(
      (key): Tie => ({
        keys: [key],
        value: probe.interface,
        how: key === 'interface' ? 'only' : 'must',
        remedy: 'Write the interface of `at`, or leave it out: it is added.',
      }),
    ),
    ...plugins.flatMap(({ type, name }, index): Tie[] => {
      const way = ways[index]
      if (!way) return []
      return [
        {
          keys: [`${type}_receiver`],
          plugin: name,
          value: socketAddress(way.export.address, way.export.port),
          how: 'must',
          remedy: `Write ${collectors}, give the node this address, or leave it out: it is added.`,
        },
        { keys: [`${type}_source_ip`], plugin: name, value: way.export.source, how: 'must' },
      ]
    }),
    ...probe.tables.map(
      ({ name }): Tie => ({
        keys: ['imt_path'],
        plugin: name,
        value: pipeOf(probe.process, name),
        how: 'set',
      }),
    ),
    ...bgpTies(probe.process, probe.bgp, probe.own ?? { maps: {} }),
    ...mapTies(probe.process, probe.own ?? { maps: {} }),
  ]
}

/** A plugin that exports, for each collector. */
function tooFew(probe: ProbePlan, { file, text }: OwnFile): Problem[] {
  const { statements } = statementsOf(text)
  const by = directiveOf(statements, 'plugins')
  const count = pluginsOf(by).filter(({ type }) => /^[ns]fprobe$/.test(type)).length
  const wanted = exporters({ probes: [probe] }).length
  if (count === wanted) return []
  return [
    {
      position: { file, line: by?.line ?? 1, column: by?.valueColumn ?? 1 },
      path: ['probes', probe.name],
      message: `expected ${wanted} plugin${wanted === 1 ? '' : 's'} nfprobe or sfprobe, one for each collector of export.to, found ${count}`,
      remedy: 'Name as many collectors as there are plugins, in their order.',
    },
  ]
}
