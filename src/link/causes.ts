// Why what a probe exported is not what crossed its link: findings about the recordings as such, and the first cause of what
// differs that the evidence speaks for.

import { basename } from 'node:path'
import { subtract, type Volume } from '../kernel/units.ts'
import type { Gap } from '../verify/accounts.ts'
import type { ClockOff } from './clock.ts'
import type { LinkEvidence } from './evidence.ts'
import type { LinkSampling } from './sampling.ts'
import type { LinkFinding, LinkFlow } from './verdict.ts'

export interface LinkCase extends Pick<LinkEvidence, 'wire' | 'exports'> {
  /** Names of the recordings. */
  readonly capture: string
  readonly recording: string
  readonly gap: Gap
  /** Of the records' times, where they are off. */
  readonly off: ClockOff | undefined
  /** Flows that differ, those that differ most first. */
  readonly largest: readonly LinkFlow[]
  /** What was said of sampling, and what the numbers show. */
  readonly sampling: Partial<LinkSampling>
}

interface Cause extends Pick<LinkFinding, 'cause' | 'stage'> {
  readonly explain: (
    given: LinkCase,
  ) => (Pick<LinkFinding, 'summary' | 'remedy' | 'evidence'> & Partial<Volume>) | undefined
}

/** Nothing that a wire carries is longer: the capture was made where segments are not yet cut, or put together again. */
const longestOnWire = 9_216

/** About the capture as such. */
const ofCapture: readonly Cause[] = [
  {
    cause: 'truth-incomplete',
    stage: 'metering',
    explain({ capture, wire: { broken, cut } }) {
      if (cut === 0 && !broken) return undefined
      return {
        packets: cut,
        summary: broken
          ? `${capture} cannot be read to its end, so what crossed is not known in full`
          : `too little was captured of ${plural(cut, 'packet')} to tell their flows, so what crossed is not known in full`,
        remedy: 'capture whole headers (tcpdump -s 128 or more), and end the capture in order',
        evidence: [
          broken ? `${capture}: octet ${broken.octet}: ${broken.text}` : `${capture}: ${cut} packets cut`,
        ],
      }
    },
  },
  {
    cause: 'offloads-on',
    stage: 'metering',
    explain({ capture, wire: { longest } }) {
      if (longest <= longestOnWire) return undefined
      return {
        summary: `packets of up to ${longest} octets are in the capture, which no wire carries: it was made on a machine whose segmentation offload is on, and its packet counts are false`,
        remedy:
          'capture behind a tap or mirror port, or with offloads off (ethtool -K IF tso off gso off gro off lro off)',
        evidence: [`${capture}: longest packet ${longest} octets`],
      }
    },
  },
]

/** About the exports as such. */
const ofExports: readonly Cause[] = [
  {
    cause: 'times-off-by-constant',
    stage: 'exporting',
    explain({ capture, recording, off }) {
      if (!off) return undefined
      const seconds = (Math.abs(off.off) / 1e6).toFixed(3)
      return {
        summary: `the times of the records are ${seconds} s ${off.off > 0 ? 'ahead of' : 'behind'} those of the same packets in ${capture}; volumes are compared as if they were right`,
        remedy: 'set the clocks of the exporter and of the machine that captured by NTP or PTP',
        evidence: [`${recording}: ${plural(off.flows, 'flow')} of which both count as many packets`],
      }
    },
  },
]

/** Of a difference; the first that explains it takes it. */
const ofDifference: readonly Cause[] = [
  {
    cause: 'exports-missing-in-sequence',
    stage: 'exporting',
    explain(given) {
      const { recording, exports } = given
      const gaps = exports.sequence.filter(({ what }) => what === 'gap')
      if (gaps.length === 0) return undefined
      return {
        summary: `${differing(given)}, and the sequence of the exports has ${plural(gaps.length, 'gap')}: datagrams were lost before they were recorded, or never left`,
        remedy: `look for loss between the exporter and where ${basename(recording)} was recorded, and for send errors in its log`,
        evidence: [
          ...gaps
            .slice(0, 3)
            .map(
              ({ expected, found, lost, unit, message }) =>
                `${recording}: packet ${message.number ?? '?'}: sequence ${expected} expected, ${found} found: ${lost} ${unit} missing`,
            ),
          ...examples(given),
        ],
      }
    },
  },
  {
    cause: 'exports-unreadable',
    stage: 'exporting',
    explain(given) {
      const { recording, exports } = given
      const waiting = exports.domains.reduce((sum, { pending }) => sum + pending.waiting + pending.lost, 0)
      if (exports.errors.length === 0 && waiting === 0) return undefined
      return {
        summary: `${differing(given)}, and the exports cannot be read in full: ${plural(exports.errors.length, 'error')}, ${plural(waiting, 'set')} without a template`,
        remedy: `begin the recording before the exporter sends its templates; compare \`flowlab decode ${recording} -v\` with the protocol's RFC`,
        evidence: [...exports.errors.slice(0, 3), ...examples(given)],
      }
    },
  },
  {
    cause: 'sampling-unannounced',
    stage: 'exporting',
    explain(given) {
      const { rate, shown } = given.sampling
      if (!shown || rate !== undefined) return undefined
      return {
        summary: `the records count one packet of ${digits(shown.rate)} in every flow, and nobody speaks of sampling: the numbers show ${ratio(shown)}`,
        remedy: 'let the exporter announce its rate, or say it by --sampling N',
        evidence: examples(given),
      }
    },
  },
  {
    cause: 'sampling-rate-wrong',
    stage: 'exporting',
    explain(given) {
      const { rate, shown } = given.sampling
      if (!shown || rate === undefined || (rate >= shown.low && rate <= shown.high)) return undefined
      return {
        summary: `the records are said to be sampled 1:${rate}, and the numbers show ${ratio(shown)}`,
        remedy:
          'let the exporter announce the rate at which it samples; what is multiplied by another one is wrong',
        evidence: examples(given),
      }
    },
  },
  {
    cause: 'unexplained-metering',
    stage: 'metering',
    explain: (given) => ({
      summary: `between ${basename(given.capture)} and the exports in ${basename(given.recording)}: ${differing(given)}, and no known cause leaves this evidence`,
      remedy:
        'see that both recordings were made at the same point and time (--interval), that the exports go on until the active timeout has passed, and look at filter, direction, sampling and capture drops of the probe',
      evidence: examples(given),
    }),
  },
]

export function findingsOf(given: LinkCase): LinkFinding[] {
  const { gap, sampling } = given
  const { missing, surplus, flows } = gap
  const say = (
    { cause, stage, explain }: Cause,
    amount: Volume & { readonly flows: number },
  ): LinkFinding[] => {
    const said = explain(given)
    return said ? [{ cause, stage, ...amount, ...said }] : []
  }
  const differs = flows > 0 && !sampling.holds
  const net = missing.packets === 0 && missing.bytes === 0 ? surplus : missing
  return [
    ...[...ofCapture, ...ofExports].flatMap((cause) => say(cause, { packets: 0, bytes: 0, flows: 0 })),
    ...(differs ? ofDifference.flatMap((cause) => say(cause, { ...net, flows })).slice(0, 1) : []),
  ]
}

function differing({ gap: { missing, surplus, flows } }: LinkCase): string {
  const parts = [
    ...(missing.packets !== 0 || missing.bytes !== 0 ? [`${volumeText(missing)} missing`] : []),
    ...(surplus.packets !== 0 || surplus.bytes !== 0
      ? [`${volumeText(subtract({ packets: 0, bytes: 0 }, surplus))} too many`]
      : []),
  ]
  return `${parts.join(', ')} in ${plural(flows, 'flow')}`
}

const examples = ({ largest }: LinkCase): string[] =>
  largest
    .slice(0, 5)
    .map(
      ({ source, destination, protocol, sourcePort, destinationPort, wire, exported }) =>
        `${source} → ${destination} protocol ${protocol} ports ${sourcePort} → ${destinationPort}: wire ${volumeText(wire)}, exported ${volumeText(exported)}`,
    )

const digits = (value: number): string => String(Number(value.toPrecision(4)))
const ratio = ({ rate, low, high }: NonNullable<LinkSampling['shown']>): string =>
  `1:${digits(rate)} (1:${digits(low)} to 1:${digits(high)})`
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
const volumeText = ({ packets, bytes }: Volume): string => `${plural(packets, 'packet')} (${bytes} bytes)`
