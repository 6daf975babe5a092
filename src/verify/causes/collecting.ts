// Collecting: between the collector's interface and its tables. Records are known with the time at which they arrived, so what a
// collector that was away, or knew no template, must have missed is predicted record by record. What only the numbers of its
// tables tell stands in collected.ts.

import { nothing } from '../../kernel/units.ts'
import type { Case } from '../case.ts'
import type { Cell } from '../cells.ts'
import { clock, counter, datagram, few, logged, record, recording, seen } from '../evidence-item.ts'
import { type Cause, ofMixedRows, type Rows } from './cause.ts'
import { moved, ratio } from './predictions.ts'
import { absences, isAbsence, linesOf, optionsOf, plural, queueLoss, smallQueue } from './words.ts'

/** When a collector was away; `to` is Infinity where it never came back. */
function awayTimes({ timeline, exits, collector, wire }: Case): { from: number; to: number }[] {
  const own = timeline.filter(
    ({ target }) => target === `collector ${collector.name}` || target === `node ${collector.node}`,
  )
  const planned = own
    .filter(({ what }) => ['kill', 'stop', 'restart', 'reconfigure'].includes(what))
    .map(({ at }) => ({
      from: at,
      to: own.find((entry) => entry.what === 'start' && entry.at > at)?.at ?? Infinity,
    }))
  const unasked = exits
    .filter(
      ({ process, code, at }) =>
        process === collector.process &&
        isAbsence({ code, at }, wire) &&
        !planned.some(({ from, to }) => at >= from && at <= to),
    )
    .map(({ at }) => ({ from: at, to: Infinity }))
  return [...planned, ...unasked]
}

/** Arrived records that were seen in these times; milliseconds since 1970-01-01T00:00:00Z. */
function seenWithin(times: readonly { readonly from: number; readonly to: number }[]): Rows {
  const word = (at: number): string => String(Math.round(at * 1000))
  const within = times.map(({ from, to }) =>
    to === Infinity
      ? `epoch_us(seen) >= ${word(from)}`
      : `epoch_us(seen) >= ${word(from)} AND epoch_us(seen) < ${word(to)}`,
  )
  return { of: 'arrived', where: within.map((each) => `(${each})`).join(' OR '), are: 'missing' }
}

/** Arrived records that stand in the sets behind a header's count. */
function beyondCount(uncounted: Case['arrived']['uncounted']): Rows {
  const ends = uncounted.flatMap(({ message: { number }, offset }) =>
    number === undefined ? [] : `(${number}, ${offset})`,
  )
  const where = `octet >= (SELECT min(beyond) FROM (VALUES ${ends.join(', ')}) AS counts(datagram, beyond) WHERE datagram = packet)`
  return { of: 'arrived', where: ends.length === 0 ? 'false' : where, are: 'missing' }
}

/** Programs that keep their tables in memory, and lose them when they end. */
const keepsInMemory: Readonly<Record<string, boolean>> = { nfacctd: true }

const isOn = (value: unknown): boolean => /^(true|on|yes|1)$/i.test(String(value))

const protocolsWithTemplates = new Set(['netflow9', 'ipfix'])

export const collecting: readonly Cause[] = [
  {
    id: 'collector-away',
    stage: 'collecting',
    title:
      'The collector was killed, stopped or ended for a time: what it held and what came meanwhile is lost to it.',
    knownBy:
      '`timeline.ndjson` or a file `state/….exit` shows that it was away, or `exits.json` that it stood still. It predicts the loss of the records that arrived meanwhile and, of a collector that keeps its tables in memory, of all before.',
    remedy:
      'Keep the collector running, and let one that stands still go on (`kill -CONT`); what arrives while it is away, and templates sent before it came back, are lost to it.',
    test: 'Compare the records’ times of arrival with the times at which it was away.',
    recognise(given) {
      const { collector } = given
      const evidence = absences(given, `collector ${collector.name}`, collector.process)
      if (evidence.length === 0) return undefined
      const away = awayTimes(given)
      // One that stands still has forgotten nothing, but may not be able to say it.
      const stands = given.exits.some(
        ({ process, standsStill }) => process === collector.process && standsStill,
      )
      const forgets = stands
        ? given.account.cells.every(({ after }) => after.packets === 0)
        : keepsInMemory[collector.kind] === true
      const last = Math.max(...away.map(({ to }) => to))
      return {
        predicts: seenWithin(forgets ? [{ from: 0, to: last }] : away),
        witnessed: true,
        evidence,
        sentence: (amount) =>
          `${collector.name} was away for a time: ${amount} arrived and are not in its table`,
      }
    },
  },
  {
    id: 'template-unknown',
    stage: 'collecting',
    title:
      'Records arrive before their template, and none is read until the exporter sends it again: the collector came back without templates, or the first were lost.',
    knownBy:
      'It started again while the exporter ran, or what arrived first had no template. It predicts the loss of the records that arrived from then to the next template in the recording.',
    remedy:
      'Let the exporter send its templates more often, or let the collector keep them over a restart (nfacctd’s `nfacctd_templates_file`).',
    test: 'Restart the collector just before a template is due: the hole shrinks to nothing.',
    recognise(given) {
      const { collector, probe, arrived, datagrams } = given
      if (!protocolsWithTemplates.has(probe.export.protocol)) return undefined
      const restarts = awayTimes(given)
        .map(({ to }) => to)
        .filter(Number.isFinite)
      const told = arrived.templates
        .filter(({ what }) => what !== 'unknown' && what !== 'withdrawn')
        .map(({ message }) => seen(message).at)
      const holes = [0, ...restarts]
        .map((from) => ({ from, to: told.find((at) => at >= from) ?? Infinity }))
        .filter(({ from, to }) => datagrams.arrivals.some(({ at }) => at >= from && at < to))
      const first = datagrams.arrivals.find(({ at }) => holes.some(({ from, to }) => at >= from && at < to))
      if (!first) return undefined
      const isBack = holes.some(({ from }) => from > 0)
      return {
        predicts: seenWithin(holes),
        witnessed: true,
        evidence: [
          ...holes.map(({ from, to }) =>
            counter(
              from > 0 ? 'timeline.ndjson' : recording('arrived', probe, collector),
              `${from > 0 ? `${clock(from)} ${collector.name} started` : 'records came first'}; next template ${to === Infinity ? 'never' : clock(to)}`,
            ),
          ),
          datagram(recording('arrived', probe, collector), first, 'the first that it could not read'),
          ...logged(linesOf(given, collector.process, /unknown template/i)),
        ],
        sentence: (amount) =>
          `${collector.name} ${isBack ? 'came back without' : 'had not got'} the templates of ${probe.name}: ${amount} arrived before they were sent again`,
      }
    },
  },
  {
    id: 'records-beyond-count',
    stage: 'collecting',
    title:
      'The header of NetFlow v9 counts fewer records than its datagram has sets, and the collector reads no more sets than that.',
    knownBy:
      'Datagrams arrived with more sets than their header counts. It predicts the loss of all records behind, to the packet. softflowd 1.1.0 counts flow records alone, and not the templates before them; nfacctd 1.7.7 and Wireshark stop there.',
    remedy:
      'Let the exporter count all records, templates and options too (RFC 3954, section 5.1), or export IPFIX, whose header has a length instead; or take a collector that reads to the end (nfcapd).',
    test: 'Export the same in IPFIX: the loss goes. `flowlab decode -v` shows where the count ends.',
    recognise({ probe, collector, arrived: { uncounted } }) {
      if (uncounted.length === 0) return undefined
      return {
        predicts: beyondCount(uncounted),
        witnessed: true,
        evidence: few(uncounted, ({ message, said, sets, offset }) =>
          datagram(
            recording('arrived', probe, collector),
            seen(message),
            `its header counts ${said}, it has ${sets} sets: ${collector.name} is not to see what begins here`,
            offset,
          ),
        ),
        sentence: (amount) =>
          `${probe.name} counts fewer records in the headers of ${plural(uncounted.length, 'datagram')} than there are sets in them, and ${collector.name} stops at that: ${amount} arrived behind`,
      }
    },
  },
  {
    id: 'collector-table-full',
    stage: 'collecting',
    title: 'The collector’s table in memory had no room for more flows.',
    knownBy:
      'Its log says that it cannot allocate more memory. It predicts that flows that came late are missing altogether, or, where the daemon ends with its plugin, all of them.',
    remedy:
      'Raise `imt_mem_pools_number` (0: no limit) or `imt_mem_pools_size`; aggregate by fewer primitives.',
    test: 'Send a tenth of the flows: all are there.',
    recognise(given) {
      const { collector } = given
      const lines = linesOf(given, collector.process, /Unable to allocate more memory pools|imt_mem_pools/i)
      if (lines.length === 0) return undefined
      return {
        ...{ predicts: 'loss', witnessed: true, evidence: logged(lines) },
        sentence: (amount) => `the table of ${collector.name} was full: ${amount} found no room`,
      }
    },
  },
  {
    id: 'collector-not-listening',
    stage: 'collecting',
    title: 'Exports arrive at the collector’s node on a port where no socket listens.',
    knownBy:
      '`transport.json`: datagrams arrived, `listening` is false (from `/proc/net/udp`). It predicts that nothing is collected.',
    remedy: 'Let collector and probe agree on one port and address.',
    test: '`ss -ulnp` on the collector’s node.',
    recognise({ transport, collector, probe, account }) {
      if (transport.listening || transport.arrived.packets === 0) return undefined
      return {
        predicts: account.cells.map(() => nothing),
        witnessed: true,
        evidence: [
          counter(
            'transport.json',
            `arrived ${transport.arrived.packets}, listening false (/proc/net/udp of ${collector.node})`,
          ),
        ],
        sentence: (amount) =>
          `${plural(transport.arrived.packets, 'export datagram')} arrived at ${collector.address} port ${probe.export.port}, where no socket listens: ${collector.name} collects elsewhere, or not at all; ${amount}`,
      }
    },
  },
  {
    id: 'collector-socket-overrun',
    stage: 'collecting',
    title: 'The kernel dropped export datagrams because the collector’s receive queue was full.',
    knownBy:
      '`/proc/net/udp` counts drops (`socketDrops`). It predicts a loss of whole datagrams, in bursts.',
    remedy:
      'Raise `net.core.rmem_max` and the socket’s buffer (`nfacctd_pipe_size`), or spread the exporters over collectors.',
    test: 'Send the same exports more slowly: the drops go.',
    recognise({ transport, collector }) {
      if (transport.socketDrops === 0) return undefined
      return {
        ...{ predicts: 'loss', witnessed: true },
        evidence: [
          counter(
            'transport.json',
            `socketDrops ${transport.socketDrops} (/proc/net/udp of ${collector.node})`,
          ),
        ],
        sentence: (amount) =>
          `the kernel dropped ${plural(transport.socketDrops, 'datagram')} at the socket of ${collector.name}, whose receive queue was full: ${amount}`,
      }
    },
  },
  {
    id: 'collector-queue-overrun',
    stage: 'collecting',
    title: 'The collector read the datagrams and lost records between its core process and a plugin.',
    knownBy:
      'Its log says `Missing data detected` or `Failed during write`, or its `plugin_pipe_size` is smaller than pmacct’s own: of the first three overruns it logs nothing; no gap, no kernel drop. It predicts a loss, in bursts; where the ring overran, pmacct’s rows mix the fields of two.',
    remedy: 'Raise `plugin_pipe_size`, and `plugin_buffer_size` to a hundredth or thousandth of it.',
    test: 'Send the same exports more slowly: the warnings go.',
    follows: [...ofMixedRows, 'collected-attributes-wrong'],
    recognise(given) {
      const { collector } = given
      const lines = linesOf(given, collector.process, queueLoss)
      const small = smallQueue(collector)
      if (lines.length === 0 && small.length === 0) return undefined
      return {
        ...{
          predicts: 'mixture',
          witnessed: true,
          evidence: [...logged(lines), ...optionsOf(collector, small)],
        },
        sentence: (amount) =>
          `the queue between the core of ${collector.name} and its plugins overran: ${amount} arrived, were read from the socket, and never reached its table`,
      }
    },
  },
  {
    id: 'icmp-type-lost',
    stage: 'collecting',
    title: 'The collector does not keep the ICMP type and code that the records have.',
    knownBy:
      'The records on the wire have type and code, the rows have 0: volumes are right and stand under type 0. So does nfcapd 1.7.1 with pmacctd’s NetFlow v9 and, of ICMPv6 alone, softflowd’s; and nfacctd 1.7.7 with those that do not stand in the destination port: softflowd’s v9 and IPFIX (icmpTypeCodeIPv4), fprobe’s v5 (type in the source port).',
    remedy:
      'Take another protocol with this exporter, or another collector: docs/interop.md says what keeps it.',
    test: '`flowlab decode` shows the type in the record; the collector’s own client does not.',
    recognise(given) {
      const { collector, probe, account } = given
      if (collector.icmp === false) return undefined
      // ICMP, ICMPv6 or both. What is lost altogether does not stand under type 0.
      const icmp = given.icmp.filter(({ protocol }) =>
        account.cells.some(
          (cell) =>
            cell.protocol === protocol &&
            cell.destinationPort === 0 &&
            cell.after.packets > cell.before.packets,
        ),
      )
      if (icmp.length === 0) return undefined
      const isOfIt = (cell: Cell): boolean => icmp.some(({ protocol }) => protocol === cell.protocol)
      return {
        predicts: moved(
          account,
          (cell) => isOfIt(cell) && cell.destinationPort !== 0,
          (cell) => isOfIt(cell) && cell.destinationPort === 0,
        ),
        witnessed: true,
        evidence: icmp.map((first) =>
          record(
            recording('arrived', probe, collector),
            first,
            `${first.source} → ${first.destination}: type ${first.destinationPort >> 8}, code ${first.destinationPort & 255} in the record`,
            first.offset,
          ),
        ),
        sentence: (amount) =>
          `${collector.name} does not keep the ICMP type and code of ${probe.name}'s records: ${amount} stand under type 0`,
      }
    },
  },
  {
    id: 'collector-estimates-rate',
    stage: 'collecting',
    title:
      'The collector multiplies by a rate that it estimates from the sequence of samples, and not by the announced one.',
    knownBy:
      'It is sfacctd, told to renormalise. Each flow that arrived is in its table, with other volumes than arrived times the announced rate; their sum is within a quarter of it.',
    remedy:
      'Leave `sfacctd_renormalize` off and multiply by the announced rate where the tables are read; or take sfcapd, which multiplies by it.',
    test: 'Send ten times as many packets: the sums come nearer to the announced rate’s.',
    recognise({ account, collector, sampling }) {
      const isTold = collector.renormalize === true || isOn(collector.options['sfacctd_renormalize'])
      const times = ratio(account)
      if (collector.kind !== 'sfacctd' || !isTold || !times) return undefined
      const { announcedRate = 1, counters } = sampling ?? {}
      if (counters !== 'sampled' || announcedRate === 1) return undefined
      if (Math.max(Math.abs(times.packets - 1), Math.abs(times.bytes - 1)) > 0.25) return undefined
      return {
        // What a flow's few samples are multiplied by is its own; a flow that is missing altogether is none of it.
        predicts: account.cells.map(({ before, after }) =>
          before.packets > 0 && after.packets > 0 ? after : before,
        ),
        witnessed: true,
        evidence: [
          counter(
            'plan.json',
            `${collector.name} is sfacctd with renormalize; announced is 1:${announcedRate}, its table holds ${Number((announcedRate * times.packets).toPrecision(4))} × the packets that arrived`,
          ),
        ],
        sentence: (amount) =>
          `${collector.name} multiplies by rates that it estimates itself from the sequence of samples, not by the announced 1:${announcedRate}: ${amount} beside what arrived`,
      }
    },
  },
]
