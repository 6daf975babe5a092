// Metering: between the wire at the observation point and the flow records. What the count itself suffers from stands first.

import { add, nothing } from '../../kernel/units.ts'
import type { Case } from '../case.ts'
import type { Cell } from '../cells.ts'
import { counter, few, logged } from '../evidence-item.ts'
import { type Cause, ofMixedRows, ofOtherFlows, type Remark } from './cause.ts'
import { garbled, rekeyed } from './keys.ts'
import {
  addressMissing,
  bothWays,
  classMissing,
  exchanged,
  filtered,
  filtersIn,
  perPacket,
  ratio,
  spread,
  multiplied,
} from './predictions.ts'
import { absences, linesOf, optionsOf, plural, queueLoss, smallQueue, volumeText } from './words.ts'

export const countRemarks: readonly Remark[] = [
  {
    id: 'truth-incomplete',
    stage: 'metering',
    title: 'The kernel’s own count is not complete, so nothing exact can be said of the flows at this point.',
    knownBy: '`wire.json`: the counter `overflow` of a direction is not 0.',
    remedy: 'Use fewer flows in one run: a set holds 1,048,576 elements.',
    test: 'Run with a tenth of the flows: the counter stays at 0.',
    recognise({ wire }) {
      const overflow = add(wire.directions.in.overflow, wire.directions.out.overflow)
      if (overflow.packets === 0) return undefined
      return {
        volume: overflow,
        evidence: [counter('wire.json', `${wire.point}: overflow ${overflow.packets}`)],
        sentence: (amount) =>
          `${amount} crossed ${wire.point} that the kernel's sets had no room for, or whose headers they could not read: the truth itself is incomplete there`,
      }
    },
  },
  {
    id: 'offloads-on',
    stage: 'metering',
    title:
      'Segmentation offload is on: kernel and probe see packets of up to 64 KB, which no wire carries, and every packet count is false.',
    knownBy:
      '`offloads.json`: features of `ethtool -k` that are on; `wire.json`: packets longer than the MTU (`oversize`).',
    remedy:
      'Switch offloads off on every interface of the way: `offloads: off` on the link, or `ethtool -K IF tso off gso off gro off`.',
    test: 'Switch them off and send the same: mean packet sizes fall below the MTU, and bytes stay.',
    recognise({ wire, offloads }) {
      const oversize = add(wire.directions.in.oversize, wire.directions.out.oversize)
      if (oversize.packets === 0 && offloads.length === 0) return undefined
      return {
        volume: oversize,
        evidence: [
          ...(oversize.packets > 0
            ? [counter('wire.json', `${wire.point}: oversize ${oversize.packets}`)]
            : []),
          ...few(offloads, ({ node, interface: name, on }) =>
            counter('offloads.json', `ethtool -k ${name} on ${node}: ${on.join(', ')} on`),
          ),
        ],
        sentence: (amount) =>
          `segmentation offload is on: it hands over many segments as one, so that kernel and probe count packets that no wire carries; ${oversize.packets === 0 ? 'none' : amount} crossed ${wire.point} longer than its MTU`,
      }
    },
  },
]

/** Records may be read by another's template: what keys they have is no matter of metering. */
const isReadByAnother = ({ templates }: Case['exported']): boolean =>
  templates.some(({ what }) => what === 'changed')

/** Fragments but the first have no ports. */
const isFragment = ({ protocol, sourcePort, destinationPort, before }: Cell): boolean =>
  (protocol === 6 || protocol === 17) && sourcePort === 0 && destinationPort === 0 && before.packets > 0

/** Octets that a layer-2 count adds to each packet, and what they are. */
const layer2: Readonly<Record<number, string>> = {
  4: 'a VLAN tag or the frame check sequence',
  14: "Ethernet's header",
  18: "Ethernet's header and the frame check sequence (or a VLAN tag)",
  22: "Ethernet's header, a VLAN tag and the frame check sequence",
}

export const metering: readonly Cause[] = [
  {
    id: 'probe-away',
    stage: 'metering',
    title:
      'The probe was killed, stopped or ended for a time, and the flows that it held or would have metered are lost.',
    knownBy:
      '`timeline.ndjson` or a file `state/….exit` shows that the probe was away, or `exits.json` that it stood still. It predicts a loss in all flows that were alive then.',
    remedy:
      'Keep the probe running, and let one that stands still go on (`kill -CONT`); shorter active and inactive timeouts make such a loss smaller.',
    test: 'Leave the event out: the loss goes with it.',
    recognise(given) {
      const { probe, wire } = given
      const evidence = absences(given, `probe ${probe.name}`, probe.process)
      if (evidence.length === 0) return undefined
      return {
        ...{ predicts: 'loss', witnessed: true, evidence },
        sentence: (amount) =>
          `${probe.name} was away for a time, and lost the flows that it held: ${amount} crossed ${wire.point} and were not exported`,
      }
    },
  },
  {
    id: 'probe-queue-overrun',
    stage: 'metering',
    title:
      'The queue between the probe’s core process and a plugin overran: packets were captured and not metered.',
    knownBy:
      'The probe’s log says `Missing data detected` or `Failed during write`, or its `plugin_pipe_size` is smaller than pmacct’s own: of the first three overruns it logs nothing. It predicts a loss, most where packets come in bursts; where the ring overran, pmacct’s rows mix the fields of two.',
    remedy: 'Raise `plugin_pipe_size`, and `plugin_buffer_size` to a hundredth or thousandth of it.',
    test: 'Send at a tenth of the rate: the warnings and the loss go.',
    follows: [...ofOtherFlows, ...ofMixedRows],
    recognise(given) {
      const { probe, wire } = given
      const lines = linesOf(given, probe.process, queueLoss)
      const small = smallQueue(probe)
      if (lines.length === 0 && small.length === 0) return undefined
      return {
        ...{ predicts: 'mixture', witnessed: true, evidence: [...logged(lines), ...optionsOf(probe, small)] },
        sentence: (amount) =>
          `the queue between the core of ${probe.name} and its plugins overran: ${amount} crossed ${wire.point} and never reached the exporting plugin`,
      }
    },
  },
  {
    id: 'probe-capture-overrun',
    stage: 'metering',
    title:
      'The kernel dropped packets because the probe’s capture buffer was full: the probe is too slow for the rate.',
    knownBy:
      'The probe’s own count of its capture (`captures.json`, or `dropped_packets` in its log) is not 0. It predicts a loss in bursts, when the rate is high.',
    remedy:
      'Enlarge the capture buffer (`pcap_setbuffer`, pmacct’s `pmacctd_pipe_size`), give the probe a CPU of its own, or sample.',
    test: 'Send at a tenth of the rate: the drops go.',
    recognise(given) {
      const { probe, wire, captures } = given
      const dropped = captures.filter((each) => each.probe === probe.name && each.dropped > 0)
      const lines = linesOf(given, probe.process, /dropped_packets=[1-9]/)
      if (dropped.length + lines.length === 0) return undefined
      return {
        ...{ predicts: 'loss', witnessed: true },
        evidence: [
          ...few(dropped, (each) =>
            counter('captures.json', `${probe.name}: received ${each.received}, dropped ${each.dropped}`),
          ),
          ...logged(lines),
        ],
        sentence: (amount) =>
          `the capture buffer of ${probe.name} overran: ${amount} crossed ${wire.point} and the kernel had no room to hand them over`,
      }
    },
  },
  {
    id: 'probe-capture-held',
    stage: 'metering',
    title:
      'Packets stayed in the probe’s capture: libpcap hands a block over when it is full, and this one never was before the probe ended.',
    knownBy:
      '`captures.json` shows that the probe’s capture received more than it processed, and at least as many more as are missing. It predicts a loss of the last packets.',
    remedy:
      'Let the probe open its capture with a timeout (pcap_set_timeout) or in immediate mode; without, a filter of its own that takes IP alone keeps its last block from being filled when the books are closed.',
    test: 'Send a second flow after the one that counts: that one is then whole.',
    recognise({ probe, wire, captures, account }) {
      const said = captures.filter((each) => each.probe === probe.name)
      const held = said.reduce(
        (sum, { received, processed, dropped }) => sum + received - processed - dropped,
        0,
      )
      const missing = account.cells.reduce(
        (sum, { before, after }) => sum + Math.max(0, before.packets - after.packets),
        0,
      )
      if (held === 0 || held < missing) return undefined
      return {
        ...{ predicts: 'loss', witnessed: true },
        evidence: few(said, ({ received, processed, dropped }) =>
          counter(
            'captures.json',
            `${probe.name}: received ${received}, processed ${processed}, dropped ${dropped}`,
          ),
        ),
        sentence: (amount) =>
          `${plural(held, 'packet')} stayed in the capture of ${probe.name} when it ended, which libpcap hands over only when a block is full: ${amount} crossed ${wire.point} and were not metered`,
      }
    },
  },
  {
    id: 'bytes-at-layer-2',
    stage: 'metering',
    title:
      'Bytes are counted at layer 2 instead of layer 3: packets are right, and bytes off by a constant a packet.',
    knownBy:
      'In nine of ten flows and more packets agree and bytes differ by exactly the same number of octets a packet: 14 is Ethernet’s header, 18 with the frame check sequence or a VLAN tag.',
    remedy: 'Let the probe count IP’s total length (octetDeltaCount, RFC 7012), or take the constant off.',
    test: 'Send the same number of packets twice as large: the difference stays the same.',
    recognise({ account, probe, wire }) {
      const shape = perPacket(account)
      if (!shape) return undefined
      const what = layer2[Math.abs(shape.octets)]
      return {
        ...{ predicts: shape.predicts, witnessed: false, evidence: [] },
        sentence: (amount) =>
          `${probe.name} counts ${shape.words}${what ? `, which is ${what}` : ''}: ${amount} beside what crossed ${wire.point}`,
      }
    },
  },
  {
    id: 'metered-twice',
    stage: 'metering',
    title: 'Packets are metered more than once: as they come in and as they go out, or at two interfaces.',
    knownBy: 'Every flow is a whole multiple of the wire, and no sampling rate is that multiple.',
    remedy:
      'Meter in one direction only, or at one interface; let the collector keep the interface or direction to tell the copies apart.',
    test: 'Restrict the probe to one direction (`pcap_filter`, `-D`): the numbers halve.',
    recognise({ account, probe, wire, sampling }) {
      const factor = Math.round(ratio(account)?.packets ?? 0)
      if (sampling || factor < 2 || factor > 4) return undefined
      return {
        ...{ predicts: multiplied(account, factor), witnessed: false, evidence: [] },
        sentence: (amount) =>
          `${probe.name} meters every packet ${factor} times: ${amount} beyond what crossed ${wire.point}`,
      }
    },
  },
  {
    id: 'probe-leaves-out',
    stage: 'metering',
    title: 'The probe leaves one kind of traffic out: a direction, a protocol, an IP version or an address.',
    knownBy: 'All flows of that kind are missing from the first packet to the last, and the rest is there.',
    remedy:
      'Look at the probe’s filter and direction (`pcap_filter`, `pcap_direction`, `aggregate_filter`, softflowd’s last argument), and whether its protocol can tell of such flows.',
    test: 'Run the probe without a filter: the flows appear.',
    recognise({ account, probe, wire }) {
      const [filter] = filtersIn(probe.options)
      const byFilter = filtered('wire', filter?.[1])
      const shape = byFilter ? undefined : (classMissing(account) ?? addressMissing(account))
      const predicts = byFilter ?? shape?.predicts
      if (!predicts) return undefined
      const said = Object.entries(probe.options).filter(([key]) => /filter|direction/.test(key))
      return {
        ...{ predicts, witnessed: said.length > 0 },
        evidence: optionsOf(probe, said),
        sentence: (amount) =>
          `${probe.name} exports nothing of ${shape?.words ?? `what its filter leaves out (${filter?.[1]})`}: ${amount} crossed ${wire.point}, while the rest is there`,
      }
    },
  },
  {
    id: 'metered-exchanged',
    stage: 'metering',
    title: 'Source and destination are exchanged: each flow’s volume stands under the flow back.',
    knownBy:
      'Every flow was exported with what the wire has of the flow between the same ports the other way.',
    remedy:
      'Look at how the exporter orders biflows (RFC 5103), and at the order of the address fields in its template.',
    test: 'Send one flow that nobody answers: it is exported as coming from its destination.',
    follows: ofOtherFlows,
    recognise({ account, probe, wire, exported }) {
      if (isReadByAnother(exported)) return undefined
      const predicts = exchanged(account)
      if (!predicts) return undefined
      return {
        ...{ predicts, witnessed: false, evidence: [] },
        sentence: (amount) =>
          `${probe.name} exchanges source and destination: ${amount} stand under the other direction than they crossed ${wire.point}`,
      }
    },
  },
  {
    id: 'biflows-counted-twice',
    stage: 'metering',
    title:
      'Each flow has the volume of the flow back beside its own: a biflow is exported, or read, as two flows of the same counters.',
    knownBy:
      'Twice as much as crossed was exported, and every flow has what the wire has of both directions together.',
    remedy:
      'Tell forward from reverse counters (RFC 5103), or export each direction as a flow of its own, once.',
    test: 'Send one flow that nobody answers: it is exported a second time as coming from its destination.',
    follows: ofOtherFlows,
    recognise({ account, probe, wire }) {
      const predicts = bothWays(account)
      if (!predicts) return undefined
      return {
        ...{ predicts, witnessed: false, evidence: [] },
        sentence: (amount) =>
          `${probe.name} counts every flow for both directions: ${amount} beyond what crossed ${wire.point}`,
      }
    },
  },
  {
    id: 'flow-keys-wrong',
    stage: 'metering',
    title:
      'Volumes are right and stand under other keys than those that crossed: a field of the key is wrong in all records alike.',
    knownBy:
      'Sums are right, and every flow’s volume stands where one law of keys puts it: ports exchanged or 0, one protocol in all, addresses cut to a prefix, octets in the wrong order.',
    remedy:
      'Look at the flow key that the probe was given, at masks and anonymisation, and at the fields’ order and lengths in its template.',
    test: 'Send one flow with ports and addresses of its own: its record shows what becomes of them.',
    follows: ofOtherFlows,
    recognise({ account, probe, wire, exported }) {
      if (isReadByAnother(exported)) return undefined
      const shape = rekeyed(account)
      if (!shape) return undefined
      return {
        ...{ predicts: shape.predicts, witnessed: false, evidence: [] },
        sentence: (amount) =>
          `in the records of ${probe.name} ${shape.words}: ${amount} stand under other keys than crossed ${wire.point}`,
      }
    },
  },
  {
    id: 'fragments-misbooked',
    stage: 'metering',
    title: 'Fragments but the first carry no ports, and the probe books them elsewhere than to ports 0.',
    knownBy:
      'The wire has UDP or TCP without ports; its volume is missing there and too much in other flows between the same hosts.',
    remedy:
      'Let no packet be longer than the path’s MTU; or expect a flow’s later fragments under the ports of its first.',
    test: 'Send packets that need no fragmentation: the difference goes.',
    recognise({ account, probe, wire }) {
      const fragments = account.cells.filter(isFragment)
      if (fragments.length === 0 || !account.fields.includes('sourcePort')) return undefined
      const volume = fragments.reduce((sum, { before }) => add(sum, before), nothing)
      return {
        predicts: spread(account, isFragment),
        witnessed: true,
        evidence: [counter('wire.json', `${wire.point}: ${volumeText(volume)} of fragments but the first`)],
        sentence: (amount) =>
          `${probe.name} books fragments that carry no ports to the ports of others, or drops them: ${amount}`,
      }
    },
  },
  {
    id: 'flow-keys-absurd',
    stage: 'metering',
    title: 'Volumes are right in sum, and most of them stand under keys of which no packet crossed.',
    knownBy:
      'As many packets and bytes were exported as crossed, at least half of them under keys that the wire does not have, and no known law of keys gives them: fields that are read or written at the wrong place.',
    remedy:
      'Look at what stands before the IP header on the wire (VLAN tags, MPLS labels), and hold the template’s lengths against the records (`flowlab decode -v`).',
    test: 'Send one flow: where the octets of its addresses and ports turn up in the record shows by how much it is shifted.',
    follows: [...ofOtherFlows, 'unexplained-collecting', 'as-attributes-wrong'],
    recognise({ account, probe, wire, exported }) {
      if (isReadByAnother(exported)) return undefined
      const shape = rekeyed(account) ? undefined : garbled(account)
      if (!shape) return undefined
      return {
        ...{ predicts: shape.predicts, witnessed: false, evidence: [] },
        sentence: (amount) =>
          `${probe.name} exports the volume of what crossed ${wire.point} under ${shape.words} keys that did not cross: ${amount}`,
      }
    },
  },
]
