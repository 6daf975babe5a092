// What a BIRD router says of itself, read from birdc's text: BIRD 2 has no JSON.

import type { Route, RouteTable, SessionState } from '../../../evidence.ts'
import type { Ask } from '../../../part.ts'

/** Best paths of BGP's and of the announced static routes, from `show route primary all`. */
export async function routes(ask: Ask, router: string): Promise<RouteTable> {
  const taken = Date.now()
  return { router, taken, routes: parseRoutes(await ask('birdc', 'show route primary all')) }
}

/** A route begins with its prefix in the first column; its attributes follow, indented. */
export function parseRoutes(text: string): Route[] {
  const found: Route[] = []
  for (const block of text.split(/\n(?=[0-9a-f.:]+\/\d+ )/)) {
    const prefix = /^([0-9a-f.:]+\/\d+)\s/.exec(block)?.[1]
    const isBgp = /^\s+Type: BGP/m.test(block)
    const isAnnounced = /^\s+Type: static/m.test(block)
    if (prefix === undefined || !(isBgp || isAnnounced)) continue
    const path = /^\s+BGP\.as_path:(.*)$/m.exec(block)?.[1]?.match(/\d+/g)?.map(Number) ?? []
    const nextHop = /^\s+BGP\.next_hop: (\S+)/m.exec(block)?.[1]
    found.push({ prefix, path, ...(nextHop === undefined ? {} : { nextHop }) })
  }
  return found
}

/** From `show protocols all`: a block for each protocol, its state in the first line. */
export async function sessions(ask: Ask): Promise<SessionState[]> {
  return parseSessions(await ask('birdc', 'show protocols all'))
}

export function parseSessions(text: string): SessionState[] {
  return text.split(/\n(?=\S)/).flatMap((block) => {
    const peer = /^\s+Neighbor address: (\S+)/m.exec(block)?.[1]
    const as = /^\s+Neighbor AS:\s+(\d+)/m.exec(block)?.[1]
    const state = /^\s+BGP state:\s+(\S+)/m.exec(block)?.[1]
    if (peer === undefined || as === undefined || state === undefined) return []
    return [{ peer, as: Number(as), established: state === 'Established', state }]
  })
}
