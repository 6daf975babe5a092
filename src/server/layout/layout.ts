// Places for the nodes of a lab: linked nodes close together, those of one AS in a box of their own. A function of the plan and
// nothing else, so that a lab looks the same whenever it is looked at. Each AS is laid out by itself, then the ASes among each
// other, then each is turned so that its nodes look towards what they are linked with.

import { fitted, parted } from './boxes.ts'
import { around, length, settle } from './forces.ts'
import { type Box, bounds, centre, distanceToLine, longDirection, type Place, turned } from './geometry.ts'

export type { Place } from './geometry.ts'

export interface Graph {
  readonly nodes: readonly { readonly name: string; readonly as?: number }[]
  readonly links: readonly (readonly [string, string])[]
}

export interface Layout {
  readonly width: number
  readonly height: number
  readonly places: ReadonlyMap<string, Place>
  readonly systems: readonly (Box & { readonly as: number })[]
}

/** Between a box and its nodes: names stand below them, and the AS's above. */
const margin = 56

/** The nodes of an AS, or one without any; places around the middle of its box. */
interface Group {
  readonly as?: number
  readonly members: readonly string[]
  readonly places: readonly Place[]
}

const sizeOf = ({ as, places }: Group): { width: number; height: number } => {
  const { width, height } = bounds(places)
  const pad = as === undefined ? 0 : 2 * margin
  return { width: width + pad, height: height + pad }
}

/** Around the middle of what they cover. */
function centred(places: readonly Place[]): Place[] {
  const { x, y, width, height } = bounds(places)
  return places.map((each) => ({ x: each.x - x - width / 2, y: each.y - y - height / 2 }))
}

/** What a node takes up with its name. */
const node = { width: 110, height: 92 }

/** Nodes that stand too close go apart. */
const apart = (places: readonly Place[]): Place[] =>
  parted(
    places.map((each) => ({ ...each, ...node })),
    0,
  )

function groupsOf({ nodes, links }: Graph): Group[] {
  const groups = new Map<string, { as?: number; members: string[] }>()
  for (const { name, as } of nodes) {
    const key = as === undefined ? `node ${name}` : `as ${as}`
    const group = groups.get(key) ?? { ...(as === undefined ? {} : { as }), members: [] }
    group.members.push(name)
    groups.set(key, group)
  }
  return [...groups.values()].map((group) => {
    const indexOf = new Map(group.members.map((name, index) => [name, index]))
    const own = linksBetween(links, (name) => indexOf.get(name))
    const bodies = around(
      length * Math.sqrt(group.members.length),
      group.members.map(() => 0),
    )
    const places = settle(bodies, own)
    return { ...group, places: centred(apart(turned(places, -longDirection(places)))) }
  })
}

/** Links whose ends have different numbers. */
const linksBetween = (
  links: Graph['links'],
  numberOf: (name: string) => number | undefined,
): (readonly [number, number])[] =>
  links.flatMap(([a, b]) => {
    const [from, to] = [numberOf(a), numberOf(b)]
    return from === undefined || to === undefined || from === to ? [] : [[from, to] as const]
  })

/** Where the groups stand among each other: wider than high, the first one to the left. */
function centresOf(groups: readonly Group[], between: readonly (readonly [number, number])[]): Place[] {
  const radii = groups.map((group) => {
    const { width, height } = sizeOf(group)
    return Math.hypot(width, height) / 2
  })
  const mean = radii.reduce((sum, radius) => sum + radius, 0) / Math.max(1, radii.length)
  const found = settle(around((length + mean) * Math.sqrt(groups.length), radii), between)
  const middle = centre(found)
  const level = turned(
    found.map(({ x, y }) => ({ x: x - middle.x, y: y - middle.y })),
    -longDirection(found),
  )
  const side = (level[0]?.x ?? 0) > 0 ? -1 : 1
  return level.map(({ x, y }) => ({ x: x * side, y }))
}

/** Turns that are tried. */
const turns = Array.from({ length: 16 }, (_, index) => ({
  angle: (index % 8) * (Math.PI / 4),
  mirrored: index >= 8,
}))

/** From a link to a node that is none of its ends; and how much longer a link may be that keeps it. */
const clear = 40
const detour = 260

/** Each group as its links outwards are shortest, the others being where they are. */
function facing(groups: readonly Group[], centres: readonly Place[], links: Graph['links']): Group[] {
  const at = new Map<string, Place>()
  const groupOf = new Map(groups.flatMap(({ members }, index) => members.map((name) => [name, index])))
  const put = (group: Group, index: number): void =>
    group.members.forEach((name, member) => {
      const [middle, place] = [centres[index]!, group.places[member]!]
      at.set(name, { x: middle.x + place.x, y: middle.y + place.y })
    })
  const outward = groups.map(() => [] as (readonly [string, string])[])
  for (const [a, b] of links) {
    const [from, to] = [groupOf.get(a), groupOf.get(b)]
    if (from === undefined || to === undefined || from === to) continue
    outward[from]!.push([a, b])
    outward[to]!.push([b, a])
  }
  const all = [...groups]
  all.forEach(put)
  // Twice: the second time those that came first see the others turned.
  for (let round = 0; round < 2; round++)
    all.forEach((group, index) => {
      if (group.members.length === 1 || outward[index]!.length === 0) return
      let best = { group, cost: Infinity }
      for (const { angle, mirrored } of turns) {
        const tried = { ...group, places: centred(turned(group.places, angle, mirrored)) }
        put(tried, index)
        const reach = outward[index]!.reduce((sum, [own, other]) => {
          const [a, b] = [at.get(own)!, at.get(other)!]
          return sum + Math.hypot(a.x - b.x, a.y - b.y)
        }, 0)
        const covered = outward[index]!.reduce(
          (sum, [own, other]) =>
            sum +
            group.members.filter(
              (name) => name !== own && distanceToLine(at.get(name)!, at.get(own)!, at.get(other)!) < clear,
            ).length,
          0,
        )
        // Of turns that are alike the flatter one: windows are wide, and so are names.
        const cost = reach + covered * detour + sizeOf(tried).height / 2
        if (cost < best.cost - 1) best = { group: tried, cost }
      }
      all[index] = best.group
      put(best.group, index)
    })
  return all
}

const round = (value: number): number => Math.round(value * 10) / 10

export function layout(graph: Graph): Layout {
  const laid = groupsOf(graph)
  const groupOf = new Map(laid.flatMap(({ members }, index) => members.map((name) => [name, index])))
  const between = linksBetween(graph.links, (name) => groupOf.get(name))
  const found = centresOf(laid, between)
  const groups = facing(laid, fitted(found, laid.map(sizeOf)), graph.links)
  const sizes = groups.map(sizeOf)
  const centres = fitted(found, sizes)
  const boxes = parted(
    sizes.map(({ width, height }, index) => ({
      x: centres[index]!.x - width / 2,
      y: centres[index]!.y - height / 2,
      width,
      height,
    })),
  )
  const corner = {
    x: Math.min(0, ...boxes.map(({ x }) => x)) - margin,
    y: Math.min(0, ...boxes.map(({ y }) => y)) - margin,
  }
  const places = new Map<string, Place>()
  const systems: (Box & { as: number })[] = []
  groups.forEach(({ as, members, places: own }, index) => {
    const { x, y, width, height } = boxes[index]!
    const [left, top] = [x - corner.x, y - corner.y]
    if (as !== undefined)
      systems.push({ as, x: round(left), y: round(top), width: round(width), height: round(height) })
    members.forEach((name, member) => {
      const place = own[member]!
      places.set(name, { x: round(left + width / 2 + place.x), y: round(top + height / 2 + place.y) })
    })
  })
  return {
    width: round(Math.max(0, ...boxes.map(({ x, width }) => x + width - corner.x)) + margin),
    height: round(Math.max(0, ...boxes.map(({ y, height }) => y + height - corner.y)) + margin),
    places,
    systems,
  }
}
