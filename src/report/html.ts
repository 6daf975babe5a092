// A verdict as one page of HTML: drawings as inline SVG, no script, nothing from elsewhere.

import type { Verdict } from '../verify/verdict.ts'
import { conclusionOf } from './conclusion.ts'
import {
  attributesHtml,
  booksHtml,
  eventsHtml,
  expectationsHtml,
  findingsHtml,
  flowsHtml,
  samplingHtml,
  stagesHtml,
  timeHtml,
  trafficHtml,
} from './html/sections.ts'
import { section } from './html/elements.ts'
import { style } from './html/style.ts'
import { escapeXml } from './xml.ts'

/** `picture`: the lab as SVG, to stand in a page. */
export function htmlReport(verdict: Verdict, picture = ''): string {
  const { lab, run } = verdict
  const { good, word, how, stages } = conclusionOf(verdict)
  const sign = word === '' ? '' : `${good ? '✔' : '✘'} ${word}`
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${escapeXml(lab)}: ${escapeXml(word || how)}</title><style>${style}</style></head><body>`,
    `<h1>${escapeXml(lab)} <span class="${good ? 'good' : 'bad'}">${escapeXml(sign)}</span></h1>`,
    `<p class="how">${stages === undefined ? '' : 'findings in '}${escapeXml(how)}</p>`,
    `<p class="dim">${new Date(run.opened).toISOString()}, books open for ${((run.closed - run.opened) / 1000).toFixed(1)} s, <code>${escapeXml(run.directory)}</code></p>`,
    expectationsHtml(verdict),
    findingsHtml(verdict),
    booksHtml(verdict),
    timeHtml(verdict),
    eventsHtml(verdict),
    picture === ''
      ? ''
      : section('The lab', `<figure class="lab"><div class="wide">${picture}</div></figure>`),
    samplingHtml(verdict),
    flowsHtml(verdict),
    attributesHtml(verdict),
    trafficHtml(verdict),
    stagesHtml(verdict),
    '</body></html>\n',
  ]
    .filter(Boolean)
    .join('\n')
}
