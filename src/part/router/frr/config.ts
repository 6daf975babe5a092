// RouterIntent → a configuration file for each of FRR's daemons, read by the daemon itself as it starts: through vtysh, one
// frr.conf for all, bgpd would hold its sessions back for four seconds. Source: FRR's user guide. A network statement needs
// its route in the RIB, hence the Null0 routes.

import { type Family, familyOf } from '../../../kernel/address.ts'
import type { Compiled, Neighbor, RouterIntent } from '../../../part.ts'
import type { ProcessPlan } from '../../../plan/plan.ts'
import type { RouterFiles } from '../../../topology/topology.ts'

export function compile(intent: RouterIntent): Compiled {
  const daemons = configurations(intent)
  return {
    directories: { '/run/frr': 'frr' },
    files: {
      ...Object.fromEntries(
        Object.entries(daemons).map(([daemon, lines]) => [
          `/etc/frr/${daemon}.conf`,
          [`hostname ${intent.hostname}`, 'log timestamp precision 3', '!', ...lines, ''].join('\n'),
        ]),
      ),
      '/etc/frr/vtysh.conf': 'no service integrated-vtysh-config\n',
    },
    processes: Object.keys(daemons).map((daemon) => process(daemon)),
  }
}

/**
 * What the node's binds bring under /etc/frr, as FRR's own start-up and its container image read it: `daemons` says which run,
 * `frr.conf` what they do, and watchfrr starts them, hands them their configuration and minds them.
 */
export const selfConfigured: Compiled = {
  directories: { '/run/frr': 'frr' },
  files: { '/etc/frr/vtysh.conf': 'service integrated-vtysh-config\n' },
  processes: [
    {
      name: 'watchfrr',
      argv: ['bash', '-c', '. /usr/lib/frr/frrcommon.sh && exec /usr/lib/frr/watchfrr $(daemon_list)'],
      ready: '/run/frr/watchfrr.started',
    },
  ],
}

/**
 * By the user's own configuration: one a daemon, as Quagga has them, or one frr.conf, which vtysh hands to the daemons that it
 * has words for, and which then makes bgpd hold its sessions back for four seconds.
 */
export function own(files: RouterFiles): Compiled {
  if ('daemons' in files) {
    const each = files.daemons
    return {
      directories: { '/run/frr': 'frr' },
      files: {
        ...Object.fromEntries(
          Object.entries(each).map(([daemon, { text }]) => [`/etc/frr/${daemon}.conf`, text]),
        ),
        '/etc/frr/vtysh.conf': 'no service integrated-vtysh-config\n',
      },
      processes: ['zebra', ...Object.keys(each).filter((daemon) => daemon !== 'zebra')].map(process),
    }
  }
  const { text } = files.whole
  const daemons = [
    'zebra',
    ...Object.entries(words).flatMap(([daemon, word]) => (word.test(text) ? [daemon] : [])),
  ]
  return {
    directories: { '/run/frr': 'frr' },
    files: { '/etc/frr/frr.conf': text, '/etc/frr/vtysh.conf': 'service integrated-vtysh-config\n' },
    processes: [
      ...daemons.map(process),
      { name: 'vtysh', argv: ['vtysh', '-b'], after: daemons, oneshot: true },
    ],
  }
}

/** By what in frr.conf a daemon is known to have something to do. */
const words: Readonly<Record<string, RegExp>> = {
  staticd: /^\s*ip(?:v6)? route /m,
  ospfd: /^router ospf\b(?!6)/m,
  ospf6d: /^router ospf6\b/m,
  isisd: /^router isis\b/m,
  bgpd: /^router bgp\b/m,
}

/** Only the daemons that have something to do; zebra in any case. */
function configurations(intent: RouterIntent): Record<string, string[]> {
  const inArea = (family: Family) => intent.ospf.filter((each) => each.family === family)
  const blackholes = intent.announce.filter((prefix) => !intent.carried.includes(prefix))
  return {
    zebra: [],
    ...(blackholes.length > 0 ? { staticd: blackholes.map(blackhole) } : {}),
    ...(inArea(4).length > 0 ? { ospfd: ospfLines(intent.routerId, inArea(4)) } : {}),
    ...(inArea(6).length > 0 ? { ospf6d: ospf6Lines(intent.routerId, inArea(6)) } : {}),
    bgpd: bgpLines(intent),
  }
}

/** The route that a network statement needs. */
export const blackhole = (prefix: string): string =>
  `${familyOf(prefix) === 4 ? 'ip' : 'ipv6'} route ${prefix} Null0`

const bgpLines = ({ as, routerId, families, announce, neighbors }: RouterIntent): string[] => [
  `router bgp ${as}`,
  ` bgp router-id ${routerId}`,
  ' bgp log-neighbor-changes',
  // Else every session would carry IPv4's routes.
  ...(families.includes(6) ? [' no bgp default ipv4-unicast'] : []),
  ' no bgp ebgp-requires-policy',
  ' coalesce-time 10',
  ...neighbors.flatMap((neighbor) => neighborLines(neighbor)),
  ...families.flatMap((family) => [
    ' !',
    ` address-family ipv${family} unicast`,
    ...announce.filter((prefix) => familyOf(prefix) === family).map((prefix) => `  network ${prefix}`),
    ...neighbors
      .filter((neighbor) => neighbor.families.includes(family))
      .flatMap((neighbor) => familyLines(neighbor)),
    ' exit-address-family',
  ]),
  'exit',
  '!',
  'route-map nothing deny 10',
  'exit',
  '!',
]

const ospfLines = (routerId: string, interfaces: RouterIntent['ospf']): string[] => [
  ...interfaces.flatMap(({ interface: name, passive }) => [
    `interface ${name}`,
    ' ip ospf area 0',
    ...(passive
      ? [' ip ospf passive']
      : [' ip ospf network point-to-point', ' ip ospf hello-interval 1', ' ip ospf dead-interval 4']),
    'exit',
    '!',
  ]),
  'router ospf',
  ` ospf router-id ${routerId}`,
  ' timers throttle spf 10 50 1000',
  ' timers throttle lsa all 0',
  ' timers lsa min-arrival 0',
  'exit',
  '!',
]

const ospf6Lines = (routerId: string, interfaces: RouterIntent['ospf']): string[] => [
  ...interfaces.flatMap(({ interface: name, passive }) => [
    `interface ${name}`,
    ' ipv6 ospf6 area 0',
    ...(passive
      ? [' ipv6 ospf6 passive']
      : [
          ' ipv6 ospf6 network point-to-point',
          ' ipv6 ospf6 hello-interval 1',
          ' ipv6 ospf6 dead-interval 4',
        ]),
    'exit',
    '!',
  ]),
  'router ospf6',
  ` ospf6 router-id ${routerId}`,
  ' timers throttle spf 10 50 1000',
  ' timers lsa min-arrival 0',
  'exit',
  '!',
]

const neighborLines = ({ address, as, description, local, port }: Neighbor): string[] => [
  ` neighbor ${address} remote-as ${as}`,
  ` neighbor ${address} description ${description}`,
  ` neighbor ${address} update-source ${local}`,
  ` neighbor ${address} timers connect 1`,
  ` neighbor ${address} advertisement-interval 0`,
  ...(port === undefined ? [] : [` neighbor ${address} port ${port}`]),
]

const familyLines = ({ address, nextHopSelf, listener }: Neighbor): string[] => [
  `  neighbor ${address} activate`,
  ...(nextHopSelf ? [`  neighbor ${address} next-hop-self`] : []),
  ...(listener
    ? [`  neighbor ${address} route-reflector-client`, `  neighbor ${address} route-map nothing in`]
    : []),
]

/** zebra first: the others wait ten seconds before they try a second time to reach it. */
const process = (daemon: string): ProcessPlan => ({
  name: daemon,
  argv: [`/usr/lib/frr/${daemon}`, '--log', 'stdout', '--log-level', 'informational'],
  ...(daemon === 'zebra'
    ? { ready: '/run/frr/zserv.api' }
    : { after: ['zebra'], ready: `/run/frr/${daemon}.vty` }),
})
