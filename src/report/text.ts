// A verdict as text: the network as it was built, the tables of probe and collector as their own client shows them, the
// books, the findings, the verdict.

import { styleText } from 'node:util'
import type { Collected, CollectedTable, LogLine, RouteTable, Row } from '../evidence.ts'
import type { Plan } from '../plan/plan.ts'
import type { Finding, Verdict } from '../verify/verdict.ts'
import { attributesText } from './attributes.ts'
import { conclusionOf } from './conclusion.ts'
import { eventsText } from './events.ts'
import { expectationsText } from './expectations.ts'
import { evidenceText, percent } from './evidence.ts'
import { errorsText, samplingText } from './sampling.ts'
import { sendingText } from './sending.ts'
import { heading, table } from './table.ts'
import { timeText } from './time.ts'

export interface Background {
  readonly plan: Plan
  readonly collected: Collected
  readonly routes: readonly RouteTable[]
  /** What probes and collectors logged as warnings and errors. */
  readonly remarks: readonly LogLine[]
}

export function textReport(verdict: Verdict, { plan, collected, routes, remarks }: Background): string {
  return [
    heading('The network as it was built'),
    network(plan),
    heading('What its routers believed'),
    routesText(plan, routes),
    ...[...collected.probes, ...collected.collectors].flatMap(({ daemon, tables }) =>
      tables.flatMap((each) => [heading(`${daemon}: table ${each.name}`), tableText(each)]),
    ),
    heading('The generators say'),
    sendingText(verdict.traffic),
    heading('Flow by flow, in packets and layer-3 bytes'),
    comparison(verdict),
    heading('The books'),
    books(verdict),
    ...(verdict.attributes.each.length > 0
      ? [heading('Attributes'), attributesText(verdict.attributes)]
      : []),
    ...(verdict.events.length > 0 ? [heading('What happened on purpose'), eventsText(verdict)] : []),
    ...verdict.sampling.flatMap((section) => [
      heading('Sampling'),
      samplingText([section]),
      errorsText(section.errors),
    ]),
    ...(verdict.time.length > 0 ? [heading('Time'), timeText(verdict.time, process.stdout.isTTY)] : []),
    ...remarksText(remarks),
    ...findings(verdict.findings),
    ...(verdict.expectations.length > 0
      ? [heading('Expectations'), expectationsText(verdict.expectations)]
      : []),
    heading('Verdict'),
    conclusion(verdict),
  ].join('')
}

const network = ({ nodes, links }: Plan): string =>
  table(
    { head: ['node', 'AS', 'kind', 'interface', 'address', 'to'] },
    nodes.flatMap(({ name, as, kind, interfaces }) =>
      interfaces.map((each, index) => {
        const ends = links.find((link) =>
          link.ends.some((end) => end.node === name && end.interface === each.name),
        )?.ends
        const peer = ends?.find((end) => !(end.node === name && end.interface === each.name))
        return [
          ...(index === 0 ? [name, as === undefined ? '–' : String(as), kind] : ['', '', '']),
          ...[each.name, each.addresses.join(' '), peer ? `${peer.node}:${peer.interface}` : ''],
        ]
      }),
    ),
  )

/** The last table of each router that feeds a probe or collector, or on which a probe sits. */
function routesText({ probes, collectors }: Plan, routes: readonly RouteTable[]): string {
  const wanted = new Set([...probes, ...collectors].map(({ bgp, node }) => bgp?.router ?? node))
  const last = new Map(routes.filter(({ router }) => wanted.has(router)).map((each) => [each.router, each]))
  return table(
    { head: ['router', 'prefix', 'next hop', 'AS path'] },
    [...last.values()].flatMap(({ router, routes: own }) =>
      own.map(({ prefix, nextHop, path }) => [router, prefix, nextHop ?? 'own', path.join(' ') || '–']),
    ),
  )
}

/** Columns as pmacct's client prints them; the keys are those of its JSON. */
const columns: Readonly<Record<string, string>> = {
  as_src: 'SRC_AS',
  as_dst: 'DST_AS',
  as_path: 'AS_PATH',
  src_as_path: 'SRC_AS_PATH',
  peer_as_src: 'PEER_SRC_AS',
  peer_as_dst: 'PEER_DST_AS',
  peer_ip_src: 'PEER_SRC_IP',
  peer_ip_dst: 'PEER_DST_IP',
  ip_src: 'SRC_IP',
  ip_dst: 'DST_IP',
  port_src: 'SRC_PORT',
  port_dst: 'DST_PORT',
  ip_proto: 'PROTOCOL',
  tos: 'TOS',
  packets: 'PACKETS',
  bytes: 'BYTES',
}

const paths = new Set(['as_path', 'src_as_path'])

const mostRows = 30

function tableText({ rows }: CollectedTable): string {
  const keys = Object.keys(columns).filter((key) => rows.some((row) => key in row))
  const cell = (row: Row, key: string): string => {
    const value = String(row[key] ?? '')
    if (value !== '') return value
    return paths.has(key) ? '^$' : '0'
  }
  const sorted = rows.toSorted((a, b) => Number(b['bytes']) - Number(a['bytes']))
  const rest = rows.length > mostRows ? `  … and ${rows.length - mostRows} more\n` : ''
  return (
    table(
      {
        head: keys.map((key) => columns[key] ?? key),
        numbers: [keys.indexOf('packets'), keys.indexOf('bytes')],
      },
      sorted.slice(0, mostRows).map((row) => keys.map((key) => cell(row, key))),
    ) + `${rest}  For a total of: ${rows.length} entries\n`
  )
}

/** Flows that are not equal and need not be: sampled, and as wrong as sampling must be. */
const isSampled = (
  { sampling }: Verdict,
  { point, source, destination }: Verdict['flows'][number],
): boolean =>
  sampling.some(
    (each) =>
      each.point === point &&
      !each.doubtful.some((flow) => flow.source === source && flow.destination === destination),
  )

const comparison = (verdict: Verdict): string =>
  table(
    {
      head: ['', 'source', 'destination', 'wire', '', 'exported', '', 'arrived', '', 'collected', ''],
      numbers: [3, 4, 5, 6, 7, 8, 9, 10],
    },
    verdict.flows.slice(0, mostRows).map((flow) => {
      const { direction, source, destination, wire, exported, arrived, collected } = flow
      const isEqual = [exported, arrived, collected].every(
        ({ packets, bytes }) => packets === wire.packets && bytes === wire.bytes,
      )
      return [
        ...[direction, source, destination],
        ...[wire, exported, arrived, collected].flatMap(({ packets, bytes }) => [packets, bytes]),
        isEqual ? '' : isSampled(verdict, flow) ? '≈' : styleText('red', '≠'),
      ]
    }),
  ) + (verdict.flows.length > mostRows ? `  … and ${verdict.flows.length - mostRows} more\n` : '')

function books({ books: accounts, tables }: Verdict): string {
  return [
    table(
      {
        head: ['point', '', 'by', 'wire', '', 'exported', '', 'arrived', '', 'collected', ''],
        numbers: [3, 4, 5, 6, 7, 8, 9, 10],
      },
      accounts.map(
        ({ point, direction, probe, collector, table: name, wire, exported, arrived, collected }) => [
          ...[point, direction, `${probe} → ${collector}/${name}`],
          ...[wire, exported, arrived, collected].flatMap(({ packets, bytes }) => [packets, bytes]),
        ],
      ),
    ),
    ...accounts.flatMap(({ point, direction, notMetered }) =>
      notMetered.map(
        ({ reason, packets, bytes }) =>
          `  beside it, ${direction} at ${point}: ${packets} packet${packets === 1 ? '' : 's'}, ${bytes} bytes of ${reason}\n`,
      ),
    ),
    ...accounts.flatMap(({ point, direction, exports }) =>
      exports
        ? [
            `  of it, ${direction} at ${point}: ${exports.packets} packets, ${exports.bytes} bytes of the lab's own exports\n`,
          ]
        : [],
    ),
    ...tables.map(({ probe, table: name, filter, wire, held, checked, unchecked }) =>
      checked
        ? `  ${probe}/${name} (${filter || 'no filter'}): ${held.packets} packets, ${held.bytes} bytes; wire: ${wire.packets}, ${wire.bytes}\n`
        : `  ${probe}/${name} (${filter || 'no filter'}): not compared, ${unchecked}\n`,
    ),
  ].join('')
}

const remarksText = (remarks: readonly LogLine[]): string[] =>
  remarks.length === 0
    ? []
    : [
        heading('What probes and collectors complain of'),
        ...remarks
          .slice(0, mostRemarks)
          .map(({ node, file, line, text }) => `  nodes/${node}/log/${file}:${line}: ${text.trim()}\n`),
        remarks.length > mostRemarks ? `  … and ${remarks.length - mostRemarks} more\n` : '',
      ]

const mostRemarks = 8

const mostEvidence = 10

const findings = (all: readonly Finding[]): string[] =>
  all.length === 0
    ? []
    : [
        heading('Findings'),
        ...all.flatMap(({ id, stage, point, summary, remedy, evidence, alternatives, allowed }) => [
          `  ${styleText(allowed === undefined ? 'red' : 'yellow', stage)}: ${id} at ${point}\n`,
          `    ${summary}\n`,
          ...evidence.slice(0, mostEvidence).map((item) => `    evidence: ${evidenceText(item)}\n`),
          `    remedy: ${remedy}\n`,
          ...(allowed === undefined ? [] : [`    allowed: ${allowed}\n`]),
          ...(alternatives.length > 0
            ? [
                `    or: ${alternatives.map(({ cause, score }) => `${cause} (fits ${percent(score)})`).join(', ')}\n`,
              ]
            : []),
        ]),
      ]

function conclusion(verdict: Verdict): string {
  const { lab, run } = verdict
  const time = run.stages.map(({ name, ms }) => `${name} ${(ms / 1000).toFixed(2)} s`).join(', ')
  const { word, how, good } = conclusionOf(verdict)
  if (word === '') return `  ${lab}: ${how}\n  ${run.directory}\n`
  const sign = styleText(good ? 'green' : 'red', `${good ? '✔' : '✘'} ${word}`)
  return `  ${lab} ${sign}: ${how}\n${time === '' ? '' : `  ${time}\n`}  ${run.directory}\n`
}
