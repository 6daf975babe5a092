// RouterIntent → a configuration file for each of FRR's daemons, read by the daemon itself as it starts: through vtysh, one
// frr.conf for all, bgpd would hold its sessions back for four seconds. Source: FRR's user guide. A network statement needs
// its route in the RIB, hence the Null0 routes.

import { familyOf } from '../../../kernel/address.ts'
import type { Compiled, Neighbor, RouterIntent } from '../../../part.ts'
import type { ProcessPlan } from '../../../plan/plan.ts'
import type { RouterFiles } from '../../../topology/topology.ts'
import { interiors } from './interior.ts'
import { attached, routeMaps } from './policy.ts'

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
  const blackholes = intent.announce.filter((prefix) => !intent.carried.includes(prefix))
  return {
    zebra: [],
    ...(blackholes.length > 0 ? { staticd: blackholes.map(blackhole) } : {}),
    ...interiors(intent),
    // Maps come first: one that is not there yet when it is named is heeded five seconds later.
    bgpd: [...routeMaps(intent), ...bgpLines(intent)],
  }
}

/** The route that a network statement needs. */
export const blackhole = (prefix: string): string =>
  `${familyOf(prefix) === 4 ? 'ip' : 'ipv6'} route ${prefix} Null0`

const bgpLines = ({
  as,
  routerId,
  families,
  announce,
  internal,
  paths,
  neighbors,
}: RouterIntent): string[] => [
  `router bgp ${as}`,
  ` bgp router-id ${routerId}`,
  ' bgp log-neighbor-changes',
  // Else every session would carry IPv4's routes.
  ...(families.includes(6) ? [' no bgp default ipv4-unicast'] : []),
  ' no bgp ebgp-requires-policy',
  ' coalesce-time 10',
  ...(paths > 1 ? [' bgp bestpath as-path multipath-relax'] : []),
  ...neighbors.flatMap((neighbor) => neighborLines(neighbor)),
  ...families.flatMap((family) => [
    ' !',
    ` address-family ipv${family} unicast`,
    ...(paths > 1 ? [`  maximum-paths ${paths}`, `  maximum-paths ibgp ${paths}`] : []),
    ...announce
      .filter((prefix) => familyOf(prefix) === family)
      .map((prefix) => `  network ${prefix}${internal.includes(prefix) ? ' route-map internal' : ''}`),
    ...neighbors
      .filter((neighbor) => neighbor.families.includes(family))
      .flatMap((neighbor) => familyLines(neighbor, as)),
    ' exit-address-family',
  ]),
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

const familyLines = (neighbor: Neighbor, ownAs: number): string[] => {
  const { address, as, nextHopSelf, client } = neighbor
  return [
    `  neighbor ${address} activate`,
    ...(nextHopSelf ? [`  neighbor ${address} next-hop-self`] : []),
    ...(client ? [`  neighbor ${address} ${as === ownAs ? 'route-reflector' : 'route-server'}-client`] : []),
    ...attached(neighbor),
  ]
}

/** zebra first: the others wait ten seconds before they try a second time to reach it. */
const process = (daemon: string): ProcessPlan => ({
  name: daemon,
  argv: [`/usr/lib/frr/${daemon}`, '--log', 'stdout', '--log-level', 'informational'],
  ...(daemon === 'zebra'
    ? { ready: '/run/frr/zserv.api' }
    : { after: ['zebra'], ready: `/run/frr/${daemon}.vty` }),
})
