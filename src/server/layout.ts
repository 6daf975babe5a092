// Places for the nodes of a lab: linked nodes close together, those of one AS in a box of their own. A function of the plan and
// nothing else, so that a lab looks the same whenever it is looked at.

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

/** The length of a link at rest, in the units of places. */
const length = 120
/** Between a box and its nodes, and between boxes. */
const margin = 60
const gap = 30

interface Body {
  x: number
  y: number
  readonly radius: number
}

/** Springs along links, and all push each other away; cools down to rest (Fruchterman and Reingold, 1991). */
function settle(bodies: readonly Body[], springs: readonly (readonly [number, number])[]): void {
  const steps = bodies.length > 150 ? 150 : 300
  for (let step = 0; step < steps; step++) {
    const heat = length * (1 - step / steps) ** 2
    const [dx, dy] = [new Float64Array(bodies.length), new Float64Array(bodies.length)]
    const push = (a: number, b: number, force: (distance: number, rest: number) => number): void => {
      const [one, other] = [bodies[a], bodies[b]]
      if (!one || !other) return
      const [x, y] = [one.x - other.x, one.y - other.y]
      const distance = Math.max(1, Math.hypot(x, y))
      const f = force(distance, length + one.radius + other.radius) / distance
      dx[a] = (dx[a] ?? 0) + x * f
      dy[a] = (dy[a] ?? 0) + y * f
      dx[b] = (dx[b] ?? 0) - x * f
      dy[b] = (dy[b] ?? 0) - y * f
    }
    for (let a = 0; a < bodies.length; a++)
      for (let b = a + 1; b < bodies.length; b++) push(a, b, (distance, rest) => rest ** 2 / distance)
    for (const [a, b] of springs) push(a, b, (distance, rest) => -(distance ** 2) / rest)
    bodies.forEach((body, index) => {
      const [x, y] = [dx[index] ?? 0, dy[index] ?? 0]
      const by = Math.hypot(x, y)
      if (by === 0) return
      body.x += (x / by) * Math.min(by, heat)
      body.y += (y / by) * Math.min(by, heat)
    })
  }
}

/** Around a circle, in their order; turned a little, so that nothing stands exactly above another. */
const around = (count: number, radius: number, radii: readonly number[]): Body[] =>
  radii.map((own, index) => {
    const angle = 0.3 + (2 * Math.PI * index) / count
    return {
      x: count === 1 ? 0 : Math.cos(angle) * radius,
      y: count === 1 ? 0 : Math.sin(angle) * radius,
      radius: own,
    }
  })

const bounds = (places: readonly Place[]): Box => {
  const [x, y] = [Math.min(...places.map((each) => each.x)), Math.min(...places.map((each) => each.y))]
  return {
    x,
    y,
    width: Math.max(...places.map((each) => each.x)) - x,
    height: Math.max(...places.map((each) => each.y)) - y,
  }
}

/** Boxes that overlap go apart along the way that is shorter. */
function part(boxes: { x: number; y: number; readonly width: number; readonly height: number }[]): void {
  for (let round = 0, moved = true; moved && round < 200; round++) {
    moved = false
    boxes.forEach((a, index) => {
      for (const b of boxes.slice(index + 1)) {
        const overX = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) + gap
        const overY = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) + gap
        if (overX <= 0.01 || overY <= 0.01) continue
        moved = true
        if (overX < overY) {
          const sign = a.x + a.width / 2 <= b.x + b.width / 2 ? 1 : -1
          a.x -= (sign * overX) / 2
          b.x += (sign * overX) / 2
        } else {
          const sign = a.y + a.height / 2 <= b.y + b.height / 2 ? 1 : -1
          a.y -= (sign * overY) / 2
          b.y += (sign * overY) / 2
        }
      }
    })
  }
}

/** Each AS is laid out by itself, then the ASes among each other; nodes without an AS stand alone. */
export function layout({ nodes, links }: Graph): Layout {
  const groups = new Map<string, { as?: number; members: string[] }>()
  const groupOf = new Map<string, string>()
  for (const { name, as } of nodes) {
    const key = as === undefined ? `node ${name}` : `as ${as}`
    const group = groups.get(key) ?? { ...(as === undefined ? {} : { as }), members: [] }
    group.members.push(name)
    groups.set(key, group)
    groupOf.set(name, key)
  }
  const inner = [...groups].map(([key, { as, members }]) => {
    const indexOf = new Map(members.map((name, index) => [name, index]))
    const own = links.flatMap(([a, b]) => {
      const [from, to] = [indexOf.get(a), indexOf.get(b)]
      return from === undefined || to === undefined || from === to ? [] : [[from, to] as const]
    })
    const bodies = around(
      members.length,
      length * Math.sqrt(members.length),
      members.map(() => 0),
    )
    settle(bodies, own)
    const box = bounds(bodies)
    const pad = as === undefined ? 0 : margin
    return { key, as, members, bodies, box, width: box.width + 2 * pad, height: box.height + 2 * pad, pad }
  })
  const indexOf = new Map(inner.map(({ key }, index) => [key, index]))
  const between = links.flatMap(([a, b]) => {
    const [from, to] = [indexOf.get(groupOf.get(a) ?? ''), indexOf.get(groupOf.get(b) ?? '')]
    return from === undefined || to === undefined || from === to ? [] : [[from, to] as const]
  })
  const centres = around(
    inner.length,
    3 * length * Math.sqrt(inner.length),
    inner.map(({ width, height }) => Math.hypot(width, height) / 2),
  )
  settle(centres, between)
  const boxes = inner.map(({ width, height }, index) => ({
    x: (centres[index]?.x ?? 0) - width / 2,
    y: (centres[index]?.y ?? 0) - height / 2,
    width,
    height,
  }))
  part(boxes)
  const [x0, y0] =
    boxes.length === 0
      ? [0, 0]
      : [Math.min(...boxes.map(({ x }) => x)) - margin, Math.min(...boxes.map(({ y }) => y)) - margin]
  const round = (value: number): number => Math.round(value * 10) / 10
  const places = new Map<string, Place>()
  const systems: (Box & { as: number })[] = []
  inner.forEach(({ as, members, bodies, box, pad, width, height }, index) => {
    const at = boxes[index] ?? { x: x0, y: y0 }
    const corner = { x: at.x - x0, y: at.y - y0 }
    if (as !== undefined)
      systems.push({ as, x: round(corner.x), y: round(corner.y), width: round(width), height: round(height) })
    members.forEach((name, member) => {
      const { x = 0, y = 0 } = bodies[member] ?? {}
      places.set(name, { x: round(corner.x + pad + x - box.x), y: round(corner.y + pad + y - box.y) })
    })
  })
  return {
    width: round(Math.max(0, ...boxes.map(({ x, width }) => x + width - x0)) + margin),
    height: round(Math.max(0, ...boxes.map(({ y, height }) => y + height - y0)) + margin),
    places,
    systems,
  }
}
