// What a program of this kind, or the protocol that it speaks, cannot do: each word of the lab file that asks for it is refused,
// with the kinds that can. capabilities.ts is the table.
import {
  type Capabilities,
  type CollectorCapabilities,
  type ProbeCapabilities,
  type ProtocolFacts,
  collectorCapabilities,
  probeCan,
  probeCapabilities,
  protocolFacts,
} from '../capabilities.ts'
import type { Path } from '../problem.ts'
import { sqlColumns } from '../columns.ts'
import { pmacctPrimitives } from '../pmacct-primitives.ts'
import { listing, suggestion } from '../suggest.ts'
import type { CollectorKind, ExportProtocol, ProbeKind } from '../topology.ts'
import type { Scene } from './scene.ts'

type ProbeDraft = NonNullable<NonNullable<Scene['draft']['probes']>[string]>
type CollectorDraft = NonNullable<NonNullable<Scene['draft']['collectors']>[string]>

/** Something that a lab file may ask for. */
interface Word<Draft, Can> {
  readonly path: Path
  /** What is asked for; undefined where nothing is. */
  readonly asked: (draft: Draft) => string | number | undefined
  readonly can: (of: Can) => boolean
  /** Of what it is that there should be none: stands between `expected no` and the kind. */
  readonly what: string
  /** Why there is none: a clause about the kind. */
  readonly why: string
  /** Whether the protocol has a place for it; absent: every one has. */
  readonly has?: (facts: ProtocolFacts) => boolean
}

const firstKey = (found: object | undefined): string | undefined => Object.keys(found ?? {})[0]
/** What programs of both roles may be asked for. */
const common: readonly Word<ProbeDraft | CollectorDraft, ProbeCapabilities | CollectorCapabilities>[] = [
  {
    path: ['tables'],
    asked: ({ tables }) => firstKey(tables),
    can: ({ tables }) => tables,
    what: 'tables',
    why: "keeps none of one's own choice",
  },
  {
    path: ['bgp'],
    asked: ({ bgp }) => bgp,
    can: ({ bgp }) => bgp,
    what: 'BGP session',
    why: 'speaks no BGP',
  },
]

const ofProbes: readonly Word<ProbeDraft, ProbeCapabilities>[] = [
  ...common,
  {
    path: ['sampling'],
    // 1:1 is what a program does that does not sample.
    asked: ({ sampling }) => {
      const rate = typeof sampling === 'number' ? sampling : sampling && (sampling.rate ?? 'one')
      return rate === 1 ? undefined : rate
    },
    can: ({ sampling }) => sampling.length > 0,
    what: 'sampling',
    why: 'meters every packet',
  },
  {
    path: ['timeouts', 'active'],
    asked: ({ timeouts }) => timeouts?.active && `${timeouts.active / 1000}s`,
    can: ({ active }) => active,
    what: 'active timeout',
    why: 'has none to set',
    has: ({ flows }) => flows,
  },
  {
    path: ['timeouts', 'inactive'],
    asked: ({ timeouts }) => timeouts?.inactive && `${timeouts.inactive / 1000}s`,
    can: ({ inactive }) => inactive,
    what: 'inactive timeout',
    why: 'has none to set',
    has: ({ flows }) => flows,
  },
  {
    path: ['export', 'template-refresh'],
    asked: (probe) => probe.export?.['template-refresh'] && `${probe.export['template-refresh'] / 1000}s`,
    can: ({ templateRefresh }) => templateRefresh,
    what: 'time for templates',
    why: 'sends them when it likes',
    has: ({ templates }) => templates,
  },
  {
    path: ['export', 'source'],
    asked: (probe) => probe.export?.source,
    can: ({ source }) => source,
    what: 'source address',
    why: "takes the kernel's choice",
  },
  {
    path: ['export', 'domain'],
    asked: (probe) => probe.export?.domain,
    can: ({ domain }) => domain,
    what: 'observation domain',
    why: 'always sends 0',
    has: ({ domains }) => domains !== undefined,
  },
  {
    path: ['direction'],
    asked: ({ direction }) => (direction === 'both' ? undefined : direction),
    can: ({ direction }) => direction,
    what: 'direction',
    why: 'has no choice of it',
  },
  {
    path: ['snaplen'],
    asked: ({ snaplen }) => snaplen,
    can: ({ snaplen }) => snaplen !== undefined,
    what: 'snap length',
    why: 'has none to set',
  },
]

const ofCollectors: readonly Word<CollectorDraft, CollectorCapabilities>[] = [
  ...common,
  {
    path: ['renormalize'],
    asked: ({ renormalize }) =>
      renormalize === undefined ? undefined : `renormalize: ${renormalize ? 'on' : 'off'}`,
    can: ({ renormalize }) => renormalize,
    what: 'renormalize',
    why: 'leaves that to who reads it',
  },
  {
    path: ['store'],
    asked: ({ store }) => store,
    can: ({ stores }) => stores,
    what: 'store',
    why: 'keeps files of its own',
  },
]

export function checkProbeCan(scene: Scene, kind: ProbeKind, probe: ProbeDraft, path: Path): void {
  const { report } = scene
  const protocol = probe.export?.protocol
  const table = Object.fromEntries(
    Object.keys(probeCapabilities).map((each) => [each, probeCan(each as ProbeKind, protocol)]),
  ) as Record<ProbeKind, ProbeCapabilities>
  const can = table[kind]
  const speakers = kindsThat(table, ({ protocols }) => !protocol || protocols.includes(protocol))
  checkWords(scene, ofProbes, { kind, table, among: speakers, draft: probe, protocol }, path)
  if (protocol && !can.protocols.includes(protocol))
    report(
      [...path, 'export', 'protocol'],
      `expected a protocol of ${kind} (${listing(can.protocols)}), found ${protocol}`,
      `Write one of them, or take ${listing(speakers)}.`,
    )
  const { sampling } = probe
  const mode = typeof sampling === 'object' ? sampling.mode : undefined
  if (mode && can.sampling.length > 0 && !can.sampling.includes(mode))
    report(
      [...path, 'sampling', 'mode'],
      `expected ${listing(can.sampling)} sampling of ${kind}, which knows no other, found ${mode}`,
      `Leave it out, or take ${listing(kindsThat(table, (each) => each.sampling.includes(mode)))}.`,
    )
  const { domains } = (protocol && protocolFacts[protocol]) ?? {}
  const domain = probe.export?.domain
  if (domains !== undefined && domain !== undefined && domain > domains)
    report(
      [...path, 'export', 'domain'],
      `expected at most ${domains}, which is the largest that ${protocol} can carry, found ${domain}`,
      'Write a smaller one.',
    )
  if (probe.snaplen !== undefined && can.snaplen !== undefined && probe.snaplen < can.snaplen)
    report(
      [...path, 'snaplen'],
      `expected at least ${can.snaplen}, the shortest that ${kind} takes, found ${probe.snaplen}`,
      'Write a longer one.',
    )
  checkOptions(scene, kind, can.options, probe.options, path)
  checkPrimitives(scene, probe, path)
  if (probe.config === undefined) checkKey(scene, kind, probe.export, [...path, 'export'])
}

export function checkCollectorCan(
  scene: Scene,
  kind: CollectorKind,
  collector: CollectorDraft,
  path: Path,
): void {
  const table = collectorCapabilities
  checkWords(
    scene,
    ofCollectors,
    { kind, table, draft: collector, among: kindsThat(table, () => true) },
    path,
  )
  checkOptions(scene, kind, table[kind].options, collector.options, path)
  if (databases.includes(collector.store)) checkColumns(scene, collector, path)
  else checkPrimitives(scene, collector, path)
}

/** Stores that are databases, which need a column for each primitive. */
const databases: readonly (string | undefined)[] = ['sqlite', 'postgresql', 'mariadb']

function checkColumns({ report }: Scene, { store, tables }: CollectorDraft, path: Path): void {
  for (const [name, table] of Object.entries(tables ?? {}))
    for (const [index, primitive] of (table?.aggregate ?? []).entries())
      if (primitive !== undefined && !Object.hasOwn(sqlColumns, primitive))
        report(
          [...path, 'tables', name, 'aggregate', index],
          `expected a primitive that ${store} has a column for, found ${primitive}`,
          suggestion(primitive, Object.keys(sqlColumns), `Leave it out, or keep the tables in memory.`),
        )
}

const kindsThat = <Kind extends string, Can>(
  table: Readonly<Record<Kind, Can>>,
  can: (of: Can) => boolean,
): Kind[] => (Object.keys(table) as Kind[]).filter((kind) => can(table[kind]))

interface Asking<Kind extends string, Can, Draft> {
  readonly kind: Kind
  readonly table: Readonly<Record<Kind, Can>>
  /** The kinds that would do otherwise. */
  readonly among: readonly Kind[]
  readonly draft: Draft
  readonly protocol?: ExportProtocol | undefined
}

/** Refuses what a program of this kind cannot do, and names those that can. */
function checkWords<Kind extends string, Can, Draft>(
  { report }: Scene,
  words: readonly Word<Draft, Can>[],
  { kind, table, among, draft, protocol }: Asking<Kind, Can, Draft>,
  path: Path,
): void {
  for (const { path: own, asked, can, what, why, has } of words) {
    const found = asked(draft)
    if (found === undefined) continue
    const at = [...path, ...own]
    const shown = what === 'BGP session' ? `one with ${String(found)}` : String(found)
    if (protocol && has && !has(protocolFacts[protocol]))
      report(
        at,
        `expected no ${what} with ${protocol}, which has none, found ${shown}`,
        'Leave it out.',
        'key',
      )
    else if (!can(table[kind])) {
      const others = among.filter((each) => can(table[each]))
      report(
        at,
        `expected no ${what} of ${kind}, which ${why}, found ${shown}`,
        others.length > 0
          ? `Leave it out, or take ${listing(others)}.`
          : 'Leave it out: none that is known here can.',
        'key',
      )
    }
  }
}

function checkOptions(
  { report }: Scene,
  kind: string,
  form: Capabilities['options'],
  options: Readonly<Record<string, unknown>> | undefined,
  path: Path,
): void {
  if (form !== 'letters') return
  for (const option of Object.keys(options ?? {}).filter((each) => each.length > 1))
    report(
      [...path, 'options', option],
      `expected an option of ${kind}'s command line, one letter, found ${option}`,
      'Write the letter without its hyphen, and true where it has no value, such as B: 4194304 or e: true.',
      'key',
    )
}

/** Of pmacct's own; a configuration or a file of the user's may define others (aggregate_primitives). */
function checkPrimitives({ report }: Scene, draft: ProbeDraft | CollectorDraft, path: Path): void {
  const { config, maps, options, tables } = draft
  if (config !== undefined || [maps, options].some((each) => each && 'aggregate_primitives' in each)) return
  const exporting = 'export' in draft ? draft.export : undefined
  const lists = [
    { at: [...path, 'export', 'aggregate'], aggregate: exporting?.aggregate },
    ...Object.entries(tables ?? {}).map(([name, table]) => ({
      at: [...path, 'tables', name, 'aggregate'],
      aggregate: table?.aggregate,
    })),
  ]
  for (const { at, aggregate } of lists)
    for (const [index, primitive] of (aggregate ?? []).entries())
      if (primitive !== undefined && !pmacctPrimitives.has(primitive))
        report(
          [...at, index],
          `expected a primitive of pmacct 1.7.7, found ${primitive}`,
          suggestion(
            primitive,
            pmacctPrimitives,
            'Write one that `nfacctd -a` lists, or define it in a file: maps: { aggregate_primitives: primitives.lst }.',
          ),
        )
}

/** A flow key is the lab file's to choose, or the program's. */
function checkKey({ report }: Scene, kind: ProbeKind, exporting: ProbeDraft['export'], path: Path): void {
  const { key } = probeCapabilities[kind]
  if (!exporting) return
  const isGiven = 'aggregate' in exporting
  if (key && exporting.aggregate !== undefined)
    report(
      [...path, 'aggregate'],
      `expected no flow key for ${kind}, which has its own (${listing(key, 'and')}), found one`,
      'Leave it out.',
      'key',
    )
  if (!key && !isGiven)
    report(
      [...path, 'aggregate'],
      `expected a flow key for ${kind}, found none`,
      'Write such as aggregate: [src_host, dst_host].',
      'key',
    )
}
