// docs/findings.md: the catalogue of findings.

import { catalogue } from '../../src/verify/catalogue.ts'
import { stages } from '../../src/verify/verdict.ts'
import { code, document, origin, table } from './markdown.ts'

const titles: Readonly<Record<(typeof stages)[number], string>> = {
  metering: 'Metering: from the wire to flow records',
  exporting: 'Exporting: from flow records to datagrams',
  transport: 'Transport: from the exporter’s interface to the collector’s',
  collecting: 'Collecting: from the collector’s interface to its table',
  routing: 'Routing information: the AS attributes of what was collected',
}

export function findings(): string {
  return document(
    origin('src/verify/catalogue.ts'),
    '# Findings',
    [
      'A finding is a difference between witnesses, or a reason not to trust one of them. In each stage the first cause whose',
      'evidence is there takes the difference; `unexplained-…` takes what no evidence explains. `truth-incomplete`,',
      '`offloads-on` and `exports-lost` are findings even where all numbers agree. Packets and bytes of a finding are what is',
      'missing; what is too much is negative. Ids do not change.',
    ].join('\n'),
    table(
      ['id', 'stage'],
      Object.entries(catalogue).map(([id, { stage }]) => [`[${code(id)}](#${id})`, stage]),
    ),
    ...stages.flatMap((stage) => [
      `## ${titles[stage]}`,
      ...Object.entries(catalogue)
        .filter(([, entry]) => entry.stage === stage)
        .map(([id, { means, evidence, remedy }]) =>
          [`### ${id}`, `${means}\n`, `- Known by: ${evidence}`, `- Remedy: ${remedy}`].join('\n'),
        ),
    ]),
  )
}
