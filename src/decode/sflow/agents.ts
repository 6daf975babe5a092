// What is remembered of sFlow agents: by agent and sub-agent the datagrams' sequence, and by data source within them the
// samples' sequences, sampling rates and drops. All of it is bounded.
import type { Limits } from '../limits.ts'
import type { Message } from '../message.ts'
import type { Context } from '../port.ts'
import type { Sampling } from '../sampling.ts'
import { Sequence } from '../sequence.ts'
import { createDomainStats, type DomainStats, type SequenceStats } from '../stats.ts'

/** Counters of one agent's sub-agent. `sequence` is of its datagrams; the samples' own sequences stand beside it. */
export interface AgentStats extends DomainStats {
  readonly samples: {
    readonly flow: SequenceStats
    readonly counter: SequenceStats
    readonly discarded: SequenceStats
  }
  /** Samples that the agent says it dropped for lack of resources, since its first sample here. */
  drops: number
  /** Samples and structures that nobody has described, passed over, by `enterprise/format`. */
  readonly passedOver: Record<string, number>
}

/** The kinds of samples that are numbered separately. */
export type SampleKind = keyof AgentStats['samples']

/** A data source. All members are there from the start, so that following a sample is a few loads. */
interface Source {
  readonly type: number
  readonly index: number
  readonly sequences: Readonly<Record<SampleKind, Sequence>>
  sampling: Sampling | undefined
  rate: number
  drops: number
}

/** Most kinds of things that are counted as passed over. */
const PASSED_OVER = 64

const noSequence = (): SequenceStats => ({ gaps: 0, lost: 0, reordered: 0, duplicates: 0, resets: 0 })

/** One agent's sub-agent. */
export class Agent {
  readonly stats: AgentStats
  readonly sequence: Sequence
  private uptime: number | undefined
  private readonly sources = new Map<number, Source>()
  private last: Source | undefined
  private readonly limits: Limits

  constructor(limits: Limits, exporter: string, sourcePort: number, subAgent: number) {
    this.limits = limits
    this.stats = {
      ...createDomainStats('sflow5', exporter, sourcePort, subAgent),
      samples: { flow: noSequence(), counter: noSequence(), discarded: noSequence() },
      drops: 0,
      passedOver: {},
    }
    this.sequence = new Sequence(this.stats.sequence)
  }

  /** Whether this uptime (ms, wraps at 2^32) is below the last one by more than reordering explains: a restart. */
  restarted(uptime: number): boolean {
    const back = this.uptime !== undefined && ((uptime - this.uptime) | 0) < -60_000
    this.uptime = uptime
    return back
  }

  /** Follows a sample's own sequence number. */
  sample(
    context: Context,
    message: Message,
    kind: SampleKind,
    type: number,
    index: number,
    sequence: number,
  ): Source {
    const source = this.source(type, index)
    const finding = source.sequences[kind].advance(sequence, 1)
    if (finding)
      context.event({ type: 'sequence', unit: 'samples', source: { kind, type, index }, ...finding, message })
    return source
  }

  /** Notes the sampling rate and the running count of drops that a flow sample gives. */
  sampled(source: Source, rate: number, drops: number): void {
    if (source.rate !== rate) {
      source.rate = rate
      source.sampling = { rate, algorithm: undefined, source: 'record', sampler: undefined }
    }
    if (source.drops >= 0 && drops > source.drops) this.stats.drops += drops - source.drops
    source.drops = drops
  }

  passOver(format: number): void {
    const { passedOver } = this.stats
    const name = formatName(format)
    const key = name in passedOver || Object.keys(passedOver).length < PASSED_OVER ? name : 'others'
    passedOver[key] = (passedOver[key] ?? 0) + 1
  }

  /** The distinct rates in use. */
  sampling(): Sampling[] {
    const rates = new Map<number, Sampling>()
    for (const { sampling } of this.sources.values()) if (sampling) rates.set(sampling.rate, sampling)
    return [...rates.values()].sort((a, b) => a.rate - b.rate)
  }

  private source(type: number, index: number): Source {
    const { last } = this
    if (last && last.index === index && last.type === type) return last
    const key = type * 0x1_0000_0000 + index
    let source = this.sources.get(key)
    if (!source) {
      if (this.sources.size >= this.limits.samplersPerDomain)
        for (const [oldest] of this.sources) {
          this.sources.delete(oldest)
          break
        }
      source = this.createSource(type, index)
      this.sources.set(key, source)
    }
    this.last = source
    return source
  }

  private createSource(type: number, index: number): Source {
    const { flow, counter, discarded } = this.stats.samples
    const sequences = {
      flow: new Sequence(flow),
      counter: new Sequence(counter),
      discarded: new Sequence(discarded),
    }
    return { type, index, sequences, sampling: undefined, rate: -1, drops: -1 }
  }
}

/** `enterprise/format` of a data format. */
export const formatName = (format: number): string => `${format >>> 12}/${format & 0xfff}`

/** The agents of a decoder, the longest unheard first. */
export class Agents {
  private readonly agents = new Map<string, Agent>()
  private last: { exporter: string; subAgent: number; agent: Agent } | undefined
  private readonly context: Context

  constructor(context: Context) {
    this.context = context
  }

  of({ exporter, domain, sourcePort }: Message): Agent {
    const { last } = this
    if (last?.exporter === exporter && last.subAgent === domain) return last.agent
    const key = `${exporter} ${domain}`
    const agent = this.agents.get(key) ?? new Agent(this.context.limits, exporter, sourcePort, domain)
    this.agents.delete(key)
    this.agents.set(key, agent)
    if (this.agents.size > this.context.limits.domains)
      for (const [oldest, { stats }] of this.agents) {
        this.agents.delete(oldest)
        this.context.forgotten(stats)
        break
      }
    this.last = { exporter, subAgent: domain, agent }
    return agent
  }

  *stats(): Iterable<AgentStats> {
    for (const agent of this.agents.values()) yield { ...agent.stats, sampling: agent.sampling() }
  }
}
