// Places, boxes and how they are turned.

export interface Place {
  readonly x: number
  readonly y: number
}

export interface Box extends Place {
  readonly width: number
  readonly height: number
}

export const bounds = (places: readonly Place[]): Box => {
  const [x, y] = [Math.min(...places.map((each) => each.x)), Math.min(...places.map((each) => each.y))]
  return {
    x,
    y,
    width: Math.max(...places.map((each) => each.x)) - x,
    height: Math.max(...places.map((each) => each.y)) - y,
  }
}

export const centre = (places: readonly Place[]): Place => ({
  x: places.reduce((sum, { x }) => sum + x, 0) / Math.max(1, places.length),
  y: places.reduce((sum, { y }) => sum + y, 0) / Math.max(1, places.length),
})

/** Around the origin, by an angle in radians; `mirrored`: upside down first. */
export const turned = (places: readonly Place[], angle: number, mirrored = false): Place[] => {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  return places.map(({ x, y }) => {
    const up = mirrored ? -y : y
    return { x: x * cos - up * sin, y: x * sin + up * cos }
  })
}

/** The angle of the direction in which places lie farthest apart. */
export function longDirection(places: readonly Place[]): number {
  const middle = centre(places)
  let [xx, yy, xy] = [0, 0, 0]
  for (const place of places) {
    const [x, y] = [place.x - middle.x, place.y - middle.y]
    xx += x * x
    yy += y * y
    xy += x * y
  }
  return Math.atan2(2 * xy, xx - yy) / 2
}

/** How far a place is from the straight line between two others. */
export function distanceToLine({ x, y }: Place, a: Place, b: Place): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const along = dx * dx + dy * dy
  const share = along === 0 ? 0 : Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / along))
  return Math.hypot(x - a.x - share * dx, y - a.y - share * dy)
}
