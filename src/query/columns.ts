// What can be asked of flows, whichever witness has them: the columns of a listing, and the keys by which flows are added up. SQL
// over a row `r` of the witness, and over what the routers' tables say of its source `s` and its destination `d`.

import { protocolName } from './protocols.ts'

export const witnesses = ['wire', 'exported', 'arrived', 'collected'] as const
export type Witness = (typeof witnesses)[number]

/** Exported and arrived records have the same columns. */
export type Shape = 'wire' | 'record' | 'collected'

export const shapeOf = (witness: Witness): Shape =>
  witness === 'wire' || witness === 'collected' ? witness : 'record'

export interface Column {
  readonly about: string
  readonly kind: 'text' | 'number' | 'time' | 'address'
  readonly of: readonly Shape[]
  /** Where it is not `r.NAME`. */
  readonly sql?: string
}

const all: readonly Shape[] = ['wire', 'record', 'collected']
const record: readonly Shape[] = ['record']
const timed: readonly Shape[] = ['wire', 'record']

/** In the order in which a listing has them. */
export const columns: Readonly<Record<string, Column>> = {
  first: { about: 'First packet', kind: 'time', of: timed },
  last: { about: 'Last packet', kind: 'time', of: timed },
  seen: { about: 'When the record came', kind: 'time', of: record },
  source: { about: 'Source address', kind: 'address', of: all },
  sourcePort: { about: 'Source port', kind: 'number', of: all },
  destination: { about: 'Destination address', kind: 'address', of: all },
  destinationPort: { about: 'Destination port; of ICMP type × 256 + code', kind: 'number', of: all },
  protocol: { about: 'IP protocol', kind: 'text', of: all, sql: protocolName('r.protocol') },
  packets: { about: 'Packets', kind: 'number', of: all },
  bytes: { about: 'Layer-3 bytes', kind: 'number', of: all },
  direction: { about: 'in or out, as seen from the observation point', kind: 'text', of: timed },
  point: { about: 'Observation point', kind: 'text', of: timed },
  probe: { about: 'Probe', kind: 'text', of: record },
  collector: { about: 'Collector', kind: 'text', of: ['record', 'collected'] },
  table: { about: "The collector's table", kind: 'text', of: ['collected'] },
  sourceAs: { about: 'Source AS, as the record says', kind: 'number', of: ['record', 'collected'] },
  destinationAs: { about: 'Destination AS, as the record says', kind: 'number', of: ['record', 'collected'] },
  path: { about: 'AS path, as the row says', kind: 'text', of: ['collected'] },
  nextHop: { about: 'Next hop', kind: 'address', of: record },
  ingress: { about: 'SNMP index of the interface it came in by', kind: 'number', of: record },
  egress: { about: 'SNMP index of the interface it left by', kind: 'number', of: record },
  tos: { about: 'Type of service', kind: 'number', of: record },
  tcpFlags: { about: 'TCP flags, or-ed', kind: 'number', of: record },
  samplingRate: { about: 'N of sampling 1:N', kind: 'number', of: record },
  domain: { about: 'Observation domain', kind: 'number', of: record },
  packet: { about: 'Frame of the recording that brought the record', kind: 'number', of: record },
  octet: { about: 'Octet of its payload at which the record begins', kind: 'number', of: record },
}

export interface Key {
  readonly about: string
  readonly kind: 'text' | 'address'
  /** By shape; two where a flow belongs to two values of the key. */
  readonly sql: Readonly<Record<Shape, readonly [string] | readonly [string, string]>>
  /** Ends for which the routers' tables are asked, by shape. */
  readonly needs?: Readonly<Partial<Record<Shape, readonly ('s' | 'd')[]>>>
}

const same = (sql: string): Key['sql'] => ({ wire: [sql], record: [sql], collected: [sql] })

/** Records and rows say 0 of the AS itself, and of what they do not know: the router's own table tells which. */
const system = (column: string, end: 's' | 'd'): string =>
  `CASE WHEN ${column} <> 0 THEN ${column} WHEN ${column} = 0 AND ${end}.asn = r.own THEN ${end}.asn END`

const sourceAs = {
  wire: ['s.asn'],
  record: [system('r.sourceAs', 's')],
  collected: ['r.sourceSystem'],
} as const
const destinationAs = {
  wire: ['d.asn'],
  record: [system('r.destinationAs', 'd')],
  collected: ['r.destinationSystem'],
} as const

const path = "concat_ws(' ', nullif(s.back, ''), r.own, nullif(d.path, ''))"
const known = (sql: string): string => `CASE WHEN s.asn IS NOT NULL AND d.asn IS NOT NULL THEN ${sql} END`
const peer =
  "CASE r.direction WHEN 'in' THEN s.neighbour WHEN 'out' THEN d.neighbour ELSE coalesce(s.neighbour, d.neighbour) END"
const both = ['s', 'd'] as const

export const keys = {
  source: { about: 'Source address', kind: 'address', sql: same('r.source') },
  destination: { about: 'Destination address', kind: 'address', sql: same('r.destination') },
  host: {
    about: 'Address of either end; a flow counts at both',
    kind: 'address',
    sql: {
      wire: ['r.source', 'r.destination'],
      record: ['r.source', 'r.destination'],
      collected: ['r.source', 'r.destination'],
    },
  },
  sourcePort: { about: 'Source port', kind: 'text', sql: same('r.sourcePort') },
  destinationPort: { about: 'Destination port', kind: 'text', sql: same('r.destinationPort') },
  port: {
    about: 'Port of either end; a flow counts at both',
    kind: 'text',
    sql: {
      wire: ['r.sourcePort', 'r.destinationPort'],
      record: ['r.sourcePort', 'r.destinationPort'],
      collected: ['r.sourcePort', 'r.destinationPort'],
    },
  },
  protocol: { about: 'IP protocol', kind: 'text', sql: same(protocolName('r.protocol')) },
  sourceAs: {
    about:
      "Source AS: on the wire by the router's own table, else as the record says; 0 that is the AS itself is its number",
    kind: 'text',
    sql: sourceAs,
    needs: { wire: ['s'], record: ['s'] },
  },
  destinationAs: {
    about:
      "Destination AS: on the wire by the router's own table, else as the record says; 0 that is the AS itself is its number",
    kind: 'text',
    sql: destinationAs,
    needs: { wire: ['d'], record: ['d'] },
  },
  as: {
    about: 'AS of either end; a flow counts at both',
    kind: 'text',
    sql: {
      wire: [sourceAs.wire[0], destinationAs.wire[0]],
      record: [sourceAs.record[0], destinationAs.record[0]],
      collected: [sourceAs.collected[0], destinationAs.collected[0]],
    },
    needs: { wire: both, record: both },
  },
  path: {
    about: "ASes from source to destination: by the router's own table, at the collector as its rows say",
    kind: 'text',
    sql: { wire: [known(path)], record: [known(path)], collected: ['r.path'] },
    needs: { wire: both, record: both },
  },
  peer: {
    about: "Neighbour AS on the way: by the router's own table, at the collector as its rows say",
    kind: 'text',
    sql: { wire: [peer], record: [peer], collected: ['r.peer'] },
    needs: { wire: both, record: both },
  },
  interface: { about: 'Observation point, node:interface', kind: 'text', sql: same('r.point') },
  exporter: { about: 'Probe that exports it', kind: 'text', sql: same('r.probe') },
  collector: { about: 'Collector it is meant for', kind: 'text', sql: same('r.collector') },
  direction: {
    about: 'in or out, as seen from the observation point',
    kind: 'text',
    sql: same('r.direction'),
  },
} as const satisfies Readonly<Record<string, Key>>

export type KeyName = keyof typeof keys
export const keyOf = (name: KeyName): Key => keys[name]

/** What nfdump (`-s`) and pmacct (`aggregate`) call them. */
const aliases: Readonly<Record<string, KeyName>> = {
  ...{ srcip: 'source', dstip: 'destination', ip: 'host', srcport: 'sourcePort', dstport: 'destinationPort' },
  ...{ proto: 'protocol', srcas: 'sourceAs', dstas: 'destinationAs', router: 'exporter' },
  ...{ src_host: 'source', dst_host: 'destination', src_port: 'sourcePort', dst_port: 'destinationPort' },
  ...{
    src_as: 'sourceAs',
    dst_as: 'destinationAs',
    as_path: 'path',
    peer_src_as: 'peer',
    peer_dst_as: 'peer',
  },
}

/** The key of this name, as it is called here or by those. */
export const keyNamed = (text: string): KeyName | undefined =>
  Object.hasOwn(keys, text) ? (text as KeyName) : Object.hasOwn(aliases, text) ? aliases[text] : undefined

/** An address of the store (UHUGEINT) as text: dotted quad, or RFC 5952. */
export function addressSql(column: string): string {
  const octet = (shift: number): string => `((${column} >> ${shift}) & 255)`
  const words = [112, 96, 80, 64, 48, 32, 16, 0]
    .map((shift) => `printf('%x', ((${column} >> ${shift}) & 65535)::INTEGER)`)
    .join(", ':', ")
  // The longest run of zeros, the first of those that are equally long, becomes `::`; a single zero stays.
  const framed = `concat(':', ${words}, ':')`
  const runs = [8, 7, 6, 5, 4, 3, 2].map((length) => {
    const run = `:${Array<string>(length).fill('0').join(':')}:`
    return `WHEN contains(${framed}, '${run}') THEN regexp_replace(${framed}, '${run}', '::')`
  })
  const shortened = `CASE ${runs.join(' ')} ELSE ${framed} END`
  // The frame's colons go, where they are not half of `::`.
  const bare = `regexp_replace(regexp_replace(${shortened}, '^:([^:])', '\\1'), '([^:]):$', '\\1')`
  return `CASE WHEN ${column} IS NULL THEN NULL WHEN (${column} >> 32) = 65535
    THEN concat_ws('.', ${octet(24)}, ${octet(16)}, ${octet(8)}, ${octet(0)}) ELSE ${bare} END`
}
