// Transport: between the exporter's interface and the collector's. Datagrams are told apart by their records, so what each cause
// predicts is known record by record.

import type { Transport } from '../../evidence.ts'
import type { Case } from '../case.ts'
import { isLost, isMore } from '../datagrams.ts'
import { counter, datagram, few, recording, seen } from '../evidence-item.ts'
import type { EvidenceItem } from '../verdict.ts'
import type { Cause } from './cause.ts'
import { plural } from './words.ts'

const sequenceEvidence = ({ arrived, probe, collector }: Case, what: string): EvidenceItem[] =>
  few(
    arrived.sequence.filter((event) => event.what === what),
    ({ message, expected, found }) =>
      datagram(
        recording('arrived', probe, collector),
        seen(message),
        `sequence ${expected} expected, ${found} found`,
      ),
  )

const lostEvidence = ({ datagrams, probe, collector }: Case): EvidenceItem[] =>
  datagrams.lost.first.map((each) =>
    datagram(recording('exported', probe, collector), each, `left ${probe.node}, and did not arrive`),
  )

/** None came from the exporter's address, and as many from strangers'. */
export const isReaddressed = ({ left, arrived, others }: Transport): boolean =>
  left.packets > 0 && arrived.packets === 0 && (others?.packets ?? 0) >= left.packets

/** Smaller ones cross every path that IPv4 promises (RFC 791: 576 octets). */
const alwaysPasses = 500

export const transport: readonly Cause[] = [
  {
    id: 'exporter-address-changed',
    stage: 'transport',
    title:
      'Export datagrams arrive from another address than they left from: address translation or a tunnel on the way.',
    knownBy:
      '`transport.json`: none arrived from the exporter, and at least as many came to the same port from an address that is no exporter’s (`others`).',
    remedy:
      'Leave the exports’ way out of the translation; or tell exporters apart by observation domain, and map the new address where the collector maps exporters (`bgp_agent_map`, sampling, names).',
    test: '`tcpdump` at the collector’s interface shows the address from which they come.',
    follows: ['agent-map-mismatch', 'as-attributes-empty'],
    recognise(given) {
      const { transport: way, probe, collector } = given
      if (!isReaddressed(way)) return undefined
      return {
        predicts: { of: 'exported', where: isLost, are: 'missing' },
        witnessed: true,
        evidence: [
          counter(
            'transport.json',
            `${way.left.packets} datagrams left ${probe.node} from ${probe.export.source}, ${way.arrived.packets} arrived at ${collector.node} from there, ${way.others?.packets ?? 0} from other addresses`,
          ),
        ],
        sentence: () =>
          `none of ${plural(way.left.packets, 'export datagram')} of ${probe.name} arrived at ${collector.name} from ${probe.export.source}, and ${way.others?.packets ?? 0} came from another address: to the collector it is another exporter`,
      }
    },
  },
  {
    id: 'exports-too-large',
    stage: 'transport',
    title:
      'Export datagrams above a certain size do not arrive: they are too large for the path, or their fragments are dropped.',
    knownBy:
      'Every datagram that was lost is larger than every one that arrived. It predicts the loss of exactly their records.',
    remedy:
      'Let the exporter send smaller datagrams, raise the MTU of the way, or let fragments and ICMP’s “fragmentation needed” pass.',
    test: '`ping -M do -s SIZE` from exporter to collector: above the same size nothing comes back.',
    follows: ['exports-lost'],
    recognise(given) {
      const { lost, arrived } = given.datagrams
      const isBySize = lost.smallest >= alwaysPasses && arrived.count > 0 && arrived.largest < lost.smallest
      if (lost.count < 2 || !isBySize) return undefined
      return {
        predicts: { of: 'exported', where: isLost, are: 'missing' },
        witnessed: true,
        evidence: lostEvidence(given),
        sentence: (amount) =>
          `all ${plural(lost.count, 'export datagram')} of ${lost.smallest} octets and more were lost on their way, and none that is smaller: ${amount}`,
      }
    },
  },
  {
    id: 'exports-lost',
    stage: 'transport',
    always: true,
    title:
      'Export datagrams were lost between the probe’s interface and the collector’s, and their records with them.',
    knownBy:
      '`transport.json`: fewer datagrams arrived than left; the recording at the collector has gaps in its sequence numbers. It predicts the loss of exactly the records in them.',
    remedy:
      'Find the loss between exporter and collector; NetFlow over UDP never sends again, IPFIX over TCP or SCTP does.',
    test: 'Record at each hop: the hop behind which datagrams are missing is at fault.',
    recognise(given) {
      const { transport: way, probe, collector, arrived } = given
      const count = way.left.packets - way.arrived.packets
      if (count <= 0 || isReaddressed(way)) return undefined
      const unread = arrived.templates.filter(({ what }) => what === 'unknown')
      return {
        predicts: { of: 'exported', where: isLost, are: 'missing' },
        witnessed: true,
        evidence: [
          counter(
            'transport.json',
            `${way.left.packets} datagrams left ${probe.node}, ${way.arrived.packets} arrived at ${collector.node}`,
          ),
          ...sequenceEvidence(given, 'gap'),
          ...lostEvidence(given),
          ...few(unread, ({ message, offset, templateId }) =>
            datagram(
              recording('arrived', probe, collector),
              seen(message),
              `records of template ${templateId}, which was lost`,
              offset,
            ),
          ),
        ],
        sentence: (amount) =>
          `${count} of ${plural(way.left.packets, 'export datagram')} of ${probe.name} were lost on their way to ${collector.name}, and with them ${unread.length > 0 ? 'a template, without which what came later could not be read: ' : ''}${amount}`,
      }
    },
  },
  {
    id: 'exports-duplicated',
    stage: 'transport',
    always: true,
    title:
      'Export datagrams arrived more than once, and a collector that does not look at sequence numbers counts them so.',
    knownBy:
      '`transport.json`: more datagrams arrived than left; the recording at the collector repeats sequence numbers. It predicts their records once more.',
    remedy: 'Find what copies them (a mirror port, two paths, a replicator that feeds back).',
    test: 'Record at each hop: the hop behind which each datagram is twice is at fault.',
    recognise(given) {
      const { transport: way, probe, collector, datagrams } = given
      const count = way.arrived.packets - way.left.packets
      if (count <= 0) return undefined
      return {
        predicts: { of: 'arrived', where: isMore, are: 'doubled' },
        witnessed: true,
        evidence: [
          counter(
            'transport.json',
            `${way.left.packets} datagrams left ${probe.node}, ${way.arrived.packets} arrived at ${collector.node}`,
          ),
          ...sequenceEvidence(given, 'duplicate'),
          ...datagrams.more.first.map((each) =>
            datagram(recording('arrived', probe, collector), each, 'arrived before'),
          ),
        ],
        sentence: (amount) =>
          `${plural(count, 'export datagram')} of ${probe.name} arrived at ${collector.name} more than once, and with them ${amount}`,
      }
    },
  },
]
