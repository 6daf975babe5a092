// What a lab file says, checked and with its defaults filled in, but with nothing decided yet: no address is allocated and
// no configuration written (that is plan/). Plain data, so that it can be written to the run directory and read back.

import type { Expectation } from '../expect/expectation.ts'
import type { Family } from '../kernel/address.ts'
import type { BitsPerSecond, Bytes, Milliseconds } from '../kernel/units.ts'
import type { Traffic } from './traffic.ts'

export type { Expectation } from '../expect/expectation.ts'
export { mostDrawn } from './traffic.ts'
export type {
  Demand,
  Distribution,
  DistributionName,
  DitgApplication,
  DitgTraffic,
  ExchangeTraffic,
  FlowTraffic,
  Iperf3Traffic,
  MatrixEnd,
  MatrixTraffic,
  PingTraffic,
  ReplayTraffic,
  Side,
  SizeLaw,
  Traffic,
} from './traffic.ts'

/** Where a lab's nodes can live. */
export const backendNames = ['sandbox', 'docker'] as const
export type BackendName = (typeof backendNames)[number]

export interface Topology {
  readonly name: string
  readonly description?: string
  readonly backend: BackendName
  /** From which every random choice of the run follows. */
  readonly seed: number
  /** IPv4 first. */
  readonly families: readonly Family[]
  readonly autonomousSystems: readonly AutonomousSystem[]
  readonly nodes: readonly Node[]
  readonly links: readonly Link[]
  readonly collectors: readonly Collector[]
  readonly probes: readonly Probe[]
  readonly traffic: readonly Traffic[]
  readonly events: readonly Event[]
  /** Absent where the file has none. */
  readonly expectations?: readonly Expectation[]
}

export interface AutonomousSystem {
  readonly asn: number
  /** Prefixes announced over eBGP, as text in canonical form; where the file names none, plan/ takes the prefixes of its hosts' links. */
  readonly announce?: readonly string[]
  readonly igp: Igp
  /** Of BGP, for one prefix in the forwarding tables (ECMP). */
  readonly multipath: number
}

export const igps = ['ospf', 'isis', 'none'] as const
export type Igp = (typeof igps)[number]

export type RouterKind = 'frr' | 'bird'
export type NodeKind = RouterKind | 'host' | 'bridge'

/** What one AS is to another (Gao and Rexford, 2001). */
export const relations = ['customer', 'peer', 'provider'] as const
export type Relation = (typeof relations)[number]

/** What a router does with its eBGP neighbours on a link. */
export interface BgpPolicy {
  /** LOCAL_PREF of what they announce. */
  readonly prefer?: number
  /** MULTI_EXIT_DISC of what they are told. */
  readonly med?: number
  /** How often the own AS stands once more in the path of what they are told. */
  readonly prepend?: number
  /** Added to what they are told: two or three numbers with colons. */
  readonly communities: readonly string[]
}

export interface Node {
  readonly name: string
  readonly kind: NodeKind
  /** Reflects routes between the other routers of its AS, which then have sessions with its reflectors alone. */
  readonly reflector: boolean
  /** Passes routes on between the ASes of a segment, which then have sessions with it alone. */
  readonly routeServer: boolean
  /** Routes that it announces besides, from a file; `198.51.100.0/24 65010 65020` each, the origin last. */
  readonly feed?: { readonly source: string; readonly routes: readonly string[] }
  /** Of a bridge: where the ends of its links have their addresses, at most one a family. */
  readonly segment: readonly string[]
  /** Absent for a node that belongs to no AS, such as a collector's on a management link. */
  readonly as?: number
  /** A router's configuration of the user's own: the whole, or by daemon. */
  readonly own?: RouterFiles
  /** Of backends that have containers. */
  readonly image?: string
  readonly binds: readonly Bind[]
  readonly env: Readonly<Record<string, string>>
  /** Command lines, each as its words. */
  readonly exec: readonly (readonly string[])[]
}

/** A file of the user's own, which stands where flowlab would write one. */
export interface OwnFile {
  /** Its path, as messages name it. */
  readonly file: string
  readonly text: string
}

/** A router's configuration of the user's own: one for all its daemons, or one for each by its name. */
export type RouterFiles =
  | { readonly whole: OwnFile }
  | { readonly daemons: Readonly<Record<string, OwnFile>> }

/** A configuration of the user's own: pmacct's file with those that its directives name. */
export interface OwnConfiguration {
  readonly config?: OwnFile
  readonly maps: Readonly<Record<string, OwnFile>>
}

/** A file or directory of the machine that a node sees. */
export interface Bind {
  /** Absolute, on the machine. */
  readonly source: string
  /** Absolute, in the node. */
  readonly target: string
  readonly readonly: boolean
}

export interface Link {
  readonly endpoints: readonly [Endpoint, Endpoint]
  /** Those of which its ends get addresses: none at a bridge, nor where the nodes see to their addresses themselves. */
  readonly families: readonly Family[]
  /** At most one a family, from which the ends get addresses in their order; of a family without one: from the pool. */
  readonly prefixes: readonly string[]
  readonly mtu: Bytes
  /** Whether segmentation and checksum offloads stay on at both ends. A fault to try: packets are then no wire's. */
  readonly offloads: boolean
  readonly impairment: Impairment
  /** Whether it may be impaired while the lab runs, whatever it begins with. */
  readonly impairable: boolean
  /** Of the routing protocol inside an AS. */
  readonly cost: number
  /** What the AS of the second end is to that of the first. */
  readonly relation?: Relation
  /** By node: of the routers at its ends. */
  readonly bgp: Readonly<Record<string, BgpPolicy>>
}

/** What a link does to what crosses it, in each direction by itself. */
export interface Impairment {
  /** Of frames with their 14 bytes of Ethernet; what is beyond it waits, and is dropped where the queue is full. */
  readonly rate?: BitsPerSecond
  readonly delay?: Milliseconds
  /** How far the delay varies to both sides. */
  readonly jitter?: Milliseconds
  readonly loss?: Loss
}

/** Loss on a link, in both directions: a share of packets at random, or exactly every n-th. */
export type Loss = { readonly random: number } | { readonly every: number }

export interface Endpoint {
  readonly node: string
  readonly interface: string
  /** The end's own addresses with their prefix lengths, at most one a family: those that the file gives. */
  readonly addresses: readonly string[]
}

/** Where a file names a `node:interface`. */
export interface InterfaceName {
  readonly node: string
  readonly interface: string
}

/** A table that pmacct keeps in memory: primitives as in its `aggregate` directive, filter as in `aggregate_filter`. */
export interface Table {
  readonly name: string
  readonly aggregate: readonly string[]
  readonly filter?: string
}

/** Directives for the generated configuration that replace or join flowlab's own, in the part's own words. */
export type Options = Readonly<Record<string, string>>

export const probeKinds = ['pmacctd', 'softflowd', 'fprobe', 'ovs'] as const
export type ProbeKind = (typeof probeKinds)[number]
export const collectorKinds = ['nfacctd', 'sfacctd', 'nfcapd', 'sfcapd'] as const
export type CollectorKind = (typeof collectorKinds)[number]
export const exportProtocols = ['netflow1', 'netflow5', 'netflow9', 'ipfix', 'sflow'] as const
export type ExportProtocol = (typeof exportProtocols)[number]
/** Where a collector keeps its tables. */
export const stores = ['memory', 'print', 'sqlite', 'postgresql', 'mariadb'] as const
export type Store = (typeof stores)[number]
export const samplingModes = ['random', 'deterministic'] as const
export type SamplingMode = (typeof samplingModes)[number]
export const directions = ['in', 'out', 'both'] as const

/** One packet in `rate` is metered: at random, or exactly every `rate`-th (RFC 5475, section 5). */
export interface Sampling {
  readonly rate: number
  readonly mode: SamplingMode
}

/** When a flow is exported; what is absent the program has its own time for. */
export interface Timeouts {
  /** A flow that goes on. Whole seconds. */
  readonly active?: Milliseconds
  /** A flow of which no packet comes. Whole seconds. */
  readonly inactive?: Milliseconds
}

export interface Collector {
  readonly name: string
  readonly kind: CollectorKind
  readonly node: string
  /** Of the address on which it listens, and so of all exports to it. */
  readonly family: Family
  readonly port: number
  /** The router with which it has a BGP session. */
  readonly bgp?: string
  /** Whether it multiplies what was sampled by the rate; absent: its own way. */
  readonly renormalize?: boolean
  /** Where it keeps its tables; absent: where its program does. */
  readonly store?: Store
  readonly own?: OwnConfiguration
  readonly tables: readonly Table[]
  readonly options: Options
}

export interface Probe {
  readonly name: string
  readonly kind: ProbeKind
  readonly at: InterfaceName
  /** Which packets it meters, as seen from its node. */
  readonly direction: (typeof directions)[number]
  /** Bytes of each frame that its capture takes. */
  readonly snaplen?: Bytes
  /** Absent: every packet is metered, and nothing said of it. */
  readonly sampling?: Sampling
  readonly timeouts: Timeouts
  readonly bgp?: string
  readonly export: {
    readonly protocol: ExportProtocol
    /** Collectors, at least one. */
    readonly to: readonly string[]
    readonly aggregate: readonly string[]
    readonly source?: string
    /** Observation domain, source ID, engine ID or sub-agent. */
    readonly domain?: number
    readonly templateRefresh?: Milliseconds
  }
  readonly own?: OwnConfiguration
  readonly tables: readonly Table[]
  readonly options: Options
}

/** Something that happens on purpose. */
export interface Event {
  /** Unique; what the file does not name is called by what happens, such as `link r2:x down`. */
  readonly name: string
  /** After the start of traffic, or after what `after` names. */
  readonly at: Milliseconds
  readonly after?: After
  readonly target: Target
  readonly action: Action
  /** Until it is undone; absent: it stays so. */
  readonly for?: Milliseconds
  /** Whether the verdict takes what it costs for its price, or for a fault. */
  readonly expected: boolean
}

/** An event that has come to its end, and whose effect has settled; or so many packets at an observation point. */
export type After = { readonly event: string } | { readonly point: string; readonly packets: number }

export type Target =
  | Named<'probe' | 'collector' | 'exports' | 'node' | 'router'>
  /** `name` is as the file has it. */
  | { readonly kind: 'link'; readonly name: string; readonly ends: readonly [InterfaceName, InterfaceName] }
  | { readonly kind: 'session'; readonly name: string; readonly router: string; readonly peer: string }

type Named<Kind extends string> = Kind extends string ? { readonly kind: Kind; readonly name: string } : never

export type Action =
  | { readonly do: 'kill' | 'stop' | 'restart' | 'down' | 'up' | 'reset' | 'drop' }
  | { readonly do: 'impair'; readonly impairment: Impairment }
  | { readonly do: 'reconfigure'; readonly options: Options }
  | Policy

/** A change of a router's policy. Without a neighbour it is about all that are routers. */
export type Policy =
  | { readonly do: 'withdraw'; readonly prefix: string }
  | { readonly do: 'announce'; readonly prefix: string }
  | { readonly do: 'prepend'; readonly times: number; readonly neighbor?: string }
  | { readonly do: 'local-preference'; readonly value: number; readonly neighbor?: string }
