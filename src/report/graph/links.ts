// The lines of the picture: links, and the way of exports beside them.

import type { MapLink } from '../../server/api/map.ts'
import { addressesOf, type Drawing, group, type Line, round } from './drawn.ts'
import type { Point } from './labels.ts'

export const linkLines = ({ map, plan, lines }: Drawing): string[] =>
  map.links.map((link, index) => linkLine(link, lines[index]!, plan))

function linkLine({ ends, impaired }: MapLink, { a, b }: Line, plan: Drawing['plan']): string {
  const title = ends
    .map(({ node, interface: name }) => [`${node}:${name}`, ...addressesOf(plan, node, name)].join(' '))
    .join('\n')
  return group(
    `link${impaired ? ' impaired' : ''}`,
    impaired ? `${title}\nwith loss, delay or a rate, or cut` : title,
    `<line x1="${round(a.x)}" y1="${round(a.y)}" x2="${round(b.x)}" y2="${round(b.y)}"/>`,
  )
}

/** Beside the links that they go by, to the box of the collector's node. */
export function exportLines({ map, places }: Drawing): string[] {
  return map.probes.flatMap((probe) =>
    probe.exports.flatMap((way) => {
      if (way.path.length < 2) return []
      const parts = way.path.slice(1).map((name, index): readonly [Point, Point] => {
        const [p, q] = [places.get(way.path[index]!)!, places.get(name)!]
        const length = Math.max(1, Math.hypot(q.x - p.x, q.y - p.y))
        const [dx, dy] = [(q.x - p.x) / length, (q.y - p.y) / length]
        const isLast = index === way.path.length - 2
        const out = isLast
          ? Math.min(q.width / Math.max(0.001, Math.abs(dx)), q.height / Math.max(0.001, Math.abs(dy))) + 2
          : 0
        const side = 5
        return [
          { x: p.x - dy * side, y: p.y + dx * side },
          { x: q.x - dy * side - dx * out, y: q.y + dx * side - dy * out },
        ]
      })
      const [start, end] = parts.at(-1) ?? []
      if (!start || !end) return []
      const angle = (Math.atan2(end.y - start.y, end.x - start.x) * 180) / Math.PI
      return [
        `<path class="export" d="${parts.map(([p, q]) => `M${round(p.x)} ${round(p.y)}L${round(q.x)} ${round(q.y)}`).join('')}"/>`,
        `<path class="head" transform="translate(${round(end.x)} ${round(end.y)}) rotate(${round(angle)})" d="M2 0l-8 -4v8z"/>`,
      ]
    }),
  )
}
