import { expect, test } from 'vitest'
import { areas, lines, spans } from './gaps.ts'

const x = (index: number): number => index * 10
const y = (value: number): number => 100 - value

test('intervals of which the value is known, and those between', () => {
  expect(spans([1, 2, null, null, 3])).toEqual([
    [0, 2],
    [4, 5],
  ])
  expect(spans([1, 2, null, null, 3], false)).toEqual([[2, 4]])
  expect(spans([])).toEqual([])
})

test('nothing is drawn in a gap', () => {
  expect(lines([1, null, 3], x, y)).toBe('M0,99 10,99M20,97 30,97')
  expect(lines([null, null], x, y)).toBe('')
})

test('an area ends where one of its edges does', () => {
  expect(areas([5, 6, 7], [0, null, 0], x, y)).toBe('M0,95 10,95 10,100 0,100ZM20,93 30,93 30,100 20,100Z')
})
