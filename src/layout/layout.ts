// Places for the nodes of a lab: linked nodes close together, those of one AS in a box of their own, little room for nothing. A function
// of the graph and nothing else, so that a lab looks the same whenever it is looked at.

import { anneal } from './anneal.ts'
import { type Board, boxOf, createBoard, createJudge, gap, placeX, placeY, step } from './board.ts'
import { folded } from './fold.ts'
import { settled } from './forces.ts'

export interface Place {
  readonly x: number
  readonly y: number
}

export interface Box extends Place {
  readonly width: number
  readonly height: number
}

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

/** Around everything. */
const margin = 24

/** Those that were made last, by their graph: a page that is loaded again need not wait. */
const made = new Map<string, Layout>()
const mostMade = 20

export function layout(graph: Graph): Layout {
  const key = JSON.stringify([graph.nodes.map(({ name, as }) => [name, as]), graph.links])
  const known = made.get(key) ?? laidOut(graph)
  made.delete(key)
  made.set(key, known)
  for (const oldest of made.keys()) if (made.size > mostMade) made.delete(oldest)
  return known
}

function laidOut({ nodes, links }: Graph): Layout {
  if (nodes.length === 0) return { width: 2 * margin, height: 2 * margin, places: new Map(), systems: [] }
  const groups = [...new Set(nodes.map(groupName))]
  const board = boardFor({ nodes, links })
  improve(board)
  return shown(board, nodes, groups)
}

/** With a first guess. */
export function boardFor({ nodes, links }: Graph): Board {
  const groups = [...new Set(nodes.map(groupName))]
  const numberOf = new Map(nodes.map(({ name }, index) => [name, index]))
  const ends = links.flatMap(([a, b]) => {
    const [from, to] = [numberOf.get(a), numberOf.get(b)]
    return from === undefined || to === undefined || from === to ? [] : [[from, to] as const]
  })
  const board = createBoard({
    groupOf: nodes.map((node) => groups.indexOf(groupName(node))),
    hasBox: groups.map((name) => name.startsWith('as ')),
    links: ends,
  })
  begin(board)
  return board
}

const groupName = ({ name, as }: Graph['nodes'][number]): string =>
  as === undefined ? `node ${name}` : `as ${as}`

/** Each AS by itself, on whole steps, then the ASes among each other. */
function begin(board: Board): void {
  const { members, links, groupOf, x, y } = board
  for (const own of members) {
    const indexOf = new Map(own.map((node, index) => [node, index]))
    const springs = links.flatMap(([a, b]) => {
      const [from, to] = [indexOf.get(a), indexOf.get(b)]
      return from === undefined || to === undefined ? [] : [[from, to] as const]
    })
    const taken = new Set<string>()
    settled(
      own.map(() => 0),
      springs,
    ).forEach((place, index) => {
      const [cx, cy] = free(taken, Math.round(place.x / step.x), Math.round(place.y / step.y))
      const node = own[index]!
      ;[x[node], y[node]] = [2 * cx, 2 * cy]
    })
  }
  const boxes = members.map((_, group) => boxOf(board, group))
  const radii = boxes.map(({ left, right, top, bottom }) => Math.hypot(right - left, bottom - top) / 2)
  const springs = links.flatMap(([a, b]) => {
    const [from, to] = [groupOf[a]!, groupOf[b]!]
    return from === to ? [] : [[from, to] as const]
  })
  const level = levelled(settled(radii, springs))
  const drawn = drawnTogether(board, level)
  const sprung = level.map(({ x: over, y: down }) => ({ x: over * drawn, y: down * drawn }))
  if (members.length < manyGroups) {
    put(board, sprung)
    return
  }
  // Whole half steps, or two might come nearer to each other by rounding.
  const onLattice = (size: number, half: number): number => Math.ceil((size + gap) / half) * half
  const cell = {
    width: onLattice(Math.max(...boxes.map(({ left, right }) => right - left)), step.x / 2),
    height: onLattice(Math.max(...boxes.map(({ top, bottom }) => bottom - top)), step.y / 2),
  }
  const costs = [folded(members.length, springs, cell), sprung].map((places) => {
    put(board, places)
    return { places, cost: createJudge(board).cost([...groupOf.keys()], [...members.keys()]) }
  })
  put(board, costs.toSorted((one, other) => one.cost - other.cost)[0]!.places)
}

/** From so many on a chain or ring is folded, if that looks better. */
const manyGroups = 30
/** Between boxes that are linked. */
const room = 50

/** The middle of each group's box to its place. */
function put(board: Board, places: readonly Place[]): void {
  const { members, x, y } = board
  members.forEach((own, group) => {
    const { left, right, top, bottom } = boxOf(board, group)
    const place = places[group]!
    const dx = Math.round((2 * (place.x - (left + right) / 2)) / step.x)
    const dy = Math.round((2 * (place.y - (top + bottom) / 2)) / step.y)
    for (const node of own) {
      x[node]! += dx
      y[node]! += dy
    }
  })
}

/** Springs keep apart what need not be: by how much all may come nearer before most boxes that are linked would touch. */
function drawnTogether(board: Board, places: readonly Place[]): number {
  const { groupOf, links } = board
  const sizes = board.members.map((_, group) => {
    const { left, right, top, bottom } = boxOf(board, group)
    return { width: right - left, height: bottom - top }
  })
  const needed = links.flatMap(([a, b]) => {
    const [from, to] = [groupOf[a]!, groupOf[b]!]
    if (from === to) return []
    const dx = Math.max(1, Math.abs(places[from]!.x - places[to]!.x))
    const dy = Math.max(1, Math.abs(places[from]!.y - places[to]!.y))
    const wide = ((sizes[from]!.width + sizes[to]!.width) / 2 + room) / dx
    const high = ((sizes[from]!.height + sizes[to]!.height) / 2 + room) / dy
    return [Math.min(wide, high)]
  })
  needed.sort((one, other) => one - other)
  return Math.min(1, needed[Math.floor(needed.length * 0.8)] ?? 1)
}

/** The free place that is nearest. */
function free(taken: Set<string>, x: number, y: number): [number, number] {
  for (let reach = 0; ; reach++)
    for (let dx = -reach; dx <= reach; dx++)
      for (let dy = -reach; dy <= reach; dy++) {
        if (Math.max(Math.abs(dx), Math.abs(dy)) !== reach || taken.has(`${x + dx} ${y + dy}`)) continue
        taken.add(`${x + dx} ${y + dy}`)
        return [x + dx, y + dy]
      }
}

/** Turned so that it is wider than high, the first to the left. */
function levelled(places: readonly Place[]): Place[] {
  const mean = (of: (place: Place) => number): number =>
    places.reduce((sum, each) => sum + of(each), 0) / places.length
  const [mx, my] = [mean(({ x }) => x), mean(({ y }) => y)]
  let [xx, yy, xy] = [0, 0, 0]
  for (const place of places) {
    xx += (place.x - mx) ** 2
    yy += (place.y - my) ** 2
    xy += (place.x - mx) * (place.y - my)
  }
  const angle = -Math.atan2(2 * xy, xx - yy) / 2
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const turned = places.map(({ x, y }) => ({
    x: (x - mx) * cos - (y - my) * sin,
    y: (x - mx) * sin + (y - my) * cos,
  }))
  const side = (turned[0]?.x ?? 0) > 0 ? -1 : 1
  return turned.map(({ x, y }) => ({ x: x * side, y }))
}

/** A move looks at as many pairs of a node and a link as there are, or fewer: about 20 ns each. */
const effort = 26_000_000
const heat = (nodes: number): { readonly from: number; readonly to: number } => ({
  // A large graph stays near its first guess.
  from: nodes > 80 ? 0.1 : 3,
  to: 0.02,
})

/** From the first guess several times, and the best is taken. */
function improve(board: Board): void {
  const { x, y, links } = board
  const count = x.length
  const all = Math.max(4_000, Math.min(16_000, effort / (count * Math.max(1, links.length))))
  const moves = Math.round(Math.min(all, Math.max(2_500, Math.min(8_000, 250 * count))))
  const first = [x.slice(), y.slice()] as const
  let best: { readonly cost: number; readonly x: Int32Array; readonly y: Int32Array } | undefined
  for (let seed = 1; seed <= Math.max(1, Math.floor(all / moves)); seed++) {
    x.set(first[0])
    y.set(first[1])
    const cost = anneal(board, { ...heat(count), moves }, seed)
    if (!best || cost < best.cost) best = { cost, x: x.slice(), y: y.slice() }
  }
  if (!best) return
  // The first one stands to the left.
  const middle = (Math.min(...best.x) + Math.max(...best.x)) / 2
  const isRight = best.x[0]! > middle
  x.set(isRight ? best.x.map((each) => 2 * middle - each) : best.x)
  y.set(best.y)
}

function shown(board: Board, nodes: Graph['nodes'], groups: readonly string[]): Layout {
  const boxes = groups.map((_, group) => boxOf(board, group))
  const left = Math.min(...boxes.map((box) => box.left)) - margin
  const top = Math.min(...boxes.map((box) => box.top)) - margin
  return {
    width: Math.max(...boxes.map((box) => box.right)) - left + margin,
    height: Math.max(...boxes.map((box) => box.bottom)) - top + margin,
    places: new Map(
      nodes.map(({ name }, node) => [name, { x: placeX(board, node) - left, y: placeY(board, node) - top }]),
    ),
    systems: groups.flatMap((name, group) => {
      const box = boxes[group]!
      return name.startsWith('as ')
        ? [
            {
              ...{ as: Number(name.slice('as '.length)), x: box.left - left, y: box.top - top },
              ...{ width: box.right - box.left, height: box.bottom - box.top },
            },
          ]
        : []
    }),
  }
}
