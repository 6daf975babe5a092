// A lab file without mistakes → Topology: names for the interfaces, canonical text for addresses, one form for each choice.
import { basename, resolve as absolute } from 'node:path'
import type { Expectation } from '../expect/expectation.ts'
import { parseClaim } from '../expect/parse.ts'
import { Refusal } from '../expect/refusal.ts'
import { type Family, formatPrefix } from '../kernel/address.ts'
import { bytes, milliseconds } from '../kernel/units.ts'
import { probeCan, probeCapabilities } from './capabilities.ts'
import { addressed, chosen, familiesByNode, familiesOf, nameOf } from './families.ts'
import { given, never } from './given.ts'
import { nameInterfaces } from './interfaces.ts'
import type { Path } from './problem.ts'
import { type Ends, linkText, meantLinks } from './links.ts'
import { namesOf } from './names.ts'
import type { PositionOf } from './positions.ts'
import { trafficOf } from './resolve-traffic.ts'
import type { LabFile } from './schema.ts'
import type {
  Action,
  After,
  AutonomousSystem,
  BgpPolicy,
  Collector,
  Endpoint,
  Event,
  Impairment,
  InterfaceName,
  Link,
  Node,
  OwnConfiguration,
  OwnFile,
  Probe,
  RouterFiles,
  Sampling,
  SamplingMode,
  Table,
  Target,
  Topology,
} from './topology.ts'

type Written<Key extends 'links' | 'events'> = LabFile[Key][number]

/** Where files lie that a lab file names. */
export interface Files {
  /** Of the lab file that says what a path leads to: files are named from there. */
  readonly directoryOf: (path: Path) => string
  readonly file: (path: Path, named: string) => OwnFile
}

/** @param positionOf for what is told of after the run */
export function resolve(lab: LabFile, files: Files, positionOf: PositionOf): Topology {
  const ends = nameInterfaces(lab.links.flatMap(({ endpoints }) => endpoints))
  const families = familiesOf(lab.family)
  const links = lab.links.map((link, index) =>
    linkOf(link, ends.slice(2 * index, 2 * index + 2), families, lab.nodes),
  )
  const has = familiesByNode(links.map((link) => ({ ...link, ends: link.endpoints })))
  const familyOf = (word: 'ipv4' | 'ipv6' | undefined, ...nodes: string[]): Family =>
    chosen(word, nodes.map(has)) ?? families[0] ?? 4
  return {
    name: lab.name,
    ...given('description', lab.description),
    backend: lab.backend,
    seed: lab.seed,
    families,
    autonomousSystems: autonomousSystems(lab),
    nodes: Object.entries(lab.nodes).map(([name, node]) => nodeOf(name, node, files)),
    links,
    collectors: Object.entries(lab.collectors).map(([name, collector]): Collector => {
      const { kind, node, port, bgp, renormalize, store, tables, options } = collector
      const may = {
        ...given('bgp', bgp),
        ...given('renormalize', renormalize),
        ...given('store', store),
        ...given('own', ownOf(['collectors', name], collector, files)),
      }
      const family = familyOf(collector.family, node)
      return { name, kind, node, family, port, ...may, tables: tablesOf(tables), options }
    }),
    probes: Object.entries(lab.probes).map(([name, probe]) => probeOf(name, probe, files)),
    traffic: lab.traffic.map((entry, index) =>
      trafficOf(entry, lab, { familyOf, directory: files.directoryOf(['traffic', index, 'file']) }),
    ),
    events: eventsOf(lab, ends),
    ...given('expectations', expectationsOf(lab, positionOf)),
  }
}

function autonomousSystems({ ases, nodes }: LabFile): AutonomousSystem[] {
  const numbers = new Set(Object.values(nodes).flatMap(({ as }) => (as === undefined ? [] : [as])))
  return [...numbers]
    .sort((a, b) => a - b)
    .map((asn) => {
      const { announce, igp = 'ospf', multipath = 1 } = ases[asn] ?? {}
      return { asn, ...given('announce', announce?.map(formatPrefix)), igp, multipath }
    })
}

const nodeOf = (
  name: string,
  {
    kind,
    as,
    config,
    rr,
    'route-server': routeServer,
    ipv4,
    ipv6,
    feed,
    image,
    binds,
    env,
    exec,
  }: LabFile['nodes'][string],
  files: Files,
): Node => ({
  name,
  kind,
  reflector: rr,
  routeServer,
  segment: [ipv4, ipv6].flatMap((prefix) => (prefix ? [formatPrefix(prefix)] : [])),
  ...given('as', as),
  ...given('own', config === undefined ? undefined : routerFiles(name, config, files)),
  ...given(
    'feed',
    feed === undefined
      ? undefined
      : { source: absolute(files.directoryOf(['nodes', name, 'feed']), feed), routes: [] },
  ),
  ...given('image', image),
  binds: binds.map((bind, index) => ({
    ...bind,
    source: absolute(files.directoryOf(['nodes', name, 'binds', index]), bind.source),
  })),
  env,
  exec,
})

function routerFiles(
  name: string,
  config: NonNullable<LabFile['nodes'][string]['config']>,
  { file }: Files,
): RouterFiles {
  const path = ['nodes', name, 'config']
  if (typeof config === 'string') return { whole: file(path, config) }
  const daemons = Object.entries(config).flatMap(([daemon, named]) =>
    named === undefined ? [] : [[daemon, file([...path, daemon], named)] as const],
  )
  return { daemons: Object.fromEntries(daemons) }
}

/** A pmacct configuration of the user's own, and the files that it names; absent where there are none. */
function ownOf(
  path: Path,
  { config, maps }: Pick<LabFile['probes'][string], 'config' | 'maps'>,
  { file }: Files,
): OwnConfiguration | undefined {
  const named = Object.entries(maps)
  if (config === undefined && named.length === 0) return undefined
  return {
    ...given('config', config === undefined ? undefined : file([...path, 'config'], config)),
    maps: Object.fromEntries(named.map(([key, each]) => [key, file([...path, 'maps', key], each)])),
  }
}

function linkOf(
  link: Written<'links'>,
  [a, b]: readonly InterfaceName[],
  labFamilies: readonly Family[],
  nodes: LabFile['nodes'],
): Link {
  if (!a || !b) throw new RangeError('a link has two ends')
  const { mtu, offloads, cost, relation } = link
  const families = addressed(
    link,
    labFamilies,
    [a, b].map(({ node }) => nodes[node]),
  )
  const written = families.map((family) => link[nameOf(family)])
  const pairs = written.filter((own) => Array.isArray(own))
  const endpoint = (end: InterfaceName, side: 0 | 1): Endpoint => ({
    ...end,
    addresses: pairs.map((pair) => formatPrefix(pair[side])),
  })
  return {
    endpoints: [endpoint(a, 0), endpoint(b, 1)],
    families,
    prefixes: written.flatMap((own) =>
      own === undefined || own === 'none' || Array.isArray(own) ? [] : [formatPrefix(own)],
    ),
    mtu: bytes(mtu),
    offloads,
    impairment: impairmentOf(link),
    impairable: link.impair,
    cost,
    ...given('relation', relation),
    bgp: Object.fromEntries(
      Object.entries(link.bgp).map(
        ([router, { prefer, med, prepend, communities = [] }]): [string, BgpPolicy] => [
          router,
          { ...given('prefer', prefer), ...given('med', med), ...given('prepend', prepend), communities },
        ],
      ),
    ),
  }
}

type Optional<T> = { readonly [Key in keyof T]?: T[Key] | undefined }

const impairmentOf = ({ rate, delay, jitter, loss }: Optional<Impairment>): Impairment => ({
  ...given('rate', rate),
  ...given('delay', delay),
  ...given('jitter', jitter),
  ...given('loss', loss),
})

function probeOf(name: string, probe: LabFile['probes'][string], files: Files): Probe {
  const { kind, at, direction, snaplen, sampling, timeouts, bgp, tables, options } = probe
  const { protocol, to, aggregate, source, domain, 'template-refresh': refresh } = probe.export
  return {
    name,
    kind,
    at,
    direction,
    ...given('snaplen', snaplen === undefined ? undefined : bytes(snaplen)),
    ...given('sampling', samplingOf(probeCan(kind, protocol).sampling, sampling)),
    timeouts: { ...given('active', timeouts.active), ...given('inactive', timeouts.inactive) },
    ...given('bgp', bgp),
    ...given('own', ownOf(['probes', name], probe, files)),
    export: {
      protocol,
      to: typeof to === 'string' ? [to] : to,
      aggregate: aggregate ?? probeCapabilities[kind].key ?? never('a flow key'),
      ...given('source', source),
      ...given('domain', domain),
      ...given('templateRefresh', refresh),
    },
    tables: tablesOf(tables),
    options,
  }
}

/** Where the file names no mode, the first that the part has; absent where it has none. */
function samplingOf(
  modes: readonly SamplingMode[],
  written: LabFile['probes'][string]['sampling'],
): Sampling | undefined {
  if (written === undefined) return undefined
  const { rate, mode } = typeof written === 'number' ? { rate: written, mode: undefined } : written
  if (modes.length === 0) return undefined
  return { rate, mode: mode ?? modes[0] ?? never('a part that samples') }
}

const tablesOf = (tables: LabFile['collectors'][string]['tables']): Table[] =>
  Object.entries(tables).map(([name, { aggregate, filter }]) => ({
    name,
    aggregate,
    ...given('filter', filter),
  }))

function eventsOf(lab: LabFile, ends: readonly InterfaceName[]): Event[] {
  const links = lab.links.flatMap((_, index): Ends[] => {
    const [a, b] = ends.slice(2 * index)
    return a && b ? [[a, b]] : []
  })
  const names = new Set(lab.events.flatMap(({ name }) => name ?? []))
  return lab.events.map((event) => {
    const target = targetOf(event, links)
    const plain = `${target.kind} ${target.name} ${event.action}`
    let name = event.name ?? plain
    for (let nth = 2; event.name === undefined && names.has(name); nth++) name = `${plain} ${nth}`
    names.add(name)
    return {
      name,
      at: event.at ?? milliseconds(0),
      ...given('after', event.after && afterOf(event.after)),
      target,
      action: actionOf(event),
      ...given('for', event.for),
      expected: event.expected,
    }
  })
}

function expectationsOf(lab: LabFile, positionOf: PositionOf): Expectation[] | undefined {
  const names = namesOf(lab)
  const read = lab.expect.map((text, index): Expectation => {
    const claim = parseClaim(text, names)
    const { file, line, column } = positionOf(['expect', index])
    return claim instanceof Refusal
      ? never('expectations')
      : { text, at: `${basename(file)}:${line}:${column}`, claim }
  })
  return read.length > 0 ? read : undefined
}

const afterOf = ({ event, point, packets }: NonNullable<Written<'events'>['after']>): After =>
  point
    ? { point: `${point.node}:${point.interface}`, packets: packets ?? never('packets') }
    : { event: event ?? never('an event') }

function targetOf(event: Written<'events'>, links: readonly Ends[]): Target {
  const { link, session } = event
  if (link !== undefined)
    return { kind: 'link', name: linkText(link), ends: meantLinks(link, links)[0] ?? never('this link') }
  if (session !== undefined) {
    const [router = '', peer = ''] = session.split(':')
    return { kind: 'session', name: session, router, peer }
  }
  for (const kind of ['node', 'router', 'probe', 'collector', 'exports'] as const)
    if (event[kind] !== undefined) return { kind, name: event[kind] }
  return never('a target')
}

function actionOf(event: Written<'events'>): Action {
  const { action, options, prefix, times, value, neighbor } = event
  switch (action) {
    case 'impair':
      return { do: action, impairment: impairmentOf(event) }
    case 'reconfigure':
      return { do: action, options: options ?? never('options') }
    case 'withdraw':
    case 'announce':
      return { do: action, prefix: formatPrefix(prefix ?? never('a prefix')) }
    case 'prepend':
      return { do: action, times: times ?? never('times'), ...given('neighbor', neighbor) }
    case 'local-preference':
      return { do: action, value: value ?? never('a value'), ...given('neighbor', neighbor) }
    default:
      return { do: action }
  }
}
