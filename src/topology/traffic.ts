// What hosts send, as a checked lab file says it: one kind of traffic a generator. topology.ts has the network that it crosses.

import type { Family } from '../kernel/address.ts'
import type { BitsPerSecond, Bytes, Milliseconds, PacketsPerSecond } from '../kernel/units.ts'

export type Traffic = FlowTraffic | ExchangeTraffic | MatrixTraffic

/** From one host to another. */
export type FlowTraffic = DitgTraffic | Iperf3Traffic | PingTraffic | ReplayTraffic

interface TrafficBase {
  readonly from: string
  readonly to: string
  readonly family: Family
  /** After the start of traffic. */
  readonly at: Milliseconds
  /** Type of service or traffic class; absent: 0. */
  readonly tos?: number
}

/** A D-ITG flow: times between packets and sizes of payload follow distributions, or are an application's own. */
export interface DitgTraffic extends TrafficBase {
  readonly kind: 'ditg'
  /** Absent where the application decides. */
  readonly protocol?: 'udp' | 'tcp'
  readonly rate?: Distribution<PacketsPerSecond>
  /** Of the payload, without UDP's or TCP's header. */
  readonly size?: Distribution<Bytes>
  readonly application?: DitgApplication
  readonly for: Milliseconds
}

export const ditgApplications = ['voip', 'telnet', 'dns', 'quake3', 'csa', 'csi'] as const
export type DitgApplication = (typeof ditgApplications)[number]

/** `rate`: of times between packets, by the rate that they give, of the first four laws alone; `size`: of sizes, and scales of them. */
export type Distribution<T extends number> =
  | { readonly constant: T }
  | { readonly exponential: T }
  | { readonly poisson: T }
  | { readonly uniform: readonly [least: T, most: T] }
  | { readonly normal: readonly [mean: T, deviation: T] }
  | { readonly pareto: readonly [shape: number, scale: number] }
  | { readonly cauchy: readonly [shape: number, scale: number] }
  | { readonly gamma: readonly [shape: number, scale: number] }
  | { readonly weibull: readonly [shape: number, scale: number] }

type Names<D> = D extends unknown ? keyof D : never
export type DistributionName = Names<Distribution<number>>

/** A test of iperf3's: as much as goes, or at a rate. */
export interface Iperf3Traffic extends TrafficBase {
  readonly kind: 'iperf3'
  readonly protocol: 'udp' | 'tcp'
  /** Bits per second of payload, of all streams together; absent: TCP as much as goes. */
  readonly rate?: BitsPerSecond
  /** Of the payload of a datagram, or of a write. */
  readonly size?: Bytes
  /** Streams side by side. */
  readonly parallel: number
  readonly for: Milliseconds
}

export interface PingTraffic extends TrafficBase {
  readonly kind: 'ping'
  readonly count: number
  readonly interval: Milliseconds
  /** Of the ICMP payload, as ping's -s. */
  readonly size: Bytes
}

/** Packets of a recording from `source` to `destination`, as if they went from the one host to the other. */
export interface ReplayTraffic extends TrafficBase {
  readonly kind: 'replay'
  /** Absolute, on the machine. */
  readonly file: string
  /** Prefixes, of the family of the flow; none: all addresses that are of no other side. */
  readonly source: readonly string[]
  readonly destination: readonly string[]
  /** Of frames; absent: at the times of the recording. */
  readonly rate?: BitsPerSecond
  /** At the most. */
  readonly for: Milliseconds
  /** The sides of the exchange of which it is one direction, all of which begin together; absent: it stands alone. */
  readonly sides?: readonly Side[]
}

/** A recording between two hosts or more, each packet sent by the host on whose side its source is. */
export interface ExchangeTraffic {
  readonly kind: 'replay'
  readonly at: Milliseconds
  readonly family: Family
  readonly file: string
  readonly sides: readonly Side[]
  readonly for: Milliseconds
}

export interface Side {
  readonly host: string
  /** None: all addresses that are of no other side. */
  readonly prefixes: readonly string[]
}

/**
 * A traffic matrix: flows between ASes and hosts, drawn from the seed. Who sends how much to whom follows from weights (gravity
 * model), or is said cell by cell.
 */
export interface MatrixTraffic {
  readonly kind: 'matrix'
  /** After the start of traffic. */
  readonly at: Milliseconds
  readonly ends: readonly MatrixEnd[]
  /** Absent: the gravity model, by the weights of the ends. */
  readonly demands?: readonly Demand[]
  /** All flows together: how much payload, at what mean rate over `for`, or how many they are. */
  readonly total: { readonly volume: Bytes } | { readonly rate: BitsPerSecond } | { readonly flows: number }
  /** Of a flow, in bytes of payload. */
  readonly sizes: SizeLaw
  /** Shares of the flows: over UDP, the others over TCP; over IPv6, of those between hosts that have both families. */
  readonly udp: number
  readonly ipv6: number
  /** Of a flow while it lasts, in bits of payload. */
  readonly pace: BitsPerSecond
  readonly tos?: number
  /** All flows begin and end within it. */
  readonly for: Milliseconds
}

/** A row and column of a traffic matrix: the hosts of an AS that are no ends of their own, or one host. */
export interface MatrixEnd {
  /** As the file names it: an AS number or a host. */
  readonly name: string
  readonly hosts: readonly string[]
  /** Weights of the gravity model. */
  readonly sends: number
  readonly receives: number
}

/** A cell of a traffic matrix; amounts are relative to each other. */
export interface Demand {
  readonly from: string
  readonly to: string
  readonly amount: number
}

/** The bounded Pareto and the truncated lognormal distribution, by shape, or median and deviation of ln; the bounds last. */
export type SizeLaw =
  | { readonly constant: Bytes }
  | { readonly uniform: readonly [least: Bytes, most: Bytes] }
  | { readonly pareto: readonly [shape: number, least: Bytes, most: Bytes] }
  | { readonly lognormal: readonly [median: Bytes, sigma: number, least: Bytes, most: Bytes] }

/** Flows of one matrix. */
export const mostDrawn = 16_000
