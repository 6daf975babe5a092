// The interoperability report: what each exporter and each collector gets right, wrong or leaves out, as rows of cells, and these as
// Markdown or text. Every row names the runs that it stands on; every cell that is wrong has a note with its evidence.

import { table as textTable, heading } from '../table.ts'
import type { Finding } from '../../verify/verdict.ts'
import { type Cell, type Cells, type Judged, type Mark, type Note, worst } from './cell.ts'
import {
  collectorCells,
  collectorColumns,
  exporterCells,
  exporterColumns,
  noteOf,
  otherFindings,
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

/** A combination that no lab can be made of. */
export interface Skipped {
  readonly file: string
  readonly combination: string
  readonly reason: string
}

export interface InteropMatrix {
  readonly title: string
  /** The command that made the runs. */
  readonly command: string
  readonly made: string
  /** Programs and kernel. */
  readonly versions: readonly string[]
  readonly runs: readonly InteropRun[]
  readonly skipped: readonly Skipped[]
}

/** A note, and the run that has its evidence. */
export type NumberedNote = Note & { readonly run: number }

export interface Row {
  /** Such as pmacctd, ipfix, 1:10. */
  readonly of: readonly string[]
  readonly cells: Cells
  /** Findings about what has no column. */
  readonly others: readonly NumberedNote[]
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
      const each = group.map((run) => stamped(exporterCells(run), run.number))
      const cells = Object.fromEntries(
        columnsOf(exporterColumns).map((column) => [column, worst(each.map((of) => of[column]))]),
      )
      return {
        of: [first?.probe ?? '', first?.protocol ?? '', first?.rate ?? ''],
        cells,
        others: othersOf(group, cells, ['metering', 'exporting']),
        runs: group.map(({ number }) => number),
      }
    }),
    collectors: judged
      .toSorted((a, b) =>
        a.collector < b.collector ? -1 : a.collector > b.collector ? 1 : a.number - b.number,
      )
      .map((run) => {
        const cells = stamped(collectorCells(run), run.number)
        return {
          of: [run.collector, run.protocol, `${run.probe} ${run.rate}`],
          cells,
          others: othersOf([run], cells, ['collecting', 'transport']),
          runs: [run.number],
        }
      }),
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

type Numbered = Judged & { readonly number: number }

const stamped = <Column extends string>(cells: Cells<Column>, run: number): Cells<Column> =>
  Object.fromEntries(
    Object.entries<Cell>(cells).map(([column, cell]) => [column, { ...cell, run }]),
  ) as Cells<Column>

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

/** What was found of these stages and is in no cell, each cause once. */
function othersOf(
  group: readonly Numbered[],
  cells: Cells,
  stages: readonly Finding['stage'][],
): readonly NumberedNote[] {
  const found = group.flatMap(({ verdict, number }) =>
    otherFindings(verdict, cells)
      .filter(({ stage }) => stages.includes(stage))
      .map((finding) => [finding.cause, { ...noteOf(finding), run: number }] as const),
  )
  return [...new Map(found).values()]
}

const symbols: Readonly<Record<Mark, string>> = {
  right: '✔',
  wrong: '✘',
  'left-out': '○',
  none: '–',
  unknown: '',
  load: '◌',
}

const legend: readonly string[] = [
  '- ✔ right: the verdict holds nothing against it; a note has what it says besides.',
  '- With sampling: ✔ is a sum within what chance may put it off (in brackets), and of one kind of traffic that sampling explains each of its flows. It is no proof of each packet, as it is with 1:1.',
  '- ✘ wrong, and by how much; the note has the evidence.',
  '- ○ left out: no field, or nothing (0) in it.',
  '- – not applicable: the protocol has no place for it, or the program was not meant to.',
  '- ◌ lost in a capture or a queue that had no room: how busy the machine was, and nothing of the program; the run is to be repeated.',
  '- An empty cell: nothing in the run tells.',
  '- Evidence is a file of the run’s directory; when a run is repeated, frames and octets differ.',
  '- Besides: findings that are about none of the columns.',
  '- Templates: whether all records could be read. Sent again: the most between two sendings of one of them; what runs of seconds cannot tell, those of `…-templates.yaml` do.',
]

export function interopMarkdown(report: InteropReport): string {
  const notes = new Map<string, number>()
  const mark = ({ text: said, evidence }: Note, run: number | undefined): string => {
    const text = evidence === undefined ? said : `${said} Evidence, run ${run}: ${evidence}`
    const number = notes.get(text) ?? notes.size + 1
    notes.set(text, number)
    return `[^${number}]`
  }
  const cellText = ({ is, amount = '', notes: own = [], run }: Cell): string =>
    `${[symbols[is], amount].filter(Boolean).join(' ')}${own.map((note) => mark(note, run)).join('')}`
  const rows = (heads: readonly string[], titles: Readonly<Record<string, string>>, all: readonly Row[]) =>
    markdownTable(
      [...heads, ...Object.values(titles), 'besides', 'run'],
      all.map(({ of, cells, others, runs }) => [
        ...of,
        ...Object.keys(titles).map((column) => (cells[column] ? cellText(cells[column]) : '')),
        others.map((note) => mark(note, note.run)).join(''),
        runs.join(', '),
      ]),
    )
  const parts = [
    `# ${report.title}`,
    `The runs are those of \`${report.command}\` on ${report.made}. Every cell follows from the verdicts of the runs that its row names, which anyone can repeat by the commands [below](#runs).`,
    report.versions.map((version) => `- ${version}`).join('\n'),
    legend.join('\n'),
    '## Exporters: what crossed the wire, against flow records',
    'Interfaces and AS numbers were asked for where the program can tell them (softflowd and fprobe can be given one number, which is then input and output of all records: they were not). Packets of a kind (ICMP, fragments, IPv6) are those between two hosts that exchange nothing else.',
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
          skippedLines(report.skipped),
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

/** Those of one reason on one line. */
function skippedLines(skipped: readonly Skipped[]): string {
  const by = new Map<string, string[]>()
  for (const { file, combination, reason } of skipped) {
    const id = `${file}: ${plain(reason)}`
    by.set(id, [...(by.get(id) ?? []), combination])
  }
  return [...by].map(([id, all]) => `- ${id} (${all.map((each) => `\`${each}\``).join('; ')})`).join('\n')
}

const plain = (text: string): string => text.replaceAll(/[|<>\p{Cc}]+/gu, ' ')

const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')
