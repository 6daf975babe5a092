// Expectations, their reports and comparisons, on the verdicts of runs that are kept: what was found is known.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compare } from '../src/compare/compare.ts'
import type { Expectation } from '../src/expect/expectation.ts'
import { judgeExpectations } from '../src/expect/judge.ts'
import { parseClaim } from '../src/expect/parse.ts'
import { type Names, Refusal } from '../src/expect/refusal.ts'
import { junitReport } from '../src/report/junit.ts'
import { markdownReport } from '../src/report/markdown.ts'
import { catalogue } from '../src/verify/causes/causes.ts'
import { type Verdict, verdictSchema } from '../src/verify/verdict.ts'
import { have } from './support/tools.ts'

const read = (name: string): Verdict =>
  verdictSchema.parse(
    JSON.parse(readFileSync(join(import.meta.dirname, 'runs', `${name}.verdict.json`), 'utf8')),
  )
const [green, lost, overrun] = ['green', 'exports-lost', 'collector-queue-overrun'].map(read) as [
  Verdict,
  Verdict,
  Verdict,
]

const names: Names = {
  nodes: ['h1', 'h16', 'h32', 'r2'],
  ases: ['65530', '65531', '65533'],
  probes: ['edge'],
  collectors: ['main'],
  points: ['r2:eth0'],
  events: ['failover', 'outage'],
  causes: catalogue.map(({ id }) => id),
}

const expectation = (text: string, index = 0): Expectation => {
  const claim = parseClaim(text, names)
  if (claim instanceof Refusal) throw claim
  return { text, at: `lab.yaml:${index + 1}:5`, claim }
}
const judged = (verdict: Verdict, ...texts: string[]): Verdict =>
  verdictSchema.parse(judgeExpectations(verdict, texts.map(expectation)))
const one = (verdict: Verdict, text: string) => judged(verdict, text).expectations[0]

test('a green run holds what is true of it, and nothing else', () => {
  for (const text of [
    'no findings',
    'bytes within 0 %',
    'packets to h32 within 0 %',
    'bytes of AS 65533 within 0 %',
    'loss in transport is 0',
    'datagram loss is 0',
    'as-path of h32 is 65530 65533',
    'src-as of h32 is 65533',
    'peer-as of h32 is 65530 or 65540',
    'next-hop of h32 is 192.168.56.2',
    'as-path of h1 is empty',
    'as-path of h16 is not 65530 65533',
    'wrong attributes is 0',
    'collected packets of edge at least 100',
    'finding exports-lost allowed',
  ])
    expect(judged(green, text), text).toMatchObject({ pass: true, expectations: [{ text, holds: true }] })
  for (const text of [
    'as-path of h32 is 65533',
    'as-path of h32 includes 65540',
    'collected packets of edge below 100',
    'finding exports-lost',
    'sampling error of edge below 5 %',
    'as-path of r2 is 65530',
    'bytes within 1 % over outage',
  ])
    expect(judged(green, text), text).toMatchObject({ pass: false, expectations: [{ holds: false }] })
})

test('a loss is found with its amount, and where', () => {
  const share = Math.max(
    ...lost.books.map(({ wire, collected }) => (wire.packets - collected.packets) / wire.packets),
  )
  expect(share).toBeGreaterThan(0.1)
  const bound = `${(share * 100 - 1).toFixed(3)} %`
  const found = one(lost, `packets within ${bound}`)
  expect(found).toMatchObject({ holds: false, at: 'lab.yaml:1:5' })
  expect(found?.found).toContain(`${Number((share * 100).toFixed(2))} %`)
  expect(found?.where[0]).toMatch(/^edge → main\/display, (?:in|out) at r2:eth0$/)
  expect(one(lost, 'loss in metering is 0')).toMatchObject({ holds: true })
  expect(one(lost, 'loss in transport is 0')).toMatchObject({ holds: false })
  expect(one(overrun, 'loss in transport is 0')).toMatchObject({ holds: true })
  expect(one(overrun, 'loss in collecting is 0')).toMatchObject({ holds: false })
})

test('a run passes if all expectations hold and no finding is left that none allows', () => {
  const passes = (verdict: Verdict, ...texts: string[]): boolean => judged(verdict, ...texts).pass
  expect(passes(lost)).toBe(false)
  expect(passes(lost, 'as-path of h32 is 65530 65533')).toBe(false)
  expect(passes(lost, 'finding exports-lost')).toBe(true)
  expect(passes(lost, 'finding exports-lost allowed')).toBe(true)
  expect(passes(lost, 'finding exports-lost in collecting allowed')).toBe(false)
  expect(passes(lost, 'finding exports-lost', 'bytes within 0 %')).toBe(false)
  expect(passes(lost, 'bytes within 99 %')).toBe(true)
  expect(passes(lost, 'loss in transport below 99 %')).toBe(true)
  // A tolerance for another stage, host or of nothing allows nothing.
  expect(passes(lost, 'loss in collecting below 99 %')).toBe(false)
  expect(passes(lost, 'bytes of h1 within 99 %')).toBe(false)
  expect(passes(lost, 'collected bytes at least 1')).toBe(false)
  expect(judged(lost, 'bytes within 99 %').findings[0]?.allowed).toBe('bytes within 99 %')
})

test('what is so within a time of an event', () => {
  const begin = 1_000_000
  const values = [
    { value: '65530 65533', packets: 10, times: [[begin - 5_000, begin + 800] as [number, number]] },
    { value: '65540 65533', packets: 10, times: [[begin + 800, begin + 4_000] as [number, number]] },
  ]
  const event: Verdict['events'][number] = {
    ...{ name: 'failover', action: 'down', target: 'link r2:x', begin, end: begin + 3_000, expected: true },
    ...{ followed: [], booked: [] },
  }
  const place = {
    collector: 'main',
    table: 'display',
    node: 'h32',
    address: '192.32.0.2',
    attribute: 'as-path',
  }
  const verdict: Verdict = { ...green, events: [event], shown: [{ ...place, values }] }
  const within = (time: string, path: string) =>
    one(verdict, `within ${time} of failover, as-path of h32 is ${path}`)
  expect(within('1 s', '65540 65533')).toMatchObject({ holds: true, found: '65540 65533 after 800 ms' })
  expect(within('500 ms', '65540 65533')).toMatchObject({ holds: false })
  expect(within('500 ms', '65540 65533')?.found).toBe('65530 65533; so only after 800 ms')
  expect(within('10 s', '65550')).toMatchObject({ holds: false, found: '65530 65533; 65540 65533' })
  expect(one(verdict, 'within 1 s of the end of failover, as-path of h32 is 65530 65533')?.holds).toBe(false)
})

test('what an event cost counts for it alone', () => {
  const price = { stage: 'metering' as const, probe: 'edge', collector: 'main' }
  const [book] = green.books
  if (!book) throw new Error('no book')
  const { wire } = book
  const collected = { packets: wire.packets - 30, bytes: wire.bytes - 3_000 }
  const event = (name: string, packets: number, bytes: number): Verdict['events'][number] => ({
    ...{ name, action: 'kill', target: 'probe edge', begin: 1, expected: true, followed: [] },
    booked: [{ event: name, ...price, packets, bytes }],
  })
  const verdict: Verdict = {
    ...green,
    books: [{ ...book, collected }],
    events: [event('failover', 10, 1_000), event('outage', 20, 2_000)],
  }
  const percent = (bytes: number): string => `${((100 * bytes) / wire.bytes).toFixed(6)} %`
  expect(one(verdict, `bytes within ${percent(2_050)} over outage`)?.holds).toBe(true)
  expect(one(verdict, `bytes within ${percent(1_950)} over outage`)?.holds).toBe(false)
  expect(one(verdict, `bytes within ${percent(1_100)} over failover`)?.holds).toBe(true)
  expect(one(verdict, `bytes within ${percent(2_900)}`)?.holds).toBe(false)
})

const hostile = 'a <b> & "c" \u0007 ]]> | `d`\n# e'

test('JUnit fails where, and only where, the run does', () => {
  const failures = (verdict: Verdict): number => [...junitReport(verdict).matchAll(/<failure /g)].length
  expect(failures(green)).toBe(0)
  expect(failures(judged(green, 'finding exports-lost'))).toBe(1)
  expect(failures(lost)).toBeGreaterThan(1)
  const allowed = judged(lost, 'finding exports-lost')
  expect(failures(allowed)).toBe(0)
  expect(junitReport(allowed)).toContain('<skipped message="allowed: finding exports-lost"/>')
})

/** Attributes and children, in their order, that the schemas of Jenkins and of Ant both have. */
const junit: Readonly<Record<string, readonly [attributes: string, children: RegExp]>> = {
  testsuites: ['', /^(testsuite )*$/],
  testsuite: [
    'name package id tests failures errors skipped time timestamp hostname',
    /^properties (testcase )*system-out system-err $/,
  ],
  properties: ['', /^(property )*$/],
  property: ['name value', /^$/],
  testcase: ['name classname time', /^((failure|skipped) )?$/],
  failure: ['message type', /^$/],
  skipped: ['message', /^$/],
  'system-out': ['', /^$/],
  'system-err': ['', /^$/],
}

test('JUnit has what CI servers know, and nothing else', () => {
  for (const verdict of [green, lost, judged(lost, 'finding exports-lost')]) {
    const open: { name: string; children: string }[] = [{ name: '', children: '' }]
    for (const [, end, name = '', rest = '', alone] of junitReport(verdict).matchAll(
      /<(\/?)([a-z-]+)((?: [a-z]+="[^"]*")*)(\/?)>/g,
    )) {
      if (end) {
        const { name: own, children } = open.pop()!
        expect([name, own]).toEqual([own, name])
        expect([name, children]).toEqual([name, expect.stringMatching(junit[name]![1])])
        continue
      }
      const attributes = [...rest.matchAll(/ ([a-z]+)=/g)].map(([, attribute]) => attribute).join(' ')
      expect([name, attributes]).toEqual([name, junit[name]?.[0]])
      open.at(-1)!.children += `${name} `
      if (!alone) open.push({ name, children: '' })
    }
    expect(open).toHaveLength(1)
  }
})

test('JUnit is XML whatever a finding says', ({ skip }) => {
  const [finding] = lost.findings
  if (!finding) throw new Error('no finding')
  const text = junitReport({
    ...lost,
    lab: hostile,
    findings: [{ ...finding, summary: hostile, remedy: hostile }],
  })
  expect(text).not.toContain('\u0007')
  expect(text).not.toContain('<b>')
  expect(text).toContain('a &lt;b&gt; &amp; &quot;c&quot;')
  skip(!have('python3'), 'python3, whose XML parser reads it, is not here')
  execFileSync('python3', ['-c', 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.stdin.buffer)'], {
    input: text,
  })
})

test('Markdown says what the verdict says, and no cell breaks its table', () => {
  const verdict = judged(lost, 'finding exports-lost', 'bytes within 0 %')
  const text = markdownReport({
    ...verdict,
    expectations: verdict.expectations.map((each) => ({ ...each, found: hostile })),
  })
  expect(text).toMatch(/^## ❌ janog36\n\n1 of 2 expectations do not hold\.\n/)
  for (const heading of ['### Expectations', '### Findings', '### Books']) expect(text).toContain(heading)
  expect(text).not.toContain('<b>')
  const cells = (line: string): number => line.replaceAll('\\|', '').split('|').length
  const rows = text.split('\n').filter((line) => line.startsWith('|'))
  expect(rows.length).toBeGreaterThan(6)
  expect(new Set(rows.slice(0, 4).map(cells)).size).toBe(1)
  expect(markdownReport(green)).toContain('✅ janog36')
})

test('comparing: the same is the same, a new finding is worse, one that is gone is not', () => {
  expect(compare(green, green)).toMatchObject({ worse: false, findings: [] })
  expect(compare(green, green).figures.every(({ change }) => change === 'same')).toBe(true)
  const worse = compare(green, overrun)
  expect(worse.worse).toBe(true)
  expect(worse.findings).toEqual([{ id: expect.stringContaining('collector-queue-overrun'), change: 'new' }])
  expect(worse.figures.filter(({ change }) => change === 'worse').map(({ figure }) => figure)).toContain(
    'packets',
  )
  const better = compare(overrun, green)
  expect(better).toMatchObject({ worse: false, findings: [{ change: 'gone' }] })
  expect(better.figures.filter(({ change }) => change === 'better').map(({ figure }) => figure)).toContain(
    'packets',
  )
})

test('comparing: what chance does is no change', () => {
  const transporting = (left: number, arrived: number): Verdict => ({
    ...green,
    transport: green.transport.map((way) => ({
      ...way,
      left: { packets: left, bytes: left * 500 },
      arrived: { packets: arrived, bytes: arrived * 500 },
    })),
  })
  const change = (a: Verdict, b: Verdict) =>
    compare(a, b).figures.find(({ figure }) => figure === 'datagram loss')
  expect(change(transporting(5, 5), transporting(5, 3))).toMatchObject({ change: 'same' })
  expect(change(transporting(1000, 900), transporting(1000, 890))).toMatchObject({ change: 'same' })
  expect(change(transporting(1000, 900), transporting(1000, 800))).toMatchObject({ change: 'worse' })
  expect(change(transporting(1000, 800), transporting(1000, 900))).toMatchObject({ change: 'better' })
  expect(change(transporting(1_000_000, 999_900), transporting(1_000_000, 999_000))).toMatchObject({
    change: 'same',
  })
})

test('comparing: an expectation that holds no more is worse', () => {
  const held = judged(green, 'collected packets at least 100')
  const broken = { ...held, expectations: held.expectations.map((each) => ({ ...each, holds: false })) }
  expect(compare(held, broken)).toMatchObject({ worse: true, expectations: [{ before: true, after: false }] })
  expect(compare(broken, held)).toMatchObject({ worse: false })
})

test('comparing: two sampled runs differ as sampling must, and more is worse', () => {
  const sampled = (off: number): Verdict => {
    const collected = ({ packets, bytes }: { packets: number; bytes: number }) => ({
      packets: Math.round(packets * (1 - off)),
      bytes: Math.round(bytes * (1 - off)),
    })
    const books = green.books.map((book) => ({ ...book, collected: collected(book.wire) }))
    const wire = books.reduce(
      (sum, book) => ({ packets: sum.packets + book.wire.packets, bytes: sum.bytes + book.wire.bytes }),
      { packets: 0, bytes: 0 },
    )
    const { point = '', probe = '', collector = '' } = books[0] ?? {}
    const section: Verdict['sampling'][number] = {
      ...{ point, probe, collector, method: 'random', rate: 2, asked: 2, counters: 'sampled', wire },
      announced: [{ rate: 2, source: 'options', records: 20 }],
      ...{ sampled: { packets: 0, bytes: 0 }, estimate: wire, asItMustBe: true, confidence: 0.999 },
      margin: { packets: Math.round(wire.packets / 10), bytes: Math.round(wire.bytes / 10) },
      ...{ tests: 20, flows: 10, doubtful: [], tables: [{ table: 'display', factor: 2 }], errors: [] },
    }
    return { ...green, books, sampling: [section] }
  }
  expect(compare(sampled(0.01), sampled(0.05))).toMatchObject({ worse: false })
  expect(compare(sampled(0.01), sampled(0.95))).toMatchObject({ worse: true })
})

test('comparing: other labs, and what only one of them measured, are said', () => {
  expect(compare(green, green).notes).toEqual([])
  expect(compare(green, { ...green, lab: 'other', books: [] }).notes).toEqual([
    'these are runs of two labs, janog36 and other: what differs may be the labs’',
    'edge at r2:eth0 → main/display is in the first only, and is not compared',
  ])
})
