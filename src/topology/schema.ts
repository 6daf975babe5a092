// The lab file as users write it: the one source of what is accepted (read.ts walks it), of its defaults, and of
// schema/lab.schema.json for editors. What spans several fields is check.ts's.
import { z } from 'zod'
import { composition } from './composition/schema.ts'
import { backendNames } from './topology.ts'
import { actions } from './actions.ts'
import {
  unicastAddress,
  asn,
  asnKey,
  bind,
  choice,
  command,
  duration,
  endpoint,
  environmentKey,
  integer,
  interfaceAddress,
  interfaceName,
  linkPrefix,
  linkName,
  loss,
  name,
  onOff,
  optionValue,
  pair,
  positiveDuration,
  prefix,
  rate,
  seconds,
  size,
  some,
  text,
} from './fields.ts'
import { collectorKinds, directions, exportProtocols, probeKinds, samplingModes, stores } from './topology.ts'

const line = text(/^[^\p{Cc}]{1,1000}$/u, 'text on one line', 'Write it as text, in quotes if need be.')
const directive = text(
  /^[A-Za-z][A-Za-z0-9_]*(?:\[[A-Za-z0-9_-]+\])?$/,
  'a directive of the part, such as plugin_pipe_size',
  'Write the directive as its documentation does, without the colon and without quotes.',
)
const primitive = text(
  /^[a-z][a-z0-9_]*$/,
  'a primitive to aggregate by, such as src_host',
  "Write a primitive of pmacct's aggregate directive.",
)
const aggregate = some(
  primitive.describe('A primitive, such as src_host.'),
  'primitive',
  'src_host, dst_host',
)
const file = text(/^[^\p{Cc}]{1,4096}$/u, 'the path of a file', 'Write the path of a file.')
const image = text(
  /^[a-zA-Z0-9][\w.:/@-]{0,254}$/,
  'the name of an image',
  'Write such as quay.io/frrouting/frr:10.5.1.',
)
const prose = text(/\S/, 'text', 'Write it as text, in quotes if need be.')

const Table = z.strictObject({
  aggregate: aggregate.describe('Primitives that make up a row, as in pmacct’s aggregate directive.'),
  filter: line
    .describe('Only packets that match, as in pmacct’s aggregate_filter (a pcap filter).')
    .optional(),
})
const tableName = text(
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/,
  'a name of 1 to 63 letters a-z, digits, - and _',
  'Give it such a name.',
)
const tables = z
  .record(tableName, Table.describe('A table that pmacct keeps in memory.'))
  .prefault({})
  .describe('Tables kept in memory, by name.')
const options = z
  .record(directive, optionValue.describe('The value of the directive.'))
  .prefault({})
  .describe(
    'Directives that join or replace the generated ones, in the part’s own words; of nfcapd and softflowd, letters of the command line.',
  )
const bgp = name.describe('The router with which it has a BGP session.').optional()

const config = file
  .describe(
    'A configuration of your own in place of the generated one, by its path from the lab file; docs/own-configuration.md says what ties it to the lab.',
  )
  .optional()
const maps = z
  .record(directive, file)
  .prefault({})
  .describe('Files of your own that directives of pmacct name, such as pre_tag_map: pretag.map.')

const family = choice('ipv4', 'ipv6')

const AutonomousSystem = z.strictObject({
  announce: some(
    prefix.describe('A prefix, such as 192.0.128.0/24 or 2001:db8::/48.'),
    'prefix',
    '192.0.128.0/24',
  )
    .describe('Prefixes announced over eBGP; default: those of the links of its hosts.')
    .optional(),
  igp: choice('ospf', 'none').prefault('ospf').describe('The routing protocol inside the AS.'),
})

const Node = z.strictObject({
  kind: choice('frr', 'bird', 'host', 'bridge').describe(
    'What it is: a router of FRR or BIRD, a host, or a bridge that joins its links into one segment.',
  ),
  as: asn
    .describe(
      'The AS that it belongs to, as one number; a router needs one, unless its binds bring its configuration.',
    )
    .optional(),
  config: z
    .union([
      file,
      z.partialRecord(
        choice('zebra', 'bgpd', 'ospfd', 'ospf6d', 'isisd', 'staticd'),
        file.describe('The configuration of this daemon.'),
      ),
    ])
    .describe(
      'Of a router, a configuration of your own (frr.conf, bird.conf) in place of the generated one; of FRR also one a daemon, as Quagga has them.',
    )
    .optional(),
  image: image.describe('The container image of it, for backends that have containers.').optional(),
  binds: z
    .array(bind.describe('source:target or source:target:ro, the source relative to the lab file.'))
    .prefault([])
    .describe(
      'Files and directories of the machine that it sees. A router with one in its configuration directory (/etc/frr, /etc/bird) runs by that alone.',
    ),
  env: z
    .record(environmentKey, optionValue.describe('The value of the variable.'))
    .prefault({})
    .describe('Environment variables of all its programs.'),
  exec: z
    .array(command.describe('A command with its arguments; no shell reads it.'))
    .prefault([])
    .describe('Commands that it runs, in their order, once its links are up and its own programs run.'),
})

const addressing = (version: 4 | 6, remedy: string) =>
  z.union([
    linkPrefix(version),
    pair(
      interfaceAddress(version).describe('Address and prefix length of the first endpoint.'),
      interfaceAddress(version).describe('Address and prefix length of the second endpoint.'),
      'a prefix, or one address for each of the two ends',
      remedy,
    ),
  ])

const Link = z.strictObject({
  endpoints: pair(
    endpoint.describe('One end: node:interface, or node for its next free ethN.'),
    endpoint.describe('The other end.'),
    'two endpoints',
    'Write such as [h1, "r1:eth0"].',
  ).describe('The two interfaces that it joins.'),
  ipv4: addressing(4, 'Write such as 192.0.2.0/24, or [192.0.2.1/24, 192.0.2.2/24].')
    .describe(
      'Its prefix, or the address of each end in their order; none: the nodes see to such addresses themselves (exec, binds), or have none. Default, where the lab has IPv4: from the pool, none at a bridge.',
    )
    .optional(),
  ipv6: addressing(6, 'Write such as 2001:db8::/64, or [2001:db8::1/64, 2001:db8::2/64].')
    .describe('As ipv4, of IPv6.')
    .optional(),
  mtu: integer(68, 65_535, 'an MTU').prefault(1500).describe('Largest layer-3 packet, in bytes.'),
  offloads: onOff
    .prefault('off')
    .describe('Segmentation and checksum offloads of both ends; a fault to try: packets are then no wire’s.'),
  loss: loss
    .describe('Lost in both directions: 10% at random, or 1/10: exactly every tenth packet.')
    .optional(),
})

const Collector = z.strictObject({
  kind: choice(...collectorKinds).describe('The program that collects.'),
  node: name.describe('The node on which it runs.'),
  family: family
    .describe('The family of the address on which it listens; default: IPv4 where its node has it.')
    .optional(),
  port: integer(1, 65_535, 'a port').prefault(2100).describe('The UDP port on which it listens.'),
  bgp,
  renormalize: onOff
    .describe('Whether it multiplies what was sampled by the rate; default: its own way.')
    .optional(),
  store: choice(...stores)
    .describe(
      'Where pmacct keeps its tables: in memory, files of its print plugin, or a database; default: memory.',
    )
    .optional(),
  config,
  maps,
  tables,
  options,
})

const samplingRate = integer(1, 16_777_215, 'a sampling rate')
const Sampling = z
  .union([
    samplingRate,
    z.strictObject({
      rate: samplingRate.describe('One packet in so many is metered.'),
      mode: choice(...samplingModes)
        .describe('random: each at random; deterministic: exactly every n-th; default: the part’s own.')
        .optional(),
    }),
  ])
  .describe('One packet in so many is metered: 10, or such as { rate: 10, mode: random }.')
const Timeouts = z.strictObject({
  active: seconds.describe('A flow that goes on is exported after so long, such as 60s.').optional(),
  inactive: seconds
    .describe('A flow of which no packet comes for so long is exported, such as 15s.')
    .optional(),
})
const collectorName = name.describe('The collector to which it exports.')

const Export = z.strictObject({
  protocol: choice(...exportProtocols)
    .prefault('netflow9')
    .describe('The export protocol.'),
  to: z
    .union([collectorName, some(collectorName, 'collector', 'main, second')])
    .describe('The collector to which it exports, or a list of several.'),
  aggregate: aggregate
    .describe(
      'The flow key and what else a flow record carries, as pmacct primitives; others than pmacctd have a key of their own.',
    )
    .optional(),
  source: unicastAddress
    .describe('The address of its node that exports come from; default: that of the way to the collector.')
    .optional(),
  domain: integer(0, 4_294_967_295, 'an observation domain')
    .describe(
      'Observation domain (IPFIX), source ID (NetFlow v9), engine ID (v5, up to 255) or sub-agent (sFlow); default: 0, 1, … among the probes of a node.',
    )
    .optional(),
  'template-refresh': seconds.describe('Templates are sent again after so long.').optional(),
})

const Probe = z.strictObject({
  kind: choice(...probeKinds).describe('The program that meters and exports.'),
  at: interfaceName.describe('The observation point: node:interface.'),
  direction: choice(...directions)
    .prefault('both')
    .describe('Which packets it meters, as seen from its node.'),
  snaplen: integer(64, 65_535, 'a snap length')
    .describe('Bytes of each frame that its capture takes; default: its own.')
    .optional(),
  sampling: Sampling.optional(),
  timeouts: Timeouts.describe('When flows expire, in whole seconds; default: the part’s own.').prefault({}),
  bgp,
  export: Export.describe('The exporting process.'),
  config,
  maps,
  tables,
  options,
})

const traffic = {
  from: name.describe('The host that sends.'),
  to: name.describe('The host that receives.'),
  family: family.describe('The family of the addresses; default: IPv4 where both hosts have it.').optional(),
  at: duration.prefault(0).describe('When it begins, after the start of traffic.'),
}
const Flow = z.strictObject({
  rate: rate.describe('Packets per second: 400pps, exponential 500pps or uniform 200..600pps.'),
  size: size.describe('Bytes of payload a packet: 512, exponential 300 or uniform 64..1400.'),
})
const Ditg = z.strictObject({
  ...traffic,
  kind: z.literal('ditg').describe('A flow of D-ITG.'),
  udp: Flow.describe('Packets over UDP. Either this or tcp.').optional(),
  tcp: Flow.describe('Packets over TCP. Either this or udp.').optional(),
  for: positiveDuration.describe('How long it sends, such as 4s.'),
})
const Ping = z.strictObject({
  ...traffic,
  kind: z.literal('ping').describe('ICMP echo requests of ping.'),
  count: integer(1, 1_000_000, 'a count').describe('Requests to send.'),
  interval: positiveDuration.prefault('1s').describe('Time from one request to the next.'),
  size: integer(0, 65_507, 'a size').prefault(56).describe('Bytes of ICMP payload, as ping’s -s.'),
})

const After = z
  .strictObject({
    event: name.describe('An event by its name: when it is over and its effect has settled.').optional(),
    point: interfaceName.describe('An observation point: when so many packets have crossed it.').optional(),
    packets: integer(1, 1_000_000_000, 'a number of packets').describe('With point: how many.').optional(),
  })
  .describe('What must have happened before; default: the start of traffic.')

const Event = z.strictObject({
  name: name.describe('By which others and expectations refer to it.').optional(),
  at: duration
    .describe('When it happens, after the start of traffic, or after what `after` names.')
    .optional(),
  after: After.optional(),
  link: linkName
    .describe('The link: two nodes such as r2:x, an interface such as r2:eth0, or its two endpoints.')
    .optional(),
  node: name.describe('The node.').optional(),
  session: text(
    /^[a-z0-9][a-z0-9-]*:[a-z0-9][a-z0-9-]*$/,
    'a BGP session, router:neighbour',
    'Write such as r2:x.',
  )
    .describe('The BGP session of a router with a router, probe or collector, such as r2:x.')
    .optional(),
  router: name.describe('The router whose policy changes.').optional(),
  probe: name.describe('The probe.').optional(),
  collector: name.describe('The collector.').optional(),
  exports: name.describe('The probe whose exports are lost on their way.').optional(),
  action: choice(...actions).describe(
    'What happens to it. kill: SIGKILL, nothing is flushed; stop: the orderly end; restart: stop, and start at once.',
  ),
  options: z
    .record(directive, optionValue.describe('The value of the directive.'))
    .describe('Of reconfigure: directives that change before the restart.')
    .optional(),
  prefix: prefix.describe('Of withdraw and announce: the prefix.').optional(),
  times: integer(1, 10, 'a number')
    .describe('Of prepend: how often its own AS stands before the path.')
    .optional(),
  value: integer(0, 4_294_967_295, 'a preference')
    .describe('Of local-preference: for routes from the neighbour.')
    .optional(),
  neighbor: name.describe('Of prepend and local-preference: only for this neighbouring router.').optional(),
  for: positiveDuration.describe('Until it is undone; default: it stays so.').optional(),
  expected: onOff
    .prefault('on')
    .describe('Whether the verdict books what it costs to it; off: it is a fault, and a finding.'),
})

export const LabFile = z
  .strictObject({
    name: name.describe('The name of the lab.'),
    description: prose.describe('What the lab is about.').optional(),
    backend: choice(...backendNames)
      .prefault('sandbox')
      .describe('Where nodes live: sandbox: namespaces of this user; docker: containers.'),
    seed: integer(0, 4_294_967_295, 'a seed')
      .prefault(1)
      .describe('From which every random choice of a run follows.'),
    family: choice('ipv4', 'ipv6', 'dual')
      .prefault('ipv4')
      .describe('What links, routing and sessions have: IPv4, IPv6 or both (dual stack).'),
    ases: z
      .record(asnKey, AutonomousSystem.describe('An autonomous system.'))
      .prefault({})
      .describe('Autonomous systems by number; those that are not listed have the defaults.'),
    nodes: z.record(name, Node.describe('A node.')).describe('Nodes by name.'),
    links: z
      .array(Link.describe('A link between two nodes.'))
      .prefault([])
      .describe('Links between interfaces.'),
    probes: z.record(name, Probe.describe('A probe.')).prefault({}).describe('Probes by name.'),
    collectors: z
      .record(name, Collector.describe('A collector.'))
      .prefault({})
      .describe('Collectors by name.'),
    traffic: z
      .array(z.discriminatedUnion('kind', [Ditg, Ping]).describe('One flow of traffic.'))
      .prefault([])
      .describe('What the hosts send.'),
    events: z
      .array(Event.describe('Something that happens on purpose.'))
      .prefault([])
      .describe('What happens on purpose.'),
    ...composition,
  })
  .describe('A lab of flowlab: a network, its flow monitoring, its traffic.')

export type LabFile = z.output<typeof LabFile>

/** The JSON schema (draft 7, which editors know best) of what is accepted before defaults and conversions. */
export const jsonSchema = (): object => ({
  title: 'flowlab lab file',
  ...z.toJSONSchema(LabFile, { io: 'input', target: 'draft-7' }),
})
