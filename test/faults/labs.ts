// The labs in which faults are made, and what edits of them have in common.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { type Draft, of, root, talk } from '../support/labs.ts'

const chain = (): Draft => parse(readFileSync(join(import.meta.dirname, 'chain.yaml'), 'utf8')) as Draft

const asymmetric = (): Draft =>
  parse(readFileSync(join(root, 'examples/asymmetric-return/lab.yaml'), 'utf8')) as Draft

/** By name. In the first two the probe `edge` exports to the collector `main`: in these anything can be made. */
export const labs = { talk, chain, asymmetric } as const
export type LabName = keyof typeof labs
export const anyLabs: readonly LabName[] = ['talk', 'chain']

/** The far host, to which and from which everything is sent. */
export const farHost = ({ name }: Draft): string => (name === 'chain' ? 'h2' : 'h16')

export const pingOf = (draft: Draft) => {
  const ping = draft.traffic?.find(({ kind }) => kind === 'ping')
  if (!ping) throw new Error('the lab has no ping')
  return ping
}

/** Lets the traffic last, so that something happens in the middle of it. */
export function lasting(draft: Draft, time: `${number}s`): void {
  for (const flow of draft.traffic ?? []) if (flow.kind === 'ditg') flow.for = time
}

/** The probe exports every second. */
export function often(draft: Draft): void {
  configured(draft, { 'nfprobe_timeouts[collect]': 'maxlife=1:expint=1' })
}

/** Adds directives of the probe, or of the collector. */
export function configured(draft: Draft, options: Readonly<Record<string, string | number>>): void {
  const probe = of(draft.probes, 'edge')
  probe.options = { ...probe.options, ...options }
}

export function collecting(draft: Draft, options: Readonly<Record<string, string | number>>): void {
  const collector = of(draft.collectors, 'main')
  collector.options = { ...collector.options, ...options }
}

/** Neither daemon has a BGP session: their tables keep hosts alone. */
export function withoutRoutes(draft: Draft): void {
  const [probe, collector] = [of(draft.probes, 'edge'), of(draft.collectors, 'main')]
  delete probe.bgp
  probe.tables = {}
  delete collector.bgp
  for (const table of Object.values(collector.tables ?? {}))
    table.aggregate = table.aggregate.filter((primitive) => /^(src|dst)_(host|port)$|^proto$/.test(primitive))
}

/** What hosts send has a type of service. */
export function marked(draft: Draft, tos: number): void {
  for (const flow of draft.traffic ?? []) if (flow.kind === 'ditg') flow.tos = tos
}

/** The probe's records say more. */
export function telling(draft: Draft, ...primitives: readonly string[]): void {
  const { export: way } = of(draft.probes, 'edge')
  way.aggregate = [...new Set([...(way.aggregate ?? []), ...primitives])]
}

/** Records have one number for the interface: of the input, whichever way the packets went. */
export function numbered(draft: Draft, index: number): void {
  configured(draft, { 'nfprobe_ifindex[collect]': index, 'nfprobe_direction[collect]': 'in' })
}

/** A directive of the probe `edge` or the collector `main` names a file of this folder. */
export function bound(draft: Draft, daemon: 'edge' | 'main', directive: string, file: string): void {
  const [own = ''] = ways[draft.name] ?? []
  const node = of(draft.nodes, daemon === 'edge' ? own : 'col')
  node.binds = [...(node.binds ?? []), `${join(import.meta.dirname, file)}:/opt/${file}:ro`]
  const add = daemon === 'edge' ? configured : collecting
  add(draft, { [directive]: `/opt/${file}` })
}

/** A script of this folder goes on beside the programs of a node. */
export function beside(draft: Draft, name: string, script: string): void {
  const node = of(draft.nodes, name)
  node.binds = [...(node.binds ?? []), `${join(import.meta.dirname, script)}:/opt/${script}:ro`]
  runs(draft, name, `setsid sh /opt/${script} >/var/log/${script}.log 2>&1 </dev/null &`)
}

/** So many flows that one datagram does not hold their records. */
export function many(draft: Draft): void {
  const to = draft.name === 'chain' ? 'h2' : 'h16'
  const flow = { from: 'h1', to, kind: 'ditg', udp: { rate: '50pps', size: 100 } } as const
  const [first] = draft.traffic ?? []
  const time = first?.kind === 'ditg' ? first.for : '1s'
  for (let index = 0; index < 16; index++) draft.traffic?.push({ ...flow, for: time })
}

/** The link of the collector's node. */
export function collectorLink(draft: Draft): NonNullable<Draft['links']>[number] {
  const link = draft.links?.find(({ endpoints }) => endpoints.includes('col:eth0'))
  if (!link) throw new Error('no link of col')
  return link
}

/** By lab: the node of the probe with its address towards the collector, and that of the collector. */
const ways: Readonly<Record<string, readonly [node: string, own: string, collector: string]>> = {
  janog36: ['r2', '172.17.0.1', '172.17.0.2'],
  chain: ['r1', '10.9.0.1', '10.9.1.2'],
}

/** Runs a command line of the shell on a node once its programs run. */
export function runs(draft: Draft, node: string, line: string): void {
  const own = of(draft.nodes, node)
  own.exec = [...(own.exec ?? []), `sh -c "${line}"`]
}

/** What leaves the probe goes through relay.mjs on its own node, which does mischief. */
export function through(draft: Draft, mischief: string): void {
  const [node = '', own = '', collector = ''] = ways[draft.name] ?? []
  const [relay, file] = ['/opt/relay.mjs', join(import.meta.dirname, 'relay.mjs')]
  const host = of(draft.nodes, node)
  host.binds = [...(host.binds ?? []), `${file}:${relay}:ro`]
  configured(draft, { 'nfprobe_receiver[collect]': `${own}:2199` })
  runs(
    draft,
    node,
    `setsid ${process.execPath} ${relay} ${mischief} ${own} 2199 ${collector} 2100 >/var/log/relay.log 2>&1 </dev/null & until ss -Huln sport = :2199 | grep -q .; do sleep 0.1; done`,
  )
}

/** A program of a node is stopped for ever, once so many packets of a kind (pcap-filter(7)) have come by, and tcpdump has been told so. */
export function freeze(draft: Draft, node: string, program: string, count: number, filter: string): void {
  runs(
    draft,
    node,
    `setsid sh -c 'tcpdump -n -i any -c ${count} ${filter}; pkill -STOP -o -x ${program}' >/dev/null 2>&1 </dev/null &`,
  )
}

/** A program of a node is stopped most of the time: what it should read waits, or finds no room. */
export function stutter(draft: Draft, node: string, program: string, asleep: number): void {
  runs(
    draft,
    node,
    `setsid sh -c 'while sleep 0.1; do pkill -STOP -o -x ${program}; sleep ${asleep}; pkill -CONT -o -x ${program}; done' >/dev/null 2>&1 </dev/null &`,
  )
}
