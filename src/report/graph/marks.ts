// The signs of the picture: probes on their links, collectors beside their nodes, and what each sign means.

import type { LabMap } from '../../server/api/map.ts'
import { boxAt, type Drawing, group, type Line, round, text, wide } from './drawn.ts'
import { overlap, type Point, type Rectangle, within } from './labels.ts'

export interface Mark extends Rectangle {
  readonly name: string
  readonly title: string
}

/** Beside the nodes of collectors, where fewest links pass and nothing stands; all of one node together. */
export function collectorMarks({ map, places, lines, height }: Drawing): Mark[] {
  const rowHeight = 14
  return map.nodes.flatMap(({ name: node }) => {
    const own = map.collectors.filter((each) => each.node === node)
    const place = places.get(node)
    if (own.length === 0 || !place) return []
    const { x, y } = place
    const across = Math.max(...own.map(({ name }) => name.length)) * 6.4 + 18
    const down = own.length * rowHeight
    const options = [
      { left: x - across / 2, top: y + place.height + 3 },
      { left: x - across / 2, top: y - place.height - 3 - down },
      { left: x + place.width + 5, top: y - down / 2 },
      { left: x - place.width - 5 - across, top: y - down / 2 },
    ].map(({ left, top }) => ({ left, right: left + across, top, bottom: top + down }))
    const covered = (at: Rectangle): number =>
      lines.reduce((sum, { a, b }) => sum + within([a, b], at), 0) +
      [...places.values()].reduce((sum, other) => sum + overlap(at, boxAt(other)), 0) +
      (at.top < 2 || at.left < 2 || at.bottom > height ? 1000 : 0)
    const at = options.reduce((best, each) => (covered(each) < covered(best) - 1 ? each : best))
    return own.map(({ name, kind, address, port }, row) => ({
      ...{
        left: at.left,
        right: at.right,
        top: at.top + rowHeight * row,
        bottom: at.top + rowHeight * (row + 1),
      },
      ...{ name, title: `collector ${name}: ${kind}, ${address} port ${port}` },
    }))
  })
}

export const collectorSign = ({ left, top, name, title }: Mark): string =>
  group(
    '',
    title,
    `<path class="collector" d="M${round(left + 1)} ${round(top + 4)}v7a5 2 0 0 0 10 0v-7a5 2 0 0 0 -10 0a5 2 0 0 0 10 0"/>`,
    text('collector-name', { x: left + 14, y: top + 11 }, name, 'start'),
  )

export interface ProbePlace extends Point {
  readonly line: Line
  /** Along the line, or against it. */
  readonly sign: 1 | -1
}

/** Where a probe stands on its link: outside its node's box, one behind the other. */
export function probePlaces({ map, lines }: Drawing): (ProbePlace | undefined)[] {
  return map.probes.map((probe, index) => {
    const link = map.links.findIndex(({ ends }) =>
      ends.some((end) => end.node === probe.node && end.interface === probe.interface),
    )
    const line = lines[link]
    if (!line) return undefined
    const isFirst =
      map.links[link]?.ends[0].node === probe.node && map.links[link]?.ends[0].interface === probe.interface
    const twins = map.probes.slice(0, index).filter((each) => each.point === probe.point).length
    const sign = isFirst ? 1 : -1
    const far = 9 + 14 * twins
    const start = isFirst ? line.from : line.to
    return {
      x: start.x + sign * line.direction.x * far,
      y: start.y + sign * line.direction.y * far,
      line,
      sign,
    }
  })
}

export const probeMarks = (drawing: Drawing): string[] =>
  probePlaces(drawing).flatMap((place, index) => {
    const probe = drawing.map.probes[index]
    return place && probe
      ? [
          group(
            '',
            `probe ${probe.name}: ${probe.kind} at ${probe.point}, ${probe.protocol} to ${probe.exports.map(({ collector }) => collector).join(', ')}`,
            `<path class="probe" d="M${round(place.x)} ${round(place.y - 7)}l7 7l-7 7l-7 -7z"/>`,
          ),
        ]
      : []
  })

/** Of the signs that the picture has. */
export function legendOf(map: LabMap): string {
  const signs: readonly (readonly [boolean, string, string])[] = [
    [map.probes.length > 0, '<path class="probe" d="M6 -11l7 7l-7 7l-7 -7z"/>', 'probe'],
    [
      map.collectors.length > 0,
      '<path class="collector" d="M1 -8v7a5 2 0 0 0 10 0v-7a5 2 0 0 0 -10 0a5 2 0 0 0 10 0"/>',
      'collector',
    ],
    [
      map.probes.some(({ exports }) => exports.some(({ path }) => path.length > 1)),
      '<path class="export" d="M-6 -4h16"/><path class="head" d="M14 -4l-7 -3.5v7z"/>',
      'exports',
    ],
    [
      map.links.some(({ impaired }) => impaired),
      '<path class="link impaired" d="M-8 -4h22"/>',
      'impaired link',
    ],
  ]
  let x = 0
  return signs
    .filter(([isThere]) => isThere)
    .map(([, sign, word]) => {
      const part = `<g transform="translate(${x} 0)">${sign}${text('', { x: 20, y: 0 }, word, 'start')}</g>`
      x += 44 + word.length * wide.small
      return part
    })
    .join('')
}
