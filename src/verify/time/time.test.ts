// Times judged on records and readings whose outcome is plain.

import { describe, expect, test } from 'vitest'
import { arrivalCurve, intervals, misplaced, readingCurve, recordCurve } from './curve.ts'
import type { TimedRecords } from './records.ts'
import { timeOf } from './time.ts'
import { timeoutsOf, waitsAt, waitsBetween } from './timeouts.ts'
import { visibilityOf } from './visibility.ts'

/** first, last and seen in seconds; a packet has a hundred bytes. */
function records(
  ...rows: readonly (readonly [first: number, last: number, seen: number, packets: number])[]
): TimedRecords {
  return {
    count: rows.length,
    weight: 1,
    first: rows.map(([first]) => first * 1000),
    last: rows.map(([, last]) => last * 1000),
    seen: rows.map(([, , seen]) => seen * 1000),
    packets: rows.map(([, , , packets]) => packets),
    bytes: rows.map(([, , , packets]) => packets * 100),
  }
}

const packetsOf = (curve: readonly { packets: number }[]): number[] => curve.map(({ packets }) => packets)
const reading = (at: number, packets: number) => ({ at: at * 1000, packets, bytes: packets * 100 })
const ten = intervals(100_000, 109_999)

describe('curves', () => {
  test('intervals are whole seconds, and longer where there would be too many', () => {
    expect(intervals(100_200, 102_900)).toEqual({ from: 100_000, length: 1000, count: 3 })
    expect(intervals(0, 7_200_000)).toMatchObject({ length: 2000 })
  })

  test('a record is spread from its first to its last packet, or stands where it came', () => {
    const some = records([101, 105, 109, 40], [NaN, NaN, 103.5, 7], [102.2, 102.2, 104, 3])
    expect(packetsOf(recordCurve(some, ten))).toEqual([0, 10, 13, 17, 10, 0, 0, 0, 0, 0])
    expect(packetsOf(arrivalCurve(some, ten))).toEqual([0, 0, 0, 7, 3, 0, 0, 0, 0, 40])
    expect(packetsOf(recordCurve(some, ten, 10))).toEqual([0, 100, 130, 170, 100, 0, 0, 0, 0, 0])
  })

  test('readings give what was counted between them, and a count that begins anew is no loss', () => {
    const curve = readingCurve([reading(100, 0), reading(102, 20), reading(104, 20), reading(105, 4)], ten)
    expect(packetsOf(curve)).toEqual([10, 10, 0, 0, 4, 0, 0, 0, 0, 0])
  })

  test('volume outside the intervals is kept in the first and last', () => {
    expect(packetsOf(recordCurve(records([90, 95, 96, 5], [120, 130, 131, 6]), ten))).toEqual([
      5, 0, 0, 0, 0, 0, 0, 0, 0, 6,
    ])
  })

  test('half of the volume in the other half of the time is misplaced by a half', () => {
    const wire = readingCurve([reading(100, 0), reading(110, 100)], ten)
    const late = arrivalCurve(records([100, 110, 109, 50], [100, 105, 103, 50]), ten)
    expect(misplaced(wire, wire, 1)).toBe(0)
    expect(misplaced(wire, late, 5)).toBeCloseTo(0)
    expect(misplaced(wire, late, 1)).toBeCloseTo(0.8)
    expect(misplaced(wire, arrivalCurve(records([100, 110, 109, 1]), ten), 5)).toBeCloseTo(0.5)
    expect(misplaced(wire, [], 1)).toBeUndefined()
  })
})

test('timeouts: longest, and how many records are beyond them', () => {
  // 60 s and 15 s asked; 61 s is within the slack, 70 s is not; 17 s is, 30 s is not; the last one never came by itself.
  const some = records(
    [0, 61, 62, 1],
    [0, 70, 71, 1],
    [100, 101, 118, 1],
    [100, 101, 131, 1],
    [120, 130, 400, 1],
    [NaN, NaN, 400, 1],
  )
  expect(timeoutsOf(some, { active: 60_000, inactive: 15_000 }, 170_000)).toEqual({
    active: { asked: 60_000, longest: 70_000, over: 1, held: 0 },
    inactive: { asked: 15_000, longest: 40_000, over: 1, held: 1 },
  })
  // Five packets a second take forty seconds to make a batch.
  expect(timeoutsOf(some, { active: 60_000, inactive: 15_000 }, 170_000, waitsAt(5))).toMatchObject({
    active: { over: 0 },
    inactive: { over: 0, held: 0 },
  })
  // From 102 s on nothing crosses until 125 s: what was metered before waits for that; of the last no batch is full.
  const readings = [
    { till: 60_000, packets: 0 },
    { till: 60_100, packets: 1000 },
    { till: 102_000, packets: 10_000 },
    { till: 124_000, packets: 10_000 },
    { till: 125_000, packets: 11_000 },
    { till: 126_000, packets: 12_000 },
  ]
  expect(
    timeoutsOf(some, { active: 60_000, inactive: 15_000 }, 170_000, waitsBetween(readings, 1)),
  ).toMatchObject({
    active: { over: 1, held: 0 },
    inactive: { over: 0, held: 1 },
  })
  expect(timeoutsOf(some, {}, 170_000).active).toEqual({
    asked: undefined,
    longest: 70_000,
    over: 0,
    held: 0,
  })
})

describe('visibility', () => {
  test('from the last packet to the record, and to the first reading that has it', () => {
    const some = records([100, 101, 103, 10], [100, 102, 104, 10], [100, 103, 109, 10], [100, NaN, 109, 5])
    const readings = [reading(100, 0), reading(103.5, 10), reading(104.5, 20), reading(110, 35)]
    expect(visibilityOf(some, readings, 108_000)).toEqual({
      records: 2,
      flushed: 2,
      untimed: 1,
      unseen: 0,
      arrived: { median: 2000, worst: 6000 },
      // Above a second the median is kept to 0.1 %.
      visible: { median: 2499, worst: 7000, resolution: 5500 },
    })
    // Ten times as much is asked of the table: nothing is visible, unless it came after the last reading.
    expect(visibilityOf(some, readings, 108_000, 10)).toMatchObject({ unseen: 3, visible: undefined })
    expect(visibilityOf(some, readings, 108_000, 10, 200)).toMatchObject({ unseen: 1, visible: undefined })
    expect(visibilityOf({ ...some, weight: 2.5 }, readings, 108_000)).toMatchObject({
      records: 5,
      untimed: 3,
    })
  })

  test.each([
    // The exporter's word lies beyond the reading that first had the packets, before the one before it, and between.
    [150, 2_000],
    [99, 3_000],
    [100.4, 2_600],
  ])('the kernel bounds when the last packet of a flow crossed: exporter says %d s', (said, delay) => {
    const flow = {
      source: '192.0.2.1',
      destination: '192.0.2.2',
      protocol: 17,
      sourcePort: 1,
      destinationPort: 2,
    }
    const some = records([100, said, 103, 10])
    const total = { packets: 10, bytes: 1000 }
    const time = timeOf({
      exported: some,
      arrived: some,
      flowOf: () => flow,
      exports: { templates: [], datagrams: 2 },
      wire: [
        { at: 100_900, till: 101_000, total, flows: [flow] },
        { at: 101_900, till: 102_000, total, flows: [] },
      ],
      collected: [],
      opened: 100_000,
      closed: 108_000,
      asked: {},
      pace: 1,
      rate: 1,
      factor: 1,
    })
    expect(time.visibility.arrived).toEqual({ median: expect.closeTo(delay, -1), worst: delay })
    expect(time.visibility.visible).toBeUndefined()
    expect(time.wire?.[0]?.packets).toBeGreaterThan(9)
    expect(time.collected).toBeUndefined()
  })
})
