// What a witness tells apart: the fields of the flow key that it keeps. Two witnesses are compared at the fields that both
// have.

import type { Row } from '../evidence.ts'
import type { FlowKey } from '../kernel/flow.ts'
import type { Volume } from '../kernel/units.ts'

export type Field = keyof FlowKey

/** pmacct's primitives that are fields of the flow key, and their names in its JSON. */
const primitives: Readonly<Record<string, { readonly field: Field; readonly json: string }>> = {
  src_host: { field: 'source', json: 'ip_src' },
  dst_host: { field: 'destination', json: 'ip_dst' },
  src_port: { field: 'sourcePort', json: 'port_src' },
  dst_port: { field: 'destinationPort', json: 'port_dst' },
  proto: { field: 'protocol', json: 'ip_proto' },
}

export const fieldsOf = (aggregate: readonly string[]): Field[] =>
  aggregate.flatMap((primitive) => primitives[primitive]?.field ?? [])

export const common = (a: readonly Field[], b: readonly Field[]): Field[] =>
  a.filter((field) => b.includes(field))

/** One string for all flows that agree in `fields`. */
export const project = (key: Readonly<Record<Field, unknown>>, fields: readonly Field[]): string =>
  fields.map((field) => key[field]).join(' ')

const protocolNumbers: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, 'ipv6-icmp': 58 }

/** A row of a collector's table as a flow key (fields that it does not keep are empty) with its volume. */
export function rowFlow(row: Row): FlowKey & Volume {
  const protocol = row['ip_proto']
  return {
    source: String(row['ip_src'] ?? ''),
    destination: String(row['ip_dst'] ?? ''),
    protocol:
      typeof protocol === 'string' ? (protocolNumbers[protocol] ?? Number(protocol)) : (protocol ?? 0),
    sourcePort: Number(row['port_src'] ?? 0),
    destinationPort: Number(row['port_dst'] ?? 0),
    packets: Number(row['packets'] ?? 0),
    bytes: Number(row['bytes'] ?? 0),
  }
}
