// The verdict in one sentence, with the shades that the command's last line has.

import type { Verdict } from '../../../src/verify/verdict.ts'
import type { Dictionary } from '../../text/en.ts'
import { exact } from '../../units.ts'

/** Packets that crossed the observation points. A collector's tables each have their account of the same wire. */
function crossed({ books }: Verdict): number {
  const each = new Map(
    books.map((book) => [`${book.point} ${book.probe} ${book.direction}`, book.wire.packets]),
  )
  return [...each.values()].reduce((sum, packets) => sum + packets, 0)
}

export function sentenceOf(verdict: Verdict, t: Dictionary): string {
  const { pass, books, events, expectations, findings, sampling } = verdict
  if (books.length === 0 && pass) return t.books.unmeasured
  if (pass) {
    const allowed = [...new Set(findings.map(({ id }) => id))].join(', ')
    if (allowed !== '') return `✔ ${t.books.allowing(expectations.length, allowed)}`
    const packets = exact(crossed(verdict))
    const rates = [...new Set(sampling.map(({ rate }) => `1:${rate}`))].join(', ')
    if (rates !== '') return `✔ ${t.books.sampled(packets, rates)}`
    return events.some(({ booked }) => booked.length > 0)
      ? `✔ ${t.books.priced(packets)}`
      : `✔ ${t.books.holds(packets)}`
  }
  const left = findings.filter(({ allowed }) => allowed === undefined)
  const stages = [...new Set(left.map(({ stage }) => t.books.stageNames[stage]))].join(t.and)
  const broken = expectations.filter(({ holds }) => !holds).length
  return [
    left.length > 0 ? `✘ ${t.books.fails(left.length, stages)}` : `✘ ${t.books.unexpected}`,
    ...(broken > 0 ? [t.books.broken(broken, expectations.length)] : []),
  ].join(' ')
}
