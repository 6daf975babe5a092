// Sampling: a rate is done by the metering process, announced by the exporting process and applied by the collector, or not. What
// is judged stands in judge.ts; each of these says which of the three is wrong. Numbers that sampling explains are no
// difference any more when the other causes are asked.

import type { FlowKey } from '../../kernel/flow.ts'
import { subtract, type Volume } from '../../kernel/units.ts'
import type { Case } from '../case.ts'
import { exportName } from '../../plan/exporters.ts'
import type { Cause, Remark } from '../causes/cause.ts'
import { counter } from '../evidence-item.ts'
import { project } from '../granularity.ts'
import type { EvidenceItem } from '../verdict.ts'
import { type Analysis, isWithin } from './analysis.ts'
import { mistakeIn, type Ratio, ratesOf } from './estimate.ts'
import { alpha, confidenceOfRate } from './judge.ts'

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

const digits = (value: number): string => String(Number(value.toPrecision(4)))

const ratioText = ({ rate, low, high }: Ratio): string =>
  `1:${digits(rate)} (1:${digits(low)} to 1:${digits(high)} at ${confidenceOfRate * 100} %)`

const announcedText = ({ announced }: Analysis): string =>
  announced
    .map(
      ({ rate, source, records }) =>
        `${rate === undefined ? 'no rate' : `1:${rate} (${source})`} for ${plural(records, 'record')}`,
    )
    .join(', ')

/** What the numbers say: every finding rests on it. */
function evidenceOf(analysis: Analysis, { probe, collector }: Case): EvidenceItem[] {
  const { judged, observed, factors } = analysis
  return [
    counter(
      `nodes/${probe.node}/log/exported-${exportName(probe)}.pcap`,
      `announced: ${announcedText(analysis)}`,
    ),
    ...(judged
      ? [
          counter(
            'wire.json',
            `${plural(judged.wire.packets, 'packet')} crossed, records count ${judged.sampled.packets}${observed ? `: ${ratioText(observed)}, which all flows share` : ''}`,
          ),
        ]
      : []),
    ...factors.map(({ table, factor }) =>
      counter(
        'collected.json',
        factor === undefined
          ? `table ${table} of ${collector.name} is no one multiple of what arrived`
          : `table ${table} of ${collector.name} holds ${digits(factor)} × what arrived`,
      ),
    ),
  ]
}

/** Whether packets that were to be every Nth are as many as chance makes of the rate. */
const isChosenAtRandom = (rate: number, { judged }: Analysis): boolean =>
  judged?.method === 'deterministic' &&
  isWithin(rate, {
    rate,
    ...ratesOf(
      { low: judged.wire.packets, high: judged.wire.packets },
      judged.sampled.packets,
      confidenceOfRate,
      {
        ...{ method: 'random', beside: 0, counters: 1 },
      },
    ),
  })

/** The first table's factor for which it holds. */
const factorOf = ({ factors }: Analysis, holds: (factor: number) => boolean): number | undefined =>
  factors.find(({ factor }) => factor !== undefined && holds(factor))?.factor

const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-6 * b

/** Whether volumes that are multiplied by this come out as on the wire. */
const comesOutRight = (factor: number, { observed, announcedRate, judged }: Analysis): boolean =>
  observed ? isWithin(factor, observed) : near(factor, judged?.rate ?? announcedRate ?? 1)

/** What is missing, or too much, where what was sampled is taken `times`. */
const off = ({ judged }: Analysis, times: number): Volume =>
  judged
    ? subtract(judged.wire, {
        packets: Math.round(judged.sampled.packets * times),
        bytes: Math.round(judged.sampled.bytes * times),
      })
    : { packets: 0, bytes: 0 }

interface Said {
  readonly volume: Volume
  readonly sentence: string
}

const remark = (
  described: Omit<Remark, 'recognise'>,
  said: (analysis: Analysis, given: Case) => Said | undefined,
): Remark => ({
  ...described,
  recognise(given) {
    const { sampling } = given
    const found = sampling && said(sampling, given)
    return (
      found && {
        volume: found.volume,
        evidence: evidenceOf(sampling, given),
        sentence: () => found.sentence,
      }
    )
  },
})

export const samplingRemarks: readonly Remark[] = [
  remark(
    {
      id: 'sampling-not-done',
      stage: 'metering',
      title: 'A sampling rate is asked for or announced, and every packet is metered.',
      knownBy:
        'Records count what crossed, packet by packet and byte by byte, while the lab file or the exports say 1:N.',
      remedy:
        'Let the metering process sample, or announce no rate: a collector that believes it shows N times too much.',
      test: 'Set another rate: the records’ counters stay those of the wire.',
    },
    (analysis, { probe }) => {
      const { intended, announcedRate, counters } = analysis
      if (counters !== 'whole' || Math.max(intended, announcedRate ?? 1) === 1) return undefined
      const said =
        announcedRate === undefined ? `the lab asks for 1:${intended}` : `it announces 1:${announcedRate}`
      const times = factorOf(analysis, (factor) => factor > 1)
      return {
        volume: { packets: 0, bytes: 0 },
        sentence: `${probe.name} meters every packet, though ${said}${times === undefined ? '' : `; its collector multiplies, and shows ${digits(times)} times what crossed`}`,
      }
    },
  ),
  remark(
    {
      id: 'sampling-unannounced',
      stage: 'exporting',
      title: 'The probe samples and its exports do not say so: what it exports is read as all that crossed.',
      knownBy:
        'All flows share one ratio of wire to records (a confidence interval around an integer), and no header, record or options record announces a rate.',
      remedy:
        'Let the exporter announce its rate (options records of NetFlow v9 and IPFIX, the header of NetFlow v5), or tell the collector (nfacctd_ext_sampling_rate, sampling_map, nfcapd -s).',
      test: 'Run without sampling, or at another rate: the ratio follows.',
    },
    (analysis, given) => {
      const { announced, judged, observed, factors } = analysis
      if (analysis.counters !== 'sampled' || announced.some(({ rate }) => (rate ?? 1) > 1)) return undefined
      const isKnownToCollector =
        factors.length > 0 &&
        factors.every(({ factor }) => factor !== undefined && factor > 1 && comesOutRight(factor, analysis))
      if (isKnownToCollector || !judged) return undefined
      return {
        volume: off(analysis, 1),
        sentence: `${given.probe.name} samples ${observed ? ratioText(observed) : `1:${judged.rate}`} and announces no rate: its volumes are 1/${digits(observed?.rate ?? judged.rate)} of what crossed`,
      }
    },
  ),
  remark(
    {
      id: 'sampling-rate-wrong',
      stage: 'exporting',
      title: 'The rate that is announced (or asked for) is not the one at which packets were sampled.',
      knownBy:
        'All flows share one ratio of wire to records, and the rate lies outside of its confidence interval. Where a known mistake makes one of the other (v5’s mode bits, byte order, interval and space), it is named.',
      remedy: 'Make the announced rate the one at which packets are sampled.',
      test: 'Set another rate: a mistake in the encoding distorts it the same way.',
    },
    (analysis, { probe }) => {
      const { counters, announcedRate, observed, intended, factors, changed, periods } = analysis
      const wrong = periods.find(({ asItMustBe }) => !asItMustBe)
      if (counters === 'sampled' && wrong) {
        const { since, sampled, crossed, shown } = wrong
        const when = since === undefined ? `until ${periods[1]?.since}` : `since ${since}`
        return {
          volume: {
            packets: Math.max(0, crossed.low - wrong.estimate, wrong.estimate - crossed.high),
            bytes: 0,
          },
          sentence: `${probe.name} announces ${wrong.rates.map((rate) => `1:${rate}`).join(', ') || 'no rate'} ${when}, and ${plural(sampled, 'packet')} sampled of ${crossed.low} to ${crossed.high} that crossed are ${shown ? `1:${digits(shown.low)} to 1:${digits(shown.high)}` : 'none at all'}`,
        }
      }
      if (counters !== 'sampled' || !observed || changed) return undefined
      const isRightNonetheless =
        factors.length > 0 &&
        factors.every(({ factor }) => factor !== undefined && factor > 1 && comesOutRight(factor, analysis))
      const said = [isRightNonetheless ? undefined : announcedRate, intended].find(
        (rate) => rate !== undefined && rate > 1 && !isWithin(rate, observed),
      )
      if (said === undefined) return undefined
      const mistake = mistakeIn(said, observed)
      return {
        volume: off(analysis, said),
        sentence: `${probe.name} samples ${ratioText(observed)}, and ${announcedRate === said ? 'announces' : 'the lab asks for'} 1:${said}${mistake ? `: ${mistake}` : isChosenAtRandom(said, analysis) ? ': another rate, or not every Nth packet but one in N by chance, which these numbers do not tell apart' : ', a rate that nobody set'}`,
      }
    },
  ),
  remark(
    {
      id: 'sampling-rate-changed',
      stage: 'exporting',
      title:
        'The sampling rate changed midway, and nobody asked for it: volumes of before and after are not comparable.',
      knownBy:
        'Several rates were announced, each for some records, and no event of the lab changed the probe’s options.',
      remedy:
        'Let the collector multiply each record by the rate that holds for it (options records, by exporter, domain and sampler), not by one of its own.',
      test: 'Hold the times of the options records against the change: the ratio of wire to records changes there.',
    },
    (analysis, { probe }) =>
      analysis.changed !== 'unasked'
        ? undefined
        : {
            volume: { packets: 0, bytes: 0 },
            sentence: `${probe.name} announces ${announcedText(analysis)}: its sampling rate changed while the books were open`,
          },
  ),
  remark(
    {
      id: 'sampling-half-multiplied',
      stage: 'exporting',
      title:
        'The exporter multiplies one of its counters by the sampling rate, and leaves the other as it was sampled.',
      knownBy:
        'Packets (or bytes) of all records are multiples of N and fit the wire by themselves, the other counter fits it only times N: mean packet sizes are N times too small, or too large.',
      remedy: 'Let the exporter multiply both counters, and announce no rate; or neither, and announce it.',
      test: 'Divide bytes by packets: no mean packet size below 20 or above the MTU can be.',
    },
    ({ counters, judged }, { probe }) => {
      if (!judged || !/^(packets|bytes) multiplied$/.test(counters)) return undefined
      const [one, other] = counters.startsWith('packets') ? ['packets', 'bytes'] : ['bytes', 'packets']
      return {
        volume: { packets: 0, bytes: 0 },
        sentence: `${probe.name} samples 1:${digits(judged.rate)} and multiplies ${one} by it itself, but not ${other}`,
      }
    },
  ),
  remark(
    {
      id: 'sampling-doubled',
      stage: 'collecting',
      title:
        'A rate is applied twice: by exporter and collector, or twice by the collector. Volumes are N times those of the wire.',
      knownBy:
        'The records’ counters are multiples of N and fit the wire by themselves, and the table holds N times what arrived; or it holds N² times.',
      remedy: 'Apply the rate once: in the exporter (which then announces none), or in the collector.',
      test: 'Switch the collector’s renormalisation off: the volumes agree.',
    },
    (analysis, { probe, collector }) => {
      const { counters, announcedRate, judged } = analysis
      if (!judged) return undefined
      if (counters === 'multiplied') {
        const factor = factorOf(analysis, (each) => each > 1)
        return factor === undefined
          ? undefined
          : {
              volume: off(analysis, judged.rate * factor),
              sentence: `${probe.name} multiplies its counters by ${judged.rate} itself, and ${collector.name} by ${digits(factor)} once more: its volumes are ${digits(factor)} times those of the wire`,
            }
      }
      const rate = announcedRate ?? judged.rate
      if (counters !== 'sampled' || rate === 1 || !factorOf(analysis, (each) => near(each, rate * rate)))
        return undefined
      return {
        volume: off(analysis, rate * rate),
        sentence: `${collector.name} multiplies by 1:${rate} twice: its volumes are ${rate} times those of the wire`,
      }
    },
  ),
  remark(
    {
      id: 'sampling-unapplied',
      stage: 'collecting',
      title:
        'The exporter announces its rate, and the collector does not multiply by it: volumes are 1/N of the wire.',
      knownBy: 'The exports announce 1:N, and the table holds exactly what the records count.',
      remedy:
        'Let the collector multiply: `renormalize: on` (nfacctd_renormalize, sfacctd_renormalize); or multiply where its tables are read.',
      test: 'Switch the collector’s renormalisation on: the volumes agree with the wire, as far as sampling can.',
    },
    (analysis, { collector, probe }) => {
      const { counters, announcedRate = 1, judged, changed, periods } = analysis
      if (counters === 'sampled' && changed === 'asked') {
        if (factorOf(analysis, (factor) => near(factor, 1)) === undefined) return undefined
        const missing = periods.reduce((sum, { estimate, sampled }) => sum + estimate - sampled, 0)
        return {
          volume: { packets: missing, bytes: 0 },
          sentence: `${probe.name} announces its rates (${announcedText(analysis)}), and ${collector.name} does not multiply by them`,
        }
      }
      if (counters !== 'sampled' || announcedRate === 1 || !judged) return undefined
      if (factorOf(analysis, (factor) => near(factor, 1)) === undefined) return undefined
      return {
        volume: off(analysis, 1),
        sentence: `${probe.name} announces 1:${announcedRate}, and ${collector.name} does not multiply by it: its volumes are 1/${announcedRate} of the wire's`,
      }
    },
  ),
  remark(
    {
      id: 'sampling-misapplied',
      stage: 'collecting',
      title: 'The collector multiplies by a factor that is not the announced rate.',
      knownBy:
        'The table holds what arrived times one factor, which is neither 1 nor the announced rate and does not make the volumes those of the wire.',
      remedy: 'Let the collector take the rate that is announced, as the protocol encodes it.',
      test: 'Set another rate: a mistake in the decoding distorts it the same way.',
    },
    (analysis, { collector, probe }) => {
      const { announcedRate = 1, counters, judged } = analysis
      if (!judged || counters === 'whole') return undefined
      const doubled = counters === 'multiplied' ? undefined : announcedRate * announcedRate
      const factor = factorOf(
        analysis,
        (each) =>
          counters === 'sampled' &&
          ![1, announcedRate, doubled ?? 1].some((known) => near(each, known)) &&
          !comesOutRight(each, analysis),
      )
      if (factor === undefined) return undefined
      const mistake = mistakeIn(factor, { rate: judged.rate, low: judged.rate, high: judged.rate })
      return {
        volume: off(analysis, factor),
        sentence: `${collector.name} multiplies what ${probe.name} exports by ${digits(factor)}${mistake ? `: ${mistake}` : ''}; announced is ${announcedRate === 1 ? 'no rate' : `1:${announcedRate}`}`,
      }
    },
  ),
]

/** Which flows are counted wrong so depends on when their packets came: what it predicts is that it is these, and no others. */
export const samplingInStep: Cause = {
  id: 'sampling-in-step',
  stage: 'metering',
  title:
    'Every Nth packet is taken, and some flows come in step with the counter: they are counted wrong beyond chance.',
  knownBy:
    'As many packets are sampled in all as every Nth makes, single flows have more or fewer than any mixture of them would give, and no other cause predicts by how much.',
  remedy:
    'Choose at random: RFC 5475, section 5.1, warns of count-based systematic sampling where traffic is periodic.',
  test: 'Send the same with random gaps, or with a rate that shares no divisor with the number of flows: the flows come out right.',
  last: true,
  recognise(given) {
    const { probe, sampling, account } = given
    const judged = sampling?.judged
    if (!sampling || judged?.method !== 'deterministic' || judged.chance < alpha) return undefined
    const flows = judged.doubtful.filter(({ of }) => of === 'packets')
    if (flows.length === 0) return undefined
    const idOf = (flow: FlowKey): string => project(flow, account.fields)
    const inStep = new Set(flows.map(({ flow }) => idOf(flow)))
    return {
      predicts: account.cells.map((cell) => (inStep.has(idOf(cell)) ? cell.after : cell.before)),
      witnessed: false,
      evidence: evidenceOf(sampling, given),
      sentence: (amount) =>
        `${probe.name} takes every ${judged.rate}th packet, and as many as it must in all; but ${flows.length} of ${plural(judged.flows, 'flow')} came in step with its counter and are counted wrong beyond chance (${(1 - alpha) * 100} %): ${amount}`,
    }
  },
}
