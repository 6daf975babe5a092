// What each kind of probe and collector can be asked for, as data: check/ refuses a lab file by it, plan/ fills in by it what
// a program decides for itself, and docs/parts.md prints it.

import type {
  CollectorKind,
  ExportProtocol,
  NodeKind,
  ProbeKind,
  RouterKind,
  SamplingMode,
  Table,
} from './topology.ts'

export interface Capabilities {
  /** Keeps tables of the lab file's making. */
  readonly tables: boolean
  /** Speaks BGP, to give flows their AS attributes. */
  readonly bgp: boolean
  /** What its options are: directives of a configuration file, letters of its command line, or columns of its database. */
  readonly options: 'directives' | 'letters' | 'columns'
}

export interface CollectorCapabilities extends Capabilities {
  /** What it understands. */
  readonly protocols: readonly ExportProtocol[]
  /** Can be told whether to multiply by the sampling rate. */
  readonly renormalize: boolean
  /** Can be told where to keep its tables. */
  readonly stores: boolean
  /** Keeps the ICMP type and code, in the place of the destination port. */
  readonly icmp: boolean
  /** Bytes a packet that its tables count beyond layer 3: of sFlow's frames the Ethernet header and the FCS. */
  readonly framing: 0 | 18
  /** The one table that it keeps where the lab file does not choose: what it tells apart. */
  readonly keeps?: Table
}

export interface ProbeCapabilities extends Capabilities {
  readonly protocols: readonly ExportProtocol[]
  /** How it samples; the first is what it does where the lab file does not say. */
  readonly sampling: readonly SamplingMode[]
  readonly active: boolean
  readonly inactive: boolean
  readonly templateRefresh: boolean
  readonly source: boolean
  readonly domain: boolean
  readonly direction: boolean
  /** The shortest snap length that it takes, in bytes; absent: it cannot be told. */
  readonly snaplen?: number
  /** Its flow key, as primitives, where the lab file does not choose. */
  readonly key?: readonly string[]
  /** It is a switch, and stands between its interface and the link. */
  readonly inLine?: true
  /** Where a protocol makes a difference. */
  readonly by?: Readonly<Partial<Record<ExportProtocol, Partial<ProbeCapabilities>>>>
}

/** What a protocol has no place for, whoever speaks it. */
export interface ProtocolFacts {
  /** The largest observation domain, source ID, engine ID or sub-agent; absent: it has none. */
  readonly domains?: number
  readonly templates: boolean
  /** Tells of flows, which expire, rather than of single packets. */
  readonly flows: boolean
}

const most = 4_294_967_295

export const protocolFacts: Readonly<Record<ExportProtocol, ProtocolFacts>> = {
  netflow1: { templates: false, flows: true },
  netflow5: { domains: 255, templates: false, flows: true },
  netflow9: { domains: most, templates: true, flows: true },
  ipfix: { domains: most, templates: true, flows: true },
  sflow: { domains: most, templates: false, flows: false },
}

/** The flow key of NetFlow v5, as primitives. */
const fiveTuple = ['src_host', 'dst_host', 'src_port', 'dst_port', 'proto']

export const probeCapabilities: Readonly<Record<ProbeKind, ProbeCapabilities>> = {
  pmacctd: {
    tables: true,
    bgp: true,
    options: 'directives',
    protocols: ['netflow5', 'netflow9', 'ipfix', 'sflow'],
    sampling: ['random'],
    active: true,
    inactive: true,
    templateRefresh: false,
    source: true,
    domain: true,
    direction: true,
    snaplen: 128,
  },
  softflowd: {
    tables: false,
    bgp: false,
    options: 'letters',
    protocols: ['netflow1', 'netflow5', 'netflow9', 'ipfix'],
    sampling: ['deterministic'],
    active: true,
    inactive: true,
    templateRefresh: true,
    source: false,
    domain: false,
    direction: false,
    snaplen: 64,
    key: fiveTuple,
  },
  fprobe: {
    tables: false,
    bgp: false,
    options: 'letters',
    protocols: ['netflow1', 'netflow5'],
    sampling: [],
    active: true,
    inactive: true,
    templateRefresh: false,
    source: true,
    domain: false,
    direction: false,
    snaplen: 64,
    key: fiveTuple,
  },
  ovs: {
    tables: false,
    bgp: false,
    options: 'columns',
    protocols: ['netflow5', 'ipfix', 'sflow'],
    sampling: ['random'],
    active: true,
    inactive: false,
    templateRefresh: false,
    source: false,
    domain: true,
    direction: false,
    key: fiveTuple,
    inLine: true,
    by: { netflow5: { sampling: [] }, sflow: { domain: false } },
  },
}

/** What a kind of probe can be asked for with a protocol; without one, with any. */
export const probeCan = (kind: ProbeKind, protocol: ExportProtocol | undefined): ProbeCapabilities => ({
  ...probeCapabilities[kind],
  ...(protocol && probeCapabilities[kind].by?.[protocol]),
})

export const collectorCapabilities: Readonly<Record<CollectorKind, CollectorCapabilities>> = {
  nfacctd: {
    tables: true,
    bgp: true,
    options: 'directives',
    protocols: ['netflow5', 'netflow9', 'ipfix'],
    icmp: true,
    framing: 0,
    renormalize: true,
    stores: true,
  },
  sfacctd: {
    tables: true,
    bgp: true,
    options: 'directives',
    protocols: ['sflow'],
    icmp: false,
    framing: 18,
    renormalize: true,
    stores: true,
  },
  nfcapd: {
    tables: false,
    bgp: false,
    options: 'letters',
    protocols: ['netflow1', 'netflow5', 'netflow9', 'ipfix'],
    icmp: true,
    framing: 0,
    renormalize: false,
    stores: false,
    keeps: { name: 'flows', aggregate: fiveTuple },
  },
  sfcapd: {
    tables: false,
    bgp: false,
    options: 'letters',
    protocols: ['sflow'],
    icmp: false,
    framing: 18,
    renormalize: false,
    stores: false,
    keeps: { name: 'flows', aggregate: fiveTuple },
  },
}

/** Where a router's program looks for its configuration: with a bind there it runs by what the user brings. */
export const configurationOf: Readonly<Record<RouterKind, string>> = { frr: '/etc/frr', bird: '/etc/bird' }

/** Whether a node is a router whose binds bring its configuration: then nothing is written for it. */
export function isSelfConfigured({
  kind,
  binds = [],
}: {
  readonly kind?: NodeKind | undefined
  readonly binds?: readonly ({ readonly target: string } | undefined)[] | undefined
}): boolean {
  if (kind !== 'frr' && kind !== 'bird') return false
  const directory = configurationOf[kind]
  return binds.some((bind) => bind && `${bind.target}/`.startsWith(`${directory}/`))
}
