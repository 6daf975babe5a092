// Everything decided before anything runs: the one value between deciding (plan/ and the pure half of part/) and doing
// (backend/, run/). Plain data; a run directory's plan.json is this, and so are the golden files.

import type { Milliseconds, Volume } from '../kernel/units.ts'
import type {
  Bind,
  CollectorKind,
  Event,
  Expectation,
  ExportProtocol,
  FlowTraffic,
  Impairment,
  Options,
  OwnConfiguration,
  ProbeKind,
  Sampling,
  Store,
  Table,
  Timeouts,
} from '../topology/topology.ts'

export type { Policy } from '../topology/topology.ts'

export interface Plan {
  readonly lab: string
  readonly seed: number
  readonly nodes: readonly NodePlan[]
  readonly links: readonly LinkPlan[]
  readonly sessions: readonly Session[]
  /** Prefixes that a router's forwarding table must hold before traffic starts. */
  readonly reachable: readonly Reachable[]
  readonly points: readonly ObservationPoint[]
  readonly probes: readonly ProbePlan[]
  readonly collectors: readonly CollectorPlan[]
  readonly traffic: readonly TrafficPlan[]
  /** Absent where the lab has none. */
  readonly matrices?: readonly MatrixPlan[]
  readonly events: readonly Event[]
  /** Absent where the lab has none. */
  readonly expectations?: readonly Expectation[]
}

export interface NodePlan {
  readonly name: string
  /** A part's name; `host` has no daemons of its own; `bridge` joins its interfaces; `wire` is the middle of an impaired link. */
  readonly kind: 'frr' | 'bird' | 'host' | 'bridge' | 'wire'
  readonly as?: number
  /** The container image, for backends that have containers; absent: the backend's own. */
  readonly image?: string
  /** What of the machine is seen in the node; above `files`. Order matters: a later one may lie in an earlier one. */
  readonly binds: readonly Bind[]
  /** Of every process of the node. */
  readonly env: Readonly<Record<string, string>>
  readonly interfaces: readonly InterfacePlan[]
  /** Addresses on `lo`, each with its prefix length. */
  readonly loopback: readonly string[]
  /** Arguments of `ip route add`, in their order. */
  readonly routes: readonly string[]
  readonly sysctls: Readonly<Record<string, string>>
  /** Directories that must be there, path in the node → owner. */
  readonly directories: Readonly<Record<string, string>>
  /** Path in the node → content. In /run, /tmp or a directory of /etc that the part's package brings. */
  readonly files: Readonly<Record<string, string>>
  readonly processes: readonly ProcessPlan[]
  /** Of a wire: what it begins with. */
  readonly impairment?: Impairment
}

export interface InterfacePlan {
  readonly name: string
  /** With prefix length. */
  readonly addresses: readonly string[]
  readonly mtu: number
  /** False: segmentation, receive and checksum offloads are switched off. */
  readonly offloads: boolean
  /** A port of a switch: the node's own stack has no address there and sends nothing. */
  readonly silent?: true
}

export interface LinkPlan {
  readonly ends: readonly [End, End]
}

export interface End {
  readonly node: string
  readonly interface: string
}

export interface ProcessPlan {
  /** Unique in its node; names its log. */
  readonly name: string
  readonly argv: readonly string[]
  /** Processes of the same node that must be ready (or, one-shot, have ended well) before this one starts. */
  readonly after?: readonly string[]
  /** A path in the node's /run or /tmp whose existence says that the process is ready. */
  readonly ready?: string
  /** A text in its output that says that the process is ready. */
  readonly says?: string
  /** The process pauses while it starts; a signal ends the pause. */
  readonly wake?: Wake
  /** Runs to its end instead of staying. */
  readonly oneshot?: boolean
  /** It watches the node and is none of its own: a restart of the node leaves it alone. */
  readonly witness?: boolean
  /** It prepares itself, says this text, and begins with the second after it gets the signal: so that several begin together. */
  readonly begins?: { readonly says: string; readonly signal: 'SIGUSR2' }
  /** What asks it to end in order; default SIGTERM. */
  readonly stop?: 'SIGINT' | 'SIGTERM' | StopCommand
}

/** A command in the node that asks the process to end in order, which it then does with this exit code. */
export interface StopCommand {
  readonly command: readonly string[]
  readonly code: number
}

export interface Wake {
  /** A text in its output before which it would not survive the signal. */
  readonly after: string
  readonly signal: 'SIGUSR1'
  /** What its main thread waits in when it has begun to work: part of a kernel function's name (/proc/PID/wchan, proc(5)). */
  readonly until: string
}

/** A BGP session as planned, from the side of `node`. */
export interface Session {
  readonly node: string
  readonly local: string
  readonly localAs: number
  readonly peer: string
  readonly peerAs: number
  /** What stands at the other end: a router of the lab, a probe or a collector. */
  readonly to: { readonly kind: 'router' | 'probe' | 'collector'; readonly name: string }
  readonly port?: number
}

export interface Reachable {
  readonly node: string
  readonly prefixes: readonly string[]
  /** How many routes at least it has in the end, where feeders announce more than can be named. */
  readonly routes?: number
}

/** Where traffic is observed: by a probe, and by the kernel's counters beside it (RFC 7011, section 2). */
export interface ObservationPoint {
  /** `node:interface`. */
  readonly name: string
  readonly node: string
  readonly interface: string
  readonly mtu: number
  /** Of a switch between the interface and its link: the port by which comes in what then comes in at the interface. */
  readonly uplink?: string
}

/** The BGP view that a probe or collector is fed with, to give flows their AS attributes. */
export interface BgpFeed {
  /** The router that feeds it. */
  readonly router: string
  /** The router's end of the session. */
  readonly peer: string
  /** The daemon's own end. */
  readonly local: string
  /** The daemon's BGP identifier, an address of IPv4 whatever the session's family (RFC 6286). */
  readonly id: string
  /** What the router announces as the next hop of its own routes, at most one a family. */
  readonly nextHops: readonly string[]
  readonly port: number
  readonly as: number
  /** Prefixes that must have come before traffic starts. */
  readonly prefixes: readonly string[]
  /** Path in the node of the log of BGP messages, a JSON object a line. */
  readonly log: string
}

/** What probes and collectors have in common, whichever program they are. */
interface DaemonPlan {
  readonly name: string
  readonly node: string
  /** Name of the process in the node. */
  readonly process: string
  readonly bgp?: BgpFeed
  readonly tables: readonly Table[]
  readonly options: Options
  /** The user's own configuration, its variables replaced; absent: one is written. */
  readonly own?: OwnConfiguration
}

export interface ProbePlan extends DaemonPlan {
  readonly kind: ProbeKind
  readonly point: string
  readonly interface: string
  /** Of a probe that is a switch: its port at the link, and its port at the interface. */
  readonly switch?: { readonly uplink: string; readonly port: string }
  /** The packets that it meters, as seen from its node; absent: both directions. */
  readonly direction?: 'in' | 'out'
  /** Bytes of each frame that its capture takes. */
  readonly snaplen?: number
  /** Absent: every packet is metered, and nothing said of it. */
  readonly sampling?: Sampling
  readonly timeouts: Timeouts
  readonly export: ExportPlan
  /** To further collectors: the same flows, told once more. */
  readonly copies?: readonly ExportPlan[]
}

export interface ExportPlan {
  readonly protocol: ExportProtocol
  readonly aggregate: readonly string[]
  /** Observation domain, source ID, engine ID or sub-agent. */
  readonly domain: number
  readonly templateRefresh?: Milliseconds
  /** Whether other exports go from this address to that of the collector as well. */
  readonly shared?: true
  readonly source: string
  readonly collector: string
  readonly address: string
  readonly port: number
  /** The interface by which exports leave the node. */
  readonly interface: string
}

export interface CollectorPlan extends DaemonPlan {
  readonly kind: CollectorKind
  readonly address: string
  readonly port: number
  /** The interface by which exports come in. */
  readonly interface: string
  /** Exporters and the router whose view each one's flows get. */
  readonly exporters: readonly { readonly address: string; readonly probe: string }[]
  /** Where it keeps its tables; absent: where its program does. */
  readonly store?: Store
  /** Does not keep the ICMP type and code. */
  readonly icmp?: false
  /** Bytes a packet that its tables count beyond layer 3; absent: none. */
  readonly framing?: number
  /** Whether it multiplies what was sampled by the rate; absent: its own way. */
  readonly renormalize?: boolean
}

export interface TrafficPlan {
  readonly intent: FlowTraffic
  readonly index: number
  /** Addresses. */
  readonly source: string
  readonly destination: string
  readonly sourceNode: string
  readonly destinationNode: string
  /** Such as `ditg udp`. */
  readonly title: string
  /** IP protocol numbers that its packets have. */
  readonly protocols: readonly number[]
  /** How long it is meant to last. */
  readonly lasts: Milliseconds
  /** The UDP or TCP port that it goes to; absent for ping. The source port is the kernel's choice. */
  readonly port?: number
  /** Of this flow's generator, 0 to 1; follows from the plan's. */
  readonly seed: number
  readonly process: ProcessPlan
  readonly at: Milliseconds
}

/** The flows that were drawn from one traffic matrix; what each is stands in the script of the host that sends it. */
export interface MatrixPlan {
  /** The UDP and TCP port that all of them go to. */
  readonly port: number
  readonly at: Milliseconds
  /** They begin and end within so long. */
  readonly lasts: Milliseconds
  /** Means over that span; packets are those with payload. */
  readonly asks: {
    readonly flowsPerSecond: number
    readonly packetsPerSecond: number
    readonly bitsPerSecond: number
  }
  /** What was drawn for each cell of the matrix in which there is anything; bytes of payload. */
  readonly cells: readonly {
    readonly from: string
    readonly to: string
    readonly flows: number
    readonly bytes: number
  }[]
  readonly senders: readonly MatrixSender[]
}

/** One host's part of a matrix. */
export interface MatrixSender extends Volume {
  readonly node: string
  /** From which it sends, one a family. */
  readonly addresses: readonly string[]
  readonly flows: number
  readonly process: ProcessPlan
}
