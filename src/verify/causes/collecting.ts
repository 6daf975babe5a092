// Collecting: between the collector's interface and its tables. Records are known with the time at which they arrived, so what a
// collector that was away, or knew no template, must have missed is predicted record by record.

import { nothing } from '../../kernel/units.ts'
import type { Case } from '../case.ts'
import { clock, counter, datagram, logged, record, recording, seen } from '../evidence-item.ts'
import type { Cause, Rows } from './cause.ts'
import {
  addressMissing,
  classMissing,
  exchanged,
  filtered,
  filtersIn,
  moved,
  multiplied,
  ratio,
  scaledAlike,
} from './predictions.ts'
import { absences, linesOf, optionsOf, plural, queueLoss } from './words.ts'

/** When a collector was away; `to` is Infinity where it never came back. */
function awayTimes({ timeline, exits, collector }: Case): { from: number; to: number }[] {
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
      ({ process, at }) =>
        process === collector.process && !planned.some(({ from, to }) => at >= from && at <= to),
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
      '`timeline.ndjson` or a file `state/….exit` shows that it was away. It predicts the loss of the records that arrived meanwhile and, of a collector that keeps its tables in memory, of all before.',
    remedy:
      'Keep the collector running; what arrives while it is away, and templates sent before it came back, are lost to it.',
    test: 'Compare the records’ times of arrival with the times at which it was away.',
    recognise(given) {
      const { collector } = given
      const evidence = absences(given, `collector ${collector.name}`, collector.process)
      if (evidence.length === 0) return undefined
      const away = awayTimes(given)
      const forgets = keepsInMemory[collector.kind] === true
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
      'The collector came back without templates: records arrive, and none is read until the exporter sends its template again.',
    knownBy:
      'It started again while the exporter ran. It predicts the loss of the records that arrived from then to the next template in the recording.',
    remedy:
      'Let the exporter send its templates more often, or let the collector keep them over a restart (nfacctd’s `nfacctd_templates_file`).',
    test: 'Restart the collector just before a template is due: the hole shrinks to nothing.',
    recognise(given) {
      const { collector, probe, arrived, datagrams } = given
      const starts = awayTimes(given)
        .map(({ to }) => to)
        .filter(Number.isFinite)
      if (starts.length === 0 || !protocolsWithTemplates.has(probe.export.protocol)) return undefined
      const told = arrived.templates
        .filter(({ what }) => what !== 'unknown' && what !== 'withdrawn')
        .map(({ message }) => seen(message).at)
      const holes = starts.map((from) => ({ from, to: told.find((at) => at >= from) ?? Infinity }))
      const first = datagrams.arrivals.find(({ at }) => holes.some(({ from, to }) => at >= from && at < to))
      if (!first) return undefined
      return {
        predicts: seenWithin(holes),
        witnessed: true,
        evidence: [
          ...holes.map(({ from, to }) =>
            counter(
              'timeline.ndjson',
              `${clock(from)} ${collector.name} started; next template ${to === Infinity ? 'never' : clock(to)}`,
            ),
          ),
          datagram(recording('arrived', probe, collector), first, 'the first that it could not read'),
          ...logged(linesOf(given, collector.process, /unknown template/i)),
        ],
        sentence: (amount) =>
          `${collector.name} came back without the templates of ${probe.name}: ${amount} arrived before they were sent again`,
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
      'Its log says `Missing data detected` or `Failed during write`; no gap, no kernel drop. It predicts a loss, in bursts; where the ring overran, pmacct’s rows mix the fields of two.',
    remedy: 'Raise `plugin_pipe_size`, and `plugin_buffer_size` to a hundredth or thousandth of it.',
    test: 'Send the same exports more slowly: the warnings go.',
    recognise(given) {
      const { collector } = given
      const lines = linesOf(given, collector.process, queueLoss)
      if (lines.length === 0) return undefined
      return {
        ...{ predicts: 'mixture', witnessed: true, evidence: logged(lines) },
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
      'The records on the wire have type and code, the rows have 0: volumes are right and stand under type 0. So does nfcapd 1.7.1 with pmacctd’s NetFlow v9, and nfacctd 1.7.7 with those that do not stand in the destination port: softflowd’s v9 and IPFIX (icmpTypeCodeIPv4), fprobe’s v5 (type in the source port).',
    remedy:
      'Take another protocol with this exporter, or another collector: docs/interop.md says what keeps it.',
    test: '`flowlab decode` shows the type in the record; the collector’s own client does not.',
    recognise(given) {
      const { collector, probe, account, icmp } = given
      if (collector.icmp === false || !icmp) return undefined
      const isIcmp = ({ protocol }: { protocol: number }): boolean => protocol === 1 || protocol === 58
      return {
        predicts: moved(
          account,
          (cell) => isIcmp(cell) && cell.destinationPort !== 0,
          (cell) => isIcmp(cell) && cell.destinationPort === 0,
        ),
        witnessed: true,
        evidence: [
          record(
            recording('arrived', probe, collector),
            icmp,
            `${icmp.source} → ${icmp.destination}: type ${icmp.destinationPort >> 8}, code ${icmp.destinationPort & 255} in the record`,
            icmp.offset,
          ),
        ],
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
  {
    id: 'collected-twice',
    stage: 'collecting',
    title:
      'Records are counted more than once: by two plugins into one table, or from two exporters that saw the same packets.',
    knownBy:
      'Every flow is the same whole multiple of what arrived, and no announced sampling rate is that multiple.',
    remedy:
      'Count flows of one exporter, interface or direction only; keep these as fields so that copies can be told apart.',
    test: 'Switch one of the exporters off: the numbers halve.',
    recognise({ account, collector, sampling }) {
      const factor = Math.round(ratio(account)?.packets ?? 0)
      if (sampling || factor < 2 || factor > 4) return undefined
      return {
        ...{ predicts: multiplied(account, factor), witnessed: false, evidence: [] },
        sentence: (amount) =>
          `${collector.name} counts every record ${factor} times: ${amount} beyond what arrived`,
      }
    },
  },
  {
    id: 'collected-by-factor',
    stage: 'collecting',
    title: 'The table holds the same multiple or fraction of all that arrived, and no rate was announced.',
    knownBy:
      'Every flow is what arrived times one factor, in packets and in bytes; the factors of the two may differ (bytes shown as bits, say).',
    remedy:
      'Look for a sampling rate or a scale in the collector’s configuration, and for units where its tables are read.',
    test: 'Send one flow of a known size: its row shows the factor.',
    recognise({ account, collector, sampling }) {
      const shape = sampling ? undefined : scaledAlike(account)
      if (!shape) return undefined
      return {
        ...{ predicts: shape.predicts, witnessed: false, evidence: [] },
        sentence: (amount) =>
          `the table of ${collector.name} holds all that arrived ${shape.words}: ${amount} beside what arrived`,
      }
    },
  },
  {
    id: 'collected-exchanged',
    stage: 'collecting',
    title: 'The collector exchanges source and destination: each flow’s volume stands under the flow back.',
    knownBy: 'Every flow of the table has what arrived of the flow the other way.',
    remedy: 'Look at how the collector names sources and destinations, and where its tables are read.',
    test: 'Send one flow that nobody answers: the table has it as coming from its destination.',
    recognise({ account, collector }) {
      const predicts = exchanged(account)
      if (!predicts) return undefined
      return {
        ...{ predicts, witnessed: false, evidence: [] },
        sentence: (amount) =>
          `${collector.name} exchanges source and destination: ${amount} stand under the other direction than they arrived`,
      }
    },
  },
  {
    id: 'collector-leaves-out',
    stage: 'collecting',
    title:
      'The collector leaves one kind of traffic out: a direction, a protocol, an IP version or an address.',
    knownBy: 'All flows of that kind are missing from the first to the last, and the rest is there.',
    remedy:
      'Look at the collector’s filters (`aggregate_filter`, `pre_tag_filter`), and whether it can tell of such flows (IPv6).',
    test: 'Run the collector without a filter: the flows appear.',
    recognise({ account, collector }) {
      const table = account.name.split('/').at(-1)
      const [filter] = filtersIn(collector.options).filter(
        ([key]) => !key.includes('[') || key.endsWith(`[${table}]`),
      )
      const byFilter = filtered('arrived', filter?.[1])
      const shape = byFilter ? undefined : (classMissing(account) ?? addressMissing(account))
      const predicts = byFilter ?? shape?.predicts
      if (!predicts) return undefined
      const said = Object.entries(collector.options).filter(([key]) => key.includes('filter'))
      return {
        ...{ predicts, witnessed: said.length > 0 },
        evidence: optionsOf(collector, said),
        sentence: (amount) =>
          `${collector.name} keeps nothing of ${shape?.words ?? `what its filter leaves out (${filter?.[1]})`}: ${amount} arrived, while the rest is there`,
      }
    },
  },
  {
    id: 'nothing-collected',
    stage: 'collecting',
    title: 'Exports arrive where a socket listens, and not one record is in the table.',
    knownBy:
      '`transport.json`: datagrams arrived, `listening` is true, no drops at the socket; the table is empty.',
    remedy:
      'Look for a packet filter on the collector’s node, for its list of allowed exporters (`nfacctd_allow_file`), and for the protocols that it knows.',
    test: '`nft list ruleset` on the node; the collector’s log at its highest level while a datagram comes.',
    recognise({ account, transport, collector }) {
      const isEmpty = account.cells.every(({ after }) => after.packets === 0)
      if (!isEmpty || !transport.listening || transport.arrived.packets === 0) return undefined
      return {
        predicts: account.cells.map(() => nothing),
        witnessed: false,
        evidence: [
          counter(
            'transport.json',
            `arrived ${transport.arrived.packets}, listening true, socketDrops ${transport.socketDrops}`,
          ),
        ],
        sentence: (amount) =>
          `${amount} arrived where ${collector.name} listens, and nothing is in its table`,
      }
    },
  },
]
