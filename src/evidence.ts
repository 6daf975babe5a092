// What a run has seen: the values that stand in the run directory between the live lab and the verdict. Each witness has
// its own; plain data, so that a verdict can be reached again from disk.

import type { FlowKey } from './kernel/flow.ts'
import type { Volume } from './kernel/units.ts'

export type Direction = 'in' | 'out'

/** Milliseconds since the epoch, of this machine's clock. */
export type Timestamp = number

/** What crossed an observation point, counted by the kernel between opening and closing of the books. */
export interface Wire {
  readonly point: string
  readonly opened: Timestamp
  readonly closed: Timestamp
  readonly directions: Readonly<Record<Direction, WireDirection>>
}

export interface WireDirection {
  /** Every frame, in layer-3 bytes. */
  readonly total: Volume
  readonly flows: readonly WireFlow[]
  /** Frames that are not IP, by ethertype; ARP among them. */
  readonly notIp: readonly ({ readonly etherType: number } & Volume)[]
  /** IP packets that no set had room for: the count by flow is then incomplete. */
  readonly overflow: Volume
  /** Packets longer than the interface's MTU, which no wire carried: offloads are on somewhere. */
  readonly oversize: Volume
}

export interface WireFlow extends FlowKey, Volume {
  /** Fragments but the first, which carry no ports. */
  readonly fragments?: true
}

/** One reading of the kernel's counts while traffic flows, of totals, flows or both: cumulative, in layer-3 bytes. */
export interface WireSample {
  readonly point: string
  /** The counts were read between these two times. */
  readonly at: Timestamp
  readonly till: Timestamp
  readonly totals?: Readonly<Record<Direction, Volume>>
  /** Those that have grown since the reading of flows before. */
  readonly flows?: Readonly<Record<Direction, readonly WireFlow[]>>
}

/** What a router believed: its best paths. */
export interface RouteTable {
  readonly router: string
  readonly taken: Timestamp
  /** When it was last seen unchanged; absent: it was seen once. */
  readonly seen?: Timestamp
  readonly routes: readonly Route[]
}

export interface Route {
  readonly prefix: string
  /** AS path from the router's neighbour to the origin; empty for its own AS. */
  readonly path: readonly number[]
  /** Absent for a route that the router originates. */
  readonly nextHop?: string
}

export interface SessionState {
  readonly peer: string
  readonly as: number
  readonly established: boolean
  /** The daemon's own word, e.g. `Established`, `Active`. */
  readonly state: string
}

/**
 * A collector's or probe's table as it stood when it was read: rows as its own program gave them, under the names that
 * pmacct's JSON has for the fields.
 */
export interface CollectedTable {
  readonly name: string
  readonly aggregate: readonly string[]
  readonly rows: readonly Row[]
}

/** The tables of one probe or collector; none where it could not be asked. */
export interface DaemonTables {
  readonly daemon: string
  readonly tables: readonly CollectedTable[]
}

export interface Collected {
  readonly probes: readonly DaemonTables[]
  readonly collectors: readonly DaemonTables[]
}

export type Row = Readonly<Record<string, string | number>>

/** What a collector's table showed at a moment, all its rows together. */
export interface CollectedSample extends Volume {
  readonly collector: string
  readonly table: string
  /** When it had been read. */
  readonly at: Timestamp
  /** Where the rows that grow have other attributes than those that grew before. */
  readonly grown?: readonly GrownAttribute[]
}

/** The values of an attribute in the rows of a host that have grown from one reading to the next. */
export interface GrownAttribute {
  readonly address: string
  /** Such as `as-path`. */
  readonly attribute: string
  readonly values: readonly string[]
}

/** A traffic generator's own words. Bytes are of payload. */
export type SentReport = FlowReport | MatrixReport

/** On one flow. */
export interface FlowReport {
  /** In the plan's traffic. */
  readonly index: number
  readonly sent: Volume
  readonly received?: Volume
}

/** On all flows of a matrix that one host sent. */
export interface MatrixReport {
  /** In the plan's matrices. */
  readonly matrix: number
  readonly node: string
  readonly flows: readonly SentFlow[]
}

export interface SentFlow extends Omit<FlowKey, 'source'> {
  /** Over TCP, writes for packets. */
  readonly sent: Volume
}

/** The way of the exports from a probe to a collector, counted by the kernel at both ends. */
export interface Transport {
  readonly probe: string
  readonly collector: string
  /** Export datagrams that left the exporter; bytes of layer 3. */
  readonly left: Volume
  /** Those that came in at the collector's interface. */
  readonly arrived: Volume
  /** What came in at the collector's port from addresses of nobody who exports in this lab; absent where nobody looked. */
  readonly others?: Volume
  /** Datagrams that the kernel dropped at the collector's socket, receive queue full. */
  readonly socketDrops: number
  /** Whether a socket listened on the port that the exports go to. */
  readonly listening: boolean
}

/** What a probe says of its own capture, in packets, just before it ends. */
export interface Capture {
  /** Handed to its capture by the kernel. */
  readonly received: number
  /** Read from the capture by the metering process. */
  readonly processed: number
  /** For which the capture had no room. */
  readonly dropped: number
}

/** Of one life of a probe: it has one more for each time that it was started again. */
export interface ProbeCapture extends Capture {
  readonly probe: string
}

/** Something that happened, on purpose or not. */
export interface TimelineEntry {
  readonly at: Timestamp
  readonly what: string
  readonly target: string
  /** The event by its name, of what belongs to one. */
  readonly event?: string
  /** It happens, is undone or over; routes have settled; a daemon has been told of it. */
  readonly phase?: 'begin' | 'end' | 'settled' | 'followed'
}

/** A process's end, as its supervisor saw it; or that it was stopped by a signal, and stood still when it should have handed over all. */
export interface Exit {
  readonly node: string
  readonly process: string
  /** Exit code; 128 + n where signal n ended or stopped it. */
  readonly code: number
  readonly at: Timestamp
  /** It has not ended: from `at` on nobody has let it go on. */
  readonly standsStill?: true
}

/** A line of a part's log that says that data was lost or an association failed. */
export interface LogLine {
  readonly node: string
  readonly process: string
  /** In the node's log directory; a process that was started again has a log for each of its lives. */
  readonly file: string
  readonly line: number
  readonly text: string
}

/** An interface of an observation point's node, and its index there (RFC 2863, ifIndex). */
export interface InterfaceIndex {
  readonly node: string
  readonly interface: string
  readonly index: number
}

export interface Offloads {
  readonly node: string
  readonly interface: string
  /** Features of ethtool -k that are on and must not be. */
  readonly on: readonly string[]
}
