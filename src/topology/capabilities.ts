// What each kind of probe and collector can be asked for, as data: check/monitoring.ts refuses a lab file by it, plan/ fills in
// by it what a program decides for itself.

import type { CollectorKind, NodeKind, ProbeKind, RouterKind, Table } from './topology.ts'

export interface Capabilities {
  /** Keeps tables of the lab file's making. */
  readonly tables: boolean
  /** Speaks BGP, to give flows their AS attributes. */
  readonly bgp: boolean
  /** What its options are: directives of a configuration file, or the letters of its command line. */
  readonly options: 'directives' | 'letters'
}

export interface CollectorCapabilities extends Capabilities {
  /** The one table that it keeps where the lab file does not choose: what it tells apart. */
  readonly keeps?: Table
}

export interface ProbeCapabilities extends Capabilities {
  /** Its flow key, as primitives, where the lab file does not choose. */
  readonly key?: readonly string[]
}

/** The flow key of NetFlow v5, as primitives. */
const fiveTuple = ['src_host', 'dst_host', 'src_port', 'dst_port', 'proto']

export const probeCapabilities: Readonly<Record<ProbeKind, ProbeCapabilities>> = {
  pmacctd: { tables: true, bgp: true, options: 'directives' },
  softflowd: { tables: false, bgp: false, options: 'letters', key: fiveTuple },
}

export const collectorCapabilities: Readonly<Record<CollectorKind, CollectorCapabilities>> = {
  nfacctd: { tables: true, bgp: true, options: 'directives' },
  nfcapd: {
    tables: false,
    bgp: false,
    options: 'letters',
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
