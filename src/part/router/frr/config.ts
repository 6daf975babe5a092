// RouterIntent → FRR's frr.conf and the daemons that read it. Sources: FRR's user guide for each command; a network
// statement needs its route in the RIB, hence the Null0 routes.

import type { Compiled, Neighbor, RouterIntent } from '../../../part.ts'
import type { ProcessPlan } from '../../../plan/plan.ts'

const daemonDirectory = '/usr/lib/frr'

export function compile(intent: RouterIntent): Compiled {
  return {
    directories: { '/run/frr': 'frr' },
    files: {
      '/etc/frr/frr.conf': configuration(intent),
      '/etc/frr/vtysh.conf': 'service integrated-vtysh-config\n',
    },
    processes: processes(intent),
  }
}

function configuration({ hostname, as, routerId, announce, ospf, neighbors }: RouterIntent): string {
  const lines = [
    'frr defaults traditional',
    `hostname ${hostname}`,
    'log stdout informational',
    'service integrated-vtysh-config',
    '!',
    ...announce.map((prefix) => `ip route ${prefix} Null0`),
    '!',
    ...(ospf.length > 0 ? ospfLines(routerId, ospf) : []),
    `router bgp ${as}`,
    ` bgp router-id ${routerId}`,
    ' bgp log-neighbor-changes',
    ' no bgp ebgp-requires-policy',
    ' no bgp network import-check',
    ...neighbors.flatMap((neighbor) => neighborLines(neighbor)),
    ' !',
    ' address-family ipv4 unicast',
    ...announce.map((prefix) => `  network ${prefix}`),
    ...neighbors.flatMap((neighbor) => familyLines(neighbor)),
    ' exit-address-family',
    'exit',
    '!',
    'route-map nothing deny 10',
    'exit',
    '!',
  ]
  return `${lines.join('\n')}\n`
}

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
function processes({ ospf }: RouterIntent): ProcessPlan[] {
  const daemon = (name: string, after: string[]): ProcessPlan => ({
    name,
    argv: [`${daemonDirectory}/${name}`, '--log', 'stdout', '--log-level', 'informational'],
    ...(after.length > 0 ? { after } : {}),
    ready: name === 'zebra' ? '/run/frr/zserv.api' : `/run/frr/${name}.vty`,
  })
  const daemons = [
    daemon('zebra', []),
    daemon('staticd', ['zebra']),
    ...(ospf.length > 0 ? [daemon('ospfd', ['zebra'])] : []),
    daemon('bgpd', ['zebra']),
  ]
  return [
    ...daemons,
    {
      name: 'vtysh',
      argv: ['vtysh', '-b'],
      after: daemons.map(({ name }) => name),
      oneshot: true,
    },
  ]
}
