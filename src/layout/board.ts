// Where everything stands while places are looked for, and what is wrong with it, as a number: links that are long, that cross each
// other, nodes or boxes of other ASes, boxes that overlap, and a picture that is large or has not the shape of a window.
//
// Places are on a lattice of half steps; the nodes of one group are whole steps apart. Nodes, links and groups are numbers.

/** Of a step, in the units of places. */
export const step = { x: 120, y: 100 }
/** From the middle of the outermost node to the edge of its box; above, the AS has its name. */
export const pad = { x: 62, top: 60, bottom: 54 }
/** The same for a node without a box. */
const bare = { x: 50, top: 40, bottom: 44 }
/** Between boxes. */
export const gap = 30

export interface Shape {
  /** By node, its group. */
  readonly groupOf: readonly number[]
  /** By group. */
  readonly hasBox: readonly boolean[]
  /** Both ends' nodes. */
  readonly links: readonly (readonly [number, number])[]
}

export interface Board extends Shape {
  readonly members: readonly (readonly number[])[]
  /** By node: its links. */
  readonly linksOf: readonly (readonly number[])[]
  /** By node, in half steps. */
  readonly x: Int32Array
  readonly y: Int32Array
}

export function createBoard(shape: Shape): Board {
  const count = shape.groupOf.length
  const members = shape.hasBox.map((): number[] => [])
  shape.groupOf.forEach((group, node) => members[group]!.push(node))
  const linksOf = shape.groupOf.map((): number[] => [])
  shape.links.forEach(([a, b], link) => {
    linksOf[a]!.push(link)
    linksOf[b]!.push(link)
  })
  return { ...shape, members, linksOf, x: new Int32Array(count), y: new Int32Array(count) }
}

export interface Edges {
  left: number
  right: number
  top: number
  bottom: number
}

const emptyEdges = (): Edges => ({ left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity })

export const placeX = ({ x }: Board, node: number): number => (x[node]! * step.x) / 2
export const placeY = ({ y }: Board, node: number): number => (y[node]! * step.y) / 2

/** The box of a group. */
export function boxOf(board: Board, group: number, into: Edges = emptyEdges()): Edges {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const node of board.members[group]!) {
    const [x, y] = [board.x[node]!, board.y[node]!]
    if (x < left) left = x
    if (x > right) right = x
    if (y < top) top = y
    if (y > bottom) bottom = y
  }
  const own = board.hasBox[group] ? pad : bare
  into.left = (left * step.x) / 2 - own.x
  into.right = (right * step.x) / 2 + own.x
  into.top = (top * step.y) / 2 - own.top
  into.bottom = (bottom * step.y) / 2 + own.bottom
  return into
}

/** How near a link may pass by a node that is none of its ends. */
const clear = { x: 52, y: 34 }

const weights = {
  /** A step of a link's length; of one that is neither level nor upright, of what it rises or runs. */
  length: 1,
  slant: 0.25,
  crossing: 2.5,
  /** A link over a node, over a foreign box, two links of a node in nearly one direction. */
  over: 5,
  through: 1.5,
  together: 1.6,
  /** A step's square of boxes that overlap; of what a box, and of what the picture takes. */
  overlap: 30,
  box: 0.3,
  picture: 0.16,
  /** For each doubling by which the picture is not as wide as windows are. */
  shape: 4,
}
const window = 1.6

export interface Judge {
  /** What is wrong with these nodes, their links and groups, and with the picture as a whole. */
  readonly cost: (nodes: readonly number[], groups: readonly number[]) => number
  /** To be called when a group's nodes have moved. */
  readonly moved: (group: number) => void
}

/** The number of what is wrong. Nothing is made while it is found: it is asked for a hundred thousand times. */
export function createJudge(board: Board): Judge {
  const { groupOf, hasBox, links, linksOf, members } = board
  const from = Int32Array.from(links, ([a]) => a)
  const to = Int32Array.from(links, ([, b]) => b)
  const boxes = members.map((_, group) => boxOf(board, group))
  const isTouched = new Uint8Array(links.length)
  const isMoved = new Uint8Array(members.length)
  const own = new Int32Array(links.length)
  const X = Float64Array.from(groupOf, (_, node) => placeX(board, node))
  const Y = Float64Array.from(groupOf, (_, node) => placeY(board, node))

  function lengthCost(link: number): number {
    const dx = Math.abs(X[from[link]!]! - X[to[link]!]!) / step.x
    const dy = Math.abs(Y[from[link]!]! - Y[to[link]!]!) / step.y
    return weights.length * Math.sqrt(dx * dx + dy * dy) + weights.slant * Math.min(dx, dy)
  }

  /** Two links: they cross, or leave the node that they have in common side by side. */
  function pairCost(link: number, other: number): number {
    const a = from[link]!
    const b = to[link]!
    const c = from[other]!
    const d = to[other]!
    if (a === c) return togetherCost(a, b, d)
    if (a === d) return togetherCost(a, b, c)
    if (b === c) return togetherCost(b, a, d)
    if (b === d) return togetherCost(b, a, c)
    return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0 ? weights.crossing : 0
  }

  const side = (p: number, q: number, r: number): number =>
    (X[q]! - X[p]!) * (Y[r]! - Y[p]!) - (Y[q]! - Y[p]!) * (X[r]! - X[p]!)

  /** From 30 degrees on they are told apart at once. */
  function togetherCost(common: number, far: number, other: number): number {
    if (far === other) return 0
    const ux = X[far]! - X[common]!
    const uy = Y[far]! - Y[common]!
    const vx = X[other]! - X[common]!
    const vy = Y[other]! - Y[common]!
    const dot = ux * vx + uy * vy
    if (dot <= 0) return 0
    const cosine = dot / Math.sqrt((ux * ux + uy * uy) * (vx * vx + vy * vy))
    return cosine < 0.866 ? 0 : (weights.together * (cosine - 0.866)) / 0.134
  }

  /** A link that passes over a node. */
  function overCost(link: number, node: number): number {
    const a = from[link]!
    const b = to[link]!
    if (node === a || node === b) return 0
    // In a plane where what is to be kept clear is round.
    const ax = (X[a]! - X[node]!) / clear.x
    const ay = (Y[a]! - Y[node]!) / clear.y
    const dx = (X[b]! - X[a]!) / clear.x
    const dy = (Y[b]! - Y[a]!) / clear.y
    const along = dx * dx + dy * dy
    const share = along === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / along))
    const x = ax + share * dx
    const y = ay + share * dy
    const distance = x * x + y * y
    return distance >= 1 ? 0 : weights.over * (1.2 - distance)
  }

  /** A link that passes through the box of an AS that it has nothing to do with: what the box's edges leave of it is something. */
  function throughCost(link: number, group: number): number {
    const a = from[link]!
    const b = to[link]!
    if (!hasBox[group] || groupOf[a] === group || groupOf[b] === group) return 0
    const box = boxes[group]!
    const x = X[a]!
    const y = Y[a]!
    const dx = X[b]! - x
    const dy = Y[b]! - y
    // The part of the link, from 0 to 1, between left and right, and between top and bottom.
    if (dx === 0 && (x <= box.left || x >= box.right)) return 0
    if (dy === 0 && (y <= box.top || y >= box.bottom)) return 0
    const inX = dx === 0 ? 0 : Math.min((box.left - x) / dx, (box.right - x) / dx)
    const outX = dx === 0 ? 1 : Math.max((box.left - x) / dx, (box.right - x) / dx)
    const inY = dy === 0 ? 0 : Math.min((box.top - y) / dy, (box.bottom - y) / dy)
    const outY = dy === 0 ? 1 : Math.max((box.top - y) / dy, (box.bottom - y) / dy)
    return Math.max(inX, inY, 0) < Math.min(outX, outY, 1) ? weights.through : 0
  }

  function overlapCost(one: number, other: number): number {
    const a = boxes[one]!
    const b = boxes[other]!
    const x = Math.min(a.right, b.right) - Math.max(a.left, b.left) + gap
    const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) + gap
    return x <= 0 || y <= 0 ? 0 : weights.overlap * (0.1 + (x * y) / (step.x * step.y))
  }

  function pictureCost(): number {
    let left = Infinity
    let right = -Infinity
    let top = Infinity
    let bottom = -Infinity
    for (const box of boxes) {
      if (box.left < left) left = box.left
      if (box.right > right) right = box.right
      if (box.top < top) top = box.top
      if (box.bottom > bottom) bottom = box.bottom
    }
    const area = ((right - left) * (bottom - top)) / (step.x * step.y)
    const shape = (right - left) / (bottom - top) / window
    return weights.picture * area + weights.shape * Math.max(0, Math.abs(Math.log2(shape)) - 0.4)
  }

  return {
    moved(group) {
      boxOf(board, group, boxes[group])
      for (const node of members[group]!) {
        X[node] = placeX(board, node)
        Y[node] = placeY(board, node)
      }
    },
    cost(nodes, groups) {
      let count = 0
      for (const node of nodes)
        for (const link of linksOf[node]!)
          if (isTouched[link] === 0) {
            isTouched[link] = 1
            own[count++] = link
          }
      for (const group of groups) isMoved[group] = 1
      let sum = pictureCost()
      for (let index = 0; index < count; index++) {
        const link = own[index]!
        sum += lengthCost(link)
        for (let other = 0; other < links.length; other++)
          if (isTouched[other] === 0 || other > link) sum += pairCost(link, other)
        for (let node = 0; node < groupOf.length; node++) sum += overCost(link, node)
        for (let group = 0; group < members.length; group++) sum += throughCost(link, group)
      }
      for (let link = 0; link < links.length; link++) {
        if (isTouched[link] === 1) continue
        for (const node of nodes) sum += overCost(link, node)
        for (const group of groups) sum += throughCost(link, group)
      }
      for (const group of groups) {
        const box = boxes[group]!
        if (members[group]!.length > 1)
          sum += (weights.box * (box.right - box.left) * (box.bottom - box.top)) / (step.x * step.y)
        for (let other = 0; other < members.length; other++)
          if (other !== group && (isMoved[other] === 0 || other > group)) sum += overlapCost(group, other)
      }
      for (let index = 0; index < count; index++) isTouched[own[index]!] = 0
      for (const group of groups) isMoved[group] = 0
      return sum
    },
  }
}
