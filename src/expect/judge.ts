// Holds expectations against a verdict, and says which findings they allow. A run passes if every expectation holds and no finding
// is left that none allows.

import type { Finding, Verdict } from '../verify/verdict.ts'
import { isIn, totalsIn } from './accounts.ts'
import type { Expectation, FigureClaim, FindingClaim, Scope, Test } from './expectation.ts'
import type { Reading, Seen, Unit } from './figure.ts'
import { figureOf } from './figures.ts'

export type Expected = Verdict['expectations'][number]

/** The verdict with its expectations judged; `pass` is what they make of it. */
export function judgeExpectations(verdict: Verdict, expectations: readonly Expectation[]): Verdict {
  const judged = expectations.map((expectation): Expected => {
    const { holds, found, where } = judge(verdict, expectation)
    return { text: expectation.text, at: expectation.at, holds, found, where: [...where] }
  })
  const findings = verdict.findings.map((finding) => {
    const by = expectations.find(
      ({ claim }, index) => judged[index]?.holds && allows(verdict, finding, claim),
    )
    return by ? { ...finding, allowed: by.text } : finding
  })
  const pass = judged.every(({ holds }) => holds) && findings.every(({ allowed }) => allowed !== undefined)
  return { ...verdict, pass, findings, expectations: judged }
}

interface Judged {
  readonly holds: boolean
  readonly found: string
  readonly where: readonly string[]
}

function judge(verdict: Verdict, { claim }: Expectation): Judged {
  return claim.about === 'findings' ? judgeFindings(verdict, claim) : judgeFigure(verdict, claim)
}

function judgeFindings({ findings }: Verdict, claim: FindingClaim): Judged {
  const found = findings.filter((finding) => isMeant(finding, claim))
  const holds = claim.wanted === 'allowed' || found.length > 0 === (claim.wanted === 'some')
  const where = found.map(({ id, stage, point }) => `${id} at ${point} (${stage})`)
  return { holds, found: found.length === 0 ? 'none' : found.map(({ id }) => id).join(', '), where }
}

const isMeant = (finding: Finding, { cause, scope }: FindingClaim): boolean =>
  (cause === undefined || finding.cause === cause) &&
  (scope.in === undefined || finding.stage === scope.in) &&
  isIn(finding, scope)

function judgeFigure(verdict: Verdict, claim: FigureClaim): Judged {
  const figure = figureOf(claim.figure)
  const { test, scope } = claim
  const readings = figure.read(verdict, scope, test.unit)
  const event = verdict.events.find(({ name }) => name === (claim.after?.event ?? scope.over))
  const wanted = claim.after?.event ?? scope.over
  if (wanted !== undefined && !event)
    return { holds: false, found: `nothing: ${wanted} did not happen`, where: [] }
  if (test.unit === 'text') {
    const from = claim.after?.of === 'end' ? event?.end : event?.begin
    if (claim.after && from === undefined)
      return { holds: false, found: `nothing: ${wanted} did not end`, where: [] }
    const window = claim.after && from !== undefined ? { from, till: from + claim.after.within } : undefined
    return worst(readings.map((reading) => textJudged(reading, test, window)))
  }
  return worst(readings.map((reading) => numberJudged(reading, test)))
}

interface One extends Omit<Judged, 'where'> {
  readonly where: string
  readonly value: number
}

/** All must hold, and there must be one; what is told of is what fails, else the largest. */
function worst(each: readonly One[]): Judged {
  const [first] = each.toSorted((a, b) => Number(a.holds) - Number(b.holds) || b.value - a.value)
  if (!first) return { holds: false, found: 'nothing of this in the run', where: [] }
  const told = each.filter(({ holds }) => holds === first.holds)
  return {
    holds: first.holds,
    found: first.found,
    where: [first.where, ...told.filter((one) => one !== first).map(({ where }) => where)],
  }
}

function numberJudged(
  { where, value, detail }: Reading,
  { unit, low, high }: Exclude<Test, { unit: 'text' }>,
): One {
  if (value === undefined) return { holds: false, found: 'nothing that can be told', where, value: Infinity }
  const holds =
    (!low || (low.open ? value > low.value : value >= low.value)) &&
    (!high || (high.open ? value < high.value : value <= high.value))
  return {
    holds,
    found: `${valueText(value, unit)}${detail === undefined ? '' : ` (${detail})`}`,
    where,
    value: low && !high ? -value : value,
  }
}

const digits = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })

/** A value in its unit, such as `2.31 %`. */
export function valueText(value: number, unit: Unit): string {
  if (unit === 'share') {
    const percent = value * 100
    const places = percent !== 0 && Math.abs(percent) < 0.01 ? 4 : 2
    return `${Number(percent.toFixed(places))} %`
  }
  if (unit === 'duration')
    return value < 1000 ? `${Math.round(value)} ms` : `${Number((value / 1000).toFixed(2))} s`
  return digits.format(value)
}

const textOf = (value: string): string => (value === '' ? 'empty' : value)

interface Window {
  readonly from: number
  readonly till: number
}

function textJudged(
  { where, texts = [] }: Reading,
  { is, values }: Extract<Test, { unit: 'text' }>,
  window: Window | undefined,
): One {
  if (window) return textWithin(where, texts, { is, values }, window)
  const held = texts.filter(({ packets }) => packets > 0)
  const isRight = ({ value }: Seen): boolean => values.includes(value)
  const holds =
    held.length > 0 &&
    { is: held.every(isRight), 'is not': !held.some(isRight), includes: held.some(isRight) }[is]
  return { holds, found: held.map(({ value }) => textOf(value)).join('; ') || 'no such row', where, value: 0 }
}

/** Whether it was so at any moment of the window; the first such moment is told of. */
function textWithin(
  where: string,
  texts: readonly Seen[],
  { is, values }: Omit<Extract<Test, { unit: 'text' }>, 'unit'>,
  { from, till }: Window,
): One {
  const spans = texts
    .flatMap(({ value, times = [] }) => times.map(([begin, end]) => ({ value, begin, end })))
    .filter(({ begin, end }) => end >= from && begin <= till)
    .toSorted((a, b) => a.begin - b.begin)
  const right = spans.find(({ value }) => values.includes(value) === (is !== 'is not'))
  if (right)
    return {
      holds: true,
      found: `${textOf(right.value)} after ${valueText(Math.max(0, right.begin - from), 'duration')}`,
      where,
      value: right.begin,
    }
  const late = texts
    .filter(({ value }) => values.includes(value) === (is !== 'is not'))
    .flatMap(({ times = [] }) => times.map(([begin]) => begin))
    .filter((begin) => begin > till)
    .toSorted((a, b) => a - b)[0]
  const meanwhile = [...new Set(spans.map(({ value }) => textOf(value)))].join('; ') || 'nothing shown'
  return {
    holds: false,
    found: `${meanwhile}${late === undefined ? '' : `; so only after ${valueText(late - from, 'duration')}`}`,
    where,
    value: Infinity,
  }
}

/** A finding that is named, or whose amount is within a tolerance for amounts. */
function allows(verdict: Verdict, finding: Finding, claim: Expectation['claim']): boolean {
  if (claim.about === 'findings') return claim.wanted !== 'none' && isMeant(finding, claim)
  const { figure, test, scope } = claim
  const column = { bytes: 'bytes', packets: 'packets', loss: 'packets' }[figure]
  const bound = test.unit === 'share' ? test.high?.value : undefined
  // Only what takes packets or bytes away or adds them: the others are about something else.
  if (column === undefined || !bound || finding.accounts.length === 0 || finding.stage === 'routing')
    return false
  if (!isIn(finding, scope) || !isStage(finding, scope) || isHost(scope)) return false
  const amount = Math.abs(finding[column as 'bytes' | 'packets'])
  const whole =
    totalsIn(verdict, { of: { kind: 'probe', name: finding.probe } })[0]?.wire[
      column as 'bytes' | 'packets'
    ] ?? 0
  return amount > 0 && amount <= bound * whole
}

const isStage = ({ stage }: Finding, scope: Scope): boolean =>
  scope.in === undefined ||
  scope.in === stage ||
  (scope.in === 'metering' && stage === 'exporting') ||
  (scope.in === 'exporting' && stage === 'metering')

/** What is said of some hosts allows nothing that may be about others. */
const isHost = ({ of, from, to }: Scope): boolean =>
  [of, from, to].some((place) => place?.kind === 'node' || place?.kind === 'AS')
