// What was probably meant.

import { describe, expect, it } from 'vitest'
import { editDistance, listing, nearest, show } from './suggest.ts'

describe('the edit distance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['export', 'exprot', 1],
    ['ca', 'abc', 3],
    ['main', 'main', 0],
  ])('of %j and %j is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance)
    expect(editDistance(b, a)).toBe(distance)
  })
})

describe('the nearest name', () => {
  const names = ['name', 'nodes', 'links', 'probes', 'collectors']
  it.each([
    ['node', 'nodes'],
    ['Links', 'links'],
    ['colectors', 'collectors'],
    ['collecters', 'collectors'],
    ['probse', 'probes'],
    ['version', undefined],
    ['xxxxx', undefined],
  ])('to %s is %s', (found, expected) => expect(nearest(found, names)).toBe(expected))

  it('is never one that has nothing in common', () => expect(nearest('q', ['a', 'r1'])).toBeUndefined())
  it('is not sought for what is no name', () => expect(nearest('a'.repeat(100_000), ['a'])).toBeUndefined())
})

describe('what is shown', () => {
  it('of a list', () => {
    expect(listing(['a'])).toBe('a')
    expect(listing(['a', 'b', 'c'])).toBe('a, b or c')
    expect(listing(Array.from({ length: 100 }, (_, i) => `n${i}`))).toMatch(/n15 or 84 more$/)
  })

  it.each([
    [null, 'nothing'],
    [[], 'an empty list'],
    [{}, 'a mapping'],
    [7, '7'],
    ['7', '"7"'],
    ['r2:eth0', 'r2:eth0'],
    ['', '""'],
    ['a\nb', '"a\\nb"'],
    ['\u001b[31m', '"\\u001b[31m"'],
  ])('of %j is %s', (found, expected) => expect(show(found)).toBe(expected))
})
