// The picture of a lab as SVG: ASes as boxes, nodes, links with the names of their interfaces, probes and collectors where they
// stand, exports on their way. Dark where the reader's screen is. What it has no room for is said when one points at it.

import type { Plan } from '../../plan/plan.ts'
import type { LabMap } from '../../server/api/map.ts'
import { escapeXml } from '../xml.ts'
import { type Drawing, lineOf, type Place, round, wide } from './drawn.ts'
import { type Detail, endLabels } from './ends.ts'
import type { Point } from './labels.ts'
import { exportLines, linkLines } from './links.ts'
import { collectorMarks, collectorSign, legendOf, probeMarks } from './marks.ts'
import { nodeBoxes, systemBoxes, systemName } from './nodes.ts'
import { styleWithin } from './style.ts'

/** Of a node's box, at the least, and of the legend. */
const nodeBox = { width: 64, height: 36, bridge: 22 }
const foot = 30

const boxWidth = (name: string): number => Math.max(nodeBox.width, name.length * wide.name + 22)

/** Pixels of one unit of the map: a step has room for a node's box and for what is written between two of them. */
function scaleFor(map: LabMap, plan: Plan, labels: Detail): Point {
  const box = Math.max(...map.nodes.map(({ name }) => boxWidth(name)), nodeBox.width)
  const addresses = plan.nodes.flatMap((node) => node.interfaces.flatMap((each) => each.addresses))
  const texts = labels === 'addresses' ? addresses : labels === 'interfaces' ? ['eth00'] : ['']
  const words = Math.max(0, ...texts.map((each) => each.length)) * wide.small
  const most = Math.max(
    1,
    ...plan.nodes.flatMap((node) => node.interfaces.map((each) => each.addresses.length)),
  )
  const rows = labels === 'addresses' ? 1 + most : 1
  return { x: (box + Math.max(44, Math.min(words, 150) + 24)) / 120, y: 0.8 + 0.14 * rows }
}

function drawingOf(map: LabMap, plan: Plan, labels: Detail): Drawing {
  const scale = scaleFor(map, plan, labels)
  const places = new Map(
    map.nodes.map(({ name, kind, x, y }): [string, Place] => [
      name,
      {
        ...{ x: x * scale.x, y: y * scale.y, width: boxWidth(name) / 2 },
        height: (kind === 'bridge' ? nodeBox.bridge : nodeBox.height) / 2,
      },
    ]),
  )
  return {
    ...{ map, plan, places, height: map.height * scale.y },
    lines: map.links.map((link) => lineOf(link, map.links, places)),
    boxes: map.systems.map(({ x, y, width, height }) => ({
      ...{
        left: x * scale.x,
        right: (x + width) * scale.x,
        top: y * scale.y,
        bottom: (y + height) * scale.y,
      },
    })),
  }
}

/** A picture by itself or, `inPage`, one to stand in a page of HTML. */
export function svg(map: LabMap, plan: Plan, labels: Detail = 'interfaces', inPage = false): string {
  const drawing = drawingOf(map, plan, labels)
  const marks = collectorMarks(drawing)
  const names = map.systems.map((_, index) => systemName(drawing, index))
  const legend = legendOf(map)
  const width = round(map.width * scaleFor(map, plan, labels).x)
  const height = round(drawing.height + (legend === '' ? 0 : foot))
  return [
    `<svg ${inPage ? 'class="lab-picture"' : 'xmlns="http://www.w3.org/2000/svg"'} viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, 'DejaVu Sans', sans-serif">`,
    `<title>${escapeXml(plan.lab)}</title>`,
    `<style>${styleWithin(inPage ? '.lab-picture' : '')}</style>`,
    `<rect class="back" width="${width}" height="${height}"/>`,
    ...systemBoxes(drawing),
    ...linkLines(drawing),
    ...exportLines(drawing),
    ...nodeBoxes(drawing),
    ...marks.map(collectorSign),
    ...probeMarks(drawing),
    ...endLabels(drawing, labels, [...marks, ...names]),
    ...(legend === '' ? [] : [`<g transform="translate(24 ${round(height - 12)})">${legend}</g>`]),
    '</svg>\n',
  ].join('\n')
}
