// The lab file as users write it: the one source of what is accepted (read.ts walks it), of its defaults, and of
// schema/lab.schema.json for editors. What spans several fields is check.ts's.
import { z } from 'zod'
import { composition } from './composition/schema.ts'
import { backendNames } from './topology.ts'
import { Event } from './schema/events.ts'
import { Traffic } from './schema/traffic.ts'
import {
  unicastAddress,
  asn,
  asnKey,
  bind,
  choice,
  command,
  community,
  directive,
  endpoint,
  environmentKey,
  family,
  integer,
  interfaceAddress,
  interfaceName,
  linkPrefix,
  loss,
  name,
  onOff,
  optionValue,
  ownPrefix,
  pair,
  prefix,
  seconds,
  some,
  text,
} from './fields.ts'
import {
  collectorKinds,
  directions,
  exportProtocols,
  igps,
  probeKinds,
  relations,
  samplingModes,
  stores,
} from './topology.ts'

const line = text(/^[^\p{Cc}]{1,1000}$/u, 'text on one line', 'Write it as text, in quotes if need be.')
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
const expectation = text(
  /^[^\p{Cc}]{1,300}$/u,
  'an expectation on one line',
  'Write such as bytes within 0 %.',
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

const AutonomousSystem = z.strictObject({
  announce: some(
    prefix.describe('A prefix, such as 192.0.128.0/24 or 2001:db8::/48.'),
    'prefix',
    '192.0.128.0/24',
  )
    .describe('Prefixes announced over eBGP; default: those of the links of its hosts.')
    .optional(),
  igp: choice(...igps)
    .prefault('ospf')
    .describe(
      'The routing protocol inside the AS; isis is FRR’s alone, none joins routers that are linked to each other.',
    ),
  multipath: integer(1, 64, 'a number of paths')
    .prefault(1)
    .describe(
      'Equal paths of BGP that its routers use at once for one prefix (ECMP), each flow on one of them.',
    ),
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
  rr: onOff
    .prefault('off')
    .describe(
      'A route reflector: the other routers of its AS have iBGP sessions with the AS’s reflectors alone, as their clients.',
    ),
  'route-server': onOff
    .prefault('off')
    .describe('An exchange’s route server: the routers on its segment have eBGP sessions with it alone.'),
  ipv4: ownPrefix(4)
    .describe(
      'Of a bridge: the segment’s prefix, of which the ends of its links get addresses in their order.',
    )
    .optional(),
  ipv6: ownPrefix(6).describe('As ipv4, of IPv6.').optional(),
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

const BgpPolicy = z.strictObject({
  prefer: integer(0, 4_294_967_295, 'a local preference')
    .describe(
      'Local preference of what they announce: the highest wins. Default 100; with a relation 200 of a customer, 150 of a peer, 100 of a provider.',
    )
    .optional(),
  med: integer(0, 4_294_967_295, 'a MED')
    .describe('MED of what they are told: of several ways into this AS they take the lowest.')
    .optional(),
  prepend: integer(1, 20, 'a number of times')
    .describe('How often the own AS number stands once more in the path of what they are told.')
    .optional(),
  communities: some(
    community.describe('Such as 65001:100, 4200000001:1:2 (large) or no-export.'),
    'community',
    '65001:100, no-export',
  )
    .describe('Communities that are added to what they are told.')
    .optional(),
})

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
  cost: integer(1, 65_535, 'a cost').prefault(10).describe('Of OSPF or IS-IS, inside an AS.'),
  relation: choice(...relations)
    .describe(
      'What the AS of the second endpoint is to that of the first: customers’ routes are preferred to peers’ and these to providers’, and what came from a peer or provider is told to customers alone. Default: everything is told to everyone.',
    )
    .optional(),
  bgp: z
    .record(name, BgpPolicy.describe('Of the router of this name.'))
    .prefault({})
    .describe('What a router at one of its ends does with its eBGP neighbours there, by the router’s name.'),
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
    traffic: z.array(Traffic).prefault([]).describe('What the hosts send.'),
    events: z.array(Event).prefault([]).describe('What happens on purpose.'),
    expect: z
      .array(expectation.describe('Such as bytes within 0 %; docs/expectations.md has the language.'))
      .prefault([])
      .describe('What must be so for a run to pass, beside no finding.'),
    ...composition,
  })
  .describe('A lab of flowlab: a network, its flow monitoring, its traffic.')

export type LabFile = z.output<typeof LabFile>

/** The JSON schema (draft 7, which editors know best) of what is accepted before defaults and conversions. */
export const jsonSchema = (): object => ({
  title: 'flowlab lab file',
  ...z.toJSONSchema(LabFile, { io: 'input', target: 'draft-7' }),
})
