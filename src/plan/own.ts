// What the lab decides, written into configurations of the user's own where these ask for it: `${collector.address}` and its
// like. docs/own-configuration.md lists the names.

import { type Family, socketAddress } from '../kernel/address.ts'
import { probeCapabilities } from '../topology/capabilities.ts'
import { adoptLetters } from '../topology/own/adopt.ts'
import type { Problem } from '../topology/problem.ts'
import { listing, suggestion } from '../topology/suggest.ts'
import type { OwnConfiguration, OwnFile, RouterFiles, Topology } from '../topology/topology.ts'
import type { Addresses } from './addresses.ts'
import type { Measuring } from './measuring.ts'
import { bare, isRouter } from './neighbourhood.ts'
import type { BgpFeed, CollectorPlan, ProbePlan } from './plan.ts'

/** Name → what stands for it. */
export type Names = Readonly<Record<string, string>>

/** Replaces `${NAME}`; `$${` stands for `${`. What has no such name is a problem, at its place. */
export function filled({ file, text }: OwnFile, names: Names, problems: Problem[]): OwnFile {
  const lines = text.split('\n').map((line, index) =>
    line.replaceAll(
      /\$(?:(\$\{)|\{([^{}]*)\})/g,
      (whole, escaped: string | undefined, name = '', at: number) => {
        if (escaped !== undefined) return escaped
        const value = Object.hasOwn(names, name as string) ? names[name as string] : undefined
        if (value !== undefined) return value
        problems.push({
          position: { file, line: index + 1, column: at + 1 },
          path: [],
          message: `expected a name that the lab has, found ${String(name) === '' ? 'nothing' : String(name)}`,
          remedy: suggestion(name, Object.keys(names), `There is ${listing(Object.keys(names), 'and')}.`),
        })
        return whole
      },
    ),
  )
  return { file, text: lines.join('\n') }
}

export const filledFiles = (own: RouterFiles, names: Names, problems: Problem[]): RouterFiles =>
  'whole' in own
    ? { whole: filled(own.whole, names, problems) }
    : {
        daemons: Object.fromEntries(
          Object.entries(own.daemons).map(([daemon, each]) => [daemon, filled(each, names, problems)]),
        ),
      }

const filledAll = (
  { config, maps }: OwnConfiguration,
  names: Names,
  problems: Problem[],
): OwnConfiguration => ({
  ...(config ? { config: filled(config, names, problems) } : {}),
  maps: Object.fromEntries(Object.entries(maps).map(([key, each]) => [key, filled(each, names, problems)])),
})

const bgpNames = (feed: BgpFeed | undefined, before: string): Names =>
  feed
    ? {
        [`${before}local`]: feed.local,
        [`${before}peer`]: feed.peer,
        [`${before}port`]: String(feed.port),
        [`${before}as`]: String(feed.as),
        [`${before}id`]: feed.id,
      }
    : {}

/** What is so for every file of the lab. */
export function labNames(topology: Topology, addresses: Addresses, { probes, collectors }: Measuring): Names {
  const of = (word: string, each: (family: Family) => string | undefined): [string, string][] =>
    topology.families.flatMap((family) => {
      const address = each(family)
      return address === undefined ? [] : [[family === 4 ? word : `${word}.6`, address] as [string, string]]
    })
  const ends = topology.links.flatMap(({ endpoints }) => endpoints)
  return {
    ...Object.fromEntries([
      ...ends.flatMap((end) =>
        of(`address.${end.node}.${end.interface}`, (family) => {
          const address = addresses.of(end.node, end.interface, family)
          return address === undefined ? undefined : bare(address)
        }),
      ),
      ...topology.nodes.flatMap((node) =>
        isRouter(node) && node.as !== undefined
          ? [
              ...of(`loopback.${node.name}`, (family) => addresses.loopback(node.name, family)),
              [`as.${node.name}`, String(node.as)],
            ]
          : [],
      ),
    ]),
    ...Object.assign({}, ...[...probes, ...collectors].map(({ name, bgp }) => bgpNames(bgp, `bgp.${name}.`))),
  } as Names
}

const probeNames = (probe: ProbePlan): Names => ({
  interface: probe.interface,
  source: probe.export.source,
  'collector.address': probe.export.address,
  'collector.port': String(probe.export.port),
  ...bgpNames(probe.bgp, 'bgp.'),
})

const collectorNames = (collector: CollectorPlan): Names => ({
  address: collector.address,
  port: String(collector.port),
  ...bgpNames(collector.bgp, 'bgp.'),
})

/** Measuring with the users' own configurations, filled in. */
export function withOwn(
  topology: Topology,
  measuring: Measuring,
  names: Names,
  problems: Problem[],
): Measuring {
  const fill = <T extends { readonly name: string }>(
    daemon: T,
    declared: readonly { readonly name: string; readonly own?: OwnConfiguration }[],
    own: Names,
  ): T => {
    const given = declared.find(({ name }) => name === daemon.name)?.own
    return given ? { ...daemon, own: filledAll(given, { ...own, ...names }, problems) } : daemon
  }
  return {
    ...measuring,
    probes: measuring.probes.map((each) => {
      const probe = fill(each, topology.probes, probeNames(each))
      problems.push(...misdirected(probe))
      return probe
    }),
    collectors: measuring.collectors.map((each) => fill(each, topology.collectors, collectorNames(each))),
  }
}

/** Where a command line of the user's own exports elsewhere than the lab file says. */
function misdirected({ kind, own, export: way, copies = [] }: ProbePlan): Problem[] {
  if (!own?.config || probeCapabilities[kind].options !== 'letters') return []
  const { file, text } = own.config
  const ways = [way, ...copies]
  const expected = ways.map(({ address, port }) => socketAddress(address, port))
  return adoptLetters(kind, text).targets.flatMap(({ value, line, valueColumn }): Problem[] => {
    // fprobe has its own address behind a slash.
    const found = value.replace(/\/.*$/, '')
    if (found === expected.join() || (ways.length > 1 && expected.includes(found))) return []
    return [
      {
        position: { file, line, column: valueColumn },
        path: [],
        message: `expected ${listing(expected, 'and')}, found ${found}`,
        remedy: `Write that, give the node of ${listing(
          ways.map(({ collector }) => collector),
          'and',
        )} this address, or leave it out: it is added.`,
      },
    ]
  })
}
