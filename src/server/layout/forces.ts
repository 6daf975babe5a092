// Bodies find their places: springs along links, and all push each other away; cools down to rest (Fruchterman and Reingold, 1991).

import type { Place } from './geometry.ts'

export interface Body {
  x: number
  y: number
  readonly radius: number
}

/** The length of a link at rest, in the units of places. */
export const length = 120

/** Around a circle, in their order; turned a little, so that nothing stands exactly above another. */
export const around = (radius: number, radii: readonly number[]): Body[] =>
  radii.map((own, index) => {
    const angle = 0.3 + (2 * Math.PI * index) / radii.length
    return {
      x: radii.length === 1 ? 0 : Math.cos(angle) * radius,
      y: radii.length === 1 ? 0 : Math.sin(angle) * radius,
      radius: own,
    }
  })

export function settle(bodies: readonly Body[], springs: readonly (readonly [number, number])[]): Place[] {
  const steps = bodies.length > 150 ? 150 : 300
  const count = bodies.length
  const [x, y] = [Float64Array.from(bodies, (each) => each.x), Float64Array.from(bodies, (each) => each.y)]
  const [dx, dy] = [new Float64Array(count), new Float64Array(count)]
  const radii = Float64Array.from(bodies, ({ radius }) => radius)
  /** `rest`: how far apart these two are at rest. */
  const push = (a: number, b: number, force: (distance: number, rest: number) => number): void => {
    const [ox, oy] = [x[a]! - x[b]!, y[a]! - y[b]!]
    const distance = Math.max(1, Math.sqrt(ox * ox + oy * oy))
    const f = force(distance, length + radii[a]! + radii[b]!) / distance
    dx[a]! += ox * f
    dy[a]! += oy * f
    dx[b]! -= ox * f
    dy[b]! -= oy * f
  }
  for (let step = 0; step < steps; step++) {
    const heat = length * (1 - step / steps) ** 2
    dx.fill(0)
    dy.fill(0)
    for (let a = 0; a < count; a++)
      for (let b = a + 1; b < count; b++) push(a, b, (distance, rest) => (rest * rest) / distance)
    for (const [a, b] of springs) push(a, b, (distance, rest) => -(distance * distance) / rest)
    for (let each = 0; each < count; each++) {
      const by = Math.hypot(dx[each]!, dy[each]!)
      if (by === 0) continue
      x[each]! += (dx[each]! / by) * Math.min(by, heat)
      y[each]! += (dy[each]! / by) * Math.min(by, heat)
    }
  }
  return bodies.map((_, each) => ({ x: x[each]!, y: y[each]! }))
}
