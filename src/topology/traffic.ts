// What hosts send, as a checked lab file says it: one kind of traffic a generator. topology.ts has the network that it crosses.

import type { Family } from '../kernel/address.ts'
import type { BitsPerSecond, Bytes, Milliseconds, PacketsPerSecond } from '../kernel/units.ts'

export type Traffic = DitgTraffic | Iperf3Traffic | PingTraffic | ReplayTraffic

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
  /** Prefixes, of the family of the flow. */
  readonly source: string
  readonly destination: string
  /** Of frames; absent: at the times of the recording. */
  readonly rate?: BitsPerSecond
  /** At the most. */
  readonly for: Milliseconds
}
