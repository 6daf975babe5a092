// RouterIntent → bird.conf and the one process that reads it. Source: BIRD 2's user guide.

import { type Family, familyOf } from '../../../kernel/address.ts'
import type { Compiled, Neighbor, RouterIntent } from '../../../part.ts'
import type { ProcessPlan } from '../../../plan/plan.ts'
import type { RouterFiles } from '../../../topology/topology.ts'

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

/** By the user's own configuration, whatever that says of its log. */
export function own(files: RouterFiles): Compiled {
  const silent: ProcessPlan = { name: process.name, argv: process.argv, ready: '/run/bird/bird.ctl' }
  const text = 'whole' in files ? files.whole.text : ''
  return {
    directories: { '/run/bird': 'root' },
    files: { '/etc/bird/bird.conf': text },
    processes: [silent],
  }
}

/** What the node's binds bring stands at the usual place. */
export const selfConfigured: Compiled = {
  directories: { '/run/bird': 'root' },
  files: {},
  processes: [process],
}

function configuration({
  as,
  routerId,
  families,
  loopback,
  announce,
  carried,
  ospf,
  neighbors,
}: RouterIntent): string {
  const blackholes = announce.filter((prefix) => !carried.includes(prefix))
  const lines = [
    'log stderr all;',
    `router id ${routerId};`,
    '',
    'protocol device { scan time 1; }',
    ...families.flatMap((family) => [
      `protocol kernel { ipv${family} { export all; }; }`,
      ...staticLines(
        blackholes.filter((prefix) => familyOf(prefix) === family),
        family,
      ),
      ...ospfLines(
        ospf.filter((each) => each.family === family),
        family,
        loopback.filter((address) => familyOf(address) === family),
      ),
    ]),
    ...neighbors.flatMap((neighbor, index) => neighborLines(neighbor, as, index, carried)),
  ]
  return `${lines.join('\n')}\n`
}

/** A protocol of BIRD's has one name and, but for BGP, one family. */
const suffix: Readonly<Record<Family, string>> = { 4: '', 6: '6' }

const staticLines = (announce: readonly string[], family: Family): string[] =>
  announce.length === 0
    ? []
    : [
        '',
        `protocol static announced${suffix[family]} {`,
        `  ipv${family};`,
        ...announce.map((prefix) => `  route ${prefix} blackhole;`),
        '}',
      ]

/** OSPFv3 takes up interfaces with a link-local address, which `lo` has not: its address is named instead. */
const ospfLines = (
  interfaces: RouterIntent['ospf'],
  family: Family,
  loopback: readonly string[],
): string[] =>
  interfaces.length === 0
    ? []
    : [
        '',
        `protocol ospf ${family === 4 ? 'v2' : 'v3'} interior${suffix[family]} {`,
        `  ipv${family} { import all; export none; };`,
        '  area 0 {',
        ...interfaces.flatMap(({ interface: name, passive }) =>
          name === 'lo' && family === 6
            ? loopback.map((address) => `    stubnet ${address}/128;`)
            : passive
              ? `    interface "${name}" { stub yes; };`
              : `    interface "${name}" { type ptp; hello 1; dead 4; };`,
        ),
        '  };',
        '}',
      ]

/** On a session of the other family BIRD would take any address of the interface: of `lo` 127.0.0.1. */
const otherNextHop = ({ address, nextHops = [] }: Neighbor, family: Family): string[] =>
  familyOf(address) === family
    ? []
    : nextHops.filter((each) => familyOf(each) === family).map((each) => `    next hop address ${each};`)

const orCarried = (carried: readonly string[], family: Family): string => {
  const prefixes = carried.filter((prefix) => familyOf(prefix) === family)
  return prefixes.length === 0 ? '' : ` || net ~ [${prefixes.join(', ')}]`
}

/** Only what was announced here or learned from BGP goes on: of the IGP's routes none but those to be announced. */
const neighborLines = (
  neighbor: Neighbor,
  as: number,
  index: number,
  carried: readonly string[],
): string[] => [
  '',
  `# ${neighbor.description}`,
  `protocol bgp neighbor${index} {`,
  `  local ${neighbor.local} as ${as};`,
  `  neighbor ${neighbor.address}${neighbor.port === undefined ? '' : ` port ${neighbor.port}`} as ${neighbor.as};`,
  '  connect delay time 1;',
  '  connect retry time 1;',
  '  error wait time 1, 4;',
  ...(neighbor.listener ? ['  rr client;'] : []),
  ...neighbor.families.flatMap((family) => [
    `  ipv${family} {`,
    `    import ${neighbor.listener ? 'none' : 'all'};`,
    `    export where source ~ [RTS_STATIC, RTS_BGP]${orCarried(carried, family)};`,
    ...(neighbor.nextHopSelf ? ['    next hop self;'] : []),
    ...otherNextHop(neighbor, family),
    '  };',
  ]),
  '}',
]
