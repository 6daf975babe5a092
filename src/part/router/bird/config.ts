// RouterIntent → bird.conf and the one process that reads it. Source: BIRD 2's user guide.

import type { Compiled, Neighbor, RouterIntent } from '../../../part.ts'
import type { ProcessPlan } from '../../../plan/plan.ts'

const process: ProcessPlan = {
  name: 'bird',
  argv: ['bird', '-f', '-c', '/etc/bird/bird.conf', '-s', '/run/bird/bird.ctl', '-P', '/run/bird/bird.pid'],
  // Its control socket is there before it has read its configuration.
  says: 'Started',
}

export function compile(intent: RouterIntent): Compiled {
  return {
    directories: { '/run/bird': 'root' },
    files: { '/etc/bird/bird.conf': configuration(intent) },
    processes: [process],
  }
}

/** What the node's binds bring stands at the usual place. */
export const selfConfigured: Compiled = {
  directories: { '/run/bird': 'root' },
  files: {},
  processes: [process],
}

function configuration({ as, routerId, announce, ospf, neighbors }: RouterIntent): string {
  const lines = [
    'log stderr all;',
    `router id ${routerId};`,
    '',
    'protocol device { scan time 1; }',
    'protocol kernel { ipv4 { export all; }; }',
    ...(announce.length === 0
      ? []
      : [
          '',
          'protocol static announced {',
          '  ipv4;',
          ...announce.map((prefix) => `  route ${prefix} blackhole;`),
          '}',
        ]),
    ...(ospf.length === 0 ? [] : ospfLines(ospf)),
    ...neighbors.flatMap((neighbor, index) => neighborLines(neighbor, as, index)),
  ]
  return `${lines.join('\n')}\n`
}

const ospfLines = (interfaces: RouterIntent['ospf']): string[] => [
  '',
  'protocol ospf v2 interior {',
  '  ipv4 { import all; export none; };',
  '  area 0 {',
  ...interfaces.map(({ interface: name, passive }) =>
    passive
      ? `    interface "${name}" { stub yes; };`
      : `    interface "${name}" { type ptp; hello 1; dead 4; };`,
  ),
  '  };',
  '}',
]

/** Only what was announced here or learned from BGP goes on: never the IGP's routes. */
const neighborLines = (neighbor: Neighbor, as: number, index: number): string[] => [
  '',
  `# ${neighbor.description}`,
  `protocol bgp neighbor${index} {`,
  `  local ${neighbor.local} as ${as};`,
  `  neighbor ${neighbor.address}${neighbor.port === undefined ? '' : ` port ${neighbor.port}`} as ${neighbor.as};`,
  '  connect delay time 1;',
  '  connect retry time 1;',
  '  error wait time 1, 4;',
  ...(neighbor.listener ? ['  rr client;'] : []),
  '  ipv4 {',
  `    import ${neighbor.listener ? 'none' : 'all'};`,
  '    export where source ~ [RTS_STATIC, RTS_BGP];',
  ...(neighbor.nextHopSelf ? ['    next hop self;'] : []),
  '  };',
  '}',
]
