// A first guess for long chains and rings, which springs would blow up to a circle of which nobody sees anything: to and fro in rows,
// about as wide as windows are, and along the edge back to where it began.

export interface Cell {
  readonly width: number
  readonly height: number
}

/** How much wider than high. */
const shape = 1.6

/** Places in the order of the bodies, of which `springs` are pairs. */
export function folded(
  count: number,
  springs: readonly (readonly [number, number])[],
  { width, height }: Cell,
): readonly { readonly x: number; readonly y: number }[] {
  // An even number of rows, so that the last one ends where the way back begins.
  const rows = 2 * Math.max(1, Math.round(Math.sqrt((count * width) / (height * shape)) / 2))
  const columns = Math.ceil(count / rows)
  const snake = rows * (columns - 1)
  const back = Math.max(1, count - snake)
  const places: { x: number; y: number }[] = Array.from({ length: count }, () => ({ x: 0, y: 0 }))
  walked(count, springs).forEach((body, nth) => {
    const row = Math.floor(nth / (columns - 1))
    const along = nth % (columns - 1)
    const [x, y] =
      nth < snake
        ? [row % 2 === 0 ? along + 1 : columns - 1 - along, row]
        : [0, rows - 1 - Math.round(((nth - snake) * (rows - 1)) / Math.max(1, back - 1))]
    places[body] = { x: x * width, y: y * height }
  })
  return places
}

/** All of them, from neighbour to neighbour as long as there is one; dead ends first, so that none is left behind. */
function walked(count: number, springs: readonly (readonly [number, number])[]): number[] {
  const neighbours = Array.from({ length: count }, (): number[] => [])
  for (const [a, b] of springs) {
    neighbours[a]!.push(b)
    neighbours[b]!.push(a)
  }
  const seen = new Uint8Array(count)
  const open = (body: number): number[] => neighbours[body]!.filter((each) => seen[each] === 0)
  const order: number[] = []
  const ends = neighbours.map((each, body) => [each.length, body] as const)
  for (const [, start] of ends.toSorted((one, other) => one[0] - other[0] || one[1] - other[1])) {
    const trail = seen[start] === 0 ? [start] : []
    while (trail.length > 0) {
      const body = trail.at(-1)!
      if (seen[body] === 0) order.push(body)
      seen[body] = 1
      const [next] = open(body).toSorted((one, other) => open(one).length - open(other).length)
      if (next === undefined) trail.pop()
      else trail.push(next)
    }
  }
  return order
}
