// What flow records say beside key and counters, and is not so: type of service, TCP flags, interfaces, times. Their amounts are
// not in question. The first that applies to times is named; those after it are less specific.

import { nothing } from '../../kernel/units.ts'
import type { Case } from '../case.ts'
import { clock, few, record, recording } from '../evidence-item.ts'
import type { Held } from '../records/held.ts'
import { type Diagnosis, wrap } from '../records/times.ts'
import type { Remark } from './cause.ts'
import { plural } from './words.ts'

type Words = Pick<Remark, 'id' | 'stage' | 'title' | 'knownBy' | 'remedy' | 'test'>

type Amounts = Pick<Held, 'checked' | 'wrong' | 'empty' | 'examples'>

/** Of several attributes that are told by the same records, one after the other. */
const together = (all: readonly Held[]): Amounts => ({
  checked: Math.max(0, ...all.map(({ checked }) => checked)),
  wrong: all.reduce((sum, { wrong }) => sum + wrong, 0),
  empty: all.reduce((sum, { empty }) => sum + empty, 0),
  examples: all.flatMap(({ examples }) => examples),
})

/** Said of attributes of which records are wrong. */
const about = (
  ids: readonly Held['id'][],
  words: Words,
  applies: (held: Amounts, given: Case) => boolean,
  sentence: (held: Amounts, given: Case) => string,
): Remark => ({
  ...words,
  recognise(given) {
    const { said, probe, collector } = given
    const held = together(said.held.filter(({ id }) => ids.includes(id)))
    if (held.wrong === 0 || !applies(held, given)) return undefined
    return {
      volume: nothing,
      evidence: few(held.examples, ({ text, offset, ...seen }) =>
        record(recording('exported', probe, collector), seen, text, offset),
      ),
      sentence: () => sentence(held, given),
    }
  },
})

const share = ({ wrong, checked }: Amounts): string => `${wrong} of ${plural(checked, 'record')}`

const interfaces = ['ingress', 'egress'] as const

const interfaceRemarks: readonly Remark[] = [
  about(
    interfaces,
    {
      id: 'interface-index-zero',
      stage: 'metering',
      title:
        'Records have 0 for the interface that their packets passed: totals by interface are wrong, the grand total right.',
      knownBy:
        'The index (input of what came in, output of what went out) is 0 in all records that are wrong; `interfaces.json` has the kernel’s number of the interface. Said only where the number was asked for.',
      remedy:
        'Tell the probe its number: `in_iface` and `out_iface` in `aggregate` do for pmacctd, unless `options` or `maps` say otherwise; softflowd (`i: "2:eth0"`) and fprobe (`x: "2"`) take one number, which is then input and output of all records.',
      test: '`ip link show` on the probe’s node has the number that should stand there.',
    },
    ({ wrong, empty }) => wrong === empty,
    (held, { probe, wire }) =>
      `${probe.name} does not know the interface: ${share(held)} have 0, and their packets passed ${wire.point}`,
  ),
  about(
    interfaces,
    {
      id: 'interface-index-wrong',
      stage: 'metering',
      title:
        'Records name another interface than their packets passed: input and output alike or exchanged, or another host’s numbers.',
      knownBy:
        'The index in the record is not the kernel’s number of the interface (`interfaces.json`) for the direction in which the packets were recorded, or no number of that host.',
      remedy:
        'Look at the map of interfaces and the direction that the probe was given; numbers change when interfaces are made anew.',
      test: '`ip link show` on the probe’s node has the number that should stand there.',
    },
    ({ wrong, empty }) => wrong !== empty,
    (held, { probe }) => `${share(held)} of ${probe.name} name an interface that their packets did not pass`,
  ),
]

const seconds = (ms: number): string => `${(Math.abs(ms) / 1000).toFixed(3)} s`

const quarter = 900_000
/** Time zones differ by quarters of an hour. */
const zoneText = (off: number): string =>
  Math.abs(off) >= quarter / 2 && Math.abs(off - Math.round(off / quarter) * quarter) < 5_000
    ? `, by as much as time zones differ`
    : ''

const timesTitle = 'Flow records speak of times at which their packets did not cross'
const timesKnownBy =
  'First and last packets of records are not those of the packets recorded at the observation point, by more than the protocol’s own resolution'

const wrongTimes = (
  is: readonly Diagnosis['is'][],
  words: Words,
  sentence: (diagnosis: Diagnosis, held: Amounts, given: Case) => string,
): Remark =>
  about(
    ['times'],
    words,
    (_, { said }) => said.diagnosis !== undefined && is.includes(said.diagnosis.is),
    (held, given) => (given.said.diagnosis ? sentence(given.said.diagnosis, held, given) : ''),
  )

const timeRemarks: readonly Remark[] = [
  wrongTimes(
    ['wrap'],
    {
      id: 'uptime-wrapped',
      stage: 'exporting',
      title: `${timesTitle}: they are off by a multiple of 2^32 ms (49.7 days), as where an uptime has started again.`,
      knownBy: `${timesKnownBy}; half of them are off by a multiple of 4294967.296 s.`,
      remedy:
        'Export absolute times (flowStartMilliseconds, IPFIX), or let the uptime of header and records wrap together.',
      test: 'Restart the exporter: the error goes for 49.7 days.',
    },
    ({ off }, held, { probe }) =>
      `${share(held)} of ${probe.name} have times that are ${seconds(off)} ${off < 0 ? 'early' : 'late'}: ${Math.abs(Math.round(off / wrap))} times the 2^32 ms after which an uptime starts again`,
  ),
  wrongTimes(
    ['unit'],
    {
      id: 'times-in-wrong-unit',
      stage: 'exporting',
      title: `${timesTitle}: their durations are a thousand times too long or too short, as where one unit is taken for another.`,
      knownBy: `${timesKnownBy}; durations of records are 1000 or 1000000 times those of the packets, or as much shorter.`,
      remedy:
        'Let the exporter tell times in the unit of their element: milliseconds for flowStartSysUpTime.',
      test: 'Send one flow of exactly 10 s: its record’s duration shows the unit.',
    },
    ({ ratio }, held, { probe }) =>
      `${share(held)} of ${probe.name} have times in a wrong unit: they take ${ratio < 1 ? `1/${Math.round(1 / ratio)}` : Math.round(ratio)} of the time that their packets took`,
  ),
  wrongTimes(
    ['constant'],
    {
      id: 'times-off-by-constant',
      stage: 'exporting',
      title: `${timesTitle}: all are early or late by as much, as where clocks differ or an uptime counts from another moment.`,
      knownBy: `${timesKnownBy}; all are off by the same.`,
      remedy: 'Set the exporter’s clock by NTP; compare its uptime with the header’s.',
      test: 'Restart the exporter: an error of the clock stays, one of the uptime changes.',
    },
    ({ off }, held, { probe }) =>
      `${share(held)} of ${probe.name} have times that are ${seconds(off)} ${off < 0 ? 'early' : 'late'}, all of them alike${zoneText(off)}`,
  ),
  wrongTimes(
    ['step'],
    {
      id: 'clock-stepped',
      stage: 'exporting',
      title: `${timesTitle}: they are right up to a moment, and off by as much from then on, as where a clock was set.`,
      knownBy: `${timesKnownBy}; flows that go on have a leap between one record and the next.`,
      remedy: 'Let the exporter’s clock be slewed (NTP), not set, while it meters.',
      test: 'Look for a message of the time daemon at the moment of the leap.',
    },
    ({ leap }, held, { probe }) =>
      `${share(held)} of ${probe.name} have wrong times: its clock was set ${leap < 0 ? 'back' : 'on'} by ${seconds(leap)} in between; the first of them left at ${clock(held.examples[0]?.at ?? 0)}`,
  ),
  wrongTimes(
    ['drift'],
    {
      id: 'clock-drifts',
      stage: 'exporting',
      title: `${timesTitle}: they are the further off the later it is, as where a clock goes too fast or too slow.`,
      knownBy: `${timesKnownBy}; all flows take longer, or shorter, by the same share.`,
      remedy: 'Let the exporter’s clock follow NTP; look at the timer that its uptime comes from.',
      test: 'Send one flow for twice as long: it ends twice as far off.',
    },
    ({ ratio }, held, { probe }) =>
      `${share(held)} of ${probe.name} have times by a clock that goes ${(100 * Math.abs(ratio - 1)).toPrecision(2)} % too ${ratio > 1 ? 'fast' : 'slow'}`,
  ),
  wrongTimes(
    ['reversed', 'other'],
    {
      id: 'times-of-other-packets',
      stage: 'exporting',
      title: `${timesTitle}, or end before they begin.`,
      knownBy: `${timesKnownBy}, each by something else.`,
      remedy:
        'Look at what the exporter takes for first and last packet: timeouts, sampling, directions that share a cache entry.',
      test: 'Send one flow at a time, and compare its record with the recording `crossed-….pcap`.',
    },
    ({ reversed }, held, { probe }) =>
      `${share(held)} of ${probe.name} have times that are not those of their packets${reversed > 0 ? `; ${reversed} end before they begin` : ''}`,
  ),
  {
    id: 'times-wrong',
    stage: 'exporting',
    title:
      'Flow records end before they begin, or speak of times at which nothing could cross: a wrong clock, unit or uptime.',
    knownBy:
      'Where no packets were recorded: first or last packets of records lie outside the time in which the books were open (by more than 1.5 s, the headers’ own resolution), or the end is before the start.',
    remedy:
      'Compare the exporter’s clock with the machine’s; its uptime with the header’s (units, wrap at 2^32 ms, about 49.7 days).',
    test: 'Set the clock right, or restart the exporter: an error of the clock goes, one of units or of the wrap comes again.',
    recognise({ said: { times }, probe, collector }) {
      const count = times ? Math.max(times.reversed, times.outside) : 0
      if (!times?.first || count === 0) return undefined
      const { reversed, outside, off, checked, first } = times
      return {
        volume: nothing,
        evidence: [
          record(
            recording('exported', probe, collector),
            first,
            `${reversed} end before they begin, ${outside} outside the books`,
            first.offset,
          ),
        ],
        sentence: () =>
          `${count} of ${plural(checked, 'record')} of ${probe.name} have times that cannot be${outside > 0 ? `: half of them are off by ${Math.abs(off)} ms or more, too ${off < 0 ? 'early' : 'late'}` : ''}`,
      }
    },
  },
]

const rowsWrong: Remark = {
  id: 'collected-attributes-wrong',
  stage: 'collecting',
  title:
    'Rows of the collector’s table have a type of service, TCP flags or interfaces that no arrived record of their flow has.',
  knownBy:
    'The value in the row is not among those of the records that arrived; TCP flags are not part of their union. Amounts are not in question.',
  remedy:
    'Look at what the collector fills in or maps anew (`pre_tag_map`, `nfacctd_…`), and whether it reads these fields of this protocol at all.',
  test: 'Replay `arrived-PROBE.pcap` into another collector that keeps the same field.',
  recognise({ rows = [], collector, account }) {
    const wrong = rows.filter((each) => each.wrong > 0)
    if (wrong.length === 0) return undefined
    const words = wrong.map((each) => `${each.attribute} (${each.wrong} of ${plural(each.checked, 'row')})`)
    return {
      volume: nothing,
      evidence: wrong.flatMap(({ examples }) =>
        examples.map((text) => ({ kind: 'flow' as const, file: 'collected.json', text })),
      ),
      sentence: () =>
        `${account.name} of ${collector.kind} has what no arrived record says: ${words.join(', ')}`,
    }
  },
}

export const recordRemarks: readonly Remark[] = [
  rowsWrong,
  about(
    ['tos'],
    {
      id: 'tos-wrong',
      stage: 'metering',
      title: 'Records have a type of service (IPv6: traffic class) that none of their packets had.',
      knownBy:
        'The value in the record is not among those of the packets that were recorded of its flow. Where packets of a flow differ, each of their values may stand there (ipClassOfService is that of the first packet observed).',
      remedy:
        'Look whether the probe meters behind a device that marks anew, takes DSCP for the whole octet (a shift by two bits), or keeps one value for both directions.',
      test: 'Send one flow with one mark in one direction: what comes out is the shift, or the other direction’s.',
    },
    () => true,
    (held, { probe }) =>
      `${share(held)} of ${probe.name} have a type of service that no packet of their flows had`,
  ),
  about(
    ['tcpFlags'],
    {
      id: 'tcp-flags-wrong',
      stage: 'metering',
      title:
        'TCP flags of records are not those of their packets together: some never came, or some that came are missing.',
      knownBy:
        'tcpControlBits has flags that no packet of the flow had; or all records of a flow, which count all its packets, together lack one that a packet had.',
      remedy:
        'Let the probe keep the flags of all packets of a flow (RFC 7012: their union), and leave the flags to the metering process: without them scans and attacks cannot be told.',
      test: 'Open and close one connection: SYN, ACK and FIN should stand in its records, 0x1b with PSH.',
    },
    () => true,
    (held, { probe }) => `${share(held)} of ${probe.name} have TCP flags that are not those of their packets`,
  ),
  about(
    ['as'],
    {
      id: 'record-as-empty',
      stage: 'metering',
      title: 'Records have 0 for the AS of addresses of which the router knows the route.',
      knownBy:
        'bgpSourceAsNumber or bgpDestinationAsNumber is 0 in all records that are wrong, beside the router’s path for the address (`routes.json`). Said only where some records have a number or the probe was asked for them.',
      remedy:
        'Give the exporter its routes: a BGP session or `networks_file`. nfprobe 1.7.7 exports none of its BGP session’s; let the collector find them (`nfacctd_as: bgp`).',
      test: 'Look the address up in the router: the AS at the end of its path should stand there.',
    },
    ({ wrong, empty }) => wrong === empty,
    ({ wrong, checked }, { probe }) =>
      `${wrong} of ${checked} AS numbers in records of ${probe.name} are 0 where its router knows the way`,
  ),
  about(
    ['as'],
    {
      id: 'record-as-wrong',
      stage: 'metering',
      title: 'Records have other AS numbers than the router’s routes for their addresses.',
      knownBy:
        'bgpSourceAsNumber or bgpDestinationAsNumber is neither what the router’s paths end with nor, in all records alike, what they begin with, at any time while the flows lasted (`routes.json`).',
      remedy:
        'Compare what the exporter takes them from (a file of networks, a BGP session, a routing table of another time) with the router’s table.',
      test: 'Look the address up in the router: `show bgp ADDRESS`.',
    },
    ({ wrong, empty }) => wrong !== empty,
    ({ wrong, checked }, { probe }) =>
      `${wrong} of ${checked} AS numbers in records of ${probe.name} are not what its router’s routes give`,
  ),
  about(
    ['nextHop'],
    {
      id: 'record-next-hop-wrong',
      stage: 'metering',
      title: 'Records have another next hop than the router’s routes for their destinations.',
      knownBy:
        'ipNextHopIPv4Address (IPv6 too) is not the next hop of the router’s route, at any time while the flows lasted (`routes.json`). Only routes whose next hop is at a link of the router are compared.',
      remedy: 'Compare what the exporter takes it from with the router’s forwarding table (`ip route get`).',
      test: '`ip route get ADDRESS` on the router says where it sends packets.',
    },
    () => true,
    (held, { probe }) =>
      `${share(held)} of ${probe.name} name a next hop that its router’s routes do not have`,
  ),
  ...interfaceRemarks,
  ...timeRemarks,
]
