// What the layers of the map have in common: what is known of the lab, how large signs and letters are, and where nodes stand.

import type { KeyboardEvent } from 'react'
import type { LabMap, MapNode } from '../../../src/server/api/map.ts'
import { keyColour } from '../../parts/basics.tsx'

/** What is known of the lab now. */
export interface Condition {
  /** Bits a second out of an interface, `node:interface`. */
  readonly rates: ReadonlyMap<string, number>
  /** Interfaces that are down, `node:interface`. */
  readonly down: ReadonlySet<string>
  readonly nodes: ReadonlyMap<string, 'up' | 'degraded' | 'down'>
  /** Probes from which datagrams come now. */
  readonly exporting: ReadonlySet<string>
  /** Names of nodes between which a session should be up and is not. */
  readonly broken: readonly (readonly [string, string])[]
  readonly moving: boolean
}

export type Selected = { readonly node: string } | { readonly link: string } | undefined

/** How finely the map is drawn at the present zoom. */
export interface Detail {
  /** By which signs and letters are larger than in the units of the map, so that they are as large as elsewhere on the page. */
  readonly scale: number
  /** Pixels of a unit, roughly. */
  readonly pixels: number
  /** Whether there is room for names. */
  readonly named: boolean
}

/** Nodes stand some 110 apart: with names they may grow so far, without them farther. */
const most = { named: 1.8, bare: 3 }
/** Smaller letters nobody reads, in pixels. */
const least = 7

/** In steps, so that little is drawn anew while one zooms. */
export const stepOf = (pixels: number): number => 2 ** (Math.round(Math.log2(Math.max(pixels, 1e-3)) * 4) / 4)

export function detailOf(pixels: number): Detail {
  const wanted = 1 / pixels
  const named = 12 * Math.min(wanted, most.named) * pixels >= least
  return { scale: Math.min(wanted, named ? most.named : most.bare), pixels, named }
}

export type Places = ReadonlyMap<string, MapNode>

export const onEnter = (act: () => void) => (event: KeyboardEvent) => {
  if (event.key !== 'Enter' && event.key !== ' ') return
  event.preventDefault()
  event.stopPropagation()
  act()
}

export const systemColour = (map: LabMap, as: number | undefined): string =>
  as === undefined ? 'var(--line-strong)' : keyColour(map.systems.findIndex((system) => system.as === as))

/** Width of a line by its rate: a step for each power of ten. */
export const widthOf = (bits: number): number =>
  Math.min(10, Math.max(1.5, 1.5 + 1.5 * (Math.log10(Math.max(bits, 1)) - 3)))

/** The line from a to b, moved to its left by so much. */
export function beside(a: MapNode, b: MapNode, by: number): string {
  const length = Math.max(1, Math.hypot(b.x - a.x, b.y - a.y))
  const [x, y] = [((b.y - a.y) / length) * by, (-(b.x - a.x) / length) * by]
  return `M${a.x + x} ${a.y + y}L${b.x + x} ${b.y + y}`
}

/** For a window that is higher than wide: the map with across and down exchanged. */
export const transposed = (map: LabMap): LabMap => ({
  ...map,
  width: map.height,
  height: map.width,
  nodes: map.nodes.map((node) => ({ ...node, x: node.y, y: node.x })),
  systems: map.systems.map(({ as, x, y, width, height }) => ({
    as,
    x: y,
    y: x,
    width: height,
    height: width,
  })),
})
