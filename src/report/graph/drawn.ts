// What the parts of the picture have in common: where things stand, in pixels, and how SVG is written.

import type { Plan } from '../../plan/plan.ts'
import type { LabMap, MapLink } from '../../server/api/map.ts'
import { escapeXml } from '../xml.ts'
import type { Point, Rectangle } from './labels.ts'

/** Of characters, in pixels. */
export const wide = { name: 7.6, small: 5.6 }

export interface Place extends Point {
  /** Half of its box. */
  readonly width: number
  readonly height: number
}

/** A lab, and where everything of it stands. */
export interface Drawing {
  readonly map: LabMap
  readonly plan: Plan
  readonly places: ReadonlyMap<string, Place>
  /** In the order of the map's links. */
  readonly lines: readonly Line[]
  /** In the order of the map's ASes. */
  readonly boxes: readonly Rectangle[]
  /** Without the legend. */
  readonly height: number
}

export const round = (value: number): number => Math.round(value * 10) / 10

export const text = (cls: string, { x, y }: Point, words: string, anchor = 'middle'): string =>
  `<text class="${cls}" x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escapeXml(words)}</text>`

export const group = (cls: string, title: string, ...of: readonly string[]): string =>
  `<g class="${cls}"><title>${escapeXml(title)}</title>${of.join('')}</g>`

export interface Line {
  readonly a: Point
  readonly b: Point
  /** Where it leaves the boxes of its nodes. */
  readonly from: Point
  readonly to: Point
  readonly direction: Point
}

/** Of links between the same nodes each has its own way. */
export function lineOf(link: MapLink, all: readonly MapLink[], places: ReadonlyMap<string, Place>): Line {
  const [one, other] = link.ends
  const twins = all.filter(({ ends }) => new Set([...ends, ...link.ends].map(({ node }) => node)).size === 2)
  const [p, q] = [places.get(one.node)!, places.get(other.node)!]
  const length = Math.max(1, Math.hypot(q.x - p.x, q.y - p.y))
  const direction = { x: (q.x - p.x) / length, y: (q.y - p.y) / length }
  // The twins' side must not depend on which end comes first.
  const sign = one.node < other.node ? 1 : -1
  const beside = sign * (twins.indexOf(link) - (twins.length - 1) / 2) * 14
  const moved = ({ x, y }: Point): Point => ({ x: x - direction.y * beside, y: y + direction.x * beside })
  const [a, b] = [moved(p), moved(q)]
  const out = ({ width, height }: Place): number =>
    Math.min(
      length / 2,
      Math.min(
        width / Math.max(0.001, Math.abs(direction.x)),
        height / Math.max(0.001, Math.abs(direction.y)),
      ),
    )
  return {
    ...{ a, b, direction },
    from: { x: a.x + direction.x * out(p), y: a.y + direction.y * out(p) },
    to: { x: b.x - direction.x * out(q), y: b.y - direction.y * out(q) },
  }
}

export const boxAt = ({ x, y, width, height }: Place): Rectangle => ({
  ...{ left: x - width, right: x + width, top: y - height, bottom: y + height },
})

export const addressesOf = (plan: Plan, node: string, name: string): readonly string[] =>
  plan.nodes.find((each) => each.name === node)?.interfaces.find((each) => each.name === name)?.addresses ??
  []
