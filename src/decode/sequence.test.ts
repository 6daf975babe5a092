import { expect, test } from 'vitest'
import { Sequence } from './sequence.ts'

const start = () => {
  const stats = { gaps: 0, lost: 0, reordered: 0, duplicates: 0, resets: 0 }
  return { stats, sequence: new Sequence(stats) }
}

test('numbers wrap at 2^32', () => {
  const { stats, sequence } = start()
  expect(sequence.advance(0xffff_fffe, 3)).toBeUndefined()
  expect(sequence.advance(1, 1)).toBeUndefined()
  expect(sequence.advance(4, 1)).toEqual({ what: 'gap', expected: 2, found: 4, lost: 2 })
  expect(stats).toMatchObject({ gaps: 1, lost: 2 })
})

test('what comes late was not lost', () => {
  const { stats, sequence } = start()
  for (const found of [100, 120, 110]) sequence.advance(found, 10)
  expect(stats).toEqual({ gaps: 1, lost: 0, reordered: 1, duplicates: 0, resets: 0 })
})

test('what comes twice is a duplicate, also when it was late', () => {
  const { stats, sequence } = start()
  for (const found of [100, 120, 110, 110, 120]) sequence.advance(found, 10)
  expect(stats).toMatchObject({ reordered: 1, duplicates: 2, lost: 0 })
})

test('a restart is no loss: known by the uptime, by 0, by a leap, or by a run of old numbers', () => {
  const known = start()
  known.sequence.advance(5000, 1)
  expect(known.sequence.advance(4990, 1, true)?.what).toBe('reset')
  expect(known.sequence.advance(4991, 1)).toBeUndefined()

  const zero = start()
  zero.sequence.advance(5000, 1)
  expect(zero.sequence.advance(0, 1)?.what).toBe('reset')

  const leap = start()
  leap.sequence.advance(5000, 1)
  expect(leap.sequence.advance(0x4000_0000, 1)?.what).toBe('reset')

  const run = start()
  run.sequence.advance(5000, 1)
  for (let found = 10; found < 30; found++) run.sequence.advance(found, 1)
  expect(run.stats).toEqual({ gaps: 0, lost: 0, reordered: 7, duplicates: 0, resets: 1 })
})

test('after a message of unknown length the next number is not judged', () => {
  const { stats, sequence } = start()
  sequence.advance(1, undefined)
  expect(sequence.advance(1000, 1)).toBeUndefined()
  expect(sequence.advance(1001, 1)).toBeUndefined()
  expect(stats.gaps).toBe(0)
})
