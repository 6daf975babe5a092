// RouterIntent → bird.conf and the one process that reads it. Source: BIRD 2's user guide.

import { type Family, familyOf } from '../../../kernel/address.ts'
import type { Compiled, Neighbor, RouterIntent } from '../../../part.ts'
import type { ProcessPlan } from '../../../plan/plan.ts'
import type { RouterFiles } from '../../../topology/topology.ts'
import { ospfLines } from './interior.ts'
import { exportLine, importLine, tuple } from './policy.ts'

const process: ProcessPlan = {
  name: 'bird',
  argv: ['bird', '-f', '-c', '/etc/bird/bird.conf', '-s', '/run/bird/bird.ctl', '-P', '/run/bird/bird.pid'],
  // Its control socket is there before it has read its configuration.
  says: 'Started',
}

export function compile(intent: RouterIntent): Compiled {
  return {
    directories: { '/run/bird': 'root' },
    files: {
      '/etc/bird/bird.conf': configuration(intent),
      ...(intent.fed.length > 0 ? { [feedFile]: feedLines(intent) } : {}),
    },
    // As after a restart: interior.ts says why.
    processes: [
      intent.interior.interfaces.length === 0 ? process : { ...process, argv: [...process.argv, '-R'] },
    ],
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

function configuration(intent: RouterIntent): string {
  const { routerId, families, loopback, announce, carried, interior, paths, neighbors } = intent
  const blackholes = announce.filter((prefix) => !carried.includes(prefix))
  const merging = paths > 1 ? ` merge paths yes limit ${paths};` : ''
  const lines = [
    'log stderr all;',
    `router id ${routerId};`,
    '',
    'protocol device { scan time 1; }',
    ...families.flatMap((family) => [
      `protocol kernel { ipv${family} { export ${intent.fed.length > 0 ? 'where !(proto ~ "fed*")' : 'all'}; };${merging}${behindLinks[family]} }`,
      ...staticLines(
        blackholes.filter((prefix) => familyOf(prefix) === family),
        intent.internal,
        family,
      ),
      ...ospfLines(
        `interior${suffix[family]}`,
        family,
        interior.interfaces.filter((each) => each.family === family),
        loopback.filter((address) => familyOf(address) === family),
      ),
    ]),
    ...(intent.fed.length > 0 ? ['', `include "${feedFile}";`] : []),
    ...neighbors.flatMap((neighbor, index) => neighborLines(neighbor, intent, index)),
  ]
  return `${lines.join('\n')}\n`
}

/**
 * Of IPv6 the kernel takes BIRD's routes, whose metric is 32, before those of its own links, whose metric is 256: a blackhole for a
 * link's own prefix would swallow it.
 */
const behindLinks: Readonly<Record<Family, string>> = { 4: '', 6: ' metric 1024;' }

const feedFile = '/etc/bird/feed.conf'

/** Each with the path that it came by, the own AS not on it. */
const feedLines = ({ fed, families }: RouterIntent): string =>
  families
    .flatMap((family) => [
      `protocol static fed${suffix[family]} {`,
      `  ipv${family};`,
      ...fed.flatMap((route) => {
        const [prefix = '', ...path] = route.split(' ')
        if (familyOf(prefix) !== family) return []
        const steps = path.toReversed().map((as) => ` bgp_path.prepend(${as});`)
        return `  route ${prefix} blackhole${steps.length > 0 ? ` {${steps.join('')} }` : ''};`
      }),
      '}',
      '',
    ])
    .join('\n')

const noExport = tuple('65535:65281')

/** A protocol of BIRD's has one name and, but for BGP, one family. */
const suffix: Readonly<Record<Family, string>> = { 4: '', 6: '6' }

const staticLines = (announce: readonly string[], internal: readonly string[], family: Family): string[] =>
  announce.length === 0
    ? []
    : [
        '',
        `protocol static announced${suffix[family]} {`,
        `  ipv${family};`,
        ...announce.map(
          (prefix) =>
            `  route ${prefix} blackhole${internal.includes(prefix) ? ` { bgp_community.add(${noExport}); }` : ''};`,
        ),
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
  { as, carried, loopback }: Pick<RouterIntent, 'as' | 'carried' | 'loopback'>,
  index: number,
): string[] => [
  '',
  `# ${neighbor.description}`,
  `protocol bgp neighbor${index} {`,
  `  local ${neighbor.local} as ${as};`,
  `  neighbor ${neighbor.address}${neighbor.port === undefined ? '' : ` port ${neighbor.port}`} as ${neighbor.as};`,
  // Across a link its end is the way to go; else it would be looked for among the routes of BIRD, where no link's are.
  ...(neighbor.as === as && !neighbor.listener && !loopback.includes(neighbor.local) ? ['  direct;'] : []),
  '  connect delay time 1;',
  '  connect retry time 1;',
  '  error wait time 1, 4;',
  ...(neighbor.client ? [`  ${neighbor.as === as ? 'rr' : 'rs'} client;`] : []),
  ...neighbor.families.flatMap((family) => [
    `  ipv${family} {`,
    importLine(neighbor.listener, neighbor.policies.in),
    exportLine(`source ~ [RTS_STATIC, RTS_BGP]${orCarried(carried, family)}`, as, neighbor.policies.out),
    // What a route reflector reflects keeps its next hop.
    ...(neighbor.nextHopSelf ? ['    next hop self ebgp;'] : []),
    ...otherNextHop(neighbor, family),
    '  };',
  ]),
  '}',
]
