// Which ASes a prefix gets to, under the policies between them: the route that each AS takes, as BGP would find it in rounds.
// By this a lab is known to be ready; which of several ways routers really take is for their own tables to say.

import type { InPolicy, OutPolicy } from '../part.ts'

/** Routes go from one AS to another. */
export interface Way {
  readonly from: number
  readonly to: number
  /** What the one does to what it tells. */
  readonly out: OutPolicy
  /** What the other does to what it is told. */
  readonly in: InPolicy
}

interface Route {
  readonly preference: number
  /** From the neighbour to the origin. */
  readonly path: readonly number[]
  readonly tag?: string
  /** It must not leave the AS again (RFC 1997). */
  readonly kept: boolean
}

/** NO_EXPORT, NO_ADVERTISE, NO_EXPORT_SUBCONFED. */
const wellKnown = new Set(['65535:65281', '65535:65282', '65535:65283'])

/** The ASes that learn what `origin` announces, itself among them. */
export function learners(origin: number, ways: readonly Way[]): ReadonlySet<number> {
  let held = new Map<number, Route>([[origin, { preference: Infinity, path: [], kept: false }]])
  // Without a stable state (policies may have none) the last round counts.
  for (let round = 0, isChanging = true; isChanging && round < mostRounds; round++) {
    const next = new Map<number, Route>([...held].filter(([as]) => as === origin))
    for (const way of ways) {
      const offer = told(way, held.get(way.from))
      const best = next.get(way.to)
      if (offer && (best === undefined || isBetter(offer, best))) next.set(way.to, offer)
    }
    isChanging =
      next.size !== held.size || [...next].some(([as, route]) => text(route) !== text(held.get(as)))
    held = next
  }
  return new Set(held.keys())
}

const mostRounds = 200

function told({ from, to, out, in: taken }: Way, route: Route | undefined): Route | undefined {
  if (!route || route.kept || (route.tag !== undefined && out.without.includes(route.tag))) return undefined
  const path = [...Array.from({ length: 1 + (out.prepend ?? 0) }, () => from), ...route.path]
  if (path.includes(to)) return undefined
  return {
    preference: taken.preference ?? 100,
    path,
    ...(taken.tag === undefined ? {} : { tag: taken.tag }),
    kept: out.communities.some((each) => wellKnown.has(each)),
  }
}

/** The last criterion stands for all that follow in a router. */
const isBetter = (a: Route, b: Route): boolean =>
  a.preference - b.preference || b.path.length - a.path.length
    ? a.preference > b.preference || (a.preference === b.preference && a.path.length < b.path.length)
    : (a.path[0] ?? 0) < (b.path[0] ?? 0)

const text = (route: Route | undefined): string => JSON.stringify(route)
