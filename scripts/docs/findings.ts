// docs/findings.md: the table of causes.

import { catalogue } from '../../src/verify/causes/causes.ts'
import { stages } from '../../src/verify/verdict.ts'
import { code, document, origin, table } from './markdown.ts'

const titles: Readonly<Record<(typeof stages)[number], string>> = {
  sending: 'Sending: from the generator to the wire',
  metering: 'Metering: from the wire to flow records',
  exporting: 'Exporting: from flow records to datagrams',
  transport: 'Transport: from the exporter’s interface to the collector’s',
  collecting: 'Collecting: from the collector’s interface to its table',
  routing: 'Routing information: the AS attributes of what was collected',
}

export function findings(): string {
  return document(
    origin('src/verify/causes'),
    '# Findings',
    [
      'A finding is a difference between witnesses, or a reason not to trust one of them. Every cause whose evidence is there says',
      'what it predicts for each flow. The one that predicts the numbers best takes what it predicts, what is left goes to the next,',
      'and `unexplained-…` takes the rest, so that every packet and byte of difference is booked to one cause. A cause that only the',
      'numbers speak for is named where it predicts four fifths of the difference or more; one that a log, a counter or the timeline',
      'shows is preferred to it. The others that fit are listed with the finding, each with the test that would tell it apart.',
      '',
      '`truth-incomplete`, `offloads-on`, `exports-lost` and `exports-duplicated` are findings even where all numbers agree. Packets and',
      'bytes of a finding are what is missing; what is too much is negative. A finding is called by its cause and what it is about',
      '(`exports-lost@edge`). Names of causes do not change. `flowlab explain RUN` tells the whole story of each.',
    ].join('\n'),
    table(
      ['cause', 'stage'],
      catalogue.map(({ id, stage }) => [`[${code(id)}](#${id})`, stage]),
    ),
    ...stages.flatMap((stage) => [
      `## ${titles[stage]}`,
      ...catalogue
        .filter((cause) => cause.stage === stage)
        .map(({ id, title, knownBy, remedy, test }) =>
          [
            `### ${id}`,
            `${title}\n`,
            `- Known by: ${knownBy}`,
            `- Remedy: ${remedy}`,
            `- Told apart by: ${test}`,
          ].join('\n'),
        ),
    ]),
  )
}
