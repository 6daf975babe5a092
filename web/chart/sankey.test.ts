import { expect, test } from 'vitest'
import { hops, sankey } from './sankey.ts'

const size = { width: 600, height: 300 }
const ways = [
  { path: ['1', '2', '3'], value: 60 },
  { path: ['1', '3'], value: 20 },
  // Back again: 3 stands at the first hop, 1 at the last.
  { path: ['3', '2', '1'], value: 40 },
]

test('a path that leads back has boxes of its own at each hop', () => {
  const { boxes } = sankey(ways, size)
  expect(boxes.map(({ name, column, value }) => `${column}:${name}=${value}`).sort()).toEqual([
    '0:1=80',
    '0:3=40',
    '1:2=100',
    '2:1=40',
    '2:3=80',
  ])
})

test('what goes into a box is what stands in it, and nothing lies outside of the drawing', () => {
  const { boxes, bands } = sankey(ways, size)
  for (const box of boxes.filter(({ column }) => column > 0)) {
    const into = bands
      .filter(({ id }) => id.endsWith(`>${box.id}`))
      .reduce((sum, { value }) => sum + value, 0)
    expect(into, box.id).toBe(box.value)
  }
  for (const { y, height, x } of boxes) {
    expect(y).toBeGreaterThanOrEqual(0)
    expect(y + height).toBeLessThanOrEqual(size.height + 1e-6)
    expect(x).toBeLessThanOrEqual(size.width)
  }
})

test('boxes of a column do not overlap, and heights compare between drawings of one scale', () => {
  const whole = sankey(ways, size, { most: 240 })
  const half = sankey(ways.slice(0, 1), size, { most: 240 })
  for (const { boxes } of [whole, half])
    for (const one of boxes)
      for (const other of boxes)
        if (one !== other && one.column === other.column && one.y <= other.y)
          expect(one.y + one.height).toBeLessThanOrEqual(other.y)
  const per = (drawing: typeof whole): number => drawing.boxes[0]!.height / drawing.boxes[0]!.value
  expect(per(half) / per(whole)).toBeGreaterThan(0.9)
})

test('nothing is drawn of nothing', () => expect(sankey([], size)).toEqual({ boxes: [], bands: [] }))

test('the first column stands as asked, and a path that was made longer has no more hops', () => {
  const { boxes } = sankey(ways, size, { first: ['3', '1'] })
  const column = boxes.filter(({ column: each }) => each === 0).sort((a, b) => a.y - b.y)
  expect(column.map(({ name }) => name)).toEqual(['3', '1'])
  expect(hops(['1', '2', '2', '2', '3'])).toEqual(['1', '2', '3'])
})
