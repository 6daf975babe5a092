// What is written at the ends of links: interfaces, their addresses, probes.

import { addressesOf, boxAt, type Drawing, text, wide } from './drawn.ts'
import { type Label, type Point, placeLabels, type Rectangle } from './labels.ts'
import { probePlaces } from './marks.ts'

/** What is written beside the ends of links. */
export type Detail = 'none' | 'interfaces' | 'addresses'

const lineHeight = 11.5

/** Names of interfaces and of probes, each beside its end of the link. */
export function endLabels(drawing: Drawing, labels: Detail, taken: readonly Rectangle[]): string[] {
  const { map, plan, places, lines } = drawing
  const probes = probePlaces(drawing)
  const texts: { readonly cls: string; readonly lines: readonly string[]; readonly label: Label }[] = []
  const add = (
    cls: string,
    words: readonly string[],
    from: Point,
    direction: Point,
    length: number,
  ): void => {
    const width = Math.max(...words.map((each) => each.length)) * (cls === 'probe-name' ? 6 : wide.small) + 2
    texts.push({
      cls,
      lines: words,
      label: { from, direction, length, width, height: words.length * lineHeight },
    })
  }
  map.probes.forEach((probe, index) => {
    const place = probes[index]
    if (!place) return
    const direction = { x: place.sign * place.line.direction.x, y: place.sign * place.line.direction.y }
    add(
      'probe-name',
      [probe.name],
      { x: place.x - direction.x * 12, y: place.y - direction.y * 12 },
      direction,
      90,
    )
  })
  if (labels !== 'none')
    map.links.forEach(({ ends }, index) => {
      const line = lines[index]!
      const length = Math.hypot(line.to.x - line.from.x, line.to.y - line.from.y)
      ends.forEach(({ node, interface: name }, end) => {
        const sign = end === 0 ? 1 : -1
        const direction = { x: sign * line.direction.x, y: sign * line.direction.y }
        const words = [name, ...(labels === 'addresses' ? addressesOf(plan, node, name) : [])]
        add('end', words, end === 0 ? line.from : line.to, direction, length)
      })
    })
  const boxes = [
    ...[...places.values()].map(boxAt),
    ...taken,
    ...probes.flatMap((place) =>
      place ? [{ left: place.x - 6, right: place.x + 6, top: place.y - 6, bottom: place.y + 6 }] : [],
    ),
  ]
  const found = placeLabels(
    texts.map(({ label }) => label),
    { boxes, lines: lines.map(({ a, b }) => [a, b] as const) },
  )
  return texts.flatMap(({ cls, lines: words }, index) => {
    const at = found[index]
    if (!at) return []
    const x = (at.left + at.right) / 2
    return words.map((each, row) =>
      text(row > 0 ? `${cls} address` : cls, { x, y: at.top + lineHeight * row + 9 }, each),
    )
  })
}
