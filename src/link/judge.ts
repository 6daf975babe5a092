// From two recordings to the verdict on the probe between them: chooses what can be compared, books it, and names what differs.

import type { Direction } from '../evidence.ts'
import { difference } from '../verify/accounts.ts'
import { filterCondition, notMetered } from '../verify/selection.ts'
import { bookLink, type Interval, largestDifferences, outside, slack } from './books.ts'
import { findingsOf, plural } from './causes.ts'
import { fieldsTold, type LinkEvidence, readLink } from './evidence.ts'
import { announcedRate, judgeSampled, rateShown } from './sampling.ts'
import { type ClockOff, setClock } from './clock.ts'
import { refuseFile } from './files.ts'
import { LinkError } from './refusal.ts'
import type { Account, LinkVerdict } from './verdict.ts'

export interface LinkOptions {
  readonly wire: string
  readonly exports: string
  /** Microseconds since 1970; what the capture covers where it is not given. */
  readonly interval?: Interval
  readonly direction?: Direction
  readonly exporter?: string
  /** N of sampling 1:N; as the exports announce it where it is not given. */
  readonly sampling?: number
  /** In the words of pcap-filter(7), as far as they speak of flows. */
  readonly filter?: string
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
  for (const file of [options.wire, options.exports]) await refuseFile(file)
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
  const fields = fieldsTold(exports.templates)
  const off = await setClock(store, fields)
  const [told] = await store.ask<Readonly<Record<'heard' | 'first' | 'last', number | null>>>(
    'SELECT max(seen) AS heard, min(flowStart) AS first, max(flowEnd) AS last FROM exported',
  )
  const [first, last] = [(told?.first ?? Infinity) * 1000, (told?.last ?? -Infinity) * 1000]
  const protocols = new Set(exports.domains.map(({ protocol }) => protocol))
  const untold = notMetered({ export: { protocol: protocols.has('netflow5') ? 'netflow5' : 'ipfix' } })
  const books = await bookLink(store, {
    interval,
    inner: {
      from: interval.from > wire.first || first < interval.from - slack,
      to: interval.to < wire.last || last > interval.to + slack,
    },
    heard: (told?.heard ?? 0) * 1000,
    selects,
    untold: untold.at(-1) ?? { reason: '', holds: 'false' },
    fields,
  })
  refuseEmpty(options, books, interval, { first, last, off })
  const gap = await difference(store, books.account, 'wire', 'exported')
  const { compared, largest } = await largestDifferences(store, books.account, mostFlows)
  const announced = await announcedRate(store)
  const said =
    options.sampling === undefined
      ? ({ rate: announced ?? 1, source: 'exports' } as const)
      : ({ rate: options.sampling, source: 'option' } as const)
  const sampling = said.rate > 1 ? await judgeSampled(store, books.account, said, wire.longest) : undefined
  const shown = sampling || gap.flows === 0 ? undefined : await rateShown(store, books.account)
  const findings = findingsOf({
    wire,
    exports,
    capture: options.wire,
    recording: options.exports,
    ...{ gap, off },
    largest,
    sampling: sampling ?? (shown ? { shown } : {}),
  })
  return {
    wire: options.wire,
    exports: options.exports,
    pass: findings.length === 0,
    interval: { from: interval.from / 1000, to: interval.to / 1000 },
    exporters,
    fields,
    findings,
    books: { wire: books.wire, exported: books.exported },
    ...(sampling ? { sampling } : {}),
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
      `${file}: no IP packet could be read of ${wire.frames} frames${[...wire.unknownLinks].map(([type, frames]) => `; ${frames} of link type ${type}, which is not read`).join('')}${wire.broken ? `; octet ${wire.broken.octet}: ${wire.broken.text}` : ''}`,
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
  const protocols = [...new Set(exports.domains.map(({ protocol }) => protocol))]
  if (protocols.length > 1) {
    const ports = exports.domains.map(({ protocol, sourcePort }) => `${protocol} from port ${sourcePort}`)
    throw new LinkError(
      `${recording} holds exports of ${protocols.length} protocols, which would count the same packets more than once: ${[...new Set(ports)].join(', ')}`,
      `keep those of one: tcpdump -r ${recording} -w ONE.pcap udp port N`,
    )
  }
  if (exports.datagrams === 0 && exports.errors[0] !== undefined && exporter === undefined)
    throw new LinkError(
      `nothing was exported in ${exports.errors[0]}`,
      'give a pcap or pcapng recording of what the probe exported',
    )
  if (exports.records === 0)
    throw new LinkError(
      `${recording}: no flow records${exporter === undefined ? '' : ` of ${exporter}`} in ${exports.datagrams} datagrams`,
      '`flowlab decode --stats` shows what is in it, and from whom',
    )
}

/** Where nothing is compared nothing is true. */
function refuseEmpty(
  { wire: file, exports: recording }: LinkOptions,
  { wire, exported }: { readonly wire: Account; readonly exported: Account },
  interval: Interval,
  told: { readonly first: number; readonly last: number; readonly off: ClockOff | undefined },
): void {
  const asides = (account: Account): string =>
    account.besides.map(({ reason, packets }) => `${plural(packets, 'packet')} ${reason}`).join(', ')
  if (exported.judged.packets === 0 && exported.besides.every(({ reason }) => reason === outside))
    throw new LinkError(
      `the records in ${recording} speak of ${clock(told.first)} to ${clock(told.last)}, and ${file} is judged from ${clock(interval.from)} to ${clock(interval.to)}: they have nothing in common`,
      'give recordings of the same time; where a clock is wrong, set it right before',
    )
  if (wire.judged.packets === 0 && exported.judged.packets === 0)
    throw new LinkError(
      `nothing is left to compare: of ${file} ${asides(wire)}; of ${recording} ${asides(exported)}`,
      'capture for longer than the active timeout, begin before the probe does and end after it, or give another --interval or --filter',
    )
}

const clock = (microseconds: number): string => new Date(microseconds / 1000).toISOString()

const remarks = ({ wire, exports }: LinkEvidence): string[] => [
  ...(exports.domains.length > 1
    ? [
        `records of ${exports.domains.length} observation domains are taken together: ${exports.domains.map(({ domain, sourcePort, records }) => `${domain} from port ${sourcePort} (${records})`).join(', ')}`,
      ]
    : []),
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
