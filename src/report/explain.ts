// The whole story of a finding: what was expected, what each witness found, why it is put down to this stage and cause, the
// evidence down to the datagram, what else it could be, what to change, and how to see it again.

import { styleText } from 'node:util'
import type { Described } from '../verify/causes/cause.ts'
import type { Book, EvidenceItem, Finding, Verdict } from '../verify/verdict.ts'
import { evidenceText, percent } from './evidence.ts'
import { heading, table } from './table.ts'

export interface Story {
  readonly verdict: Verdict
  readonly finding: Finding
  /** What the catalogue says of the cause. */
  readonly cause: Described
  /** Datagrams of the evidence as trees, by file and frame: `FILE#FRAME`. */
  readonly trees: ReadonlyMap<string, string>
}

export const treeKey = (file: string, frame: number): string => `${file}#${frame}`

const mostLines = 40

export function explanation({ verdict, finding, cause, trees }: Story): string {
  const { id, stage, summary, evidence } = finding
  return [
    `\n${styleText('bold', id)}: ${styleText('red', stage)}\n  ${summary}\n`,
    heading('What was expected, and what each witness found'),
    witnesses(verdict, finding),
    ...predicted(finding),
    heading('How it is known'),
    `  ${cause.title}\n  ${cause.knownBy}\n`,
    heading('Evidence'),
    ...evidence.map((item) => `  ${evidenceText(item)}\n${treeOf(item, trees)}`),
    heading('What else it could be'),
    ...others(finding, cause),
    heading('What to change'),
    `  ${finding.remedy}\n`,
    heading('How to see it again'),
    ...again(verdict, finding),
  ].join('')
}

/** Which witnesses stand on both sides of each stage; routing information is no matter of amounts. */
const sides: Readonly<Record<Finding['stage'], string>> = {
  sending: 'a generator’s report and the wire beside it differ: the network between them, or the generator',
  metering: 'wire and exported differ: the metering process, or the exporting process behind it',
  exporting: 'wire and exported differ: the exporting process',
  transport: 'exported and arrived differ: the way between',
  collecting: 'arrived and collected differ: the collector',
  routing: 'amounts are not in question; what is said beside them is held against other witnesses',
}

function witnesses({ books }: Verdict, { stage, probe, accounts, fit }: Finding): string {
  const isStrange = fit.some(({ before, found }) => before.packets === 0 && found.packets > 0)
  const own = books.filter((book) => book.probe === probe)
  const row = (book: Book) => [
    ...[book.point, book.direction, `${book.probe} → ${book.collector}/${book.table}`],
    ...[book.wire, book.exported, book.arrived, book.collected].flatMap(({ packets, bytes }) => [
      packets,
      bytes,
    ]),
  ]
  return (
    table(
      {
        head: ['point', '', 'by', 'wire', '', 'exported', '', 'arrived', '', 'collected', ''],
        numbers: [3, 4, 5, 6, 7, 8, 9, 10],
      },
      own.map(row),
    ) +
    `  ${accounts.length === 0 ? sides.routing : sides[stage]}\n` +
    (isStrange ? '  flows of which nothing crossed have no direction, and are counted as in\n' : '') +
    accounts
      .map(
        ({ account, packets, bytes }) =>
          `  in the account of ${account}: ${packets} packets, ${bytes} bytes\n`,
      )
      .join('')
  )
}

function predicted({ fit, score, cause }: Finding): string[] {
  if (fit.length === 0) return []
  const how = score === undefined ? '' : `: it explains ${percent(score)} of the difference`
  return [
    heading(`Flow by flow, as ${cause} predicts it${how}`),
    table(
      {
        head: ['', 'source', 'destination', '', 'before', '', 'predicted', '', 'found', ''],
        numbers: [4, 5, 6, 7, 8, 9],
      },
      fit.map(({ direction, source, destination, key, before, predicted: should, found }) => [
        ...[direction, source, destination, key ?? ''],
        ...[before, should, found].flatMap(({ packets, bytes }) => [packets, bytes]),
      ]),
    ),
  ]
}

function treeOf(item: EvidenceItem, trees: ReadonlyMap<string, string>): string {
  if (item.kind !== 'datagram' && item.kind !== 'record') return ''
  const tree = trees.get(treeKey(item.file, item.frame))
  if (tree === undefined) return ''
  const lines = tree.trimEnd().split('\n')
  const shown = item.offset > 0 ? [...lines.slice(0, 1), ...entryAt(lines, item.offset)] : lines
  const more = shown.length - mostLines
  return [
    ...shown.slice(0, mostLines).map((line) => `    ${line}\n`),
    ...(more > 0 ? [`    … ${more} more lines\n`] : []),
  ].join('')
}

/** The lines of the one record or template that begins at an offset: those below it are set further in. */
function entryAt(lines: readonly string[], offset: number): string[] {
  const column = (line: string): number => line.search(/[a-z]/)
  const start = lines.findIndex((line) => new RegExp(`^ *${offset} [a-z]`).test(line))
  if (start < 0) return []
  const own = column(lines[start] ?? '')
  const length = lines.slice(start + 1).findIndex((line) => column(line) <= own)
  return lines.slice(start, length < 0 ? undefined : start + 1 + length)
}

function others({ alternatives, score }: Finding, cause: Described): string[] {
  const own = `  Told apart from others by: ${cause.test}\n`
  if (alternatives.length === 0)
    return [`  No other known cause ${score === undefined ? 'applies' : 'fits the numbers'}.\n`, own]
  return [
    ...alternatives.map(
      ({ cause: id, score: fits, test }) => `  ${id} explains ${percent(fits)}; to tell it apart: ${test}\n`,
    ),
    own,
  ]
}

function again({ run: { directory } }: Verdict, { evidence }: Finding): string[] {
  const recordings = new Set(
    evidence.flatMap((item) => (item.kind === 'datagram' || item.kind === 'record' ? item.file : [])),
  )
  return [
    `  flowlab run ${directory}/lab.yaml\n`,
    `  flowlab verify ${directory}\n`,
    ...[...recordings].map((file) => `  flowlab decode -v ${directory}/${file}\n`),
  ]
}
