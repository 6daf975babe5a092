// Transport: between the exporter's interface and the collector's. Datagrams are matched by their sequence numbers, so what each
// cause predicts is known record by record.

import { add, nothing, type Volume } from '../../kernel/units.ts'
import type { Exports } from '../../replay/exports.ts'
import type { Case } from '../case.ts'
import { counter, datagram, few, recording } from '../evidence-item.ts'
import type { EvidenceItem } from '../verdict.ts'
import type { Cause } from './cause.ts'
import { without } from './predictions.ts'
import { plural } from './words.ts'

/** How often each datagram with records is in a recording; its key, by the message's index. */
function census({ kept }: Exports): {
  readonly keys: readonly string[]
  readonly counts: ReadonlyMap<string, number>
} {
  const keys = kept.messages.map(
    ({ domain, sequence, exportSeconds, sysUptime }) => `${domain} ${sequence} ${exportSeconds} ${sysUptime}`,
  )
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return { keys, counts }
}

function* recordsOf({ kept }: Exports, messages: ReadonlySet<number>): Generator<readonly [number, Volume]> {
  for (let row = 0; row < kept.count; row++)
    if (messages.has(kept.message[row] ?? -1))
      yield [kept.flow[row] ?? -1, { packets: kept.packets[row] ?? 0, bytes: kept.bytes[row] ?? 0 }]
}

/** Of one recording, the messages that are not, or are too often, in the other. */
function strange(of: Exports, other: Exports): ReadonlySet<number> {
  const { keys } = census(of)
  const left = new Map(census(other).counts)
  const found = new Set<number>()
  keys.forEach((key, index) => {
    const count = left.get(key) ?? 0
    if (count === 0) found.add(index)
    else left.set(key, count - 1)
  })
  return found
}

const sequenceEvidence = ({ arrived, probe, collector }: Case, what: string): EvidenceItem[] =>
  few(
    arrived.sequence.filter((event) => event.what === what),
    ({ message, expected, found }) =>
      datagram(
        recording('arrived', probe, collector),
        message,
        `sequence ${expected} expected, ${found} found`,
      ),
  )

/** A lower bound: where the last record of each message begins. */
function sizes({ kept }: Exports): number[] {
  const size = kept.messages.map(() => 0)
  for (let row = 0; row < kept.count; row++) {
    const message = kept.message[row] ?? 0
    size[message] = Math.max(size[message] ?? 0, kept.offset[row] ?? 0)
  }
  return size
}

/** Smaller ones cross every path that IPv4 promises (RFC 791: 576 octets). */
const alwaysPasses = 500

export const transport: readonly Cause[] = [
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
    recognise(given) {
      const { exported, arrived, account, probe, collector } = given
      const lost = strange(exported, arrived)
      const all = sizes(exported)
      const smallest = Math.min(...[...lost].map((index) => all[index] ?? 0))
      const passed = all.filter((_, index) => !lost.has(index))
      if (lost.size < 2 || smallest < alwaysPasses || passed.length === 0 || Math.max(...passed) >= smallest)
        return undefined
      return {
        predicts: without(account, exported.flows, recordsOf(exported, lost)),
        witnessed: true,
        evidence: few(
          [...lost].flatMap((index) => exported.kept.messages[index] ?? []),
          (message) =>
            datagram(
              recording('exported', probe, collector),
              message,
              `left ${probe.node}, and did not arrive`,
            ),
        ),
        sentence: (amount) =>
          `all ${plural(lost.size, 'export datagram')} of more than ${smallest} octets were lost on their way, and none that is smaller: ${amount}`,
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
      const { transport: way, exported, arrived, account, probe, collector } = given
      const count = way.left.packets - way.arrived.packets
      if (count <= 0) return undefined
      const lost = strange(exported, arrived)
      return {
        predicts: without(account, exported.flows, recordsOf(exported, lost)),
        witnessed: true,
        evidence: [
          counter(
            'transport.json',
            `${way.left.packets} datagrams left ${probe.node}, ${way.arrived.packets} arrived at ${collector.node}`,
          ),
          ...sequenceEvidence(given, 'gap'),
          ...few(
            [...lost].flatMap((index) => exported.kept.messages[index] ?? []),
            (message) =>
              datagram(
                recording('exported', probe, collector),
                message,
                `sequence ${message.sequence} left ${probe.node}, and did not arrive`,
              ),
          ),
        ],
        sentence: (amount) =>
          `${count} of ${plural(way.left.packets, 'export datagram')} of ${probe.name} were lost on their way to ${collector.name}, and with them ${amount}`,
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
      const { transport: way, exported, arrived, account, probe, collector } = given
      const count = way.arrived.packets - way.left.packets
      if (count <= 0) return undefined
      const more = new Map<string, Volume>()
      for (const [index, volume] of recordsOf(arrived, strange(arrived, exported))) {
        const flow = arrived.flows[index]
        if (flow) more.set(account.cellOf(flow), add(more.get(account.cellOf(flow)) ?? nothing, volume))
      }
      return {
        predicts: account.cells.map((cell) => {
          const id = account.cellOf(cell)
          const volume = more.get(id) ?? nothing
          more.delete(id)
          return add(cell.before, volume)
        }),
        witnessed: true,
        evidence: [
          counter(
            'transport.json',
            `${way.left.packets} datagrams left ${probe.node}, ${way.arrived.packets} arrived at ${collector.node}`,
          ),
          ...sequenceEvidence(given, 'duplicate'),
        ],
        sentence: (amount) =>
          `${plural(count, 'export datagram')} of ${probe.name} arrived at ${collector.name} more than once, and with them ${amount}`,
      }
    },
  },
]
