// What an FRR router says of itself, asked through vtysh in JSON.

import type { Route, RouteTable, SessionState } from '../../../evidence.ts'
import type { Ask } from '../../../part.ts'

interface BgpPath {
  readonly bestpath?: boolean
  readonly path: string
  readonly nexthops?: readonly { readonly ip?: string; readonly used?: boolean; readonly scope?: string }[]
}

interface BgpTable {
  readonly routes?: Readonly<Record<string, readonly BgpPath[]>>
}

/** Best paths of both families, asked for at once: vtysh takes long to start. AS sets (`{…}`) count by their members, in their order. */
export async function routes(ask: Ask, router: string): Promise<RouteTable> {
  const taken = Date.now()
  const shown = await ask(
    'vtysh',
    ...[4, 6].flatMap((family) => ['-c', `show bgp ipv${family} unicast json`]),
  )
  return { router, taken, routes: documents(shown).flatMap(parseRoutes) }
}

/** Answers one after the other: each begins a line, what is within them does not. */
const documents = (text: string): string[] => text.split(/^(?=\{)/m)

export const parseRoutes = (text: string): Route[] =>
  Object.entries((JSON.parse(text) as BgpTable).routes ?? {}).flatMap(bestPath)

function bestPath([prefix, paths]: [string, readonly BgpPath[]]): Route[] {
  const best = paths.find(({ bestpath }) => bestpath)
  if (!best) return []
  // Of IPv6 it forwards to the link-local one, and tells its neighbours the other (RFC 2545, section 3).
  const nextHop = best.nexthops?.find(({ used, scope }) =>
    scope === undefined ? used : scope === 'global',
  )?.ip
  const path = best.path.match(/\d+/g)?.map(Number) ?? []
  const isOwn = nextHop === undefined || nextHop === '0.0.0.0' || nextHop === '::'
  return [{ prefix, path, ...(isOwn ? {} : { nextHop }) }]
}

type Peers = Readonly<Record<string, { readonly remoteAs: number; readonly state: string }>>

/** Peers by the family of routes; one that is told both is in both. */
type BgpSummary = Readonly<Record<'ipv4Unicast' | 'ipv6Unicast', { readonly peers: Peers } | undefined>>

export async function sessions(ask: Ask): Promise<SessionState[]> {
  const summary = JSON.parse(await ask('vtysh', '-c', 'show bgp summary json')) as BgpSummary
  const peers = { ...summary.ipv4Unicast?.peers, ...summary.ipv6Unicast?.peers }
  return Object.entries(peers).map(([peer, { remoteAs, state }]) => ({
    peer,
    as: remoteAs,
    established: state === 'Established',
    state,
  }))
}
