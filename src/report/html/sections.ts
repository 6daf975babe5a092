// The sections of the page: what was expected and found, the books, and what is said of events, sampling, attributes and time.

import type { Finding, Verdict } from '../../verify/verdict.ts'
import { attributeRows } from '../attributes.ts'
import { evidenceText, percent } from '../evidence.ts'
import { misplacedText, templatesText, timeoutText, visibility } from '../time.ts'
import { errorCells, samplingText } from '../sampling.ts'
import { escapeXml } from '../xml.ts'
import { curveHtml } from './curve.ts'
import { type Cell, prose, section, sign, table } from './elements.ts'

/** Of each finding, and of host pairs. */
const most = { evidence: 20, flows: 50, places: 3 }

const witnesses = ['wire', 'exported', 'arrived', 'collected'] as const
type Volumes = Readonly<
  Record<(typeof witnesses)[number], { readonly packets: number; readonly bytes: number }>
>

/** What is not what the witness before has is where it went wrong; of a probe that samples, its exports differ as they must. */
const witnessCells = (of: Volumes, what: readonly ('packets' | 'bytes')[], isSampled: boolean): Cell[] =>
  witnesses.flatMap((name, index) => {
    const before = witnesses[index - 1]
    return what.map((each) => ({
      value: of[name][each],
      isWrong:
        before !== undefined && of[name][each] !== of[before][each] && !(isSampled && name === 'exported'),
    }))
  })

const samplesAt = ({ sampling }: Verdict, point: string): boolean =>
  sampling.some((each) => each.point === point && each.asItMustBe)

export const expectationsHtml = ({ expectations }: Verdict): string =>
  section(
    'Expectations',
    table(
      ['', 'expected', 'found', 'at'],
      'kttt',
      expectations.map(({ holds, text, found, where, at }) => [
        sign(holds),
        text,
        found,
        [
          ...where.slice(0, most.places),
          ...(where.length > most.places ? [`and ${where.length - most.places} more`] : []),
          ...(holds ? [] : [at]),
        ].join('; '),
      ]),
    ),
  )

export const findingsHtml = ({ findings }: Verdict): string =>
  section('Findings', ...findings.map(findingHtml))

function findingHtml({
  id,
  stage,
  point,
  summary,
  remedy,
  evidence,
  allowed,
  alternatives,
}: Finding): string {
  const rest = evidence.length - most.evidence
  return [
    `<article${allowed === undefined ? '' : ' class="allowed"'}><strong>${escapeXml(stage)}: ${escapeXml(id)}</strong> at ${escapeXml(point)}`,
    allowed === undefined ? '' : ` <span class="dim">allowed: ${escapeXml(allowed)}</span>`,
    `<p>${prose(summary)}</p><ul>`,
    ...evidence.slice(0, most.evidence).map((item) => `<li>${escapeXml(evidenceText(item))}</li>`),
    rest > 0 ? `<li>… and ${rest} more</li>` : '',
    `</ul><p>${prose(remedy)}</p>`,
    alternatives.length === 0
      ? ''
      : `<p class="dim">Or: ${escapeXml(alternatives.map(({ cause, score }) => `${cause} (fits ${percent(score)})`).join(', '))}</p>`,
    '</article>',
  ].join('')
}

export function booksHtml(verdict: Verdict): string {
  const { books, tables } = verdict
  const beside = [
    ...books.flatMap(({ point, direction, notMetered }) =>
      notMetered.map(
        ({ reason, packets, bytes }) =>
          `Beside it, ${direction} at ${point}: ${packets} packet${packets === 1 ? '' : 's'}, ${bytes} bytes of ${reason}.`,
      ),
    ),
    ...books.flatMap(({ point, direction, exports }) =>
      exports
        ? [
            `Of it, ${direction} at ${point}: ${exports.packets} packets, ${exports.bytes} bytes of the lab's own exports.`,
          ]
        : [],
    ),
    ...tables.map(
      ({ probe, table: name, filter, wire, held, checked, unchecked }) =>
        `${probe}/${name} (${filter || 'no filter'}): ${
          checked
            ? `${held.packets} packets, ${held.bytes} bytes; wire: ${wire.packets}, ${wire.bytes}`
            : `not compared, ${unchecked}`
        }.`,
    ),
  ]
  return section(
    'Books',
    books.length === 0 ? '' : '<p class="dim">Packets and layer-3 bytes.</p>',
    table(
      ['point', '', 'by', ...witnesses.flatMap((name) => [name, ''])],
      'kkknnnnnnnn',
      books.map((book) => [
        ...[book.point, book.direction, `${book.probe} → ${book.collector}/${book.table}`],
        ...witnessCells(book, ['packets', 'bytes'], samplesAt(verdict, book.point)),
      ]),
    ),
    ...[...new Set(beside)].map((text) => `<p class="dim">${escapeXml(text)}</p>`),
  )
}

export const flowsHtml = (verdict: Verdict): string => {
  const { flows } = verdict
  return section(
    'Host pairs',
    table(
      ['point', '', 'from', 'to', ...witnesses],
      'kkkknnnn',
      flows
        .slice(0, most.flows)
        .map((flow) => [
          ...[flow.point, flow.direction, flow.source, flow.destination],
          ...witnessCells(flow, ['packets'], samplesAt(verdict, flow.point)),
        ]),
    ),
    flows.length > most.flows ? `<p class="dim">… and ${flows.length - most.flows} more</p>` : '',
  )
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`

export const eventsHtml = ({ events, run }: Verdict): string =>
  section(
    'Events',
    table(
      ['at', 'event', 'what', 'over after', 'routes at rest after', 'followed by', 'booked to it'],
      'nktnntt',
      events.map(({ name, target, action, begin, end, settled, expected, followed, booked }) => [
        seconds(begin - run.opened),
        name,
        `${target} ${action}${expected ? '' : ', not expected'}`,
        end === undefined ? '' : seconds(end - begin),
        settled === undefined ? '' : seconds(Math.max(0, settled - (end ?? begin))),
        followed
          .map(
            ({ daemon, of, after }) =>
              `${daemon} after ${seconds(after)}${of === 'end' ? ' of its end' : ''}`,
          )
          .join('; '),
        booked.map(({ stage, packets, bytes }) => `${stage}: ${packets} packets, ${bytes} bytes`).join('; '),
      ]),
    ),
  )

export const timeHtml = ({ time, events, run }: Verdict): string =>
  section(
    'Over time',
    ...time.map((each) =>
      [
        curveHtml(each, events, run.opened),
        `<p class="dim">${escapeXml(visibility(each))}</p>`,
        `<p class="dim">Timeouts: ${escapeXml(`${timeoutText('active', each.timeouts.active)}; ${timeoutText('inactive', each.timeouts.inactive)}`)}</p>`,
        each.templates === undefined
          ? ''
          : `<p class="dim">Templates: ${escapeXml(templatesText(each.templates))}</p>`,
        each.misplaced.length === 0
          ? ''
          : `<p class="dim">Bytes in another interval than on the wire: ${escapeXml(misplacedText(each))}</p>`,
      ].join(''),
    ),
  )

export const samplingHtml = ({ sampling }: Verdict): string =>
  section(
    'Sampling',
    ...sampling.map((each) =>
      [
        ...samplingText([each])
          .trim()
          .split('\n')
          .map((text) => `<p>${escapeXml(text.trim())}</p>`),
        '<p class="dim">The error that each rate would give for this traffic, at the most:</p>',
        table(
          ['pairs of', 'pairs', 'rate', 'largest', 'half of bytes', '90 % of bytes', 'never seen'],
          'knnnnnn',
          errorCells(each.errors),
        ),
      ].join(''),
    ),
  )

export const attributesHtml = ({ attributes }: Verdict): string =>
  section(
    'Attributes',
    table(
      ['attribute', 'of', 'against', 'compared', 'wrong', ''],
      'kttnnt',
      attributeRows(attributes).map(({ attribute, of, against, compared, wrong, remarks }) => [
        ...[attribute, of, against, compared ?? '–'],
        { value: wrong ?? '–', isWrong: (wrong ?? 0) > 0 },
        remarks,
      ]),
    ),
  )

export const trafficHtml = ({ traffic }: Verdict): string =>
  section(
    'Traffic, as its generators say',
    table(
      ['flow', 'packets sent', 'payload bytes', 'received', 'bytes', 'on the wire', 'bytes'],
      'knnnnnn',
      traffic.map(({ flow, sent, received, wire }) => [
        ...[flow, sent.packets, sent.bytes],
        ...[received, wire].flatMap((volume) => [volume?.packets ?? '–', volume?.bytes ?? '–']),
      ]),
    ),
  )

export const stagesHtml = ({ run }: Verdict): string =>
  run.stages.length === 0
    ? ''
    : `<p class="dim">${escapeXml(run.stages.map(({ name, ms }) => `${name} ${seconds(ms)}`).join(', '))}</p>`
