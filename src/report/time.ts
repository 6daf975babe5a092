// What is said of time: a line each of visibility, timeouts and misplaced volume, and the curves of the witnesses; as text,
// and as CSV.

import type { TimeSection } from '../verify/time/section.ts'

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

type Delay = NonNullable<TimeSection['visibility']['arrived']>
const delayText = ({ median, worst }: Delay): string => `${seconds(median)} (worst ${seconds(worst)})`

export function visibility({
  visibility: { arrived, visible, records, flushed, unseen },
}: TimeSection): string {
  if (!arrived) return 'no record says when its last packet was'
  return [
    `last packet → record arrived ${delayText(arrived)}`,
    ...(visible
      ? [`→ visible ${delayText(visible)}, read every ${seconds(visible.resolution)} or sooner`]
      : []),
    `${records} records by themselves, ${flushed} when the probe ended`,
    ...(unseen > 0 ? [`${unseen} never in the table`] : []),
  ].join('; ')
}

export const timeoutText = (
  name: string,
  { asked, longest, over, held }: TimeSection['timeouts']['active'],
): string =>
  `${name} ${asked === undefined ? 'not set' : seconds(asked)}, longest ${seconds(longest)}${
    asked === undefined ? '' : over === 0 ? ', kept' : `, not kept by ${over} records`
  }${held > 0 ? ` (${held} records more were held back until the end)` : ''}`

export const templatesText = ({
  count,
  datagrams,
  lasted,
  apart,
}: NonNullable<TimeSection['templates']>): string =>
  `${count}, ${
    apart
      ? `each sent again after at most ${apart.datagrams} datagrams and ${seconds(apart.ms)}`
      : `${count === 1 ? '' : 'one at least '}sent once in ${datagrams} datagrams and ${seconds(lasted)}`
  }`

export const misplacedText = ({ misplaced }: TimeSection): string =>
  misplaced
    .map(
      ({ interval, spread, arrival }) =>
        `${interval} s: ${spread === undefined ? '–' : percent(spread)} spread over the flow's time, ${arrival === undefined ? '–' : percent(arrival)} at arrival`,
    )
    .join('; ')

const bars = '▁▂▃▄▅▆▇█'

/** Bytes over time in at most `width` bars, all witnesses to one scale. */
function sparkline(values: readonly number[], most: number): string {
  return values
    .map((value) => (value <= 0 ? ' ' : (bars[Math.min(7, Math.floor((value / most) * 8))] ?? ' ')))
    .join('')
}

const witnesses = ['wire', 'exported', 'arrived', 'collected'] as const

/** One line a witness, to one scale; a bar stands for one or more intervals. */
export function curveText({ curve, step }: TimeSection, width = 60): string {
  const every = Math.max(1, Math.ceil(curve.length / width))
  const lines = witnesses.flatMap((witness) => {
    if (curve.every((point) => point[witness] === undefined)) return []
    const values: number[] = []
    for (let at = 0; at < curve.length; at += every)
      values.push(curve.slice(at, at + every).reduce((sum, point) => sum + (point[witness]?.bytes ?? 0), 0))
    return [{ witness, values }]
  })
  const most = Math.max(1, ...lines.flatMap(({ values }) => values))
  const legend = `    a bar is ${seconds(every * step)}, a full one ${new Intl.NumberFormat('en-US').format(Math.round(most))} bytes\n`
  return (
    lines.map(({ witness, values }) => `    ${witness.padEnd(9)} ${sparkline(values, most)}\n`).join('') +
    legend
  )
}

/** With `curves`, bars of the witnesses below. */
export const timeText = (sections: readonly TimeSection[], curves: boolean): string =>
  sections
    .map((section) =>
      [
        `  ${section.probe} → ${section.collector}: ${visibility(section)}\n`,
        `    timeouts: ${timeoutText('active', section.timeouts.active)}; ${timeoutText('inactive', section.timeouts.inactive)}\n`,
        section.templates ? `    templates: ${templatesText(section.templates)}\n` : '',
        section.misplaced.length > 0
          ? `    bytes in another interval than on the wire: ${misplacedText(section)}\n`
          : '',
        curves ? curveText(section) : '',
      ].join(''),
    )
    .join('')

/** A line an interval and exports; a witness that nobody read has empty cells. */
export function curveCsv(sections: readonly TimeSection[]): string {
  const head = [
    'time',
    'probe',
    'collector',
    ...witnesses.flatMap((name) => [`${name}_packets`, `${name}_bytes`]),
  ]
  const rows = sections.flatMap(({ probe, collector, curve }) =>
    curve.map((point) => [
      new Date(point.at).toISOString(),
      probe,
      collector,
      ...witnesses.flatMap((name) => [point[name]?.packets ?? '', point[name]?.bytes ?? '']),
    ]),
  )
  return [head, ...rows].map((row) => `${row.join(',')}\n`).join('')
}
