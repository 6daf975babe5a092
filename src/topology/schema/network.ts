// The network in a lab file: autonomous systems, nodes, links.
import { z } from 'zod'
import {
  asn,
  bind,
  choice,
  command,
  community,
  endpoint,
  environmentKey,
  file,
  integer,
  interfaceAddress,
  linkPrefix,
  name,
  onOff,
  optionValue,
  ownPrefix,
  pair,
  prefix,
  some,
  text,
} from '../fields.ts'
import { impairment } from './impairment.ts'
import { igps, relations } from '../topology.ts'

const image = text(
  /^[a-zA-Z0-9][\w.:/@-]{0,254}$/,
  'the name of an image',
  'Write such as quay.io/frrouting/frr:10.5.1.',
)

export const AutonomousSystem = z.strictObject({
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
      'Equal paths of BGP that its routers use at once for one prefix (ECMP), each flow on one of them, by its addresses and ports.',
    ),
})

export const Node = z.strictObject({
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
  feed: text(/^[^\p{Cc}]{1,4096}$/u, 'the path of a file', 'Write such as routes.txt.')
    .describe(
      'Of a BIRD router: a file, relative to the lab file, whose routes it announces besides: a prefix a line with its AS path behind it, or MRT (TABLE_DUMP_V2); gzip too.',
    )
    .optional(),
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

export const Link = z.strictObject({
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
  ...impairment,
  impair: onOff
    .prefault('off')
    .describe('Whether `flowlab netem` may impair it while the lab runs, though it begins as good as new.'),
})
