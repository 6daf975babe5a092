import { expect, test } from 'vitest'
import { exact, short } from '../units.ts'
import { between, ticks, timeTicks } from './scale.ts'

test('ticks are round and cover the values', () => {
  expect(ticks(87, 5)).toEqual([0, 20, 40, 60, 80, 100])
  expect(ticks(1_234_567, 3)).toEqual([0, 500_000, 1_000_000, 1_500_000])
  expect(ticks(0, 5)).toEqual([0])
})

test('times are round and lie within', () => {
  expect(timeTicks(10_250, 14_100, 4)).toEqual({ at: [11_000, 12_000, 13_000, 14_000], step: 1000 })
})

test('an area goes along its upper edge and back along its lower one', () => {
  expect(
    between(
      [2, 1],
      [0, 0],
      (x) => x * 10,
      (y) => 5 - y,
    ),
  ).toBe('M0,3 10,3 10,4 20,4 20,5 10,5 10,5 0,5Z')
})

test('numbers: exact in groups, short with a prefix', () => {
  expect(exact(1_234_567)).toBe('1,234,567')
  expect(exact(-12)).toBe('−12')
  expect(short(1_234_567, 'bit/s')).toBe('1.23\u202fMbit/s')
  expect(short(999, 'bit/s')).toBe('999\u202fbit/s')
  expect(short(0)).toBe('0')
})
