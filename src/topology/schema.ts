// The lab file as users write it: the one source of what is accepted (read.ts walks it), of its defaults, and of
// schema/lab.schema.json for editors. What spans several fields is check.ts's.
import { z } from 'zod'
import { backendNames } from './topology.ts'
import {
  asn,
  asnKey,
  choice,
  duration,
  endpoint,
  integer,
  interfaceAddress,
  interfaceName,
  loss,
  name,
  onOff,
  optionValue,
  pair,
  positiveDuration,
  prefix,
  rate,
  size,
  some,
  text,
} from './fields.ts'

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
const prose = text(/\S/, 'text', 'Write it as text, in quotes if need be.')

const Table = z.strictObject({
  aggregate: aggregate.describe('Primitives that make up a row, as in pmacct’s aggregate directive.'),
  filter: line
    .describe('Only packets that match, as in pmacct’s aggregate_filter (a pcap filter).')
    .optional(),
})
const tables = z
  .record(name, Table.describe('A table that pmacct keeps in memory.'))
  .prefault({})
  .describe('Tables kept in memory, by name.')
const options = z
  .record(directive, optionValue.describe('The value of the directive.'))
  .prefault({})
  .describe(
    'Directives that join or replace the generated ones, in the part’s own words; of nfcapd and softflowd, letters of the command line.',
  )
const bgp = name.describe('The router with which it has a BGP session.').optional()

const AutonomousSystem = z.strictObject({
  announce: some(prefix.describe('A prefix, such as 192.0.128.0/24.'), 'prefix', '192.0.128.0/24')
    .describe('Prefixes announced over eBGP; default: those of the links of its hosts.')
    .optional(),
  igp: choice('ospf', 'none').prefault('ospf').describe('The routing protocol inside the AS.'),
})

const Node = z.strictObject({
  kind: choice('frr', 'bird', 'host').describe(
    'What runs on it: a router of FRR or BIRD, or nothing (a host).',
  ),
  as: asn.describe('The AS that it belongs to, as one number; a router needs one.').optional(),
})

const Link = z.strictObject({
  endpoints: pair(
    endpoint.describe('One end: node:interface, or node for its next free ethN.'),
    endpoint.describe('The other end.'),
    'two endpoints',
    'Write such as [h1, "r1:eth0"].',
  ).describe('The two interfaces that it joins.'),
  ipv4: z
    .union([
      prefix,
      pair(
        interfaceAddress.describe('Address and prefix length of the first endpoint.'),
        interfaceAddress.describe('Address and prefix length of the second endpoint.'),
        'a prefix, or one address for each of the two ends',
        'Write such as 192.0.2.0/24, or [192.0.2.1/24, 192.0.2.2/24].',
      ),
    ])
    .describe('Its prefix, or the address of each end in their order; default: from the pool.')
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
  kind: choice('nfacctd', 'nfcapd').describe('The program that collects.'),
  node: name.describe('The node on which it runs.'),
  port: integer(1, 65_535, 'a port').prefault(2100).describe('The UDP port on which it listens.'),
  bgp,
  tables,
  options,
})

const Probe = z.strictObject({
  kind: choice('pmacctd', 'softflowd').describe('The program that meters and exports.'),
  at: interfaceName.describe('The observation point: node:interface.'),
  bgp,
  export: z
    .strictObject({
      protocol: choice('netflow5', 'netflow9', 'ipfix').prefault('netflow9').describe('The export protocol.'),
      to: name.describe('The collector to which it exports.'),
      aggregate: aggregate
        .describe(
          'The flow key and what else a flow record carries, as pmacct primitives; softflowd has a key of its own.',
        )
        .optional(),
    })
    .describe('The exporting process.'),
  tables,
  options,
})

const traffic = {
  from: name.describe('The host that sends.'),
  to: name.describe('The host that receives.'),
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

const Event = z.strictObject({
  at: duration.describe('When it happens, after the start of traffic.'),
  probe: name.describe('The probe to which it happens. Either this or collector.').optional(),
  collector: name.describe('The collector to which it happens. Either this or probe.').optional(),
  action: choice('kill', 'stop').describe('kill: SIGKILL, nothing is flushed; stop: the orderly end.'),
  for: positiveDuration.describe('Until it is started again; default: it stays away.').optional(),
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
      .array(Event.describe('Something that goes wrong on purpose.'))
      .prefault([])
      .describe('What goes wrong on purpose.'),
  })
  .describe('A lab of flowlab: a network, its flow monitoring, its traffic.')

export type LabFile = z.output<typeof LabFile>

/** The JSON schema (draft 7, which editors know best) of what is accepted before defaults and conversions. */
export const jsonSchema = (): object => ({
  title: 'flowlab lab file',
  ...z.toJSONSchema(LabFile, { io: 'input', target: 'draft-7' }),
})
