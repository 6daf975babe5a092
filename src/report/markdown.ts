// A verdict as Markdown of GitHub's flavour, such as for the summary of a CI job: what was expected, the books, the findings.

import { evidenceText } from './evidence.ts'
import type { Finding, Verdict } from '../verify/verdict.ts'

const mostEvidence = 10
const digits = new Intl.NumberFormat('en-US')

export function markdownReport(verdict: Verdict): string {
  const { lab, pass, expectations, findings, books, events, run } = verdict
  const seconds = run.stages.reduce((sum, { ms }) => sum + ms, 0) / 1000
  const parts = [
    `## ${pass ? '✅' : '❌'} ${plain(lab)}`,
    conclusion(verdict),
    ...(expectations.length > 0
      ? [
          '### Expectations',
          table(
            ['', 'expected', 'found', 'at'],
            expectations.map(({ text, holds, found, where }) => [
              ...[holds ? '✅' : '❌', plain(text), plain(found)],
              plain([where[0] ?? '', where.length > 1 ? `and ${where.length - 1} more` : ''].join(' ')),
            ]),
          ),
        ]
      : []),
    ...(findings.length > 0 ? ['### Findings', ...findings.map(findingText)] : []),
    ...(books.length > 0
      ? [
          '### Books',
          'Packets / layer-3 bytes.',
          table(
            ['point', '', 'by', 'wire', 'exported', 'arrived', 'collected'],
            books.map(({ point, direction, probe, collector, table: name, ...book }) => [
              ...[plain(point), direction, plain(`${probe} → ${collector}/${name}`)],
              ...[book.wire, book.exported, book.arrived, book.collected].map(
                ({ packets, bytes }) => `${digits.format(packets)} / ${digits.format(bytes)}`,
              ),
            ]),
            3,
          ),
        ]
      : []),
    ...(events.length > 0
      ? [
          '### Events',
          table(
            ['s', 'event', 'what', 'booked to it'],
            events.map(({ name, target, action, begin, booked }) => [
              ((begin - run.opened) / 1000).toFixed(2),
              plain(name),
              plain(`${target} ${action}`),
              booked
                .map(
                  ({ stage, packets, bytes }) =>
                    `${stage}: ${digits.format(packets)} / ${digits.format(bytes)}`,
                )
                .join('; '),
            ]),
          ),
        ]
      : []),
    `${seconds.toFixed(1)} s, ${plain(run.directory)}`,
  ]
  return `${parts.join('\n\n')}\n`
}

function conclusion({ pass, expectations, findings }: Verdict): string {
  const broken = expectations.filter(({ holds }) => !holds).length
  const left = findings.filter(({ allowed }) => allowed === undefined)
  if (pass) {
    const allowed = findings.length > 0 ? `, ${findings.length} allowed` : ''
    return expectations.length > 0
      ? `All ${expectations.length} expectations hold; no findings beside them${allowed}.`
      : 'No findings: what was collected is what crossed the wire.'
  }
  return [
    ...(broken > 0 ? [`${broken} of ${expectations.length} expectations do not hold`] : []),
    ...(left.length > 0 ? [`findings in ${[...new Set(left.map(({ stage }) => stage))].join(', ')}`] : []),
  ]
    .join('; ')
    .concat('.')
}

function findingText({ id, stage, point, summary, remedy, evidence, allowed }: Finding): string {
  const shown = evidence.slice(0, mostEvidence)
  const rest = evidence.length - shown.length
  return [
    `**${stage}: ${plain(id)}** at ${plain(point)}${allowed === undefined ? '' : ` (allowed: ${plain(allowed)})`}`,
    '',
    plain(summary),
    '',
    ...shown.map((item) => `- ${plain(evidenceText(item))}`),
    ...(rest > 0 ? [`- … and ${rest} more`] : []),
    `- Remedy: ${plain(remedy)}`,
  ].join('\n')
}

/** Text that is to be seen as it is, whatever a log or a lab file wrote. */
const plain = (text: string): string =>
  text
    .trim()
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .replaceAll(/[\\`*_[\]<>|~#!&]/g, (character) =>
      character === '<' ? '&lt;' : character === '&' ? '&amp;' : `\\${character}`,
    )

const table = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbersFrom = Infinity,
): string =>
  [head, head.map((_, column) => (column >= numbersFrom ? '---:' : '---')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n')
