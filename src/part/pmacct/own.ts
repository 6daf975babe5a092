// A configuration of the user's own, tied to the lab: it stays as it is but for what the lab decides. What must be so is
// checked and, where the file leaves it out, added; paths and what the daemon is watched by are set. docs/own-configuration.md
// tells users of it.

import type { Problem } from '../../topology/problem.ts'
import type { OwnConfiguration, OwnFile, Options } from '../../topology/topology.ts'
import type { BgpFeed } from '../../plan/plan.ts'
import { agentMapPath, type Directives } from './directives.ts'
import { statementsOf, type Statement } from '../../topology/own/pmacct-file.ts'

/** What one directive is to be. */
export interface Tie {
  /** With the names that mean the same; the first is written where there is none. */
  readonly keys: readonly string[]
  readonly plugin?: string
  /** Absent: the directive is taken out. */
  readonly value?: string
  /**
   * must: another value is a mistake; set: another value is replaced; may: another value stays; only: as must, and nothing is
   * added.
   */
  readonly how: 'must' | 'set' | 'may' | 'only'
  /** What to do about another value. */
  readonly remedy?: string
}

export interface Tied {
  readonly text: string
  readonly problems: readonly Problem[]
}

const concerns = ({ key, plugin }: Statement, to: Tie): boolean =>
  to.keys.includes(key) && (plugin === undefined || to.plugin === undefined || plugin === to.plugin)

/** The words of values are told apart by nothing else. */
const plain = (value: string): string => value.replaceAll(/\s+/g, '').toLowerCase()

export function tie({ file, text }: OwnFile, ties: readonly Tie[], options: Options): Tied {
  const { statements } = statementsOf(text)
  const lines = text.replace(/\n+$/, '').split('\n')
  const problems: Problem[] = []
  const added: string[] = []
  for (const each of [...ties, ...optionTies(options)]) {
    const { plugin, value, how, keys } = each
    const own = statements.filter((statement) => concerns(statement, each))
    for (const statement of own) {
      const index = statement.line - 1
      const isRight = value !== undefined && plain(statement.value) === plain(value)
      if (isRight || how === 'may' || (how !== 'set' && statement.value.includes('${'))) continue
      if (how === 'set')
        lines[index] =
          value === undefined ? `! ${lines[index] ?? ''}` : written(statement.key, statement.plugin, value)
      else
        problems.push({
          position: { file, line: statement.line, column: statement.valueColumn },
          path: [statement.key],
          message: `expected ${value ?? 'none'}, found ${statement.value === '' ? 'nothing' : statement.value}`,
          remedy: each.remedy ?? 'Write that, or leave the directive out: it is added.',
        })
    }
    const isThere = own.some(
      (statement) => plugin === undefined || statement.plugin === plugin || how !== 'set',
    )
    if (!isThere && how !== 'only' && value !== undefined) added.push(written(keys[0] ?? '', plugin, value))
  }
  const ending = added.length > 0 ? ['!', '! what ties it to the lab', ...added] : []
  return { text: [...lines, ...ending, ''].join('\n'), problems }
}

const written = (key: string, plugin: string | undefined, value: string): string =>
  `${key}${plugin === undefined ? '' : `[${plugin}]`}: ${value}`

/** `options` of the lab file replace what the file says. */
const optionTies = (options: Options): Tie[] =>
  Object.entries(options).map(([directive, value]) => {
    const [, key = directive, plugin] = /^(\w+)(?:\[(.*)\])?$/.exec(directive) ?? []
    return { keys: [key], ...(plugin === undefined ? {} : { plugin }), value, how: 'set' }
  })

/** Files that directives of pmacct name and that the daemon reads. */
const maps = [
  ...[
    'pre_tag_map',
    'sampling_map',
    'networks_file',
    'ports_file',
    'aggregate_primitives',
    'bgp_peer_src_as_map',
  ],
  ...[
    'bgp_src_local_pref_map',
    'bgp_src_med_map',
    'flow_to_rd_map',
    'bgp_daemon_allow_file',
    'bgp_daemon_md5_file',
  ],
  ...['nfacctd_allow_file', 'sfacctd_allow_file', 'bgp_neighbors_file', 'pcap_interfaces_map'],
]

/** Path in the node of a file that a directive names. */
const mapPath = (process: string, directive: string): string => `/etc/pmacct/${process}.${directive}`

/** Directives that name files: those of the user's own stand in the node, others are not there. */
export function mapTies(process: string, own: OwnConfiguration): Tie[] {
  const named = Object.keys(own.maps).map(
    (directive): Tie => ({ keys: [directive], value: mapPath(process, directive), how: 'set' }),
  )
  const missing = maps
    .filter((directive) => !Object.hasOwn(own.maps, directive))
    .map(
      (directive): Tie => ({
        keys: [directive],
        how: 'only',
        remedy: `Name the file in the lab file: maps: { ${directive}: FILE }.`,
      }),
    )
  return [...named, ...missing]
}

/** As directives, for a configuration that is written. */
export const mapDirectives = (process: string, own: OwnConfiguration | undefined): Directives =>
  Object.fromEntries(
    Object.keys(own?.maps ?? {}).map((directive) => [directive, mapPath(process, directive)]),
  )

/** Path in the node → text. */
export const mapFiles = (process: string, { maps: files }: OwnConfiguration): Record<string, string> =>
  Object.fromEntries(
    Object.entries(files).map(([directive, { text }]) => [mapPath(process, directive), text]),
  )

/** Daemons run in the foreground and log on standard error. */
export const watched = (process: string): Tie[] => [
  { keys: ['daemonize'], value: 'false', how: 'set' },
  { keys: ['pidfile'], value: `/run/${process}.pid`, how: 'set' },
  { keys: ['logfile'], how: 'set' },
  { keys: ['syslog'], how: 'set' },
]

/** The daemon's own BGP session, with the agent map that says whose view flows get; without one there must be none. */
export function bgpTies(process: string, feed: BgpFeed | undefined, own: OwnConfiguration): Tie[] {
  if (!feed)
    return [
      {
        keys: ['bgp_daemon'],
        value: 'false',
        how: 'only',
        remedy: 'Say in the lab file with which router it has its session: bgp: ROUTER.',
      },
    ]
  const remedy = 'Write that, or leave the directive out: it is added.'
  return [
    { keys: ['bgp_daemon'], value: 'true', how: 'must', remedy },
    { keys: ['bgp_daemon_ip'], value: feed.local, how: 'must', remedy },
    { keys: ['bgp_daemon_port'], value: String(feed.port), how: 'must', remedy },
    { keys: ['bgp_daemon_as'], value: String(feed.as), how: 'may' },
    { keys: ['bgp_daemon_id'], value: feed.id, how: 'may' },
    { keys: ['bgp_daemon_msglog_file'], value: feed.log, how: 'set' },
    ...(Object.hasOwn(own.maps, 'bgp_agent_map')
      ? []
      : [{ keys: ['bgp_agent_map'], value: agentMapPath(process), how: 'set' } as const]),
  ]
}
