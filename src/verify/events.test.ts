// What events may have cost, on numbers small enough to see: never more than the witnesses allow, and what is beyond stays.
import { expect, test } from 'vitest'
import type { TimelineEntry, WireSample } from '../evidence.ts'
import type { Plan, ProbePlan } from '../plan/plan.ts'
import { allowances, bookCells, bookToEvents, happenedIn, type OneWay } from './events.ts'

const event = (at: number, what: string, target: string, phase: NonNullable<TimelineEntry['phase']>) => ({
  ...{ at, what, target, phase, event: 'it' },
})
const plan = (expected: boolean): Plan => ({ events: [{ name: 'it', expected }] }) as unknown as Plan
const volume = (packets: number) => ({ packets, bytes: packets * 100 })
const sample = (at: number, packets: number): WireSample => ({
  ...{ point: 'r:eth0', at, till: at },
  totals: { in: volume(packets), out: volume(0) },
})
const moments = (...datagrams: readonly (readonly [at: number, packets: number])[]) => ({
  datagrams: datagrams.map(([at, packets]) => ({ at, ...volume(packets) })),
  times: datagrams.map(([at]) => at),
  last: new Map(),
})

/** Ten packets a second cross; exports leave each second, and what a second brought arrives at once. */
const way: OneWay = {
  probe: { name: 'p', node: 'r', point: 'r:eth0', export: { collector: 'c' } } as ProbePlan,
  curve: Array.from({ length: 11 }, (_, second) => sample(second * 1_000, second * 10)),
  exported: moments([1_000, 10], [2_000, 10], [8_000, 10], [9_000, 10]),
  arrived: moments([1_000, 10], [2_000, 10], [8_000, 10], [9_000, 10]),
  templates: { exported: [{ id: 1, at: 1_000 }], arrived: [{ id: 1, at: 1_000 }] },
  node: { collector: 'n' },
  closed: 10_000,
}
const priceOf = (
  timeline: readonly TimelineEntry[],
  { expected = true, ...given }: Partial<OneWay> & { expected?: boolean } = {},
) =>
  allowances(happenedIn(plan(expected), timeline), { ...way, ...given }).map(
    ({ stage, volume: { packets } }) => [stage, packets],
  )

test('a killed probe loses what had crossed until it was back and was not exported; stopped in order, only what crossed since', () => {
  const away = (what: string) => [
    event(5_000, what, 'probe p', 'begin'),
    event(7_000, 'start', 'probe p', 'end'),
  ]
  expect(priceOf(away('kill'))).toEqual([['metering', 50]])
  expect(priceOf(away('stop'))).toEqual([['metering', 40]])
  expect(priceOf([event(5_000, 'kill', 'probe other', 'begin')])).toEqual([])
})

test('what is not expected is priced nothing', () => {
  expect(priceOf([event(5_000, 'kill', 'probe p', 'begin')], { expected: false })).toEqual([])
})

test('exports are lost while the way changes, and until a lost template comes again', () => {
  const drop = [event(1_500, 'drop', 'exports p', 'begin'), event(2_500, 'undone', 'exports p', 'end')]
  expect(priceOf(drop)).toEqual([['transport', 10]])
  const late = { exported: [{ id: 1, at: 2_000 }], arrived: [{ id: 1, at: 8_500 }] }
  expect(priceOf(drop, { templates: late })).toEqual([['transport', 20]])
})

test('a collector loses its table, and what comes before its templates', () => {
  const restart = [
    event(2_500, 'restart', 'collector c', 'begin'),
    event(3_000, 'start', 'collector c', 'end'),
  ]
  expect(priceOf(restart)).toEqual([['collecting', 40]])
  const again = {
    ...way.templates,
    arrived: [
      { id: 1, at: 1_000 },
      { id: 1, at: 8_000 },
    ],
  }
  expect(priceOf(restart, { templates: again })).toEqual([['collecting', 30]])
})

test('what is beyond the price stays', () => {
  const allowed = [{ event: 'it', stage: 'metering' as const, volume: volume(30) }]
  const gap = { missing: volume(40), surplus: volume(0), flows: 2 }
  expect(bookToEvents(gap, allowed)).toMatchObject({
    gap: { missing: volume(10), flows: 2 },
    booked: [{ volume: volume(30) }],
  })
  expect(bookToEvents({ ...gap, missing: volume(20) }, allowed).gap).toMatchObject({
    missing: volume(0),
    flows: 0,
  })
  const cell = (before: number, after: number) => ({ before: volume(before), after: volume(after) })
  const account = { name: 'exports', fields: [], rows: {}, cells: [cell(50, 20), cell(10, 10), cell(10, 0)] }
  const { account: rest } = bookCells(account as unknown as Parameters<typeof bookCells>[0], allowed)
  expect(rest.cells.map(({ before, after }) => before.packets - after.packets)).toEqual([8, 0, 3])
})

test('delays are counted from the begin, or from the end once it is over', () => {
  const [happened] = happenedIn(plan(true), [
    event(1_000, 'down', 'link a:b', 'begin'),
    event(1_070, 'followed', 'collector c', 'followed'),
    event(3_000, 'undone', 'link a:b', 'end'),
    event(4_100, 'followed', 'collector c', 'followed'),
    event(4_200, 'settled', 'routes', 'settled'),
  ])
  expect(happened).toMatchObject({
    ...{ begin: 1_000, end: 3_000, settled: 4_200 },
    followed: [
      { daemon: 'collector c', of: 'begin', after: 70 },
      { daemon: 'collector c', of: 'end', after: 1_100 },
    ],
  })
})
