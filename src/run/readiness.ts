// When a lab is ready for traffic: every forwarding table holds what it must, every probe and collector has been told all routes, so
// that no flow goes without its AS attributes because it came too early, and every session is up, so that best paths stay best.

import type { Lab } from '../backend.ts'
import { bitsOf, type Family, familyOf } from '../kernel/address.ts'
import { milliseconds } from '../kernel/units.ts'
import type { BgpFeed, Plan, Reachable, Session } from '../plan/plan.ts'
import { routers } from '../part/router/routers.ts'
import { asker, say } from './ask.ts'
import type { RunDirectory } from './directory.ts'
import { type Feed, follow } from './feeds.ts'
import { settled, until } from './wait.ts'

export async function converged(lab: Lab, plan: Plan, directory: RunDirectory): Promise<void> {
  const daemons = [...plan.probes, ...plan.collectors]
  await Promise.all([
    ...plan.reachable.map((reachable) =>
      until(`routes of ${reachable.node}`, () => missingRoutes(lab, reachable)),
    ),
    ...daemons.flatMap(({ name, node, bgp }) => {
      if (!bgp) return []
      const told = follow(bgp, node, directory)
      return until(`BGP session of ${name} with ${bgp.router}`, async () => missingUpdates(bgp, await told()))
    }),
    settled(
      () => missingSessions(lab, plan),
      (missing) => missing.length === 0,
      sessionPatience,
    ),
  ])
}

/**
 * Where no more sessions come up for so long, those that are missing will not: a router's own configuration may have others than
 * the plan. BIRD tells its neighbours of new adjacencies every 5 s only (MinLSInterval, RFC 2328, section 9.4).
 */
const sessionPatience = milliseconds(12_000)

interface KernelRoute {
  readonly dst: string
  readonly type?: string
}

/** Prefixes that are not in the node's main tables, blackholes not counted. */
async function missingRoutes(
  lab: Lab,
  { node, prefixes, routes = 0 }: Reachable,
): Promise<string | undefined> {
  const families = [...new Set(prefixes.map(familyOf))]
  const tables = await Promise.all(
    families.map(async (family) => {
      const text = await say(lab, node, ['ip', '-j', `-${family}`, 'route', 'show'])
      return (JSON.parse(text) as readonly KernelRoute[])
        .filter(({ type }) => type !== 'blackhole')
        .map(({ dst }) => prefixOf(dst, family))
    }),
  )
  const there = new Set(tables.flat())
  const missing = prefixes.filter((prefix) => !there.has(prefix))
  if (missing.length > 0) return `no route to ${missing.join(', ')}`
  return there.size >= routes ? undefined : `${there.size} routes of ${routes} at least`
}

/** ip(8) leaves out the length of a host's route, and calls the whole default. */
function prefixOf(dst: string, family: Family): string {
  if (dst === 'default') return family === 4 ? '0.0.0.0/0' : '::/0'
  return dst.includes('/') ? dst : `${dst}/${bitsOf(family)}`
}

/** Prefixes that the daemon has not been told. */
function missingUpdates({ prefixes, router }: BgpFeed, { table }: Feed): string | undefined {
  const missing = prefixes.filter((prefix) => !table.has(prefix))
  return missing.length === 0 ? undefined : `${router} has not announced ${missing.join(', ')}`
}

/** A session that stays down so long while no other comes up will not come up by itself: its retries are a second apart. */
const headway = milliseconds(20_000)

export interface Waiting {
  /** Before each look; what it throws ends the waiting. */
  readonly look?: () => Promise<void>
  /** Told of each session that is reset, and of the state that it was in. */
  readonly reset: (session: string) => void
}

/**
 * Waits until every planned BGP session is up, at the end of each router that has one. Where none comes up any more those that
 * are down are reset, as an operator would. Throws WaitError, with the state of each.
 */
export async function sessionsUp(lab: Lab, plan: Plan, waiting: Waiting): Promise<void> {
  let [last, since] = ['', Date.now()]
  await until('BGP sessions', async () => {
    await waiting.look?.()
    const down = await sessionsDown(lab, plan)
    if (down.length === 0) return undefined
    const missing = down.map(({ session }) => nameOf(session)).join(', ')
    if (missing !== last) [last, since] = [missing, Date.now()]
    const states = down.map(({ session, state }) => `${nameOf(session)} (${state})`)
    if (Date.now() - since > headway) {
      since = Date.now()
      states.forEach(waiting.reset)
      await Promise.all(down.map((each) => reset(lab, each)))
    }
    return `not up: ${states.join(', ')}`
  })
}

const nameOf = ({ node, to }: Session): string => `${node}:${to.name}`

/** Planned sessions that are not up, by router and neighbour. */
export const missingSessions = async (lab: Lab, plan: Plan): Promise<string[]> =>
  (await sessionsDown(lab, plan)).map(({ session }) => nameOf(session))

/** A router that cannot be asked just now is asked again by who waits. */
const reset = (lab: Lab, { session, kind }: Down): Promise<void> =>
  routers[kind].session(asker(lab, session.node), session, 'reset').catch(() => {})

interface Down {
  readonly session: Session
  readonly kind: keyof typeof routers
  /** The router's own word. */
  readonly state: string
}

async function sessionsDown(lab: Lab, { nodes, sessions }: Plan): Promise<Down[]> {
  const down = await Promise.all(
    nodes.map(async ({ name, kind }) => {
      if (kind !== 'frr' && kind !== 'bird') return []
      const states = await routers[kind].sessions(asker(lab, name)).catch(() => undefined)
      const stateOf = new Map(states?.map((each) => [each.peer, each]))
      return sessions
        .filter(({ node, peer }) => node === name && !stateOf.get(peer)?.established)
        .map((session) => ({
          session,
          kind,
          state: stateOf.get(session.peer)?.state ?? (states ? 'unknown to the router' : 'no answer'),
        }))
    }),
  )
  return down.flat()
}
