// docs/parts.md: which part can do what, from the table by which lab files are checked.

import { collectors } from '../../src/part/collector/collectors.ts'
import { servers } from '../../src/part/pmacct/servers.ts'
import { probes } from '../../src/part/probe/probes.ts'
import {
  collectorCapabilities,
  probeCan,
  type ProbeCapabilities,
  probeCapabilities,
  protocolFacts,
} from '../../src/topology/capabilities.ts'
import { stores } from '../../src/topology/topology.ts'
import { code, document, origin, table } from './markdown.ts'

const can = (is: boolean): string => (is ? 'yes' : '–')
const row = <Part>(name: string, of: readonly Part[], say: (part: Part) => string): string[] => [
  name,
  ...of.map(say),
]

function probeTable(): string {
  const names = Object.keys(probeCapabilities) as (keyof typeof probeCapabilities)[]
  const all = names.map((name) => ({ name, ...probeCapabilities[name] }))
  /** With the protocols of which it is otherwise. */
  const say = (of: (can: ProbeCapabilities) => string) => (part: (typeof all)[number]) => {
    const usual = of(part)
    const others = part.protocols.filter((protocol) => of(probeCan(part.name, protocol)) !== usual)
    return others.length === 0
      ? usual
      : `${usual}; ${others.map((protocol) => `${protocol}: ${of(probeCan(part.name, protocol))}`).join(', ')}`
  }
  return table(
    ['a probe’s word', ...names.map(code)],
    [
      row('Debian package', all, ({ name }) => probes[name].package),
      row('`export.protocol`', all, ({ protocols }) => protocols.join(', ')),
      row(
        '`sampling`',
        all,
        say(({ sampling }) => sampling.join(', ') || '–'),
      ),
      row('`timeouts.active`', all, ({ active }) => can(active)),
      row('`timeouts.inactive`', all, ({ inactive }) => can(inactive)),
      row('`direction`', all, ({ direction }) => can(direction)),
      row('`snaplen`', all, ({ snaplen }) => (snaplen === undefined ? '–' : `from ${snaplen}`)),
      row('`export.source`', all, ({ source }) => can(source)),
      row(
        '`export.domain`',
        all,
        say(({ domain }) => can(domain)),
      ),
      row('`export.template-refresh`', all, ({ templateRefresh }) => can(templateRefresh)),
      row('`export.aggregate`', all, ({ key }) => (key ? `has its own: ${key.join(', ')}` : 'needed')),
      row('`tables`', all, ({ tables }) => can(tables)),
      row('`bgp`', all, ({ bgp }) => can(bgp)),
      row('`options`', all, ({ options }) => options),
    ],
  )
}

function collectorTable(): string {
  const names = Object.keys(collectorCapabilities) as (keyof typeof collectorCapabilities)[]
  const all = names.map((name) => ({ name, ...collectorCapabilities[name] }))
  return table(
    ['a collector’s word', ...names.map(code)],
    [
      row('Debian package', all, ({ name }) => collectors[name].package),
      row('understands', all, ({ protocols }) => protocols.join(', ')),
      row('`renormalize`', all, ({ renormalize }) => can(renormalize)),
      row('`store`', all, (each) => (each.stores ? stores.join(', ') : 'files of its own')),
      row('`tables`', all, ({ tables, keeps }) => (tables ? 'any' : `one: ${keeps?.name ?? ''}`)),
      row('`bgp`', all, ({ bgp }) => can(bgp)),
      row('keeps the ICMP type', all, ({ icmp }) => can(icmp)),
      row('counts beyond layer 3', all, ({ framing }) => (framing === 0 ? '–' : `${framing} bytes a packet`)),
      row('`options`', all, ({ options }) => options),
    ],
  )
}

export function parts(): string {
  return document(
    origin('src/topology/capabilities.ts'),
    '# Parts',
    [
      'What each program can be asked for in a lab file. Anything else is refused by `flowlab validate`, with its position and the parts',
      'that can. What the programs really do is in [facts](facts.md). A program that is not installed is named with its package before',
      'anything is built; `flowlab doctor` lists them all.',
    ].join('\n'),
    '## Probes',
    probeTable(),
    [
      'Several collectors (`to: [a, b]`): pmacctd runs one exporting plugin for each, which meter by themselves; softflowd, fprobe and ovs',
      'send the same datagrams to each. Probes of one node that export to one collector are told apart by source address, protocol and domain.',
      'ovs is Open vSwitch with its datapath in user space: it stands between the interface and its link, and what it meters is what goes',
      'through it.',
    ].join('\n'),
    '## Protocols',
    table(
      ['protocol', 'domain up to', 'templates', 'tells of'],
      Object.entries(protocolFacts).map(([name, { domains, templates, flows }]) => [
        code(name),
        domains === undefined ? '–' : String(domains),
        can(templates),
        flows ? 'flows' : 'sampled packets',
      ]),
    ),
    '## Collectors',
    collectorTable(),
    '## Stores',
    [
      'Where pmacct’s collectors keep their tables, and by what they are read. Database servers run on the collector’s node, with data',
      'in memory; labs that do not ask for them need no server.',
    ].join('\n'),
    table(
      ['`store`', 'pmacct’s plugin', 'read by', 'Debian package'],
      [
        ['memory', 'memory', '`pmacct -s`', 'pmacct'],
        ['print', 'print', 'its file, a JSON object a line', 'pmacct'],
        ['sqlite', 'sqlite3', '`sqlite3 -json`', servers.sqlite?.package ?? ''],
        ['postgresql', 'pgsql', '`psql`', servers.postgresql?.package ?? ''],
        ['mariadb', 'mysql', '`mariadb`', servers.mariadb?.package ?? ''],
      ],
    ),
  )
}
