// The lab file as users write it: the one source of what is accepted (read.ts walks it), of its defaults, and of
// schema/lab.schema.json for editors. What spans several fields is check.ts's.
import { z } from 'zod'
import { composition } from './composition/schema.ts'
import { backendNames } from './topology.ts'
import { Event } from './schema/events.ts'
import { Traffic } from './schema/traffic.ts'
import {
  unicastAddress,
  asnKey,
  choice,
  directive,
  family,
  file,
  integer,
  interfaceName,
  name,
  onOff,
  optionValue,
  seconds,
  some,
  text,
} from './fields.ts'
import { AutonomousSystem, Link, Node } from './schema/network.ts'
import { collectorKinds, directions, exportProtocols, probeKinds, samplingModes, stores } from './topology.ts'

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
