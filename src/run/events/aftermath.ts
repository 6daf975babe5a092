// What comes of an event: the tables of the routers that feed probes and collectors, asked again and again until they stay as they
// are, and when each probe and collector has been told of it. One watch, however many events overlap.

import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RouteTable } from '../../evidence.ts'
import { routers } from '../../part/router/routers.ts'
import type { Event } from '../../topology/topology.ts'
import { asker } from '../ask.ts'
import type { Run } from '../conduct.ts'
import { feedTable, lastMessage, routeText } from '../feeds.ts'
import { addRoutes } from '../routes.ts'
import { note } from '../timeline.ts'

/** From one question to the next, in ms. */
const interval = 200
/** Tables that have stayed as they are for so long have settled, in ms. */
const quiet = 1_500
/** After which it is no longer waited for. */
const longest = 30_000

export class Aftermath {
  private readonly run: Omit<Run, 'step'>
  private watch: Promise<void> | undefined
  private last = 0
  private waiting: { readonly event: Event; readonly since: number }[] = []

  constructor(run: Omit<Run, 'step'>) {
    this.run = run
  }

  /** Comes back when what the event changed has settled. */
  of(event: Event): Promise<void> {
    this.last = Date.now()
    this.waiting = [...this.waiting.filter((each) => each.event !== event), { event, since: this.last }]
    this.watch ??= this.look().finally(() => (this.watch = undefined))
    return this.watch
  }

  private async look(): Promise<void> {
    const { lab, plan, directory } = this.run
    const feeds = [
      ...plan.probes.map((each) => ({ ...each, who: `probe ${each.name}` })),
      ...plan.collectors.map((each) => ({ ...each, who: `collector ${each.name}` })),
    ].flatMap(({ bgp, node, who }) => (bgp ? [{ bgp, node, who }] : []))
    const wanted = new Set([...plan.probes.map(({ node }) => node), ...feeds.map(({ bgp }) => bgp.router)])
    const asked = plan.nodes.flatMap(({ name, kind }) =>
      (kind === 'frr' || kind === 'bird') && wanted.has(name) ? [{ name, part: routers[kind] }] : [],
    )
    let changed = Date.now()
    const isSettled = (): boolean => Date.now() - Math.max(changed, this.last) >= quiet
    for (;;) {
      const tables: RouteTable[] = []
      // A router that is away has no table.
      for (const { name, part } of asked)
        await part.routes(asker(lab, name), name).then(
          (table) => tables.push(table),
          () => tables.push({ router: name, taken: Date.now(), routes: [] }),
        )
      if (await addRoutes(directory, tables)) changed = Date.now()
      const behind = await Promise.all(
        feeds.map(async ({ bgp, node }) => {
          const told = await feedTable(bgp, node, directory)
          const table = tables.find(({ router }) => router === bgp.router)
          return !table || !isTold(table, told, bgp.peer)
        }),
      )
      const isOver = (behind.every((each) => !each) && isSettled()) || Date.now() - this.last > longest
      if (isOver) break
      await sleep(interval)
    }
    for (const { event, since } of this.waiting) {
      note(directory, 'settled', 'routes', {
        event: event.name,
        phase: 'settled',
        at: Math.max(changed, since),
      })
      for (const { bgp, node, who } of feeds) {
        const file = directory.file('nodes', node, bgp.log.replace('/var/log/', 'log/'))
        const at = lastMessage(await readFile(file, 'utf8').catch(() => ''))
        if (at !== undefined && at >= since)
          note(directory, 'followed', who, { event: event.name, phase: 'followed', at })
      }
    }
    this.waiting = []
  }
}

/** Whether a daemon has been told just what the router's table says. */
function isTold({ routes }: RouteTable, told: ReadonlyMap<string, string>, self: string): boolean {
  if (routes.length !== told.size) return false
  return routes.every(({ prefix, path, nextHop }) => told.get(prefix) === routeText(path, nextHop ?? self))
}
