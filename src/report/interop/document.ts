// The interoperability report: what each exporter and each collector gets right, wrong or leaves out, as rows of cells, and these as
// Markdown or text. Every row names the runs that it stands on; every cell that is wrong has a note with its evidence.

import { table as textTable, heading } from '../table.ts'
import { type Cell, type Cells, type Judged, type Mark, worst } from './cell.ts'
import {
  collectorCells,
  collectorColumns,
  exporterCells,
  exporterColumns,
  otherFindings,
  otherNote,
} from './cells.ts'

/** A run of the matrix: what was asked for, how it is repeated, and what came of it. */
export interface InteropRun {
  readonly command: string
  /** From the directory of all runs. */
  readonly directory: string
  readonly judged?: Judged
  /** Why there is no verdict. */
  readonly failure?: string
}

export interface Skipped {
  readonly what: string
  readonly reason: string
}

export interface InteropMatrix {
  readonly title: string
  /** The command that makes the report. */
  readonly command: string
  readonly made: string
  /** Programs and kernel. */
  readonly versions: readonly string[]
  readonly runs: readonly InteropRun[]
  readonly skipped: readonly Skipped[]
}

export interface Row {
  /** Such as pmacctd, ipfix, 1:10. */
  readonly of: readonly string[]
  readonly cells: Cells
  /** Findings about what has no column. */
  readonly others: readonly string[]
  /** Of the runs, from 1. */
  readonly runs: readonly number[]
}

export interface InteropReport extends Omit<InteropMatrix, 'runs'> {
  readonly exporters: readonly Row[]
  readonly collectors: readonly Row[]
  readonly runs: readonly (Omit<InteropRun, 'judged'> & {
    readonly packets?: number
    readonly findings?: number
  })[]
}

export function interopReport({ runs, ...rest }: InteropMatrix): InteropReport {
  const judged = runs.flatMap((run, index) =>
    run.judged ? [{ number: index + 1, ...facts(run.judged), ...run.judged }] : [],
  )
  const exporters = new Map<string, (typeof judged)[number][]>()
  for (const run of judged) {
    const id = [run.probe, run.protocol, run.rate].join(' ')
    exporters.set(id, [...(exporters.get(id) ?? []), run])
  }
  return {
    ...rest,
    exporters: [...exporters.values()].map((group) => {
      const [first] = group
      const each = group.map(exporterCells)
      return {
        of: [first?.probe ?? '', first?.protocol ?? '', first?.rate ?? ''],
        cells: Object.fromEntries(
          columnsOf(exporterColumns).map((column) => [column, worst(each.map((cells) => cells[column]))]),
        ),
        others: notesOf(group, (stage) => stage === 'metering' || stage === 'exporting'),
        runs: group.map(({ number }) => number),
      }
    }),
    collectors: judged
      .toSorted((a, b) =>
        a.collector < b.collector ? -1 : a.collector > b.collector ? 1 : a.number - b.number,
      )
      .map((run) => ({
        of: [run.collector, run.protocol, `${run.probe} ${run.rate}`],
        cells: collectorCells(run),
        others: notesOf([run], (stage) => stage === 'collecting' || stage === 'transport'),
        runs: [run.number],
      })),
    runs: runs.map(({ judged: of, ...run }) => ({
      ...run,
      ...(of
        ? {
            packets: of.verdict.books.reduce((sum, { wire }) => sum + wire.packets, 0),
            findings: of.verdict.findings.length,
          }
        : {}),
    })),
  }
}

const columnsOf = <Column extends string>(titles: Readonly<Record<Column, string>>): Column[] =>
  Object.keys(titles) as Column[]

function facts({ plan }: Judged) {
  const [probe] = plan.probes
  const collector = plan.collectors.find(({ name }) => name === probe?.export.collector)
  return {
    probe: probe?.kind ?? '',
    protocol: probe?.export.protocol ?? '',
    rate: `1:${probe?.sampling?.rate ?? 1}`,
    collector: collector?.kind ?? '',
  }
}

const notesOf = (group: readonly Judged[], isOf: (stage: string) => boolean): string[] => {
  const findings = group.flatMap(({ verdict }) => otherFindings(verdict)).filter(({ stage }) => isOf(stage))
  return [...new Map(findings.map((finding) => [finding.cause, otherNote(finding)])).values()]
}

const symbols: Readonly<Record<Mark, string>> = {
  right: '✔',
  wrong: '✘',
  'left-out': '○',
  none: '–',
  unknown: '',
}

const legend: readonly string[] = [
  '- ✔ right: the verdict found nothing against it. With sampling: the estimate, and what it may be off.',
  '- ✘ wrong, and by how much; the note has the evidence.',
  '- ○ left out: no field, or nothing (0) in it.',
  '- – not applicable: the protocol has no place for it, or the program was not meant to.',
  '- An empty cell: nothing in the run tells.',
]

export function interopMarkdown(report: InteropReport): string {
  const notes = new Map<string, number>()
  const mark = (text: string): string => {
    const number = notes.get(text) ?? notes.size + 1
    notes.set(text, number)
    return `[^${number}]`
  }
  const cellText = ({ is, amount = '', notes: own = [] }: Cell): string =>
    `${[symbols[is], amount].filter(Boolean).join(' ')}${own.map(mark).join('')}`
  const rows = (heads: readonly string[], titles: Readonly<Record<string, string>>, all: readonly Row[]) =>
    markdownTable(
      [...heads, ...Object.values(titles), 'besides', 'run'],
      all.map(({ of, cells, others, runs }) => [
        ...of,
        ...Object.keys(titles).map((column) => (cells[column] ? cellText(cells[column]) : '')),
        others.map(mark).join(''),
        runs.join(', '),
      ]),
    )
  const parts = [
    `# ${report.title}`,
    `Made by \`${report.command}\` on ${report.made}. Every cell follows from the verdicts of the runs that its row names, which anyone can repeat by the commands [below](#runs).`,
    report.versions.map((version) => `- ${version}`).join('\n'),
    legend.join('\n'),
    '## Exporters: what crossed the wire, against flow records',
    'Interfaces and AS numbers were asked for where the program can be told to. Packets of a kind (ICMP, fragments, IPv6) are those between two hosts that exchange nothing else.',
    rows(['probe', 'protocol', 'sampling'], exporterColumns, report.exporters),
    '## Collectors: flow records that arrived, against the table',
    'Type of service, flags and interfaces are compared where the table keeps them.',
    rows(['collector', 'protocol', 'from'], collectorColumns, report.collectors),
    '## Runs',
    markdownTable(
      ['', 'command', 'packets', 'findings'],
      report.runs.map(({ command, packets, findings, failure }, index) => [
        String(index + 1),
        `\`${command}\``,
        packets === undefined ? ((failure ?? '').split('\n', 1)[0] ?? '') : String(packets),
        findings === undefined ? '' : String(findings),
      ]),
    ),
    ...(report.skipped.length > 0
      ? [
          '## Left out',
          'Combinations that no lab can be made of, in the words of `flowlab validate`:',
          report.skipped.map(({ what, reason }) => `- ${what}: ${plain(reason)}`).join('\n'),
        ]
      : []),
  ]
  const footnotes = [...notes].map(
    ([text, number]) => `[^${number}]: ${text.replaceAll(/[\p{Cc}\s]+/gu, ' ')}`,
  )
  return `${[...parts, ...(footnotes.length > 0 ? [footnotes.join('\n')] : [])].join('\n\n')}\n`
}

export const interopText = (report: InteropReport): string =>
  [
    rowsText('Exporters', exporterColumns, report.exporters),
    rowsText('Collectors', collectorColumns, report.collectors),
    ...report.runs.flatMap(({ command, failure }) =>
      failure === undefined ? [] : [`  – ${command}: ${failure.split('\n', 1)[0]}\n`],
    ),
    `\n  ${report.runs.length} runs, ${report.skipped.length} combinations left out\n`,
  ].join('')

const rowsText = (title: string, titles: Readonly<Record<string, string>>, all: readonly Row[]): string =>
  heading(title) +
  textTable(
    { head: ['', '', '', ...Object.values(titles)] },
    all.map(({ of, cells }) => [
      ...of,
      ...Object.keys(titles).map((column) => {
        const { is, amount = '' } = cells[column] ?? { is: 'unknown' as const }
        return [symbols[is], amount].filter(Boolean).join(' ')
      }),
    ]),
  )

const plain = (text: string): string => text.replaceAll(/[|<>\p{Cc}]+/gu, ' ')

const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')
