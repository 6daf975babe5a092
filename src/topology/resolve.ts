// A lab file without mistakes → Topology: names for the interfaces, canonical text for addresses, one form for each choice.
import { formatPrefix } from '../kernel/address.ts'
import { bytes } from '../kernel/units.ts'
import { probeCapabilities } from './capabilities.ts'
import { nameInterfaces } from './interfaces.ts'
import type { LabFile } from './schema.ts'
import type {
  AutonomousSystem,
  Collector,
  Endpoint,
  Event,
  InterfaceName,
  Link,
  Table,
  Topology,
  Traffic,
} from './topology.ts'

type Written<Key extends 'links' | 'traffic' | 'events'> = LabFile[Key][number]

export function resolve(lab: LabFile): Topology {
  const ends = nameInterfaces(lab.links.flatMap(({ endpoints }) => endpoints))
  return {
    name: lab.name,
    ...given('description', lab.description),
    backend: lab.backend,
    seed: lab.seed,
    autonomousSystems: autonomousSystems(lab),
    nodes: Object.entries(lab.nodes).map(([name, { kind, as }]) => ({ name, kind, ...given('as', as) })),
    links: lab.links.map((link, index) => linkOf(link, ends.slice(2 * index, 2 * index + 2))),
    collectors: Object.entries(lab.collectors).map(([name, collector]): Collector => {
      const { kind, node, port, bgp, tables, options } = collector
      return { name, kind, node, port, ...given('bgp', bgp), tables: tablesOf(tables), options }
    }),
    probes: Object.entries(lab.probes).map(([name, probe]) => {
      const { kind, at, bgp, export: exported, tables, options } = probe
      const aggregate = exported.aggregate ?? probeCapabilities[kind].key ?? never('a flow key')
      const exporting = { ...exported, aggregate }
      return { name, kind, at, ...given('bgp', bgp), export: exporting, tables: tablesOf(tables), options }
    }),
    traffic: lab.traffic.map(trafficOf),
    events: lab.events.map(eventOf),
  }
}

/** `{ [key]: value }`, or nothing of it: an absent field is absent, never undefined. */
const given = <const Key extends string, T>(key: Key, value: T | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: T }

function autonomousSystems({ ases, nodes }: LabFile): AutonomousSystem[] {
  const numbers = new Set(Object.values(nodes).flatMap(({ as }) => (as === undefined ? [] : [as])))
  return [...numbers]
    .sort((a, b) => a - b)
    .map((asn) => {
      const { announce, igp = 'ospf' } = ases[asn] ?? {}
      return { asn, ...given('announce', announce?.map(formatPrefix)), igp }
    })
}

function linkOf({ ipv4, mtu, offloads, loss }: Written<'links'>, [a, b]: readonly InterfaceName[]): Link {
  if (!a || !b) throw new RangeError('a link has two ends')
  const own = Array.isArray(ipv4) ? ipv4 : undefined
  const endpoint = (end: InterfaceName, side: 0 | 1): Endpoint => ({
    ...end,
    ...given('address', own && formatPrefix(own[side])),
  })
  return {
    endpoints: [endpoint(a, 0), endpoint(b, 1)],
    ...given('prefix', ipv4 && !Array.isArray(ipv4) ? formatPrefix(ipv4) : undefined),
    mtu: bytes(mtu),
    offloads,
    ...given('loss', loss),
  }
}

const tablesOf = (tables: LabFile['collectors'][string]['tables']): Table[] =>
  Object.entries(tables).map(([name, { aggregate, filter }]) => ({
    name,
    aggregate,
    ...given('filter', filter),
  }))

function trafficOf(flow: Written<'traffic'>): Traffic {
  if (flow.kind === 'ping') return { ...flow, size: bytes(flow.size) }
  const { from, to, at, kind, udp, tcp } = flow
  const { rate, size } = udp ?? tcp ?? never('udp or tcp')
  return { from, to, at, kind, protocol: udp ? 'udp' : 'tcp', rate, size, for: flow.for }
}

function eventOf({ at, action, probe, collector, for: span }: Written<'events'>): Event {
  const target =
    probe !== undefined ? { probe } : collector !== undefined ? { collector } : never('probe or collector')
  return { at, target, action, ...given('for', span) }
}

/** What check.ts has made sure of. */
function never(missing: string): never {
  throw new TypeError(`a checked lab file has ${missing}`)
}
