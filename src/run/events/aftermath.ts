// What comes of an event: the tables of the routers that feed probes and collectors, asked again and again until they stay as they
// are, and when each probe and collector has been told of it. One watch, however many events overlap.

import { setTimeout as sleep } from 'node:timers/promises'
import type { RouteTable } from '../../evidence.ts'
import { routers } from '../../part/router/routers.ts'
import type { Event } from '../../topology/topology.ts'
import { asker } from '../ask.ts'
import type { Run } from '../conduct.ts'
import { missingSessions } from '../readiness.ts'
import { follow, routeText } from '../feeds.ts'
import { addRoutes } from '../routes.ts'
import { note } from '../timeline.ts'

/** From one question to the next, in ms. */
const interval = 200
/**
 * Tables that have stayed as they are for so long, in ms, and for so many looks, while all sessions are up that should be, have
 * settled. Where the machine is busy a look takes longer, and so do the routers.
 */
const quiet = { time: 1_000, looks: 5 }
/** After which it is no longer waited for. */
const longest = 30_000

export class Aftermath {
  private readonly run: Omit<Run, 'step'>
  private watch: Promise<void> | undefined
  private last = 0
  private readonly lasting = new Set<Event>()
  private waiting: {
    readonly event: Event
    readonly since: number
    /** No daemon is noted to have followed earlier: an end is noted when it is over. */
    readonly earliest: number
    readonly followed: Set<string>
  }[] = []

  constructor(run: Omit<Run, 'step'>) {
    this.run = run
  }

  /**
   * Comes back when what the event changed has settled. Until it is undone, sessions may be down that the plan has. `since`: when
   * it began to happen, or to be undone, ms since the epoch.
   */
  of(event: Event, isUndone: boolean, since: number): Promise<void> {
    this.last = Date.now()
    if (!isUndone) this.lasting.add(event)
    else
      for (const each of this.lasting)
        if (each.target.kind === event.target.kind && each.target.name === event.target.name)
          this.lasting.delete(each)
    this.waiting = [
      ...this.waiting.filter((each) => each.event !== event),
      { event, since, earliest: isUndone ? this.last : since, followed: new Set() },
    ]
    this.watch ??= this.look().finally(() => (this.watch = undefined))
    return this.watch
  }

  private async look(): Promise<void> {
    const { lab, plan, directory } = this.run
    const feeds = [
      ...plan.probes.map((each) => ({ ...each, who: `probe ${each.name}` })),
      ...plan.collectors.map((each) => ({ ...each, who: `collector ${each.name}` })),
    ].flatMap(({ bgp, node, who }) => (bgp ? [{ bgp, who, told: follow(bgp, node, directory) }] : []))
    const wanted = new Set([...plan.probes.map(({ node }) => node), ...feeds.map(({ bgp }) => bgp.router)])
    const asked = plan.nodes.flatMap(({ name, kind }) =>
      (kind === 'frr' || kind === 'bird') && wanted.has(name) ? [{ name, part: routers[kind] }] : [],
    )
    let [changed, up, since, looks] = [Date.now(), 0, 0, 0]
    for (;;) {
      looks++
      const tables: RouteTable[] = []
      // A router that is away has no table.
      for (const { name, part } of asked)
        await part.routes(asker(lab, name), name).then(
          (table) => tables.push(table),
          () => tables.push({ router: name, taken: Date.now(), routes: [] }),
        )
      if (await addRoutes(directory, tables)) changed = Date.now()
      let isBehind = false
      for (const { bgp, who, told } of feeds) {
        const feed = await told()
        const table = tables.find(({ router }) => router === bgp.router)
        const isSame = table && isTold(table, feed.table, [bgp.peer, ...bgp.nextHops])
        isBehind ||= !isSame
        if (isSame) this.follow(who, feed.last)
      }
      const isUp = this.lasting.size > 0 || (await missingSessions(lab, plan)).length === 0
      if (!isUp) up = Date.now()
      const last = Math.max(changed, this.last, up)
      if (last > since) [since, looks] = [last, 0]
      const isSettled = looks >= quiet.looks && Date.now() - last >= quiet.time
      if ((!isBehind && isSettled) || Date.now() - this.last > longest) break
      await sleep(interval)
    }
    this.settle(changed)
  }

  /** A daemon has been told all, by its last message. */
  private follow(who: string, at: number | undefined): void {
    for (const { event, since, earliest, followed } of this.waiting) {
      if (at === undefined || at < since || followed.has(who)) continue
      followed.add(who)
      note(this.run.directory, 'followed', who, {
        ...{ event: event.name, phase: 'followed', at: Math.max(at, earliest) },
      })
    }
  }

  private settle(changed: number): void {
    for (const { event, since } of this.waiting)
      note(this.run.directory, 'settled', 'routes', {
        ...{ event: event.name, phase: 'settled', at: Math.max(changed, since) },
      })
    this.waiting = []
  }
}

/** Whether a daemon has been told just what the router's table says; what it announces itself as has several forms. */
function isTold(
  { routes }: RouteTable,
  told: ReadonlyMap<string, string>,
  selves: readonly string[],
): boolean {
  if (routes.length !== told.size) return false
  return routes.every(({ prefix, path, nextHop }) =>
    (nextHop === undefined ? selves : [nextHop]).some((hop) => told.get(prefix) === routeText(path, hop)),
  )
}
