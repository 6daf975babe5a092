// The picture of a lab as SVG, in the places that the page's map has: ASes as boxes, links with interfaces and addresses, probes and
// collectors where they stand. Dark where the reader's screen is.

import type { Plan } from '../../plan/plan.ts'
import type { LabMap, MapNode } from '../../server/api/map.ts'
import { escapeXml } from '../xml.ts'

/** Pixels of one unit of the map's: labels need room that dots do not. */
const scale = 2.1
const node = { width: 104, height: 40 }
const edge = 40

const style = `
  .back { fill: #fff } .as { fill: #f4f6fa; stroke: #b9c3d3 } .as-name { fill: #5b6b82; font-weight: 600; font-size: 13px }
  .node { fill: #fff; stroke: #33415c; stroke-width: 1.5 } .name { fill: #16202f; font-weight: 600; font-size: 13px }
  .small { fill: #51607a; font-size: 10px } .end { fill: #33415c; font-size: 10px; paint-order: stroke; stroke: #fff; stroke-width: 3px }
  .link { stroke: #7d8ba3; stroke-width: 2 } .impaired { stroke-dasharray: 6 4 } .probe { fill: #d9480f } .probe-name { fill: #c2410c; font-size: 10px; font-weight: 600; paint-order: stroke; stroke: #fff; stroke-width: 3px }
  .export { fill: none; stroke: #d9480f; stroke-width: 1.5; stroke-dasharray: 2 4 } .collector { fill: #2b6cb0; font-size: 10px; font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    .back { fill: #12161d } .as { fill: #1a212c; stroke: #3a475b } .as-name { fill: #9fb0c9 } .node { fill: #202a38; stroke: #90a3c0 }
    .name { fill: #e8eef7 } .small { fill: #a5b3c8 } .end { fill: #c2cede; stroke: #12161d } .link { stroke: #6b7b94 }
    .probe { fill: #ff922b } .probe-name { fill: #ffa94d; stroke: #12161d } .export { stroke: #ff922b } .collector { fill: #74b9ff }
  }`

export function svg(map: LabMap, plan: Plan): string {
  const at = new Map(
    map.nodes.map((each) => [each.name, { x: each.x * scale + edge, y: each.y * scale + edge }]),
  )
  const placeOf = (name: string) => at.get(name) ?? { x: 0, y: 0 }
  const addressesOf = (name: string, of: string): string =>
    (
      plan.nodes.find((each) => each.name === name)?.interfaces.find((each) => each.name === of)?.addresses ??
      []
    ).join(' ')
  const text = (cls: string, x: number, y: number, words: string): string =>
    `<text class="${cls}" x="${round(x)}" y="${round(y)}" text-anchor="middle">${escapeXml(words)}</text>`

  const lines = map.links.map(({ ends: [a, b], impaired }) => {
    const [p, q] = [placeOf(a.node), placeOf(b.node)]
    return `<line class="link${impaired ? ' impaired' : ''}" x1="${round(p.x)}" y1="${round(p.y)}" x2="${round(q.x)}" y2="${round(q.y)}"/>`
  })
  const labels = map.links.flatMap(({ ends }) =>
    ends.flatMap((end, index) => {
      const other = ends[1 - index] ?? end
      const place = towards(placeOf(end.node), placeOf(other.node))
      // Both ends of a short link have room: one above it, one below.
      const { x } = place
      const y = place.y + (placeOf(end.node).x < placeOf(other.node).x ? -14 : 8)
      const watched = map.probes.filter((each) => each.node === end.node && each.interface === end.interface)
      return [
        text('end', x, y, end.interface),
        text('end', x, y + 12, addressesOf(end.node, end.interface)),
        ...watched.flatMap(({ name, kind }) => [
          `<circle class="probe" cx="${round(x)}" cy="${round(y - 18)}" r="5"/>`,
          text('probe-name', x, y - 27, `${name} (${kind})`),
        ]),
      ]
    }),
  )
  const exports = map.probes.flatMap((probe) =>
    probe.exports.map(({ path }) => {
      const points = path.map(placeOf).map(({ x, y }) => `${round(x + 5)},${round(y + 5)}`)
      return `<polyline class="export" points="${points.join(' ')}"/>`
    }),
  )
  const width = round(map.width * scale + 2 * edge)
  const height = round(map.height * scale + 2 * edge)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, 'DejaVu Sans', sans-serif">`,
    `<title>${escapeXml(plan.lab)}</title>`,
    `<style>${style}</style>`,
    `<rect class="back" width="${width}" height="${height}"/>`,
    ...map.systems.map(
      ({ as, x, y, width: wide, height: high }) =>
        `<rect class="as" x="${round(x * scale + edge)}" y="${round(y * scale + edge)}" width="${round(wide * scale)}" height="${round(high * scale)}" rx="12"/><text class="as-name" x="${round(x * scale + edge + 14)}" y="${round(y * scale + edge + 22)}">AS ${as}</text>`,
    ),
    ...lines,
    ...exports,
    ...map.nodes.map((each) => nodeBox(each, placeOf(each.name), text)),
    ...labels,
    '</svg>\n',
  ].join('\n')
}

function nodeBox(
  { name, kind, collectors }: MapNode,
  { x, y }: { readonly x: number; readonly y: number },
  text: (cls: string, x: number, y: number, words: string) => string,
): string {
  const radius = kind === 'host' ? 4 : node.height / 2
  return [
    `<rect class="node" x="${round(x - node.width / 2)}" y="${round(y - node.height / 2)}" width="${node.width}" height="${node.height}" rx="${radius}"/>`,
    text('name', x, y - 1, name),
    text('small', x, y + 13, kind),
    ...(collectors.length > 0
      ? [text('collector', x, y + node.height / 2 + 13, `▣ ${collectors.join(', ')}`)]
      : []),
  ].join('')
}

/** A place on the way from one node to another, outside the first one's box, before the middle. */
function towards(
  a: { readonly x: number; readonly y: number },
  b: { readonly x: number; readonly y: number },
): { x: number; y: number } {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const length = Math.max(1, Math.hypot(dx, dy))
  const out = Math.min(
    (node.width / 2 + 46) / Math.max(0.01, Math.abs(dx / length)),
    (node.height / 2 + 18) / Math.max(0.01, Math.abs(dy / length)),
    length * 0.45,
  )
  return { x: a.x + (dx / length) * out, y: a.y + (dy / length) * out }
}

const round = (value: number): number => Math.round(value * 10) / 10
