// A verdict as one page of HTML: curves as inline SVG, no script, nothing from elsewhere; light or dark as the reader's screen is.

import { evidenceText } from './evidence.ts'
import type { Verdict } from '../verify/verdict.ts'
import { escapeXml } from './xml.ts'

const digits = new Intl.NumberFormat('en-US')
/** Of each finding, and of host pairs. */
const most = { evidence: 20, flows: 50 }

const style = `
:root{color-scheme:light dark;--back:#fff;--text:#1b2430;--dim:#5a6778;--rule:#dbe1ea;--wire:#2b6cb0;--exported:#b45309;--collected:#15803d;--good:#15803d;--bad:#c02626}
@media(prefers-color-scheme:dark){:root{--back:#12161d;--text:#e6ecf5;--dim:#9fadc2;--rule:#2c3747;--wire:#6ab0ff;--exported:#fdba4b;--collected:#5fd38a;--good:#5fd38a;--bad:#ff8080}}
body{background:var(--back);color:var(--text);font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}.good{color:var(--good)}.bad{color:var(--bad)}.dim{color:var(--dim)}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .7rem .3rem 0;border-bottom:1px solid var(--rule);white-space:nowrap}
th{color:var(--dim);font-weight:500}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}article{border-left:3px solid var(--bad);padding-left:1rem;margin:1rem 0}
code,li{font:13px/1.5 ui-monospace,monospace;overflow-wrap:anywhere}svg{width:100%;height:auto}svg text{fill:var(--dim);font-size:11px}
.wire{stroke:var(--wire)}.exported{stroke:var(--exported);stroke-dasharray:6 3}.collected{stroke:var(--collected);stroke-dasharray:2 3}polyline{fill:none;stroke-width:2}.axis{stroke:var(--rule)}`

export function htmlReport(verdict: Verdict): string {
  const { lab, pass, expectations, findings, books, flows, time, traffic, run } = verdict
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${escapeXml(lab)}: ${pass ? 'true' : 'not true'}</title><style>${style}</style></head><body>`,
    `<h1>${escapeXml(lab)} <span class="${pass ? 'good' : 'bad'}">${pass ? '✔ true' : '✘ not true'}</span></h1>`,
    `<p class="dim">${new Date(run.opened).toISOString()}, ${seconds(run.closed - run.opened)} s of traffic, ${escapeXml(run.directory)}</p>`,
    section(
      'Expectations',
      expectations.length > 0,
      table(
        ['', 'expected', 'found'],
        expectations.map(({ holds, text, found }) => [sign(holds), escapeXml(text), escapeXml(found)]),
      ),
    ),
    section('Findings', findings.length > 0, findings.map(findingHtml).join('\n')),
    section(
      'Books',
      books.length > 0,
      `<p class="dim">Packets and layer-3 bytes.</p>${table(
        ['point', '', 'by', ...witnesses.flatMap((name) => [name, ''])],
        books.map((book) => [
          escapeXml(book.point),
          book.direction,
          escapeXml(`${book.probe} → ${book.collector}/${book.table}`),
          ...witnesses.flatMap((name) => [
            digits.format(book[name].packets),
            digits.format(book[name].bytes),
          ]),
        ]),
        3,
      )}`,
    ),
    section('Over time', time.length > 0, time.map(curveHtml).join('\n')),
    section(
      'Host pairs',
      flows.length > 0,
      table(
        ['point', '', 'from', 'to', 'wire', 'exported', 'arrived', 'collected'],
        flows
          .slice(0, most.flows)
          .map((flow) => [
            ...[escapeXml(flow.point), flow.direction, escapeXml(flow.source), escapeXml(flow.destination)],
            ...witnesses.map((name) => digits.format(flow[name].packets)),
          ]),
        4,
      ),
    ),
    section(
      'Traffic',
      traffic.length > 0,
      table(
        ['flow', 'sent', 'received'],
        traffic.map(({ flow, sent, received }) => [
          escapeXml(flow),
          digits.format(sent.packets),
          received ? digits.format(received.packets) : '',
        ]),
        1,
      ),
    ),
    '</body></html>\n',
  ].join('\n')
}

const witnesses = ['wire', 'exported', 'arrived', 'collected'] as const

const seconds = (ms: number): string => (ms / 1000).toFixed(1)
const sign = (holds: boolean): string => `<span class="${holds ? 'good' : 'bad'}">${holds ? '✔' : '✘'}</span>`

const section = (title: string, isThere: boolean, body: string): string =>
  isThere ? `<section><h2>${title}</h2>${body}</section>` : ''

/** Cells are HTML already. */
function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbersFrom = Infinity,
): string {
  const cls = (column: number): string => (column >= numbersFrom ? ' class="n"' : '')
  return [
    '<div class="wide"><table><thead><tr>',
    ...head.map((each, column) => `<th${cls(column)}>${each}</th>`),
    '</tr></thead><tbody>',
    ...rows.map((row) => `<tr>${row.map((each, column) => `<td${cls(column)}>${each}</td>`).join('')}</tr>`),
    '</tbody></table></div>',
  ].join('')
}

function findingHtml({
  id,
  stage,
  point,
  summary,
  remedy,
  evidence,
  allowed,
}: Verdict['findings'][number]): string {
  const rest = evidence.length - most.evidence
  return [
    `<article><strong>${escapeXml(stage)}: ${escapeXml(id)}</strong> at ${escapeXml(point)}`,
    allowed === undefined ? '' : ` <span class="dim">allowed: ${escapeXml(allowed)}</span>`,
    `<p>${escapeXml(summary)}</p><ul>`,
    ...evidence.slice(0, most.evidence).map((item) => `<li>${escapeXml(evidenceText(item))}</li>`),
    rest > 0 ? `<li>… and ${rest} more</li>` : '',
    `</ul><p class="dim">${escapeXml(remedy)}</p></article>`,
  ].join('')
}

const plot = { width: 900, height: 220, left: 60, bottom: 24, top: 10 }
const drawn = ['wire', 'exported', 'collected'] as const

function curveHtml({ point, probe, collector, step, curve }: Verdict['time'][number]): string {
  const [first] = curve
  if (!first) return ''
  const perSecond = (bytes: number): number => (8000 * bytes) / step
  const top = Math.max(1, ...curve.flatMap((at) => drawn.map((name) => perSecond(at[name]?.bytes ?? 0))))
  const x = (index: number): number =>
    plot.left + (index * (plot.width - plot.left - 10)) / Math.max(1, curve.length - 1)
  const y = (bits: number): number =>
    plot.height - plot.bottom - (bits / top) * (plot.height - plot.bottom - plot.top)
  const known = drawn.filter((name) => curve.some((at) => at[name]))
  const lines = known.map((name) => {
    const points = curve.flatMap((at, index) => {
      const volume = at[name]
      return volume ? [`${x(index).toFixed(1)},${y(perSecond(volume.bytes)).toFixed(1)}`] : []
    })
    return `<polyline class="${name}" points="${points.join(' ')}"/>`
  })
  const legend = known.map(
    (name, index) =>
      `<line class="${name}" stroke-width="2" x1="${plot.left + index * 110}" x2="${plot.left + 24 + index * 110}" y1="${plot.height - 6}" y2="${plot.height - 6}"/><text x="${plot.left + 30 + index * 110}" y="${plot.height - 2}">${name}</text>`,
  )
  const title = `${point}: ${probe} → ${collector}, bits/s, ${seconds((curve.length - 1) * step)} s`
  return [
    `<figure style="margin:0"><figcaption class="dim">${escapeXml(title)}</figcaption>`,
    `<svg viewBox="0 0 ${plot.width} ${plot.height}" role="img" aria-label="${escapeXml(title)}">`,
    ...[0, 0.5, 1].map(
      (share) =>
        `<line class="axis" x1="${plot.left}" x2="${plot.width - 10}" y1="${y(share * top)}" y2="${y(share * top)}"/><text x="${plot.left - 6}" y="${y(share * top) + 4}" text-anchor="end">${short(share * top)}</text>`,
    ),
    ...lines,
    ...legend,
    '</svg></figure>',
  ].join('')
}

const short = (bits: number): string =>
  bits >= 1e6
    ? `${(bits / 1e6).toFixed(1)} M`
    : bits >= 1e3
      ? `${(bits / 1e3).toFixed(1)} k`
      : bits.toFixed(0)
