// What `nfdump -o json` says, as rows in pmacct's words. A row is a flow record.

import type { CollectedTable, Row } from '../../../evidence.ts'
import type { Ask } from '../../../part.ts'
import type { CollectorPlan } from '../../../plan/plan.ts'
import { folder } from './config.ts'

/** All finished files, as the one table that the plan gave it. */
export async function readFlows(ask: Ask, collector: CollectorPlan): Promise<CollectedTable[]> {
  const rows = parseFlows(await ask('nfdump', '-R', folder(collector), '-o', 'json'))
  return collector.tables.map(({ name, aggregate }) => ({ name, aggregate, rows }))
}

/** Fields that a record does not have, nfdump leaves out. */
interface FlowRecord {
  readonly src4_addr?: string
  readonly src6_addr?: string
  readonly dst4_addr?: string
  readonly dst6_addr?: string
  readonly proto?: number
  readonly src_port?: number
  readonly dst_port?: number
  /** In place of the ports, for ICMP. */
  readonly icmp_type?: number
  readonly icmp_code?: number
  readonly in_packets?: number
  readonly in_bytes?: number
  readonly ip4_router?: string
  readonly ip6_router?: string
}

/** One JSON array; where there are no flows, it has words in it instead. */
export const parseFlows = (text: string): Row[] =>
  text.includes('{') ? (JSON.parse(text) as FlowRecord[]).map(rowOf) : []

const rowOf = (record: FlowRecord): Row => ({
  ip_src: record.src4_addr ?? record.src6_addr ?? '',
  ip_dst: record.dst4_addr ?? record.dst6_addr ?? '',
  ip_proto: record.proto ?? 0,
  port_src: record.src_port ?? 0,
  port_dst: record.dst_port ?? (record.icmp_type ?? 0) * 256 + (record.icmp_code ?? 0),
  packets: record.in_packets ?? 0,
  bytes: record.in_bytes ?? 0,
  peer_ip_src: record.ip4_router ?? record.ip6_router ?? '',
})
