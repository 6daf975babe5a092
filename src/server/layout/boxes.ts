// Boxes among each other: as wide as windows are, as close as they can be, and none on another.

import type { Box, Place } from './geometry.ts'
import { bounds } from './geometry.ts'

/** Between boxes of ASes. */
const usual = 34

/** Width by height that a picture should have, as windows do. */
const aspect = 1.6

interface Size {
  readonly width: number
  readonly height: number
}

/** Centres as wide as windows are, where the boxes then come out larger in a window; moved together. */
export function fitted(centres: readonly Place[], sizes: readonly Size[]): Place[] {
  const { width, height } = bounds(centres)
  const as = gathered(centres, sizes)
  if (width < 1 || height < 1 || width / height >= aspect) return as
  const by = Math.min(2, Math.sqrt((aspect * height) / width))
  const wide = gathered(
    centres.map(({ x, y }) => ({ x: x * by, y: y / by })),
    sizes,
  )
  return needed(wide) < needed(as) ? wide : as
}

/** The height of a window in which they all are. */
function needed(centres: readonly Place[]): number {
  const { width, height } = bounds(centres)
  return Math.max(width / aspect, height)
}

/** So much of its boxes may be moved aside for a picture that is smaller. */
const aside = 1 / 3
const shrinks = [0.5, 0.6, 0.7, 0.8, 0.9]

/** Centres moved together: until the first two boxes would touch, and on as long as few have to make room. */
function gathered(centres: readonly Place[], sizes: readonly Size[]): Place[] {
  /** The factor at which two boxes touch. */
  const touching = (a: number, b: number): number => {
    const [one, other] = [centres[a]!, centres[b]!]
    return Math.min(
      ((sizes[a]!.width + sizes[b]!.width) / 2 + usual) / Math.max(Math.abs(one.x - other.x), 1e-6),
      ((sizes[a]!.height + sizes[b]!.height) / 2 + usual) / Math.max(Math.abs(one.y - other.y), 1e-6),
    )
  }
  // Of each box the factor at which the first other one is reached.
  const first = centres.map((_, a) =>
    centres.reduce((most, __, b) => (a === b ? most : Math.max(most, touching(a, b))), 0),
  )
  const free = Math.min(1, Math.max(0, ...first))
  const by =
    free *
    (shrinks.find((each) => first.filter((own) => own > free * each).length <= centres.length * aside) ?? 1)
  return centres.map(({ x, y }) => ({ x: x * by, y: y * by }))
}

/** Boxes that overlap go apart along the way that is shorter. */
export function parted(boxes: readonly Box[], gap = usual): Box[] {
  const all = boxes.map((each) => ({ ...each }))
  for (let round = 0, moved = true; moved && round < 200; round++) {
    moved = false
    for (let first = 0; first < all.length; first++)
      for (let second = first + 1; second < all.length; second++) {
        const [a, b] = [all[first]!, all[second]!]
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
  }
  return all
}
