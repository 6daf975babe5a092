// The witnesses over time as a drawing: bits a second, in stairs, with what happened on purpose as marks.

import type { EventReport, Verdict } from '../../verify/verdict.ts'
import { escapeXml } from '../xml.ts'

const plot = { width: 900, height: 230, left: 62, right: 12, bottom: 22, top: 16 }
const drawn = ['wire', 'exported', 'collected'] as const

type Section = Verdict['time'][number]

export function curveHtml(section: Section, events: readonly EventReport[], opened: number): string {
  const { point, probe, collector, step, curve } = section
  const [first] = curve
  const last = curve.at(-1)
  if (!first || !last) return ''
  const known = drawn.filter((name) => curve.some((at) => at[name]))
  const perSecond = (bytes: number): number => (8000 * bytes) / step
  const most = Math.max(1, ...curve.flatMap((at) => known.map((name) => perSecond(at[name]?.bytes ?? 0))))
  const [begin, end] = [first.at, last.at + step]
  const x = (at: number): number =>
    plot.left + ((at - begin) * (plot.width - plot.left - plot.right)) / Math.max(1, end - begin)
  const y = (bits: number): number =>
    plot.height - plot.bottom - (bits / most) * (plot.height - plot.bottom - plot.top)
  const round = (value: number): string => value.toFixed(1)
  const stairs = known.map((name) => {
    const points = curve.flatMap((at) => {
      const volume = at[name]
      if (!volume) return []
      const level = round(y(perSecond(volume.bytes)))
      return [`${round(x(at.at))},${level}`, `${round(x(at.at + step))},${level}`]
    })
    return `<polyline class="${name}" points="${points.join(' ')}"/>`
  })
  const levels = [0, 0.5, 1].map((share) => {
    const at = round(y(share * most))
    return `<line class="axis" x1="${plot.left}" x2="${plot.width - plot.right}" y1="${at}" y2="${at}"/><text x="${plot.left - 6}" y="${Number(at) + 4}" text-anchor="end">${rate(share * most)}</text>`
  })
  const times = ticks((begin - opened) / 1000, (end - opened) / 1000).map(
    (seconds) =>
      `<text x="${round(x(opened + seconds * 1000))}" y="${plot.height - 6}" text-anchor="middle">${seconds} s</text>`,
  )
  const marks = events.flatMap(({ name, begin: from, end: to }) =>
    [[from, name] as const, ...(to === undefined ? [] : [[to, `end of ${name}`] as const])].flatMap(
      ([at, what]) =>
        at < begin || at > end
          ? []
          : [
              `<g><title>${escapeXml(`${what}, ${((at - opened) / 1000).toFixed(2)} s`)}</title><line class="mark" x1="${round(x(at))}" x2="${round(x(at))}" y1="${plot.top}" y2="${plot.height - plot.bottom}"/><path class="mark-sign" d="M${round(x(at))} ${plot.top}l-5 -8h10z"/></g>`,
            ],
    ),
  )
  const title = `${point}: ${probe} → ${collector}, bits a second in intervals of ${step / 1000} s`
  const legend = known.map(
    (name) =>
      `<li><svg viewBox="0 0 28 8" aria-hidden="true"><line class="${name}" stroke-width="2" x1="0" x2="28" y1="4" y2="4"/></svg>${name}</li>`,
  )
  if (marks.length > 0) legend.push('<li>▼ events</li>')
  return [
    `<figure><figcaption>${escapeXml(title)}</figcaption><ul class="key">${legend.join('')}</ul>`,
    `<div class="wide"><svg class="plot" viewBox="0 0 ${plot.width} ${plot.height}" role="img" aria-label="${escapeXml(title)}">`,
    ...levels,
    ...times,
    ...stairs,
    ...marks,
    '</svg></div></figure>',
  ].join('')
}

/** Round seconds, some eight of them. */
function ticks(from: number, to: number): number[] {
  const least = (to - from) / 8
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 0.1)))
  const every = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= least) ?? power * 10
  const found: number[] = []
  for (let at = Math.ceil(from / every) * every; at <= to; at += every) found.push(Math.round(at * 10) / 10)
  return found
}

const rate = (bits: number): string =>
  bits >= 1e9
    ? `${(bits / 1e9).toFixed(1)} Gbit/s`
    : bits >= 1e6
      ? `${(bits / 1e6).toFixed(1)} Mbit/s`
      : bits >= 1e3
        ? `${(bits / 1e3).toFixed(1)} kbit/s`
        : `${bits.toFixed(0)} bit/s`
