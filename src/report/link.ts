// The verdict on recordings of a link as text: the books with what is set aside, the flows that differ, the findings.

import { styleText } from 'node:util'
import type { Account, LinkVerdict } from '../link/verdict.ts'
import type { Volume } from '../kernel/units.ts'
import { heading, table } from './table.ts'

const mostFlows = 20

export function linkReport(verdict: LinkVerdict): string {
  const { wire, exports, interval, exporters, fields, findings, books, flows, remarks, pass } = verdict
  const clock = (ms: number): string => new Date(ms).toISOString().replace('T', ' ')
  return [
    heading('What is compared'),
    table({}, [
      ['wire', wire],
      ['exports', `${exports} (${exporters.join(', ')})`],
      ['from', clock(interval.from)],
      ['to', clock(interval.to)],
      ['flows by', fields.join(', ')],
    ]),
    heading('The books, in packets and layer-3 bytes'),
    table({ head: ['', 'packets', 'bytes'], numbers: [1, 2] }, [
      ...rows('wire', books.wire),
      ...rows('exported', books.exported),
    ]),
    samplingText(verdict.sampling),
    ...remarks.map((remark) => `  beside it: ${remark}\n`),
    flowsText(verdict),
    ...(findings.length === 0 ? [] : [heading('Findings')]),
    ...findings.flatMap(({ cause, stage, summary, remedy, evidence }) => [
      `  ${styleText('red', stage)}: ${cause}\n`,
      `    ${summary}\n`,
      ...evidence.map((each) => `    evidence: ${each}\n`),
      `    remedy: ${remedy}\n`,
    ]),
    heading('Verdict'),
    pass
      ? verdict.sampling
        ? `  ${styleText('green', '✔ true')}: the records of ${flows.compared} flows are what sampling 1:${verdict.sampling.rate} leaves of ${books.wire.judged.packets} packets\n`
        : `  ${styleText('green', '✔ true')}: ${books.wire.judged.packets} packets of ${flows.compared} flows crossed and were exported, none more and none less\n`
      : `  ${styleText('red', '✘ not true')}: ${[...new Set(findings.map(({ stage }) => stage))].join(', ')}\n`,
  ].join('')
}

const samplingText = (sampling: LinkVerdict['sampling']): string =>
  sampling
    ? `  sampled 1:${sampling.rate} (${sampling.source === 'option' ? '--sampling' : 'announced'}): ${sampling.rate} × exported stays within ${sampling.margin.packets} packets, ${sampling.margin.bytes} bytes of the wire\n`
    : ''

/** Flows that were sampled differ as they must: only where they do otherwise they are shown. */
function flowsText({ flows, sampling }: LinkVerdict): string {
  if (flows.largest.length === 0 || sampling?.holds) return ''
  return [
    heading(`${flows.different} of ${flows.compared} flows differ`),
    table(
      {
        head: ['source', 'destination', 'protocol', 'ports', 'wire', '', 'exported', ''],
        numbers: [4, 5, 6, 7],
      },
      flows.largest
        .slice(0, mostFlows)
        .map(({ source, destination, protocol, sourcePort, destinationPort, wire, exported }) => [
          ...[source, destination, String(protocol), `${sourcePort} → ${destinationPort}`],
          ...[wire, exported].flatMap(({ packets, bytes }: Volume) => [packets, bytes]),
        ]),
    ),
    flows.different > mostFlows ? `  … and ${flows.different - mostFlows} more\n` : '',
  ].join('')
}

const rows = (name: string, { total, besides, judged }: Account): (string | number)[][] => [
  [name, total.packets, total.bytes],
  ...besides.map(({ reason, packets, bytes }) => [`  ${reason}`, packets, bytes]),
  ['  compared', judged.packets, judged.bytes],
]
