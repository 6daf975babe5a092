// Collecting, as the numbers of a table alone tell it, or what its configuration says: each cause predicts what would stand in the
// table. What the collector's machine and program show stands in collecting.ts.

import { add, isNothing, nothing, subtract, type Volume } from '../../kernel/units.ts'
import { exportName } from '../../plan/exporters.ts'
import { counter } from '../evidence-item.ts'
import type { Cause } from './cause.ts'
import { distorted } from './counters.ts'
import { rekeyed } from './keys.ts'
import {
  addressMissing,
  classMissing,
  exchanged,
  filtered,
  filtersIn,
  multiplied,
  ratio,
  scaledAlike,
} from './predictions.ts'
import { optionsOf, volumeText } from './words.ts'

export const collected: readonly Cause[] = [
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
    id: 'running-totals-added',
    stage: 'collecting',
    title:
      'The collector adds up running totals as if each were news: one packet becomes as many as there were since the exporter began.',
    knownBy:
      'Records say beside what is new what was counted so far (octetTotalCount, packetTotalCount), and the table holds, to the byte, the sum of the latter.',
    remedy:
      'Let the exporter send deltas only (octetDeltaCount, packetDeltaCount), or let the collector leave octetTotalCount and packetTotalCount alone.',
    test: 'Send one flow that is told in a single record, as the first after the exporter began: its row comes out right.',
    recognise({ account, collector, probe, arrived: { running } }) {
      const shown = account.cells.reduce<Volume>((sum, { after }) => add(sum, after), nothing)
      if (isNothing(running) || !isNothing(subtract(shown, running))) return undefined
      return {
        predicts: account.cells.map(({ after }) => after),
        witnessed: true,
        evidence: [
          counter(
            `nodes/${collector.node}/log/arrived-${exportName(probe)}.pcap`,
            `totals of all records: ${volumeText(running)}`,
          ),
        ],
        sentence: (amount) =>
          `${collector.name} adds up the running totals of ${probe.name}’s records as if each were news: ${amount}`,
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
    id: 'collected-keys-wrong',
    stage: 'collecting',
    title:
      'The table has all that arrived, under other keys: a field that it should keep is cut, mapped or left out.',
    knownBy:
      'Sums are right, and every flow’s volume stands where one law of keys puts it: a field that is 0 or missing, ports exchanged, addresses cut to a prefix, octets in the wrong order.',
    remedy: 'Look at the table’s `aggregate`, at `networks_mask` and at what maps or anonymises fields.',
    test: 'Send one flow with a port and an address of its own: its row shows what becomes of them.',
    recognise({ account, collector }) {
      const shape = rekeyed(account)
      if (!shape) return undefined
      const said = Object.entries(collector.options).filter(([key]) => /^aggregate(\[|$)|mask|anon/.test(key))
      return {
        ...{ predicts: shape.predicts, witnessed: false, evidence: optionsOf(collector, said) },
        sentence: (amount) =>
          `in ${account.name} ${shape.words}: ${amount} stand under other keys than arrived`,
      }
    },
  },
  {
    id: 'collected-counters-distorted',
    stage: 'collecting',
    title:
      'Rows have all flows that arrived, and one of their counters is something else: exchanged, 0, or of too few bits.',
    knownBy: 'In nine of ten flows and more the counters are what one law makes of those that arrived.',
    remedy: 'Look at the types and names of columns where tables are written and read.',
    test: 'Send one flow of a known size: its row shows what becomes of it.',
    recognise({ account, collector }) {
      const shape = distorted(account)
      if (!shape) return undefined
      return {
        ...{ predicts: shape.predicts, witnessed: false, evidence: [] },
        sentence: (amount) =>
          `in the table of ${collector.name} ${shape.words}: ${amount} beside what arrived`,
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
