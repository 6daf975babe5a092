// From two recordings to the verdict on the probe between them: chooses what can be compared, books it, and names what differs.

import { basename } from 'node:path'
import type { Direction } from '../evidence.ts'
import { subtract, type Volume } from '../kernel/units.ts'
import { difference } from '../verify/accounts.ts'
import type { FindingId } from '../verify/catalogue.ts'
import type { Gap } from '../verify/case.ts'
import { filterCondition, notMetered } from '../verify/selection.ts'
import type { Finding } from '../verify/verdict.ts'
import { bookLink, type Interval, largestDifferences } from './books.ts'
import { fieldsTold, type LinkEvidence, readLink } from './evidence.ts'
import type { LinkFlow, LinkVerdict } from './verdict.ts'

export interface LinkOptions {
  readonly wire: string
  readonly exports: string
  /** Microseconds since 1970; what the capture covers where it is not given. */
  readonly interval?: Interval
  readonly direction?: Direction
  readonly exporter?: string
  /** In the words of pcap-filter(7), as far as they speak of flows. */
  readonly filter?: string
}

/** The recordings do not let anything be said, or what is asked of them cannot be. */
export class LinkError extends Error {
  readonly remedy: string
  constructor(message: string, remedy: string) {
    super(message)
    this.name = 'LinkError'
    this.remedy = remedy
  }
}

const mostFlows = 1_000

/** Throws LinkError, or the system's error where a file cannot be read. */
export async function judgeLink(options: LinkOptions): Promise<LinkVerdict> {
  const selects = filterCondition(options.filter)
  if (selects === undefined)
    throw new LinkError(
      `--filter: "${options.filter}" says more than a flow tells`,
      'use host, net, port, ip, ip6, icmp, tcp, udp, src, dst, and, or, not',
    )
  const evidence = await readLink(options)
  try {
    return await judged(options, selects, evidence)
  } finally {
    evidence.store.close()
  }
}

async function judged(options: LinkOptions, selects: string, evidence: LinkEvidence): Promise<LinkVerdict> {
  const { store, wire, exports } = evidence
  const exporters = [...new Set(exports.domains.map(({ exporter }) => exporter))]
  refuse(options, evidence, exporters)
  const asked = options.interval
  const interval = {
    from: Math.max(asked?.from ?? 0, wire.first),
    to: Math.min(asked?.to ?? Infinity, wire.last),
  }
  if (interval.from > interval.to)
    throw new LinkError(
      `${options.wire} has nothing of the interval: it goes from ${clock(wire.first)} to ${clock(wire.last)}`,
      'give an interval within it',
    )
  const [last] = await store.ask<{ heard: number | null }>('SELECT max(seen) AS heard FROM exported')
  const fields = fieldsTold(exports.templates)
  const protocols = new Set(exports.domains.map(({ protocol }) => protocol))
  const untold = notMetered({ export: { protocol: protocols.has('netflow5') ? 'netflow5' : 'ipfix' } })
  const books = await bookLink(store, {
    interval,
    inner: { from: interval.from > wire.first, to: interval.to < wire.last },
    heard: (last?.heard ?? 0) * 1000,
    selects,
    untold: untold.at(-1) ?? { reason: '', holds: 'false' },
    fields,
  })
  const gap = await difference(store, books.account, 'wire', 'exported')
  const { compared, largest } = await largestDifferences(store, books.account, mostFlows)
  const findings = found(options, evidence, gap, largest)
  return {
    wire: options.wire,
    exports: options.exports,
    pass: findings.length === 0,
    interval: { from: interval.from / 1000, to: interval.to / 1000 },
    exporters,
    fields,
    findings,
    books: { wire: books.wire, exported: books.exported },
    flows: { compared, different: gap.flows, largest },
    remarks: remarks(evidence),
  }
}

function refuse(
  { wire: file, exports: recording, direction, exporter }: LinkOptions,
  { wire, counted, exports }: LinkEvidence,
  exporters: readonly string[],
): void {
  if (wire.ip.packets === 0)
    throw new LinkError(
      `${file}: no IP packet could be read of ${wire.frames} frames${wire.broken ? `; octet ${wire.broken.octet}: ${wire.broken.text}` : ''}`,
      'give a pcap or pcapng capture of Ethernet, raw IP, loopback or Linux cooked frames',
    )
  if (direction !== undefined && wire.directed === 0)
    throw new LinkError(
      `${file} does not say which way its packets went`,
      'record it with `tcpdump -i any`, or as pcapng with directions; or take --direction away, or say it by --filter "src net …"',
    )
  if (direction !== undefined && counted === 0)
    throw new LinkError(`${file}: no packet went ${direction}`, 'ask for the other direction')
  if (exporters.length > 1)
    throw new LinkError(
      `${recording} holds exports of ${exporters.length} exporters`,
      `say which by --exporter: ${exporters.join(', ')}`,
    )
  if (exports.records === 0)
    throw new LinkError(
      `${recording}: no flow records${exporter === undefined ? '' : ` of ${exporter}`} in ${exports.datagrams} datagrams`,
      '`flowlab decode --stats` shows what is in it, and from whom',
    )
}

const clock = (microseconds: number): string => new Date(microseconds / 1000).toISOString()

/** Nothing that a wire carries is longer: the capture was made where segments are not yet cut, or put together again. */
const longestOnWire = 9_216

function found(
  { wire: file, exports: recording }: LinkOptions,
  { wire, exports }: LinkEvidence,
  gap: Gap,
  largest: readonly LinkFlow[],
): Finding[] {
  const place = {
    point: basename(file),
    probe: exports.domains[0]?.exporter ?? '',
    collector: '',
  }
  const finding = (
    id: FindingId,
    stage: Finding['stage'],
    volume: Volume,
    text: Pick<Finding, 'summary' | 'remedy' | 'evidence'>,
  ): Finding => ({ id, stage, ...place, ...volume, ...text })
  const all: Finding[] = []
  if (wire.cut > 0 || wire.broken)
    all.push(
      finding(
        'truth-incomplete',
        'metering',
        { packets: wire.cut, bytes: 0 },
        {
          summary: wire.broken
            ? `${file} cannot be read to its end, so what crossed is not known in full`
            : `too little was captured of ${plural(wire.cut, 'packet')} to tell their flows, so what crossed is not known in full`,
          remedy: 'capture whole headers (tcpdump -s 128 or more), and end the capture in order',
          evidence: [
            wire.broken
              ? `${file}: octet ${wire.broken.octet}: ${wire.broken.text}`
              : `${file}: ${wire.cut} packets cut`,
          ],
        },
      ),
    )
  if (wire.longest > longestOnWire)
    all.push(
      finding(
        'offloads-on',
        'metering',
        { packets: 0, bytes: 0 },
        {
          summary: `packets of up to ${wire.longest} octets are in the capture, which no wire carries: it was made on a machine whose segmentation offload is on, and its packet counts are false`,
          remedy:
            'capture behind a tap or mirror port, or with offloads off (ethtool -K IF tso off gso off gro off lro off)',
          evidence: [`${file}: longest packet ${wire.longest} octets`],
        },
      ),
    )
  if (gap.flows === 0) return all
  const { missing, surplus, flows } = gap
  const volume = missing.packets === 0 && missing.bytes === 0 ? surplus : missing
  const parts = [
    ...(missing.packets !== 0 || missing.bytes !== 0 ? [`${volumeText(missing)} missing`] : []),
    ...(surplus.packets !== 0 || surplus.bytes !== 0
      ? [`${volumeText(subtract({ packets: 0, bytes: 0 }, surplus))} too many`]
      : []),
  ].join(', ')
  const examples = largest
    .slice(0, 5)
    .map(
      ({ source, destination, protocol, sourcePort, destinationPort, wire: crossed, exported }) =>
        `${source} → ${destination} protocol ${protocol} ports ${sourcePort} → ${destinationPort}: wire ${volumeText(crossed)}, exported ${volumeText(exported)}`,
    )
  const gaps = exports.sequence.filter(({ what }) => what === 'gap')
  const waiting = exports.domains.reduce((sum, { pending }) => sum + pending.waiting + pending.lost, 0)
  if (gaps.length > 0)
    all.push(
      finding('exports-missing-in-sequence', 'exporting', volume, {
        summary: `${parts} in ${plural(flows, 'flow')}, and the sequence of the exports has ${plural(gaps.length, 'gap')}: datagrams were lost before they were recorded, or never left`,
        remedy: `look for loss between the exporter and where ${basename(recording)} was recorded, and for send errors in its log`,
        evidence: [
          ...gaps
            .slice(0, 3)
            .map(
              ({ expected, found: seen, lost, unit, message }) =>
                `${recording}: packet ${message.number ?? '?'}: sequence ${expected} expected, ${seen} found: ${lost} ${unit} missing`,
            ),
          ...examples,
        ],
      }),
    )
  else if (exports.errors.length > 0 || waiting > 0)
    all.push(
      finding('exports-unreadable', 'exporting', volume, {
        summary: `${parts} in ${plural(flows, 'flow')}, and the exports cannot be read in full: ${plural(exports.errors.length, 'error')}, ${plural(waiting, 'set')} without a template`,
        remedy: `begin the recording before the exporter sends its templates; compare \`flowlab decode ${recording} -v\` with the protocol's RFC`,
        evidence: [...exports.errors.slice(0, 3), ...examples],
      }),
    )
  else
    all.push(
      finding('unexplained-metering', 'metering', volume, {
        summary: `between ${basename(file)} and the exports in ${basename(recording)}: ${parts} in ${plural(flows, 'flow')}, and no known cause leaves this evidence`,
        remedy:
          'see that both recordings were made at the same point and time (--interval), that the exports go on until the active timeout has passed, and look at filter, direction, sampling and capture drops of the probe',
        evidence: examples,
      }),
    )
  return all
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
const volumeText = ({ packets, bytes }: Volume): string => `${plural(packets, 'packet')} (${bytes} bytes)`

const remarks = ({ wire, exports }: LinkEvidence): string[] => [
  ...wire.notIp.map(
    ({ etherType, packets }) =>
      `${plural(packets, 'frame')} of ethertype 0x${etherType.toString(16).padStart(4, '0')}: not IP`,
  ),
  ...(wire.malformed > 0 ? [`${plural(wire.malformed, 'packet')} whose IP header contradicts itself`] : []),
  ...[...wire.unknownLinks].map(
    ([type, frames]) => `${plural(frames, 'frame')} of link type ${type}, which is not read`,
  ),
  ...exports.errors.slice(0, 3),
]
