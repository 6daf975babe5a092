// Sampling: what is known of how a record's packets were chosen. Counters stay as the exporter gave them; this stands beside.

/** How packets were sampled. */
export interface Sampling {
  /** N of 1:N, so many packets on the wire stand behind one sampled; 1 is unsampled. Not always an integer. */
  readonly rate: number
  /** IPFIX selectorAlgorithm (304) or NetFlow samplingAlgorithm (35) number as given, by `source`'s meaning. */
  readonly algorithm: number | undefined
  /** Where it was said: the message's header (v5), the record itself, or the exporter's options records. */
  readonly source: 'header' | 'record' | 'options'
  /** The sampler (48, 49, 302) that it belongs to; undefined: all of the observation domain. */
  readonly sampler: number | undefined
}

/** An observation domain's samplers, by samplerId or selectorId; under `undefined` what holds for the whole domain. */
export type Samplers = ReadonlyMap<number | undefined, Sampling>

export const noSamplers: Samplers = new Map()
