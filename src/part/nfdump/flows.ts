// What nfdump prints of flow records, as rows in pmacct's words. A row is a flow record. Its JSON has some seven hundred octets a
// record and takes six times as long as its own format.

import type { CollectedTable, Row } from '../../evidence.ts'
import type { Ask } from '../../part.ts'
import type { CollectorPlan } from '../../plan/plan.ts'
import { folder } from './config.ts'

/** In nfdump's words (nfdump(1), -o fmt), in the order of `rowOf`. */
const format = 'fmt:%sa %da %pr %sp %dp %it %ic %pkt %byt %ra %exp'
/** Numbers as they are (-N), IPv6 addresses whole (-6), and nothing but records (-q). */
const plain = ['-q', '-N', '-6', '-o', format]
const columns = 11

/** All finished files, as the one table that the plan gave it. */
export async function readFlows(ask: Ask, collector: CollectorPlan): Promise<CollectedTable[]> {
  // What is finished while this asks has its exporters in the files, and its flows not yet among the rows.
  const text = await ask('nfdump', '-R', folder(collector), ...plain)
  const exporters = parseExporters(
    await ask('bash', '-c', `for file in ${folder(collector)}/*; do nfdump -E "$file" 2>&1; done`),
  )
  const rows = parseFlows(text, exporters)
  return collector.tables.map(({ name, aggregate }) => ({ name, aggregate, rows }))
}

/** Lines of other words, as where there are no flows, are no rows. */
export const parseFlows = (text: string, exporters?: ReadonlyMap<number, number>): Row[] =>
  text.split('\n').flatMap((line) => {
    const words = line.trim().split(/ +/)
    return words.length === columns && /^\d+$/.test(words[2] ?? '') && isIp(words)
      ? [rowOf(words, exporters)]
      : []
  })

/** Of samples that are not IP (ARP) sfcapd keeps rows too, without a protocol, from and to 0.0.0.0. */
const isIp = ([source, destination, protocol]: readonly string[]): boolean =>
  protocol !== '0' || source !== '0.0.0.0' || destination !== '0.0.0.0'

/** `SysID: 2, IP: 192.0.2.1, version: 9, ID: 7, …`: nfdump's number → the exporter's observation domain. */
export const parseExporters = (text: string): Map<number, number> =>
  new Map(
    [...text.matchAll(/^SysID: (\d+), .*\bID: +(\d+)/gm)].map(([, sysid, id]) => [Number(sysid), Number(id)]),
  )

const icmp: ReadonlySet<string> = new Set(['1', '58'])

function rowOf(words: readonly string[], exporters: ReadonlyMap<number, number> | undefined): Row {
  const [source = '', destination = '', protocol = '', ...rest] = words
  const [sourcePort, destinationPort, type, code, packets, bytes, router = '', sysid] = rest
  const domain = exporters?.get(Number(sysid))
  return {
    ip_src: source,
    ip_dst: destination,
    ip_proto: Number(protocol),
    port_src: icmp.has(protocol) ? 0 : Number(sourcePort),
    port_dst: icmp.has(protocol) ? Number(type) * 256 + Number(code) : Number(destinationPort),
    packets: Number(packets),
    bytes: Number(bytes),
    peer_ip_src: router,
    ...(domain === undefined ? {} : { export_proto_sysid: domain }),
  }
}
