// What an FRR router says of itself, asked through vtysh in JSON.

import type { Route, RouteTable, SessionState } from '../../../evidence.ts'
import type { Ask } from '../../../part.ts'

interface BgpPath {
  readonly bestpath?: boolean
  readonly path: string
  readonly nexthops?: readonly { readonly ip?: string; readonly used?: boolean }[]
}

interface BgpTable {
  readonly routes: Readonly<Record<string, readonly BgpPath[]>>
}

/** Best paths of `show bgp ipv4 unicast json`. AS sets (`{…}`) count by their members, in their order. */
export async function routes(ask: Ask, router: string): Promise<RouteTable> {
  const taken = Date.now()
  const table = JSON.parse(await ask('vtysh', '-c', 'show bgp ipv4 unicast json')) as BgpTable
  return { router, taken, routes: Object.entries(table.routes ?? {}).flatMap(bestPath) }
}

function bestPath([prefix, paths]: [string, readonly BgpPath[]]): Route[] {
  const best = paths.find(({ bestpath }) => bestpath)
  if (!best) return []
  const nextHop = best.nexthops?.find(({ used }) => used)?.ip
  const path = best.path.match(/\d+/g)?.map(Number) ?? []
  return [{ prefix, path, ...(nextHop === undefined || nextHop === '0.0.0.0' ? {} : { nextHop }) }]
}

interface BgpSummary {
  readonly ipv4Unicast?: {
    readonly peers: Readonly<Record<string, { readonly remoteAs: number; readonly state: string }>>
  }
}

export async function sessions(ask: Ask): Promise<SessionState[]> {
  const summary = JSON.parse(await ask('vtysh', '-c', 'show bgp summary json')) as BgpSummary
  return Object.entries(summary.ipv4Unicast?.peers ?? {}).map(([peer, { remoteAs, state }]) => ({
    peer,
    as: remoteAs,
    established: state === 'Established',
    state,
  }))
}
