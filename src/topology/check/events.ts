// Events: one target each, an action that it knows, what the action asks for and nothing else; names that exist; conditions that
// come true before what waits for them.
import { type Field, fields, happenings, impairments, type TargetKind, targets } from '../actions.ts'
import { type Ends, linkText, meantLinks } from '../links.ts'
import type { Path } from '../problem.ts'
import { inventory, listing, suggestion } from '../suggest.ts'
import { checkJitter } from './links.ts'
import { exists, isRouter } from './scene.ts'
import type { Scene } from './scene.ts'

type EventDraft = NonNullable<NonNullable<Scene['draft']['events']>[number]>

export function checkEvents(scene: Scene): void {
  const { draft, report } = scene
  const events = draft.events ?? []
  const names = new Map<string, number>()
  for (const [index, event] of events.entries()) {
    if (!event) continue
    const path = ['events', index]
    if (event.name !== undefined) {
      if (names.has(event.name))
        report(
          [...path, 'name'],
          `expected a name of its own, found ${event.name} again`,
          'Call it something else.',
        )
      else names.set(event.name, index)
    }
    if (!('at' in event) && !('after' in event))
      report(path, 'expected at or after, found neither', 'Write such as at: 2s, or after: { event: NAME }.')
    const given = targets.filter((kind) => kind in event)
    const [kind] = given
    if (kind === undefined || given.length > 1)
      report(
        path,
        `expected one of ${listing(targets)}, found ${given.length > 1 ? listing(given, 'and') : 'none'}`,
        kind === undefined ? 'Name what it happens to.' : 'Make an event of each.',
      )
    else {
      checkTarget(scene, kind, event, path)
      checkAction(scene, kind, event, path)
    }
  }
  for (const [index, event] of events.entries()) if (event) checkAfter(scene, event, names, index)
}

function checkAction({ report }: Scene, kind: TargetKind, event: EventDraft, path: Path): void {
  const { action } = event
  if (action === undefined) return
  const known = Object.keys(happenings[kind])
  const asks = happenings[kind][action]
  if (!asks) {
    const of = targets.filter((each) => happenings[each][action])
    report(
      [...path, 'action'],
      `expected ${listing(known)} of a ${kind}, found ${action}`,
      suggestion(action, known, `Write one of them; ${action} happens to ${listing(of)}.`),
    )
    return
  }
  const examples: Readonly<Record<Field, string>> = {
    options: 'options: { nfprobe_timeouts: maxlife=5 }',
    prefix: 'prefix: 192.0.2.0/24',
    times: 'times: 3',
    value: 'value: 200',
    neighbor: 'neighbor: x',
    for: 'for: 2s',
    rate: 'rate: 1mbit',
    delay: 'delay: 20ms',
    jitter: 'jitter: 5ms',
    loss: 'loss: 10%',
  }
  for (const field of asks.needs)
    if (!(field in event))
      report(path, `expected ${field} for ${action}, found none`, `Write such as ${examples[field]}.`)
  if (action === 'impair' && !impairments.some((field) => field in event))
    report(path, `expected ${listing(impairments)} for impair, found none`, 'Write such as rate: 1mbit.')
  checkJitter(report, event, path)
  for (const field of fields)
    if (field in event && !asks.needs.includes(field) && !asks.takes.includes(field))
      report(
        [...path, field],
        `expected no ${field} for ${action} of a ${kind}, found one`,
        'Leave it out.',
        'key',
      )
}

function checkTarget(scene: Scene, kind: TargetKind, event: EventDraft, path: Path): void {
  const { draft, report, nodes, links } = scene
  const at = [...path, kind]
  const probes = new Map(Object.entries(draft.probes ?? {}))
  const router = (name: string | undefined, where: Path): void => {
    if (!exists(report, 'node', name, nodes, where) || isRouter(nodes.get(name))) return
    const routers = [...nodes].flatMap(([node, each]) => (isRouter(each) ? [node] : []))
    report(where, `expected a router, found host ${name}`, inventory('router', routers))
  }
  if (event.neighbor !== undefined) router(event.neighbor, [...path, 'neighbor'])
  switch (kind) {
    case 'probe':
    case 'exports':
      if (draft.probes) exists(report, 'probe', event[kind], probes, at)
      return
    case 'collector':
      if (draft.collectors)
        exists(report, 'collector', event.collector, new Map(Object.entries(draft.collectors)), at)
      return
    case 'node':
      exists(report, 'node', event.node, nodes, at)
      return
    case 'router':
      router(event.router, at)
      return
    case 'session': {
      const [from, to] = event.session?.split(':') ?? []
      router(from, at)
      const others = new Map<string, unknown>([
        ...nodes,
        ...probes,
        ...Object.entries(draft.collectors ?? {}),
      ])
      exists(report, 'neighbour', to, others, at)
      return
    }
    case 'link': {
      if (event.link === undefined || !scene.wired) return
      const all = links.flatMap(({ ends: [a, b] }): Ends[] => (a && b ? [[a, b]] : []))
      const meant = meantLinks(event.link, all)
      const known = all.map(([a, b]) => `${a.node}:${b.node}`)
      if (meant.length !== 1)
        report(
          at,
          `expected one link of the lab, found ${linkText(event.link)}, which names ${meant.length === 0 ? 'none' : meant.length}`,
          meant.length === 0
            ? suggestion(linkText(event.link), known, inventory('link', known))
            : `Name an interface: ${listing(meant.map(([a]) => `${a.node}:${a.interface}`))}.`,
        )
    }
  }
}

function checkAfter(
  { draft, report, nodes }: Scene,
  { after }: EventDraft,
  names: ReadonlyMap<string, number>,
  index: number,
): void {
  if (!after) return
  const path = ['events', index, 'after']
  const { event, point } = after
  if ('event' in after === 'point' in after)
    report(
      path,
      `expected either event or point, found ${'event' in after ? 'both' : 'neither'}`,
      'Write such as { event: NAME } or { point: r2:eth0, packets: 1000 }.',
    )
  if ('point' in after !== 'packets' in after)
    report(
      path,
      'expected point and packets together, found one of them',
      'Write such as { point: r2:eth0, packets: 1000 }.',
    )
  if (
    event !== undefined &&
    exists(report, 'named event', event, names, [...path, 'event']) &&
    (names.get(event) ?? 0) >= index
  )
    report(
      [...path, 'event'],
      `expected an event that stands before this one, found ${event}`,
      'Write the events in the order in which they happen.',
    )
  if (!point || !exists(report, 'node', point.node, nodes, [...path, 'point']) || !draft.probes) return
  const points = Object.values(draft.probes).flatMap((probe) =>
    probe?.at ? [`${probe.at.node}:${probe.at.interface}`] : [],
  )
  if (!points.includes(`${point.node}:${point.interface}`))
    report(
      [...path, 'point'],
      `expected an observation point of a probe, found ${point.node}:${point.interface}`,
      inventory('observation point', points),
    )
}
