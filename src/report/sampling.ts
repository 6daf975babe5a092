// What is said of sampling: a few lines of the report a probe, and the table of errors by which a rate is chosen.

import type { SamplingSection } from '../verify/sampling/section.ts'
import { table } from './table.ts'

const percent = (share: number): string =>
  share >= 10 ? '> 1000 %' : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
const count = new Intl.NumberFormat('en-US')
const relative = (part: number, whole: number): string =>
  whole === 0 ? '–' : percent(Math.abs(part) / whole)

const howAnnounced = ({ announced }: SamplingSection): string =>
  announced
    .map(({ rate, source }) => (rate === undefined ? 'not announced' : `announced as 1:${rate} in ${source}`))
    .join(', ') || 'no records'

/** Lines on how each probe samples; nothing where none does. */
export const samplingText = (sections: readonly SamplingSection[]): string =>
  sections
    .map((section) => {
      const { probe, point, rate, method, wire, sampled, estimate, margin, observed } = section
      const off = (what: 'packets' | 'bytes'): string => {
        const by = estimate[what] - wire[what]
        const side = Math.abs(by) <= margin[what] ? 'within' : 'beyond'
        return `${relative(by, wire[what])}, ${side} ±${relative(margin[what], wire[what])}${what === 'packets' ? ' of chance' : ''}`
      }
      const judged = section.asItMustBe
        ? `as wrong as sampling must be, at ${section.confidence * 100} % over ${count.format(section.tests)} tests`
        : `beyond what sampling explains in ${section.doubtful.length || 'the sum of all'} of ${section.flows} flows, at ${section.confidence * 100} %`
      if (section.announced.length > 1 && section.tests === 0) return changedText(section)
      return [
        `  ${probe} samples 1:${rate} (${method}) at ${point}, ${howAnnounced(section)}; records count ${section.counters.endsWith('multiplied') ? `${section.counters} by the exporter` : section.counters}\n`,
        `    ${count.format(sampled.packets)} packets sampled stand for ${count.format(estimate.packets)}; ${count.format(wire.packets)} crossed: off by ${off('packets')}; bytes off by ${off('bytes')}\n`,
        `    ${judged}${observed ? `; the numbers themselves show 1:${observed.rate.toFixed(1)} (${observed.low.toFixed(1)} to ${observed.high.toFixed(1)})` : ''}\n`,
      ].join('')
    })
    .join('')

/** Where the rate changed: by the time between changes, or that it is not judged. */
function changedText(section: SamplingSection): string {
  const { probe, point, method, periods = [], announced } = section
  const rates = announced.map(
    ({ rate, records }) =>
      `${rate === undefined ? 'none' : `1:${rate}`} for ${count.format(records)} records`,
  )
  const lines = periods.map(({ since, rates: own, crossed, sampled, estimate, shown, asItMustBe }, index) => {
    const when = since === undefined ? `until ${periods[index + 1]?.since}` : `since ${since}`
    const said = own.map((rate) => `1:${rate}`).join(', ') || 'no rate'
    const range = shown ? `, which is 1:${shown.low.toFixed(1)} to 1:${shown.high.toFixed(1)}` : ''
    return `    ${when}, ${said}: ${count.format(sampled)} packets sampled stand for ${count.format(estimate)}; ${count.format(crossed.low)} to ${count.format(crossed.high)} crossed${range}: ${asItMustBe ? 'as sampling must make it' : 'beyond what sampling explains'}\n`
  })
  const unjudged = lines.length > 0 ? 'single flows and bytes are' : 'nothing of it is'
  return `  ${probe} changed its rate (${method}) at ${point}: ${rates.join(', ')}\n${lines.join('')}    ${unjudged} not judged, since records do not say what crossed at which rate\n`
}

/** Errors by level and rate: what one would see at the most. */
export const errorsText = (errors: SamplingSection['errors']): string =>
  table(
    {
      head: ['pairs of', 'pairs', 'rate', 'largest', 'half of bytes', '90 % of bytes', 'never seen'],
      numbers: [1, 2, 3, 4, 5, 6],
    },
    errorCells(errors),
  )

export const errorCells = (errors: SamplingSection['errors']): (string | number)[][] =>
  errors.map(({ level, keys, rate, largest, half, most, unseen }) => [
    level,
    keys,
    `1:${rate}`,
    ...[largest, half, most].map((error) => (rate === 1 ? 'exact' : `±${percent(error)}`)),
    percent(unseen),
  ])
