// A verdict as JUnit XML, as CI systems read it: a suite for the expectations and one for the exports of each probe to a collector, with
// a test case for each direction of its books and for each finding. Something fails in it where, and only where, the run does.
// It keeps to what the schemas of Jenkins (junit-10.xsd of its xUnit plugin) and of Ant have in common.

import { evidenceText } from './evidence.ts'
import type { Book, Finding, Verdict } from '../verify/verdict.ts'

interface TestCase {
  readonly name: string
  readonly outcome: 'passed' | 'failure' | 'skipped'
  /** Of what did not pass. */
  readonly message?: string
  readonly text?: string
}

interface Suite {
  readonly name: string
  readonly cases: readonly TestCase[]
}

export function junitReport(verdict: Verdict): string {
  const { lab, run } = verdict
  const suites = suitesOf(verdict)
  const seconds = run.stages.reduce((sum, { ms }) => sum + ms, 0) / 1000
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    '<testsuites>\n',
    ...suites.map(({ name, cases }, index) => {
      const began = new Date(run.opened).toISOString().slice(0, 19)
      // The run has one time for all of it, which stands with the first.
      const time = index === 0 ? seconds.toFixed(3) : '0'
      return [
        `  <testsuite${attributes({ name, package: lab, id: index, ...counts(cases), time, timestamp: began, hostname: 'localhost' })}>\n`,
        `    <properties><property${attributes({ name: 'run', value: run.directory })}/></properties>\n`,
        ...cases.map((each) => caseText(each, `${lab}.${name}`)),
        '    <system-out/>\n    <system-err/>\n  </testsuite>\n',
      ].join('')
    }),
    '</testsuites>\n',
  ].join('')
}

function suitesOf(verdict: Verdict): Suite[] {
  const { books, findings, expectations } = verdict
  const ways = [...new Set([...books, ...findings].map(wayOf))]
  return [
    ...(expectations.length > 0
      ? [
          {
            name: 'expectations',
            cases: expectations.map(({ text, at, holds, found, where }): TestCase => {
              if (holds) return { name: text, outcome: 'passed' }
              return {
                name: text,
                outcome: 'failure',
                message: `found ${found}`,
                text: [`${at}: ${text}`, `found: ${found}`, ...where.map((each) => `at: ${each}`)].join('\n'),
              }
            }),
          },
        ]
      : []),
    ...ways.map((name) => {
      const own = findings.filter((finding) => wayOf(finding) === name)
      const cases = [
        ...books.filter((book) => wayOf(book) === name).map((book) => bookCase(book, own)),
        ...own.map(findingCase),
      ]
      return { name, cases }
    }),
  ]
}

const wayOf = ({ point, probe, collector }: Book | Finding): string =>
  `${point} ${[probe, collector].filter(Boolean).join(' → ')}`.trim() || 'lab'

/** Volumes may differ where sampling, an event or an expectation accounts for it: then there is no finding that says otherwise. */
function bookCase(book: Book, findings: readonly Finding[]): TestCase {
  const { table, direction, wire, exported, arrived, collected } = book
  const name = `${direction}, table ${table}: wire = exported = arrived = collected`
  const isEqual = [exported, arrived, collected].every(
    ({ packets, bytes }) => packets === wire.packets && bytes === wire.bytes,
  )
  const speaking = findings.filter(({ allowed, accounts }) => allowed === undefined && accounts.length > 0)
  const lines = Object.entries({ wire, exported, arrived, collected })
    .map(([witness, { packets, bytes }]) => `${witness}: ${packets} packets, ${bytes} bytes`)
    .join('\n')
  if (isEqual || speaking.length === 0) return { name, outcome: 'passed' }
  return { name, outcome: 'failure', message: speaking.map(({ id }) => id).join(', '), text: lines }
}

function findingCase({ id, stage, summary, remedy, evidence, allowed }: Finding): TestCase {
  const name = `${stage}: ${id}`
  if (allowed !== undefined) return { name, outcome: 'skipped', message: `allowed: ${allowed}` }
  const text = [
    summary,
    ...evidence.map((item) => `evidence: ${evidenceText(item)}`),
    `remedy: ${remedy}`,
  ].join('\n')
  return { name, outcome: 'failure', message: summary, text }
}

const counts = (cases: readonly TestCase[]) => ({
  tests: cases.length,
  failures: cases.filter(({ outcome }) => outcome === 'failure').length,
  errors: 0,
  skipped: cases.filter(({ outcome }) => outcome === 'skipped').length,
})

function caseText({ name, outcome, message = '', text = '' }: TestCase, classname: string): string {
  const head = `    <testcase${attributes({ name, classname, time: '0' })}`
  if (outcome === 'passed') return `${head}/>\n`
  const inner =
    outcome === 'skipped'
      ? `<skipped${attributes({ message })}/>`
      : `<failure${attributes({ message, type: 'finding' })}>${escaped(text)}</failure>`
  return `${head}>\n      ${inner}\n    </testcase>\n`
}

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('')

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** What logs may bring and XML 1.0 cannot hold at all (section 2.2) becomes U+FFFD. */
const escaped = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
