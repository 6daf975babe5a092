// The boxes of the picture: ASes with their names, nodes with theirs.

import type { MapNode } from '../../server/api/map.ts'
import { type Drawing, group, type Place, round, text } from './drawn.ts'
import { type Rectangle, within } from './labels.ts'
import { systems } from './style.ts'

/** Of ASes in turn. */
const tintOf = ({ map }: Drawing, as: number): number =>
  map.systems.findIndex((system) => system.as === as) % systems

/** In the corner of its box where fewest links pass. */
export function systemName({ map, boxes, lines }: Drawing, index: number): Rectangle {
  const [name, box] = [`AS ${map.systems[index]!.as}`, boxes[index]!]
  const [width, height] = [name.length * 7, 16]
  const corners = [
    ...[box.top + 5, box.bottom - 5 - height].flatMap((top) =>
      [box.left + 10, box.right - 10 - width].map((left) => ({
        left,
        right: left + width,
        top,
        bottom: top + height,
      })),
    ),
  ]
  const covered = (at: Rectangle): number => lines.reduce((sum, { a, b }) => sum + within([a, b], at), 0)
  return corners.reduce((best, each) => (covered(each) < covered(best) - 1 ? each : best))
}

export const systemBoxes = (drawing: Drawing): string[] =>
  drawing.map.systems.map(({ as }, index) => {
    const { left, right, top, bottom } = drawing.boxes[index]!
    const name = systemName(drawing, index)
    const box = `<rect x="${round(left)}" y="${round(top)}" width="${round(right - left)}" height="${round(bottom - top)}" rx="10"/>`
    return `<g class="as as${tintOf(drawing, as)}">${box}${text('', { x: name.left, y: name.bottom - 3 }, `AS ${as}`, 'start')}</g>`
  })

export const nodeBoxes = (drawing: Drawing): string[] =>
  drawing.map.nodes.map((node) =>
    nodeBox(
      node,
      drawing.places.get(node.name)!,
      node.as === undefined ? 'none' : `of${tintOf(drawing, node.as)}`,
    ),
  )

function nodeBox(
  { name, kind, as, addresses }: MapNode,
  { x, y, width, height }: Place,
  cls: string,
): string {
  const title = [`${name}: ${kind}${as === undefined ? '' : `, AS ${as}`}`, ...addresses].join('\n')
  const radius = kind === 'frr' || kind === 'bird' ? height : 4
  const box = `<rect class="node ${cls}" x="${round(x - width)}" y="${round(y - height)}" width="${round(2 * width)}" height="${round(2 * height)}" rx="${radius}"/>`
  const words =
    kind === 'bridge'
      ? [text('name', { x, y: y + 4.5 }, name)]
      : [text('name', { x, y: y - 1 }, name), text('kind', { x, y: y + 12 }, kind)]
  return group('', title, box, ...words)
}
