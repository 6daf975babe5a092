// What `nfdump -o json` says, as rows in pmacct's words. A row is a flow record.

import type { CollectedTable, Row } from '../../evidence.ts'
import type { Ask } from '../../part.ts'
import type { CollectorPlan } from '../../plan/plan.ts'
import { folder } from './config.ts'

/** All finished files, as the one table that the plan gave it. */
export async function readFlows(ask: Ask, collector: CollectorPlan): Promise<CollectedTable[]> {
  // What is finished while this asks has its exporters in the files, and its flows not yet among the rows.
  const records = parseRecords(await ask('nfdump', '-R', folder(collector), '-o', 'json'))
  const exporters = parseExporters(
    await ask('bash', '-c', `for file in ${folder(collector)}/*; do nfdump -E "$file" 2>&1; done`),
  )
  const rows = records.filter(isIp).map((record) => rowOf(record, exporters))
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
  /** nfdump's own number for an exporter and its domain. */
  readonly export_sysid?: number
  readonly ip4_router?: string
  readonly ip6_router?: string
}

/** One JSON array; where there are no flows, it has words in it instead. */
const parseRecords = (text: string): FlowRecord[] =>
  text.includes('{') ? (JSON.parse(text) as FlowRecord[]) : []

export const parseFlows = (text: string): Row[] =>
  parseRecords(text)
    .filter(isIp)
    .map((record) => rowOf(record))

/** Of samples that are not IP (ARP) sfcapd keeps rows too, without a protocol, from and to 0.0.0.0. */
const isIp = ({ proto = 0, src4_addr: source, dst4_addr: destination }: FlowRecord): boolean =>
  proto !== 0 || source !== '0.0.0.0' || destination !== '0.0.0.0'

/** `SysID: 2, IP: 192.0.2.1, version: 9, ID: 7, …`: nfdump's number → the exporter's observation domain. */
export const parseExporters = (text: string): Map<number, number> =>
  new Map(
    [...text.matchAll(/^SysID: (\d+), .*\bID: +(\d+)/gm)].map(([, sysid, id]) => [Number(sysid), Number(id)]),
  )

const rowOf = (record: FlowRecord, exporters?: ReadonlyMap<number, number>): Row => {
  const domain = exporters?.get(record.export_sysid ?? -1)
  return {
    ip_src: record.src4_addr ?? record.src6_addr ?? '',
    ip_dst: record.dst4_addr ?? record.dst6_addr ?? '',
    ip_proto: record.proto ?? 0,
    port_src: record.src_port ?? 0,
    port_dst: record.dst_port ?? (record.icmp_type ?? 0) * 256 + (record.icmp_code ?? 0),
    packets: record.in_packets ?? 0,
    bytes: record.in_bytes ?? 0,
    peer_ip_src: record.ip4_router ?? record.ip6_router ?? '',
    ...(domain === undefined ? {} : { export_proto_sysid: domain }),
  }
}
