// Where the names of interfaces go: beside their link, near their node, on nothing else as far as that can be had.

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Rectangle {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export interface Label {
  /** On the link's line, where it leaves the node. */
  readonly from: Point
  /** Of length 1. */
  readonly direction: Point
  /** How far the link goes from there; less than half of it is the label's. */
  readonly length: number
  readonly width: number
  readonly height: number
}

export interface Obstacles {
  readonly boxes: readonly Rectangle[]
  readonly lines: readonly (readonly [Point, Point])[]
}

export const overlap = (a: Rectangle, b: Rectangle): number =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top))

/** How much of a line lies in a rectangle. */
export function within([a, b]: readonly [Point, Point], { left, right, top, bottom }: Rectangle): number {
  let [from, to] = [0, 1]
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  for (const [p, q] of [
    [-dx, a.x - left],
    [dx, right - a.x],
    [-dy, a.y - top],
    [dy, bottom - a.y],
  ] as const) {
    if (p === 0) {
      if (q < 0) return 0
    } else if (p < 0) from = Math.max(from, q / p)
    else to = Math.min(to, q / p)
  }
  return from < to ? (to - from) * Math.hypot(dx, dy) : 0
}

/** From the line to the label. */
const distance = 3

/** The middle of a label that stands so far along its link, on one side of it. */
function placed({ from, direction: { x, y }, width, height }: Label, along: number, side: 1 | -1): Rectangle {
  // The rectangle touches the line with its corner or edge.
  const out = (Math.abs(y) * width + Math.abs(x) * height) / 2 + distance
  const [cx, cy] = [from.x + x * along - y * side * out, from.y + y * along + x * side * out]
  return { left: cx - width / 2, right: cx + width / 2, top: cy - height / 2, bottom: cy + height / 2 }
}

/** Times that each is looked at again, the others standing where they do. */
const rounds = 3

/** A rectangle for each label, in their order; undefined where there is no room that is half clear. */
export function placeLabels(
  labels: readonly Label[],
  { boxes, lines }: Obstacles,
): (Rectangle | undefined)[] {
  const options = labels.map((label) => {
    const reach = (Math.abs(label.direction.x) * label.width + Math.abs(label.direction.y) * label.height) / 2
    const found: { readonly at: Rectangle; readonly cost: number }[] = []
    for (let along = reach + 3; along <= Math.max(reach + 3, label.length * 0.65); along += 6)
      for (const side of [-1, 1] as const) {
        const at = placed(label, along, side)
        const cost =
          boxes.reduce((sum, box) => sum + 3 * overlap(at, box), 0) +
          lines.reduce((sum, line) => sum + 6 * within(line, at), 0) +
          0.4 * (along - reach) +
          // Above and to the right, where nothing speaks against it.
          (label.direction.x * side > 0.3 || label.direction.y * side > 0.7 ? 1 : 0)
        found.push({ at, cost })
      }
    return found
  })
  const chosen = labels.map((): { readonly at: Rectangle; readonly cost: number } | undefined => undefined)
  for (let round = 0; round < rounds; round++)
    options.forEach((own, index) => {
      let best: (typeof chosen)[number]
      for (const { at, cost: alone } of own) {
        const cost = chosen.reduce(
          (sum, other, place) => (other && place !== index ? sum + 3 * overlap(at, other.at) : sum),
          alone,
        )
        if (!best || cost < best.cost) best = { at, cost }
      }
      chosen[index] = best
    })
  return chosen.map((each, index) => {
    const { width = 0, height = 0 } = labels[index] ?? {}
    return each && each.cost <= width * height * 2.4 ? each.at : undefined
  })
}
