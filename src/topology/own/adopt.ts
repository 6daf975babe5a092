// What a configuration of the user's own says that the lab must know, in the lab file's words: of pmacct tables, flow key,
// protocol, sampling, timeouts, ports; of programs with a command line its letters. From then on it is checked, planned and judged as if the lab file had said it.
import { durationPattern, parseCommand } from '../scalars.ts'
import type { Path } from '../problem.ts'
import type { ExportProtocol, Store } from '../topology.ts'
import type { Statement } from './pmacct-file.ts'
import { directiveOf, pluginsOf, wordsOf } from './pmacct-file.ts'

/** A key of the probe or collector, with the directive that says it. */
export interface Said {
  readonly path: Path
  readonly value: unknown
  readonly by: Statement
  /** What the program does where nobody says otherwise: the lab file may. */
  readonly unless?: true
}

const protocols: Readonly<Record<string, string>> = { 5: 'netflow5', 9: 'netflow9', 10: 'ipfix' }
/** Without nfprobe_version (CONFIG-KEYS). */
const defaultVersion = '10'
/** Without aggregate, of NetFlow v9 and IPFIX (CONFIG-KEYS, nfprobe_version). */
const defaultKey = 'src_host, dst_host, src_port, dst_port, proto, tos'

/** pmacct's plugins that keep a collector's tables, and what the lab file calls the store. */
const storesOf: Readonly<Record<string, Store>> = {
  memory: 'memory',
  print: 'print',
  sqlite3: 'sqlite',
  pgsql: 'postgresql',
  mysql: 'mariadb',
}
export const tablePlugins = Object.keys(storesOf)
const isTable = (type: string): boolean => Object.hasOwn(storesOf, type)
const memoryFirst = (a: string, b: string): number => Number(b === 'memory') - Number(a === 'memory')

export function adoptPmacct(role: 'probes' | 'collectors', statements: readonly Statement[]): Said[] {
  const plugins = statements.find(({ key }) => key === 'plugins')
  const all = pluginsOf(plugins)
  // A probe's tables are in memory. A collector's are of one kind: those in memory where there are any.
  const kept =
    role === 'probes'
      ? 'memory'
      : all
          .map(({ type }) => type)
          .toSorted(memoryFirst)
          .find(isTable)
  const tables = all
    .filter(({ type }) => type === kept)
    .flatMap(({ name }) => tableOf(name, statements, plugins))
  return [
    ...tables,
    ...(role === 'collectors' && kept !== undefined && plugins
      ? [{ path: ['store'], value: storesOf[kept], by: plugins }]
      : []),
    ...(role === 'probes' ? exporting(all, statements, plugins) : []),
    ...plain[role].flatMap(([key, path, read]) => {
      const by = statements.find((each) => each.key === key)
      const value = by && !by.value.includes('${') ? read(by.value) : undefined
      return by && value !== undefined ? [{ path, value, by }] : []
    }),
  ]
}

const number = (text: string): string | number => (/^\d{1,15}$/.test(text) ? Number(text) : text)

/** Directives that are a key of the lab file each. */
const plain: Readonly<
  Record<
    'probes' | 'collectors',
    readonly (readonly [key: string, path: Path, read: (text: string) => unknown])[]
  >
> = {
  probes: [
    ['pcap_direction', ['direction'], (text) => text],
    ['snaplen', ['snaplen'], number],
    ['nfprobe_source_ip', ['export', 'source'], (text) => text],
    ['sfprobe_source_ip', ['export', 'source'], (text) => text],
    ['nfprobe_engine', ['export', 'domain'], (text) => number(text.replace(/^0:/, ''))],
    ['sfprobe_agentsubid', ['export', 'domain'], number],
    ['nfprobe_timeouts', ['timeouts', 'active'], activeOf],
  ],
  collectors: [
    ['nfacctd_port', ['port'], number],
    ['sfacctd_port', ['port'], number],
    ['nfacctd_renormalize', ['renormalize'], (text) => text],
    ['sfacctd_renormalize', ['renormalize'], (text) => text],
  ],
}

/** `maxlife=60:expint=60`: the longest life of a flow. */
function activeOf(text: string): string | undefined {
  const seconds = /(?:^|:)\s*maxlife=(\d+)/.exec(text)?.[1]
  return seconds !== undefined && durationPattern.test(`${seconds}s`) ? `${seconds}s` : undefined
}

function tableOf(name: string, statements: readonly Statement[], plugins: Statement | undefined): Said[] {
  const aggregate = directiveOf(statements, 'aggregate', name)
  const filter = directiveOf(statements, 'aggregate_filter', name)
  const by = aggregate ?? plugins
  if (!by) return []
  return [
    { path: ['tables', name, 'aggregate'], value: wordsOf(aggregate?.value ?? ''), by },
    ...(filter ? [{ path: ['tables', name, 'filter'], value: filter.value, by: filter }] : []),
  ]
}

/** What the exporting plugins have in common: a probe's collectors are told the same. */
function exporting(
  all: ReturnType<typeof pluginsOf>,
  statements: readonly Statement[],
  plugins: Statement | undefined,
): Said[] {
  const way = all.find(({ type }) => type === 'nfprobe' || type === 'sfprobe')
  if (!way || !plugins) return []
  const aggregate = directiveOf(statements, 'aggregate', way.name)
  const version = directiveOf(statements, 'nfprobe_version', way.name)
  const rate = directiveOf(statements, 'sampling_rate', way.name)
  return [
    {
      path: ['export', 'aggregate'],
      value: wordsOf(aggregate?.value ?? defaultKey),
      by: aggregate ?? plugins,
    },
    {
      path: ['export', 'protocol'],
      value:
        way.type === 'sfprobe' ? 'sflow' : (protocols[version?.value ?? defaultVersion] ?? version?.value),
      by: version ?? plugins,
    },
    ...(rate ? [{ path: ['sampling'], value: number(rate.value), by: rate }] : []),
  ]
}

/** Letters that the lab file has a key for, and those that name files and places of the machine, which the lab has its own of. */
const letters: Readonly<
  Record<
    string,
    {
      readonly keys: Readonly<Record<string, readonly [path: Path, read: (text: string) => unknown]>>
      readonly dropped: string
      /** Names the collectors; absent: words without a letter do. */
      readonly collectors?: string
      /** May stand more than once, each time with another value. */
      readonly repeated?: string
      /** Without the letter that says so. */
      readonly protocol?: ExportProtocol
    }
  >
> = {
  softflowd: {
    keys: {
      v: [['export', 'protocol'], (text) => ({ ...protocols, 1: 'netflow1' })[text] ?? text],
      s: [['sampling'], number],
      C: [['snaplen'], number],
      t: [['timeouts', 'active'], activeOf],
    },
    dropped: 'pcdD',
    collectors: 'n',
    repeated: 't',
    protocol: 'netflow5',
  },
  fprobe: {
    keys: {
      n: [['export', 'protocol'], (text) => ({ ...protocols, 1: 'netflow1' })[text] ?? text],
      e: [['timeouts', 'active'], (text) => `${text}s`],
      d: [['timeouts', 'inactive'], (text) => `${text}s`],
      S: [['snaplen'], number],
    },
    dropped: 'lucv',
    protocol: 'netflow5',
  },
  // How long a file is written, where it lies and what is done with it then is the lab's too: it reads them.
  nfcapd: { keys: { p: [['port'], number] }, dropped: 'wlDPugtSxe' },
  sfcapd: { keys: { p: [['port'], number] }, dropped: 'wlDPugtSxe' },
}

/** What ties a command line to the lab, where it asks for just that. */
const tied = new Set([
  '${interface}',
  '${collector.address}:${collector.port}',
  '${address}',
  '${port}',
  '${source}',
])

/**
 * Words of a command line, over as many lines as one likes, or the `options=` and `interface=` of Debian's default.conf; # begins
 * a comment.
 */
export function adoptLetters(
  kind: string,
  text: string,
): { said: Said[]; refused: { line: number; text: string }[]; targets: Statement[] } {
  const said: Said[] = []
  const refused: { line: number; text: string }[] = []
  const targets: Statement[] = []
  const { keys, dropped, collectors, repeated, protocol } = letters[kind] ?? { keys: {}, dropped: '' }
  for (const [index, content] of text.split('\n').entries()) {
    const line = index + 1
    if (/^\s*(?:#|$)/.test(content)) continue
    const assigned = /^\s*([A-Za-z_]+)=(.*)$/.exec(content)
    const [, key = 'options', value = content] = assigned ?? []
    const unquoted = assigned ? (parseCommand(value || "''") ?? []).join(' ') : value
    const words = key.toLowerCase() === 'interface' ? ['-i', unquoted] : (parseCommand(unquoted) ?? [])
    for (let at = 0; at < words.length; at++) {
      const [, letter, inside = ''] = /^-([A-Za-z])(.*)$/s.exec(words[at] ?? '') ?? []
      const placed = (value: string, named: string): Statement => ({
        ...{ key: named, value, line, column: 1 },
        valueColumn: Math.max(content.indexOf(value), 0) + 1,
      })
      if (letter === undefined) {
        const word = words[at] ?? ''
        if (collectors === undefined && protocol && word.includes(':'))
          targets.push(placed(word, 'collector'))
        else refused.push({ line, text: word })
        continue
      }
      const next = words[at + 1]
      const follows = inside === '' && next !== undefined && !/^-[A-Za-z]/.test(next)
      const given = follows ? next : inside === '' ? 'true' : inside
      if (follows) at++
      if (dropped.includes(letter) || tied.has(given)) continue
      if (letter === collectors) {
        targets.push(placed(given, letter))
        continue
      }
      const [path, read] = keys[letter] ?? [['options', letter], () => undefined]
      const by = placed(given, letter)
      const known = read(given)
      const entry: Said =
        known === undefined ? { path: ['options', letter], value: given, by } : { path, value: known, by }
      const same = said.findIndex((each) => each.path.join('\n') === entry.path.join('\n'))
      const before = said[same]
      if (!before) said.push(entry)
      else if (letter === repeated && known === undefined)
        said[same] = { ...before, value: `${String(before.value)} ${given}` }
      else refused.push({ line, text: `-${letter} ${given}` })
    }
  }
  const by: Statement = { key: 'protocol', value: '', line: 1, column: 1, valueColumn: 1 }
  if (protocol && !said.some(({ path }) => path.join('.') === 'export.protocol'))
    said.push({ path: ['export', 'protocol'], value: protocol, by, unless: true })
  return { said, refused, targets }
}
