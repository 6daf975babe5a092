// Sampling: what is known of how a record's packets were chosen. Counters stay as the exporter gave them; this stands beside.

/** How packets were sampled. */
export interface Sampling {
  /** N of 1:N, so many packets on the wire stand behind one sampled; 1 is unsampled. Not always an integer. */
  readonly rate: number
  /** IPFIX selectorAlgorithm (304) or NetFlow samplingAlgorithm (35) number as given, by `source`'s meaning. */
  readonly algorithm: number | undefined
  /** Where it was said: the message's header (v5), the record itself, or the exporter's options records. */
  readonly source: 'header' | 'record' | 'options'
  /** samplerId (48) or selectorId (302) of the sampler; undefined where none was named. */
  readonly sampler: number | undefined
}

/**
 * An observation domain's samplers, by what they are for: `samplerKey`, `interfaceKey`, or `everything`.
 */
export type Samplers = ReadonlyMap<string, Sampling>

/** Key of what holds for the whole observation domain. */
export const everything = ''
/** Key of a sampler, by samplerId (48) or selectorId (302). */
export const samplerKey = (id: number): string => `sampler ${id}`
/** Key of what holds for the packets that came in by an interface. */
export const interfaceKey = (index: number): string => `interface ${index}`

export const noSamplers: Samplers = new Map()

/** What an exporter has said of itself in options records. */
export interface ExporterState {
  readonly samplers: Samplers
  /** Of each selection sequence (301), its selectors' IDs in order (RFC 5476 section 6.5.1). */
  readonly selections: ReadonlyMap<number, readonly number[]>
  /** systemInitTimeMilliseconds (160): Unix ms at which the exporter started, uptimes' zero; undefined if not said. */
  readonly systemInit: number | undefined
}

export const nothingSaid: ExporterState = {
  samplers: noSamplers,
  selections: new Map(),
  systemInit: undefined,
}

/** The sampling of a selection sequence: its selectors work one after the other, so their rates multiply. */
export function selectionSampling({ samplers, selections }: ExporterState, id: number): Sampling | undefined {
  const chain = selections.get(id)?.map((selector) => samplers.get(samplerKey(selector)))
  const [first] = chain ?? []
  if (!chain || !first) return undefined
  return chain.every((each) => each !== undefined)
    ? { ...first, rate: chain.reduce((product, each) => product * (each?.rate ?? 1), 1) }
    : undefined
}

/** Whether two say the same. */
export const sameSampling = (a: Sampling | undefined, b: Sampling): boolean =>
  a?.rate === b.rate && a.algorithm === b.algorithm && a.source === b.source && a.sampler === b.sampler
