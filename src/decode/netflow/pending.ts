// Sets that came before their template: kept, within a bound, until it comes.
import type { Message } from '../message.ts'
import type { Domain } from './session.ts'
import type { Source } from './source.ts'

/** A kept set: a copy of its records' octets. */
export interface PendingSet {
  readonly domain: Domain
  readonly id: number
  readonly message: Message
  readonly bytes: Uint8Array
  /** Where the octets began in their datagram's payload. */
  readonly offset: number
}

/** What an entry costs beside its octets. */
const OVERHEAD = 256
const cost = (set: PendingSet): number => set.bytes.length + OVERHEAD

/** The kept sets of all domains, oldest first. */
export class Pending {
  private readonly sets = new Set<PendingSet>()
  private octets = 0
  private readonly limit: number

  /** `limit`: most octets kept. */
  constructor(limit: number) {
    this.limit = limit
  }

  /** Keeps the octets from `at` to `end`; gives up the oldest sets if that is too much. */
  keep({ domain, message, bytes, base }: Source, id: number, at: number, end: number): void {
    const set: PendingSet = { domain, id, message, bytes: bytes.slice(at, end), offset: at + base }
    this.sets.add(set)
    this.octets += cost(set)
    domain.stats.pending.waiting++
    const same = domain.pending.get(id)
    if (same) same.push(set)
    else domain.pending.set(id, [set])
    while (this.octets > this.limit) {
      const [oldest] = this.sets
      if (!oldest) return
      this.remove(oldest)
      oldest.domain.stats.pending.lost++
      const others = oldest.domain.pending.get(oldest.id)?.filter((other) => other !== oldest) ?? []
      if (others.length > 0) oldest.domain.pending.set(oldest.id, others)
      else oldest.domain.pending.delete(oldest.id)
    }
  }

  /** Takes out the sets that waited for this template, oldest first. */
  take(domain: Domain, id: number): readonly PendingSet[] {
    const sets = domain.pending.get(id) ?? []
    domain.pending.delete(id)
    for (const set of sets) this.remove(set)
    domain.stats.pending.decoded += sets.length
    return sets
  }

  /** Gives up all sets of a domain. */
  forget(domain: Domain): void {
    for (const sets of domain.pending.values()) for (const set of sets) this.remove(set)
    domain.pending.clear()
  }

  private remove(set: PendingSet): void {
    this.sets.delete(set)
    this.octets -= cost(set)
    set.domain.stats.pending.waiting--
  }
}
