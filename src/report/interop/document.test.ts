// The report made of verdicts of real runs that lie on disk, and of the same with one thing changed.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Plan } from '../../plan/plan.ts'
import type { Verdict } from '../../verify/verdict.ts'
import { type InteropMatrix, interopMarkdown, interopReport, interopText } from './document.ts'

const runs = new URL('../../../test/runs/', import.meta.url)
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, runs), 'utf8'))
const plan = read('green/plan.json') as Plan
const green = read('green.verdict.json') as Verdict

const matrix = (...verdicts: readonly Verdict[]): InteropMatrix => ({
  ...{ title: 'T', command: 'c', made: '2026-01-01', versions: [], skipped: [] },
  runs: verdicts.map((verdict, index) => ({
    ...{ command: `run ${index + 1}`, directory: 'd' },
    judged: { verdict, plan },
  })),
})

const tosWrong: Verdict['findings'][number] = {
  ...{
    id: 'tos-wrong@edge',
    cause: 'tos-wrong',
    stage: 'metering',
    point: 'p',
    probe: 'edge',
    collector: 'main',
  },
  ...{ packets: 0, bytes: 0, flows: 0, accounts: [], fit: [], remedy: '', alternatives: [] },
  summary: '2 of 9 records are wrong',
  evidence: [{ kind: 'record', file: 'e.pcap', frame: 7, offset: 44, text: 'found 0, the packets had 184' }],
}

const lost = green.books.map((book) => ({ ...book, exported: { packets: 0, bytes: 0 } }))

const withTos = (wrong: number): Verdict => ({
  ...green,
  findings: wrong > 0 ? [tosWrong] : [],
  attributes: {
    ...green.attributes,
    each: [
      { of: plan.probes[0]?.name ?? '', attribute: 'type of service', against: 'packets', checked: 9, wrong },
    ],
  },
})

test('a run without a finding is right in what it has and empty in what it has not', () => {
  const [row] = interopReport(matrix(green)).exporters
  expect(row?.cells['packets']?.is).toBe('right')
  expect(row?.cells['bytes']?.is).toBe('right')
  expect(row?.cells['announced']?.is).toBe('none')
  expect(row?.others).toEqual([])
})

test('of several runs of an exporter the worst counts, with the run that has the evidence', () => {
  const report = interopReport(matrix(withTos(0), withTos(2)))
  expect(report.exporters).toHaveLength(1)
  expect(report.exporters[0]?.cells['tos']).toMatchObject({ is: 'wrong', amount: '2 of 9', run: 2 })
  expect(interopMarkdown(report)).toContain(
    'Evidence, run 2: e.pcap, frame 7, octet 44: found 0, the packets had 184',
  )
  expect(interopText(report)).toContain('✘ 2 of 9')
})

test('packets that are missing are wrong by how much, and say so without a finding', () => {
  const fewer = green.books.map((book) => ({ ...book, exported: { packets: 0, bytes: 0 } }))
  const { exporters } = interopReport(matrix({ ...green, books: fewer }))
  expect(exporters[0]?.cells['packets']).toMatchObject({ is: 'wrong', amount: '-100 %' })
  expect(exporters[0]?.cells['packets']?.notes).toHaveLength(1)
})

test('a finding that is about no column stands besides', () => {
  const others = { ...tosWrong, id: 'offloads-on@edge', cause: 'offloads-on' }
  const { exporters } = interopReport(matrix({ ...green, findings: [others] }))
  expect(exporters[0]?.others.map(({ text }) => text)).toEqual([
    '[offloads-on@edge](findings.md#offloads-on): 2 of 9 records are wrong.',
  ])
})

test('what a socket had no room for is no fault of the program, and weighs less than another run', () => {
  const fewer = green.books.map((book) => ({ ...book, collected: { packets: 0, bytes: 0 } }))
  const finding = { ...tosWrong, cause: 'collector-socket-overrun', stage: 'collecting', packets: 9 } as const
  const { collectors } = interopReport(matrix({ ...green, books: fewer, findings: [finding] }))
  expect(collectors[0]?.cells['packets']).toMatchObject({ is: 'load', amount: '-100 %' })
  const { exporters } = interopReport(
    matrix(
      {
        ...green,
        books: lost,
        findings: [{ ...finding, cause: 'probe-capture-overrun', stage: 'metering' }],
      },
      green,
    ),
  )
  expect(exporters[0]?.cells['packets']?.is).toBe('right')
})
