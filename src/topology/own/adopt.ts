// What a pmacct configuration of the user's own says that the lab must know, in the lab file's words: tables, flow key,
// protocol, sampling, timeouts, ports. From then on it is checked, planned and judged as if the lab file had said it.
import { durationPattern } from '../scalars.ts'
import type { Path } from '../problem.ts'
import type { Statement } from './pmacct-file.ts'
import { directiveOf, pluginsOf, wordsOf } from './pmacct-file.ts'

/** A key of the probe or collector, with the directive that says it. */
export interface Said {
  readonly path: Path
  readonly value: unknown
  readonly by: Statement
}

const protocols: Readonly<Record<string, string>> = { 5: 'netflow5', 9: 'netflow9', 10: 'ipfix' }
/** Without nfprobe_version (CONFIG-KEYS). */
const defaultVersion = '10'
/** Without aggregate, of NetFlow v9 and IPFIX (CONFIG-KEYS, nfprobe_version). */
const defaultKey = 'src_host, dst_host, src_port, dst_port, proto, tos'

export function adoptPmacct(role: 'probes' | 'collectors', statements: readonly Statement[]): Said[] {
  const plugins = statements.find(({ key }) => key === 'plugins')
  const all = pluginsOf(plugins)
  const tables = all
    .filter(({ type }) => type === 'memory')
    .flatMap(({ name }) => tableOf(name, statements, plugins))
  return [
    ...tables,
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
  Record<'probes' | 'collectors', readonly (readonly [key: string, path: Path, read: (text: string) => unknown])[]>
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
        way.type === 'sfprobe'
          ? 'sflow'
          : (protocols[version?.value ?? defaultVersion] ?? version?.value),
      by: version ?? plugins,
    },
    ...(rate ? [{ path: ['sampling'], value: number(rate.value), by: rate }] : []),
  ]
}
