// A first guess at places: springs along links, and all push each other away, until they rest (Fruchterman and Reingold, 1991).

/** The length of a link at rest. */
const length = 120

interface Body {
  x: number
  y: number
  readonly radius: number
}

/** Places in the order of `radii`, which are kept apart; `springs` are pairs of places in it. */
export function settled(
  radii: readonly number[],
  springs: readonly (readonly [number, number])[],
): readonly { readonly x: number; readonly y: number }[] {
  const bodies = around(radii)
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
      dx[a]! += x * f
      dy[a]! += y * f
      dx[b]! -= x * f
      dy[b]! -= y * f
    }
    for (let a = 0; a < bodies.length; a++)
      for (let b = a + 1; b < bodies.length; b++) push(a, b, (distance, rest) => rest ** 2 / distance)
    for (const [a, b] of springs) push(a, b, (distance, rest) => -(distance ** 2) / rest)
    bodies.forEach((body, index) => {
      const [x, y] = [dx[index]!, dy[index]!]
      const by = Math.hypot(x, y)
      if (by === 0) return
      body.x += (x / by) * Math.min(by, heat)
      body.y += (y / by) * Math.min(by, heat)
    })
  }
  return bodies
}

/** Around a circle, in their order; turned a little, so that nothing stands exactly above another. */
function around(radii: readonly number[]): Body[] {
  const mean = radii.reduce((sum, radius) => sum + radius, 0) / Math.max(1, radii.length)
  const wide = radii.length === 1 ? 0 : (length + mean) * Math.sqrt(radii.length)
  return radii.map((radius, index) => {
    const angle = 0.3 + (2 * Math.PI * index) / radii.length
    return { x: Math.cos(angle) * wide, y: Math.sin(angle) * wide, radius }
  })
}
