// The decoder's counters, by exporter and observation domain: what `--stats` prints.
import type { Protocol } from './datagram.ts'
import type { ErrorKind } from './report.ts'
import type { Sampling } from './sampling.ts'

/**
 * How the sequence numbers ran. Units: NetFlow v5 flow records, v9 datagrams, IPFIX data records, sFlow datagrams.
 * `lost` is what gaps announced less what came late after all.
 */
export interface SequenceStats {
  gaps: number
  lost: number
  reordered: number
  duplicates: number
  resets: number
}

/** What the sequence numbers of messages count; those of sFlow's samples count samples. */
export type SequenceUnit = 'records' | 'data records' | 'datagrams' | 'samples'

export const sequenceUnits: Readonly<Record<Protocol, SequenceUnit>> = {
  netflow1: 'datagrams',
  netflow5: 'records',
  netflow7: 'records',
  netflow8: 'records',
  netflow9: 'datagrams',
  ipfix: 'data records',
  sflow5: 'datagrams',
}

/** Counters of one observation domain of one exporter, as heard over one transport session. */
export interface DomainStats {
  readonly protocol: Protocol
  readonly exporter: string
  readonly sourcePort: number
  readonly domain: number
  datagrams: number
  octets: number
  /** Flow records decoded; for sFlow, samples. */
  records: number
  /** Options records decoded. */
  optionsRecords: number
  templates: { new: number; refreshed: number; changed: number; withdrawn: number; unknown: number }
  /** Sets that came before their template: kept and decoded later, still kept, given up. */
  pending: { decoded: number; waiting: number; lost: number }
  sequence: SequenceStats
  errors: Partial<Record<ErrorKind, number>>
  /** What the exporter's options, headers or samples have said of sampling. */
  sampling: readonly Sampling[]
}

/** What was counted of domains that had to be forgotten (Limits.domains). */
export interface ForgottenStats {
  domains: number
  datagrams: number
  octets: number
  records: number
  optionsRecords: number
  /** Units that sequence numbers missed, of whatever kind the protocols count. */
  lost: number
  errors: number
}

/** Counters of a decoder. */
export interface DecoderStats {
  datagrams: number
  octets: number
  /** Datagrams that are none of the protocols. */
  unrecognised: number
  /** Errors of messages whose header could not be read, so that they belong to no domain. */
  errors: Partial<Record<ErrorKind, number>>
  /** undefined as long as no domain was forgotten. */
  forgotten?: ForgottenStats
  domains: DomainStats[]
}

/** Adds a domain's counters to what is kept of the forgotten ones. */
export function forget(sum: ForgottenStats | undefined, domain: DomainStats): ForgottenStats {
  const errors = Object.values(domain.errors).reduce((total, count) => total + count, 0)
  return {
    domains: (sum?.domains ?? 0) + 1,
    datagrams: (sum?.datagrams ?? 0) + domain.datagrams,
    octets: (sum?.octets ?? 0) + domain.octets,
    records: (sum?.records ?? 0) + domain.records,
    optionsRecords: (sum?.optionsRecords ?? 0) + domain.optionsRecords,
    lost: (sum?.lost ?? 0) + domain.sequence.lost,
    errors: (sum?.errors ?? 0) + errors,
  }
}

/** Counters at zero. */
export const createDomainStats = (
  protocol: Protocol,
  exporter: string,
  sourcePort: number,
  domain: number,
): DomainStats => ({
  protocol,
  exporter,
  sourcePort,
  domain,
  datagrams: 0,
  octets: 0,
  records: 0,
  optionsRecords: 0,
  templates: { new: 0, refreshed: 0, changed: 0, withdrawn: 0, unknown: 0 },
  pending: { decoded: 0, waiting: 0, lost: 0 },
  sequence: { gaps: 0, lost: 0, reordered: 0, duplicates: 0, resets: 0 },
  errors: {},
  sampling: [],
})
