// Exporting: between flow records and the datagrams that leave the exporter. Its account is metering's, since no witness stands
// between the two processes.

import { nothing } from '../../kernel/units.ts'
import type { Case } from '../case.ts'
import { isRepeated } from '../datagrams.ts'
import { counter, datagram, few, record, recording, seen } from '../evidence-item.ts'
import { isAgain } from '../repeats.ts'
import { type Cause, type Remark, ofOtherFlows } from './cause.ts'
import { distorted, overrun } from './counters.ts'
import { ratio, multiplied, scaledAlike } from './predictions.ts'
import { plural } from './words.ts'

const exportedFile = ({ probe, collector }: Case): string => recording('exported', probe, collector)

export const exportRemarks: readonly Remark[] = [
  {
    id: 'observation-domain-changed',
    stage: 'exporting',
    title:
      'The exports speak for another observation domain (source ID) than before: to a collector it is another exporter, whose templates it does not know.',
    knownBy: 'The headers of what left the exporter have several observation domains.',
    remedy:
      'Give the exporter a fixed domain; send templates at once where it changes, since they hold within their domain only (RFC 7011, section 8).',
    test: '`flowlab decode --stats` on the recording counts by domain.',
    recognise(given) {
      const { exported, probe } = given
      const domains = [...new Set(exported.domains.map(({ domain }) => domain))]
      if (domains.length < 2 || probe.export.protocol === 'sflow') return undefined
      const texts = exported.domains.map(
        ({ domain, datagrams }) => `domain ${domain}: ${plural(datagrams, 'datagram')}`,
      )
      return {
        volume: nothing,
        evidence: few(texts, (text) => counter(exportedFile(given), text)),
        sentence: () =>
          `${probe.name} exports for the observation domains ${domains.join(', ')} in turn, where the lab gives it ${probe.export.domain}`,
      }
    },
  },
]

export const exporting: readonly Cause[] = [
  {
    id: 'nothing-exported',
    stage: 'exporting',
    title: 'Not one export datagram left the probe, though traffic crossed.',
    knownBy: '`transport.json`: no datagram left. It predicts that everything is missing.',
    remedy:
      'Look in the probe’s log for the exporting plugin and its receiver; see whether it ended in order, since what its cache held is exported then.',
    test: '`tcpdump` on the interface of the exports while the probe ends: nothing is seen.',
    recognise({ account, transport, probe, exported }) {
      if (transport.left.packets > 0 || exported.datagrams > 0) return undefined
      return {
        predicts: account.cells.map(() => nothing),
        witnessed: false,
        evidence: [
          counter(
            'transport.json',
            `0 datagrams left ${probe.node} for ${probe.export.address} port ${probe.export.port}`,
          ),
        ],
        sentence: (amount) =>
          `${probe.name} exported nothing: ${amount} crossed, and no datagram left ${probe.node}`,
      }
    },
  },
  {
    id: 'exports-missing-in-sequence',
    stage: 'exporting',
    title: 'The exporter counted datagrams in its sequence that never left its node.',
    knownBy:
      'The recording at the exporter has a gap in its sequence numbers that no datagram came late to fill. It predicts a loss of whole datagrams’ records.',
    remedy: 'Look for send errors in the probe’s log, and for filters on its node.',
    test: 'Compare the exporter’s own count of datagrams with the kernel’s (`transport.json`).',
    recognise(given) {
      const { exported, probe } = given
      const gaps = exported.sequence.filter(({ what }) => what === 'gap')
      const lost = exported.domains.reduce((sum, { sequence }) => sum + sequence.lost, 0)
      if (gaps.length === 0 || lost === 0) return undefined
      return {
        ...{ predicts: 'loss', witnessed: true },
        evidence: few(gaps, ({ message, expected, found }) =>
          datagram(exportedFile(given), seen(message), `sequence ${expected} expected, ${found} found`),
        ),
        sentence: (amount) =>
          `${probe.name} counted on in its sequence without sending, ${plural(gaps.length, 'gap')} before anything left the exporter: ${amount}`,
      }
    },
  },
  {
    id: 'exports-sent-twice',
    stage: 'exporting',
    title: 'The same export datagrams left the exporter more than once.',
    knownBy:
      'The recording at the exporter repeats sequence numbers, and the datagrams are the same to the record. It predicts their records once more.',
    remedy:
      'Look for a second receiver that leads to the same collector, and for what copies datagrams on the exporter’s node.',
    test: 'Compare the exporter’s own count of datagrams with the kernel’s (`transport.json`).',
    recognise(given) {
      const { exported, probe } = given
      const copies = exported.sequence.filter(({ what }) => what === 'duplicate')
      if (copies.length === 0) return undefined
      return {
        predicts: { of: 'exported', where: isRepeated, are: 'doubled' },
        witnessed: true,
        evidence: few(copies, ({ message, expected, found }) =>
          datagram(exportedFile(given), seen(message), `sequence ${expected} expected, ${found} found again`),
        ),
        sentence: (amount) =>
          `${probe.name} sent ${plural(copies.length, 'export datagram')} once more: ${amount}`,
      }
    },
  },
  {
    id: 'records-repeated',
    stage: 'exporting',
    title:
      'Records were exported again, the same to the packet and the millisecond, in datagrams of other numbers.',
    knownBy:
      'The recording at the exporter has records that are in an earlier datagram already: same flow, counters and times. It predicts these once more.',
    remedy:
      'Look whether the exporter sends its cache again after a restart, or a second process exports the same; let the collector drop records that it has.',
    test: 'Hold the times of the records against each other: a flow cannot begin twice at the same millisecond.',
    recognise(given) {
      const { repeats, probe } = given
      const { count, first } = repeats.again
      if (count === 0) return undefined
      return {
        predicts: { of: 'exported', where: isAgain, are: 'doubled' },
        witnessed: true,
        evidence: few(first, ({ offset, ...where }) =>
          record(exportedFile(given), where, 'this record came before', offset),
        ),
        sentence: (amount) => `${probe.name} exported ${plural(count, 'record')} again: ${amount}`,
      }
    },
  },
  {
    id: 'template-changed',
    stage: 'exporting',
    title:
      'One template number stands for different templates in turn, as when two exporters share one address and domain.',
    knownBy:
      'The recording at the exporter has a template that changed its fields. What is read between is absurd: it predicts a loss, and flows that nobody sent.',
    remedy: 'Give each exporter an address, or an observation domain (source ID), of its own.',
    test: 'Switch one of the exporters off: the template stays, and the absurd flows go.',
    follows: [...ofOtherFlows, 'unexplained-collecting', 'as-attributes-wrong', 'records-repeated'],
    recognise(given) {
      const changes = given.exported.templates.filter(({ what }) => what === 'changed')
      if (changes.length === 0) return undefined
      return {
        ...{ predicts: 'mixture', witnessed: true },
        evidence: few(changes, ({ message, offset, templateId }) =>
          datagram(exportedFile(given), seen(message), `template ${templateId} changes its fields`, offset),
        ),
        sentence: (amount) =>
          `templates of ${given.probe.name} change their fields (${plural(changes.length, 'time')}), so that records are read by another's template: ${amount}`,
      }
    },
  },
  {
    id: 'exports-unreadable',
    stage: 'exporting',
    title: 'What left the exporter cannot be read in full: malformed, or records whose template never came.',
    knownBy:
      'Decoding the recording at the exporter gives errors, or leaves sets without a template. It predicts a loss.',
    remedy:
      'Compare the exports, as `flowlab decode -v` shows them, with the protocol’s RFC; let the exporter send its templates first and often.',
    test: 'Let another decoder (tshark, nfdump) read the same recording.',
    recognise(given) {
      const { exported, probe } = given
      const undecoded = exported.domains.reduce((sum, { pending }) => sum + pending.waiting + pending.lost, 0)
      if (exported.errors.length === 0 && undecoded === 0) return undefined
      const unknown = exported.templates.filter(({ what }) => what === 'unknown')
      return {
        ...{ predicts: 'loss', witnessed: true },
        evidence: [
          ...few(exported.errors, (text) => counter(exportedFile(given), text)),
          ...few(unknown, ({ message, offset, templateId }) =>
            datagram(
              exportedFile(given),
              seen(message),
              `records of template ${templateId}, which did not come`,
              offset,
            ),
          ),
        ],
        sentence: (amount) =>
          `the exports of ${probe.name} cannot be read in full: ${plural(exported.errors.length, 'error')}, ${plural(undecoded, 'set')} without a template: ${amount}`,
      }
    },
  },
  {
    id: 'counters-overrun',
    stage: 'exporting',
    title: 'Counters of 32 bits started again at 0: bytes are low by a multiple of 4294967296.',
    knownBy:
      'A flow has 4 GiB or more on the wire, and what was exported of it is the rest of the division by 2^32.',
    remedy:
      'Export counters of 64 bits (a template’s length of 8), or let long flows expire sooner (active timeout).',
    test: 'Halve the active timeout: the difference goes.',
    recognise({ account, probe }) {
      const shape = overrun(account)
      if (!shape) return undefined
      return {
        ...{ predicts: shape.predicts, witnessed: false, evidence: [] },
        sentence: (amount) =>
          `counters of ${probe.name} have 32 bits and are low by ${shape.words}: ${amount}`,
      }
    },
  },
  {
    id: 'counters-cumulative',
    stage: 'exporting',
    title:
      'Records tell totals since their flow began, where a collector adds them up as what came since the last record.',
    knownBy: 'Of flows with several records the last has all that crossed, and the sum of them is too much.',
    remedy:
      'Export delta counters (octetDeltaCount 1, packetDeltaCount 2), or totals by their own elements (85, 86), which a collector does not add up.',
    test: 'Send one flow for some active timeouts: its records grow, and each is the one before and more.',
    recognise({ account, probe, repeats: { totals } }) {
      if (totals.flows === 0) return undefined
      return {
        predicts: account.cells.map(({ key, before, after }) => (totals.keys.has(key) ? after : before)),
        ...{ witnessed: false, evidence: [] },
        sentence: (amount) =>
          `records of ${probe.name} tell totals: the last of ${plural(totals.flows, 'flow')} has all that crossed, and added up they are ${amount}`,
      }
    },
  },
  {
    id: 'counters-distorted',
    stage: 'exporting',
    title:
      'All flows are there, and one of their counters is something else: exchanged with the other, 0, or of too few bits.',
    knownBy: 'In nine of ten flows and more the counters are what one law makes of those on the wire.',
    remedy:
      'Hold the template’s elements and lengths against what the exporter writes (`flowlab decode -v`).',
    test: 'Send one flow of a known size: its record shows what becomes of it.',
    recognise({ account, probe }) {
      const shape = distorted(account)
      if (!shape) return undefined
      return {
        ...{ predicts: shape.predicts, witnessed: false, evidence: [] },
        sentence: (amount) => `in the records of ${probe.name} ${shape.words}: ${amount}`,
      }
    },
  },
  {
    id: 'constant-ratio',
    stage: 'exporting',
    title: 'All volumes are the same multiple or fraction of the wire, which is no rate that anybody set.',
    knownBy:
      'Every flow came out times one factor: to the packet, or, where it is at most a half or at least 1.9, nearly so.',
    remedy:
      'Look for sampling in the device before the probe, a rate that is encoded wrongly, or a scale in the exporter.',
    test: 'Send the same at another rate: a factor that stays is encoding or sampling, one that moves is overload.',
    recognise(given) {
      const { account, probe } = given
      const found = ratio(account)
      if (!found || found.packets === 0 || given.sampling) return undefined
      const shape = scaledAlike(account)
      if (!shape && found.packets > 0.5 && found.packets < 1.9) return undefined
      const words = shape?.words ?? `times ${found.packets.toPrecision(3)}`
      return {
        predicts: shape?.predicts ?? multiplied(account, found.packets),
        ...{ witnessed: false, evidence: [] },
        sentence: (amount) =>
          `all flows of ${probe.name} come out ${words}, which is no rate that anybody set: ${amount}`,
      }
    },
  },
]
