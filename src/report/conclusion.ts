// The verdict in a sentence.

import type { Verdict } from '../verify/verdict.ts'

export interface Conclusion {
  readonly good: boolean
  /** Such as `true`; empty where nothing was measured. */
  readonly word: string
  readonly how: string
  /** Stages in which something was found, of what is not good. */
  readonly stages?: string
}

export function conclusionOf(verdict: Verdict): Conclusion {
  const { pass, books } = verdict
  if (books.length === 0 && pass)
    return { good: true, word: '', how: 'nothing was measured, since the lab has no probe with a collector' }
  return pass ? passed(verdict) : failed(verdict)
}

function passed({ books, events, expectations, findings, sampling }: Verdict): Conclusion {
  const allowed = [...new Set(findings.map(({ id }) => id))]
  if (allowed.length > 0)
    return {
      good: true,
      word: 'as expected',
      how: `${expectations.length === 1 ? 'the expectation holds and allows' : `all ${expectations.length} expectations hold and allow`} ${allowed.join(', ')}`,
    }
  // A collector's tables each have their account of the same wire.
  const crossed = new Map(
    books.map((book) => [`${book.point} ${book.probe} ${book.direction}`, book.wire.packets]),
  )
  const packets = [...crossed.values()].reduce((sum, each) => sum + each, 0)
  const rates = [
    ...new Set(
      sampling
        .flatMap(({ rate, periods }) => periods?.flatMap((period) => period.rates) ?? rate)
        .map((rate) => `1:${rate}`),
    ),
  ].join(', ')
  const how =
    rates !== ''
      ? `of ${packets} packets as many are accounted for as sampling ${rates} can, and what was exported is what was collected`
      : `every one of ${packets} packets is accounted for, ${events.some(({ booked }) => booked.length > 0) ? 'what is missing was the price of events' : 'wire = exported = arrived = collected'}`
  return { good: true, word: 'true', how }
}

function failed({ expectations, findings }: Verdict): Conclusion {
  const left = findings.filter(({ allowed }) => allowed === undefined)
  const broken = expectations.filter(({ holds }) => !holds).length
  const stages = [...new Set(left.map(({ stage }) => stage))].join(', ')
  const missed =
    broken > 0
      ? `${broken} of ${expectations.length} expectations ${broken === 1 ? 'does' : 'do'} not hold`
      : ''
  return {
    good: false,
    word: left.length > 0 ? 'not true' : 'not as expected',
    how: [stages, missed].filter(Boolean).join('; '),
    ...(stages === '' ? {} : { stages }),
  }
}
