// The ports behind which every program that flowlab can place on a node stands. A part has two halves: `compile` is pure
// (intent → files and processes, golden-tested), the rest asks the live program what it knows, through its own front door.

import type { Family } from './kernel/address.ts'
import type { BitsPerSecond, Milliseconds } from './kernel/units.ts'
import type { CollectorPlan, Policy, ProbePlan, ProcessPlan, Session, TrafficPlan } from './plan/plan.ts'
import type { Problem } from './topology/problem.ts'
import type { Bind, FlowTraffic, RouterFiles, Store } from './topology/topology.ts'
import type { Capture, RouteTable, SessionState, CollectedTable, FlowReport, SentFlow } from './evidence.ts'

/** Files (path in the node → content) and processes that a part adds to a node. */
export interface Compiled {
  /** Directories that the part's package would make at boot: path in the node → owner. */
  readonly directories?: Readonly<Record<string, string>>
  readonly files: Readonly<Record<string, string>>
  readonly processes: readonly ProcessPlan[]
  /** Where a configuration of the user's own contradicts the lab. */
  readonly problems?: readonly Problem[]
}

/** Runs a program on the part's node and gives its standard output; throws where it fails. */
export type Ask = (...argv: string[]) => Promise<string>

/** Programs that one Debian package brings. */
export interface Programs {
  /** The Debian package that brings it. */
  readonly package: string
  /** Programs that must be there, as paths or names in PATH. */
  readonly programs: readonly string[]
  /** The option with which the first of them prints its version. */
  readonly version: string
  /** Most labs do without it. */
  readonly optional?: true
}

/** What a router is to do, in words that every routing daemon has. */
export interface RouterIntent {
  readonly hostname: string
  readonly as: number
  readonly routerId: string
  /** Those that it routes, IPv4 first. */
  readonly families: readonly Family[]
  /** Its addresses on `lo`, without lengths, one a family. */
  readonly loopback: readonly string[]
  /** Prefixes originated in BGP; each gets its blackhole route. */
  readonly announce: readonly string[]
  /** Of those, what stays inside the AS. */
  readonly internal: readonly string[]
  /** Of those, what the IGP brings just so: no blackhole may stand in its way. */
  readonly carried: readonly string[]
  /** Announced besides, from a file, and in no forwarding table of its own: prefix and AS path, the origin last. */
  readonly fed: readonly string[]
  readonly interior: Interior
  /** Of BGP, for one prefix in the forwarding table (ECMP); 1: the best alone. */
  readonly paths: number
  readonly neighbors: readonly Neighbor[]
}

/** The routing protocol inside the AS: OSPFv2 (IPv4) and OSPFv3 (IPv6) in area 0, or one IS-IS of level 2 for both. */
export interface Interior {
  readonly protocol: 'ospf' | 'isis'
  /** One for each family of an interface; none where the router has nobody to speak with. */
  readonly interfaces: readonly InteriorInterface[]
}

export interface InteriorInterface {
  readonly family: Family
  readonly interface: string
  /** Announced, but speaks to nobody. */
  readonly passive: boolean
  /** More than one router may be there; else it is point-to-point. */
  readonly shared: boolean
  readonly cost: number
}

/** What is done to routes that a neighbour announces, and to those that it is told. An absent field leaves them alone. */
export interface Policies {
  readonly in: InPolicy
  readonly out: OutPolicy
}

export interface InPolicy {
  readonly preference?: number
  /** A large community (RFC 8092) that says from whom it came; others of its first two numbers are taken off before. */
  readonly tag?: string
}

export interface OutPolicy {
  /** Routes with any of these large communities are not told. */
  readonly without: readonly string[]
  /** How often the own AS number stands before what eBGP puts there. */
  readonly prepend?: number
  readonly med?: number
  /** To be added, in numbers: `65001:100` (RFC 1997) or `4200000001:1:2` (RFC 8092). */
  readonly communities: readonly string[]
}

export interface Neighbor {
  readonly description: string
  readonly address: string
  readonly as: number
  readonly local: string
  readonly port?: number
  /** Announces itself as the next hop of what it learned from outside. */
  readonly nextHopSelf: boolean
  /** A listener's own announcements are refused. */
  readonly listener: boolean
  /** A client is told routes as they came: inside an AS a route reflector's (RFC 4456), else a route server's (RFC 7947). */
  readonly client: boolean
  readonly policies: Policies
  /** Whose unicast routes the session carries. */
  readonly families: readonly Family[]
  /** What it is told as the next hop of the router's own routes, one a family; absent: the router's end of the session. */
  readonly nextHops?: readonly string[]
}

export interface RouterPart extends Programs {
  compile(intent: RouterIntent): Compiled
  /** Of a node whose binds bring its configuration. */
  readonly selfConfigured: Compiled
  /** By a configuration of the user's own. */
  own(files: RouterFiles): Compiled
  /** The BGP table: best paths. */
  routes(ask: Ask, router: string): Promise<RouteTable>
  sessions(ask: Ask): Promise<readonly SessionState[]>
  /** What an operator does to a session while it runs. */
  session(ask: Ask, session: Session, act: 'reset' | 'down' | 'up'): Promise<void>
  /** Changes the policy while it runs; gives back what takes the change back. */
  policy(ask: Ask, change: PolicyChange): Promise<() => Promise<void>>
}

/** A change of policy, with the sessions that it is about. */
export interface PolicyChange {
  readonly as: number
  readonly policy: Policy
  readonly sessions: readonly Session[]
}

export interface ProbePart extends Programs {
  /** The longest time for which it may hold back what it has captured while no other packet comes. */
  readonly captureDelay: (probe: ProbePlan) => Milliseconds
  /** Upon which it logs what its capture received and dropped: what it logs when it ends it may not come to say. */
  readonly statistics?: 'SIGUSR1'
  /** For so long it may export nothing, while it ends, before it exports what it held last; absent where four seconds are enough. */
  readonly silence?: Milliseconds
  /** What it logs, while it ends, when it has handed over all that it held. */
  readonly goodbye?: string
  /**
   * The kernel function in which it waits, while it ends, when it has handed all that was captured to its tables and before it
   * ends these: held there, they can be read however long that takes.
   */
  readonly lingers?: string
  compile(probe: ProbePlan): Compiled
  tables(ask: Ask, probe: ProbePlan): Promise<readonly CollectedTable[]>
  /** What it says of its capture; absent where it says nothing while it runs. */
  readonly capture?: (ask: Ask, probe: ProbePlan) => Promise<Capture>
  /** Its capture hands over full blocks alone: without more frames the last one stays in it. */
  readonly blocks?: true
}

export interface CollectorPart extends Programs {
  /** The longest time for which what it has collected may stay out of its tables. */
  readonly readDelay: (collector: CollectorPlan) => Milliseconds
  /** By store, the programs that it takes beside the collector's own. */
  readonly servers?: Readonly<Partial<Record<Store, Programs>>>
  compile(collector: CollectorPlan): Compiled
  tables(ask: Ask, collector: CollectorPlan): Promise<readonly CollectedTable[]>
}

export interface TrafficPart extends Programs {
  /** Whether its flows have ports of their own, to be chosen by the plan. */
  readonly ports: boolean
  /** What a flow of it is called, which IP protocols its packets have, and how long it is meant to last. */
  describe(intent: FlowTraffic): Pick<TrafficPlan, 'title' | 'protocols' | 'lasts'>
  /** Processes at a receiving node, for all of the flows that end there. */
  receive(flows: readonly Pick<TrafficPlan, 'index' | 'port'>[]): Compiled
  send(flow: Omit<TrafficPlan, 'process'>): ProcessPlan
  /** What of the machine the sending node sees for it. */
  binds?(flow: Pick<TrafficPlan, 'intent' | 'index'>): readonly Bind[]
  /** What the generator says of the flow, after it has ended; undefined where it has left nothing. */
  sent(ask: Ask, askReceiver: Ask, flow: TrafficPlan): Promise<FlowReport | undefined>
}

/** Sends many flows from one host as one process. */
export interface MatrixPart extends Programs {
  /** Programs of other packages that it takes beside its own. */
  readonly besides: readonly Programs[]
  /** Processes at a receiving node, for what comes to the port in these ways. */
  receive(port: number, ways: readonly Carriage[]): readonly ProcessPlan[]
  /** The process that sends, and its script as a file. */
  send(sending: Sending): { readonly files: Compiled['files']; readonly process: ProcessPlan }
  /** What the generator says of each flow of the matrix with this number, after it has ended. */
  sent(ask: Ask, matrix: number): Promise<readonly SentFlow[]>
}

/** What carries a flow. */
export interface Carriage {
  readonly family: Family
  readonly protocol: 'tcp' | 'udp'
}

export interface Sending {
  /** Number of the matrix. */
  readonly matrix: number
  readonly port: number
  readonly lasts: Milliseconds
  readonly pace: BitsPerSecond
  readonly tos?: number
  /** In the order in which they begin. */
  readonly flows: readonly ScriptedFlow[]
}

export interface ScriptedFlow extends Carriage {
  /** After the begin of the process. */
  readonly at: Milliseconds
  readonly sourcePort: number
  /** An address. */
  readonly destination: string
  /** How many packets (UDP) or writes (TCP) it has, and bytes of payload of each. */
  readonly packets: number
  readonly size: number
}
