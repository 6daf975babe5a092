// Layouts of labs as people draw them: nothing stands on something else, few links cross, and little room is for nothing.
import { expect, test } from 'vitest'
import { type Graph, layout } from './layout.ts'

const nodes = (...each: readonly (readonly [name: string, as?: number])[]): Graph['nodes'] =>
  each.map(([name, as]) => ({ name, ...(as === undefined ? {} : { as }) }))

/** The lab of the talk: three ASes in a row, a collector behind the border router of the first. */
const row: Graph = {
  nodes: nodes(['r1', 1], ['r2', 1], ['x', 2], ['y', 3], ['h1', 1], ['h16', 2], ['h32', 3], ['col']),
  links: [
    ['r2', 'x'],
    ['r1', 'r2'],
    ['h1', 'r1'],
    ['x', 'h16'],
    ['x', 'y'],
    ['y', 'h32'],
    ['r2', 'col'],
  ],
}

/** One AS in the middle, a dozen around it. */
const star: Graph = {
  nodes: nodes(
    ...Array.from({ length: 6 }, (_, index) => [`core${index}`, 1] as const),
    ...Array.from({ length: 12 }, (_, index) => [`edge${index}`, 100 + index] as const),
  ),
  links: [
    ...Array.from({ length: 6 }, (_, index) => [`core${index}`, `core${(index + 1) % 6}`] as const),
    ...Array.from({ length: 12 }, (_, index) => [`edge${index}`, `core${index % 6}`] as const),
  ],
}

const ring: Graph = {
  nodes: nodes(...Array.from({ length: 200 }, (_, index) => [`r${index}`, 1000 + index] as const)),
  links: Array.from({ length: 200 }, (_, index) => [`r${index}`, `r${(index + 1) % 200}`] as const),
}

const pairs = <T>(of: readonly T[]): [T, T][] =>
  of.flatMap((a, index) => of.slice(index + 1).map((b): [T, T] => [a, b]))

test.each([
  ['a row', row],
  ['a star', star],
  ['a ring of 200', ring],
])('%s: nodes stand apart, in their own boxes, which do not overlap', (_, graph) => {
  const { places, systems } = layout(graph)
  expect(places.size).toBe(graph.nodes.length)
  const apart = pairs([...places.values()]).map(([a, b]) => Math.hypot(a.x - b.x, a.y - b.y))
  expect(Math.min(...apart)).toBeGreaterThan(80)
  for (const { name, as } of graph.nodes) {
    const { x, y } = places.get(name)!
    const inside = systems.filter(
      (box) => x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height,
    )
    expect([name, inside.map((box) => box.as)]).toEqual([name, as === undefined ? [] : [as]])
  }
  const overlapping = pairs(systems).filter(
    ([a, b]) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height,
  )
  expect(overlapping).toEqual([])
})

test('no links of a row cross, and no node lies on one', () => {
  const { places, width, height } = layout(row)
  const at = (name: string) => places.get(name)!
  const side = (a: string, b: string, c: string): number =>
    (at(b).x - at(a).x) * (at(c).y - at(a).y) - (at(b).y - at(a).y) * (at(c).x - at(a).x)
  for (const [[a, b], [c, d]] of pairs(row.links))
    if (new Set([a, b, c, d]).size === 4)
      expect([a, b, c, d, side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0]).toEqual([
        a,
        b,
        c,
        d,
        false,
      ])
  for (const [a, b] of row.links)
    for (const { name } of row.nodes) {
      if (name === a || name === b) continue
      const length = Math.hypot(at(b).x - at(a).x, at(b).y - at(a).y)
      const along =
        ((at(name).x - at(a).x) * (at(b).x - at(a).x) + (at(name).y - at(a).y) * (at(b).y - at(a).y)) / length
      if (along > 0 && along < length) expect(Math.abs(side(a, b, name)) / length).toBeGreaterThan(30)
    }
  // Eight nodes: no more than thrice what they take by themselves.
  expect(width * height).toBeLessThan(8 * 120 * 100 * 3)
})

test('neighbours of a ring are neighbours', () => {
  const { places } = layout(ring)
  const lengths = ring.links.map(([a, b]) =>
    Math.hypot(places.get(a)!.x - places.get(b)!.x, places.get(a)!.y - places.get(b)!.y),
  )
  expect(Math.max(...lengths)).toBeLessThan(600)
})

test('a ring of 200 is folded: it has the shape of a window, and little room for nothing', () => {
  const { width, height, systems } = layout(ring)
  expect(width / height).toBeGreaterThan(1)
  expect(width / height).toBeLessThan(2.6)
  const taken = systems.reduce((sum, each) => sum + each.width * each.height, 0)
  expect(width * height).toBeLessThan(3 * taken)
})

test('the same graph is laid out the same, and none at all has its place too', () => {
  const first = layout(star)
  // Others in between, so that it is laid out anew.
  for (let index = 0; index < 30; index++) layout({ nodes: nodes([`n${index}`]), links: [] })
  expect(layout(star)).not.toBe(first)
  expect(layout(star)).toEqual(first)
  expect(layout({ nodes: [], links: [] }).places.size).toBe(0)
  expect(layout({ nodes: nodes(['a']), links: [['a', 'b']] }).places.size).toBe(1)
})
