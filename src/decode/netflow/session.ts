// Who is speaking: transport sessions (RFC 7011 section 2) and their observation domains, with all that the decoder must
// remember of them. Their number is bounded; the ones unheard for the longest are forgotten.
import type { Datagram, Protocol, TransportSession } from '../datagram.ts'
import type { Element } from '../element.ts'
import type { Context } from '../port.ts'
import { type ExporterState, nothingSaid } from '../sampling.ts'
import { Sequence } from '../sequence.ts'
import { createDomainStats, type DomainStats } from '../stats.ts'
import type { PendingSet } from './pending.ts'
import type { Template } from './template.ts'

/** A transport session: addresses, ports and transport. Elements described in it (RFC 5610) hold in all its domains. */
export interface Session {
  readonly datagram: TransportSession
  readonly domains: Map<string, Domain>
  readonly learned: Map<string, Element>
}

/** An observation domain of a session, for one protocol version. */
export interface Domain {
  readonly session: Session
  readonly key: string
  readonly stats: DomainStats
  readonly templates: Map<number, Template>
  readonly pending: Map<number, PendingSet[]>
  readonly sequence: Sequence
  state: ExporterState
  readonly readState: () => ExporterState
  /** When the exporter started, by its last header: Unix ms modulo 2^32; undefined before the first, and for IPFIX. */
  started: number | undefined
  heard: number
}

/** The sessions of a decoder. */
export class Sessions {
  private readonly sessions = new Map<string, Session>()
  private last: Session | undefined
  private lastDomain: Domain | undefined
  private count = 0
  private clock = 0
  private templates = 0
  private fields = 0
  private readonly context: Context
  private readonly forgotten: (domain: Domain) => void

  /** `forgotten` is told of each domain whose templates are given up. */
  constructor(context: Context, forgotten: (domain: Domain) => void) {
    this.context = context
    this.forgotten = forgotten
  }

  /** The domain that a message of this datagram belongs to. */
  domain(datagram: Datagram, protocol: Protocol, id: number): Domain {
    const session = this.session(datagram)
    const last = this.lastDomain
    if (last?.session === session && last.stats.domain === id && last.stats.protocol === protocol) {
      last.heard = this.clock++
      return last
    }
    const key = `${protocol} ${id}`
    let domain = session.domains.get(key)
    if (!domain) {
      if (this.count >= this.context.limits.domains) this.forgetOldest()
      const stats = createDomainStats(protocol, datagram.sourceAddress, datagram.sourcePort, id)
      const created: Domain = {
        session,
        key,
        stats,
        templates: new Map(),
        pending: new Map(),
        sequence: new Sequence(stats.sequence),
        state: nothingSaid,
        readState: () => created.state,
        started: undefined,
        heard: 0,
      }
      domain = created
      session.domains.set(key, domain)
      this.sessions.set(sessionKey(datagram), session)
      this.count++
    }
    domain.heard = this.clock++
    this.lastDomain = domain
    return domain
  }

  /** Whether a template of so many fields may be remembered, be it a new one or in the place of `old`. */
  mayAddTemplate(domain: Domain, fields: number, old: Template | undefined): boolean {
    const { templatesPerDomain, templates, templateFields } = this.context.limits
    const room = this.fields + fields - (old?.layout.fields.length ?? 0) <= templateFields
    return (
      room &&
      (old !== undefined || (domain.templates.size < templatesPerDomain && this.templates < templates))
    )
  }

  /** To be told of every template that comes and goes. */
  countTemplate(template: Template, change: 1 | -1): void {
    this.templates += change
    this.fields += change * template.layout.fields.length
  }

  /** Ends a session: what it has said holds no longer, what was counted stays. */
  close(datagram: TransportSession): void {
    const session = this.sessions.get(sessionKey(datagram))
    if (!session) return
    session.learned.clear()
    for (const domain of session.domains.values()) {
      this.forgotten(domain)
      this.dropTemplates(domain)
      domain.sequence.begin()
      domain.state = nothingSaid
      domain.started = undefined
    }
  }

  private dropTemplates({ templates }: Domain): void {
    for (const template of templates.values()) this.countTemplate(template, -1)
    templates.clear()
  }

  *all(): Iterable<Domain> {
    for (const session of this.sessions.values()) yield* session.domains.values()
  }

  private session(datagram: Datagram): Session {
    const last = this.last
    if (
      last &&
      last.datagram.sourcePort === datagram.sourcePort &&
      last.datagram.destinationPort === datagram.destinationPort &&
      last.datagram.transport === datagram.transport &&
      last.datagram.sourceAddress === datagram.sourceAddress &&
      last.datagram.destinationAddress === datagram.destinationAddress
    )
      return last
    const { transport, sourceAddress, sourcePort, destinationAddress, destinationPort } = datagram
    this.last = this.sessions.get(sessionKey(datagram)) ?? {
      datagram: { transport, sourceAddress, sourcePort, destinationAddress, destinationPort },
      domains: new Map(),
      learned: new Map(),
    }
    return this.last
  }

  /** Forgets the quarter of the domains that has been unheard for the longest, so that this is rare. */
  private forgetOldest(): void {
    const oldest = [...this.all()].sort((a, b) => a.heard - b.heard).slice(0, Math.ceil(this.count / 4))
    for (const domain of oldest) {
      this.forgotten(domain)
      this.context.forgotten(domain.stats)
      this.dropTemplates(domain)
      domain.session.domains.delete(domain.key)
      if (domain.session.domains.size === 0) this.sessions.delete(sessionKey(domain.session.datagram))
    }
    this.count -= oldest.length
    this.last = undefined
    this.lastDomain = undefined
  }
}

const sessionKey = (datagram: TransportSession): string =>
  `${datagram.transport} ${datagram.sourceAddress} ${datagram.sourcePort} ${datagram.destinationAddress} ${datagram.destinationPort}`
