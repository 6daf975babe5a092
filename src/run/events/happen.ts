// Events as deeds: what each kind of target has done to it, and how that is undone. A table; when it happens is schedule.ts's,
// what comes of it aftermath.ts's.

import { header } from '../../truth/transport/ruleset.ts'
import { collectors as collectorParts } from '../../part/collector/collectors.ts'
import { probes as probeParts } from '../../part/probe/probes.ts'
import { routers as routerParts } from '../../part/router/routers.ts'
import type { RouterPart } from '../../part.ts'
import { milliseconds } from '../../kernel/units.ts'
import { exporters } from '../../plan/exporters.ts'
import type { Event, Options, Target } from '../../topology/topology.ts'
import { asker, say } from '../ask.ts'
import { collectorOf } from '../books.ts'
import type { Run } from '../conduct.ts'
import { hush, unhush } from '../drain.ts'
import { impair, joins, wireBetween } from '../impair.ts'
import { placeOf } from '../place.ts'
import { ended } from '../process.ts'
import { restart } from '../restart.ts'
import { stop } from '../stop.ts'
import { note } from '../timeline.ts'

type Given = Omit<Run, 'step'>
type Undo = () => Promise<void>
type Deed<Kind extends Target['kind']> = (
  given: Given,
  target: Extract<Target, { readonly kind: Kind }>,
  event: Event,
) => Promise<Undo | undefined>

const deeds: { readonly [Kind in Target['kind']]: Deed<Kind> } = {
  async link({ lab, plan }, { ends }, { action }) {
    const wire = wireBetween(plan, ends)
    if (!wire) throw new Error(`no wire is planned between ${ends.map(({ node }) => node).join(' and ')}`)
    if (action.do === 'impair') {
      await impair(lab, wire, { ...wire.impairment, ...action.impairment })
      return () => impair(lab, wire, wire.impairment)
    }
    const set = (state: string) => async () => {
      const lines = wire.interfaces.map(({ name }) => `link set dev ${name} ${state}\n`)
      await say(lab, wire.name, ['ip', '-batch', '-'], lines.join(''))
    }
    await set(action.do)()
    return set('up')
  },

  async node(given, { name }) {
    await restart(given, name)
    return undefined
  },

  async session({ lab, plan }, { router, peer }, { action }) {
    const { part, ask } = routerOf({ lab, plan }, router)
    const own = plan.sessions.filter((each) => each.node === router && each.to.name === peer)
    const act = (what: 'reset' | 'down' | 'up') => async () => {
      for (const each of own) await part.session(ask, each, what)
    }
    await act(action.do === 'down' ? 'down' : 'reset')()
    return action.do === 'down' ? act('up') : undefined
  },

  async router({ lab, plan }, { name }, { action }) {
    if (!('prefix' in action || 'times' in action || 'value' in action)) return undefined
    const neighbor = 'neighbor' in action ? action.neighbor : undefined
    const { part, ask } = routerOf({ lab, plan }, name)
    const sessions = plan.sessions.filter(
      ({ node, to, peerAs, localAs }) =>
        node === name &&
        to.kind === 'router' &&
        (neighbor === undefined ? peerAs !== localAs : to.name === neighbor),
    )
    return part.policy(ask, {
      as: plan.nodes.find((node) => node.name === name)?.as ?? 0,
      policy: action,
      sessions,
    })
  },

  probe: (given, { name }, event) => daemonDeed(given, { probe: name }, event),
  collector: (given, { name }, event) => daemonDeed(given, { collector: name }, event),

  async exports({ lab, plan }, target) {
    const ways = exporters(plan).filter(({ name }) => name === target.name)
    const drops = ways.map((probe, index) => {
      const collector = collectorOf(plan, probe)
      const wire = plan.nodes.find(
        ({ name, kind }) =>
          kind === 'wire' &&
          plan.links.some((link) => joins(link, collector) && link.ends.some((end) => end.node === name)),
      )
      if (!wire) throw new Error(`no wire is planned at ${collector.node}`)
      return {
        probe,
        wire,
        table: `flowlab_drop_${plan.probes.findIndex(({ name }) => name === probe.name)}_${index}`,
      }
    })
    for (const { probe, wire, table } of drops) {
      const { source, address, port } = probe.export
      // Before they are passed on, in either direction.
      const rules = [
        `table netdev ${table} {`,
        ...wire.interfaces.flatMap(({ name }) => [
          `  chain ${name} {`,
          `    type filter hook ingress device "${name}" priority -300;`,
          `    ${header(source)} saddr ${source} ${header(address)} daddr ${address} udp dport ${port} drop`,
          '  }',
        ]),
        '}',
      ]
      await say(lab, wire.name, ['nft', '-f', '-'], `${rules.join('\n')}\n`)
    }
    return async () => {
      for (const { wire, table } of drops)
        await say(lab, wire.name, ['nft', 'delete', 'table', 'netdev', table])
    }
  },
}

function routerOf(
  { lab, plan }: Pick<Given, 'lab' | 'plan'>,
  name: string,
): { part: RouterPart; ask: ReturnType<typeof asker> } {
  const kind = plan.nodes.find((node) => node.name === name)?.kind
  if (kind !== 'frr' && kind !== 'bird') throw new Error(`${name} is no router`)
  return { part: routerParts[kind], ask: asker(lab, name) }
}

/** pmacctd takes up to two seconds to end in order. */
const patience = milliseconds(4_000)

async function daemonDeed(
  given: Given,
  target: { readonly probe: string } | { readonly collector: string },
  { action }: Event,
): Promise<Undo | undefined> {
  const { lab, plan, directory } = given
  const { node, process } = placeOf(plan, target)
  const probe = 'probe' in target ? plan.probes.find(({ name }) => name === target.probe) : undefined
  let started = process
  const back = async (): Promise<void> => {
    // Two lives at once would share one place for their state: the former gives way.
    await ended(directory, node, process.name, patience).catch(() =>
      lab.signal(node, process.name, 'SIGKILL'),
    )
    await ended(directory, node, process.name)
    if (probe && action.do !== 'kill') await unhush(lab, probe)
    await lab.start([{ node, process: started }], 'ready')
  }
  if (action.do === 'kill') await lab.signal(node, process.name, 'SIGKILL')
  else {
    if (probe) await hush(lab, probe)
    await stop(lab, { node, process })
  }
  if (action.do === 'reconfigure') started = await reconfigure(given, target, process.name, action.options)
  if (action.do === 'kill' || action.do === 'stop') return back
  await back()
  return undefined
}

/** Writes the daemon's files as they are with these options; its process as it is then. */
async function reconfigure(
  { lab, plan }: Given,
  target: { readonly probe: string } | { readonly collector: string },
  process: string,
  options: Options,
) {
  const compiled =
    'probe' in target
      ? plan.probes
          .filter(({ name }) => name === target.probe)
          .map((probe) => ({
            node: probe.node,
            ...probeParts[probe.kind].compile({ ...probe, options: { ...probe.options, ...options } }),
          }))
      : plan.collectors
          .filter(({ name }) => name === target.collector)
          .map((each) => ({
            node: each.node,
            ...collectorParts[each.kind].compile({ ...each, options: { ...each.options, ...options } }),
          }))
  for (const { node, files } of compiled)
    for (const [path, content] of Object.entries(files)) await say(lab, node, ['tee', path], content)
  const found = compiled.flatMap(({ processes }) => processes).find(({ name }) => name === process)
  if (!found) throw new Error(`nothing is planned for ${process}`)
  return found
}

/** Restarts are over when what happens comes back; all else when it is undone, or never. */
const momentary = new Set<Event['action']['do']>(['restart', 'reconfigure', 'reset', 'up'])
export const isMomentary = ({ action }: Event): boolean => momentary.has(action.do)

/** Those that go through a state which is neither the one before nor the one after. */
const passing = new Set<Event['action']['do']>(['restart', 'reconfigure', 'reset'])
export const isPassing = ({ action }: Event): boolean => passing.has(action.do)

/** Lets an event happen, and notes when; gives back what undoes it. */
export async function happen(given: Given, event: Event): Promise<Undo> {
  const { target, action, name } = event
  const write = (what: string, phase: 'begin' | 'end'): void =>
    note(given.directory, what, `${target.kind} ${target.name}`, { event: name, phase })
  write(action.do, 'begin')
  const deed = deeds[target.kind] as Deed<Target['kind']>
  const undo = await deed(given, target, event)
  if (isMomentary(event)) write('start', 'end')
  return async () => {
    await undo?.()
    write(target.kind === 'probe' || target.kind === 'collector' ? 'start' : 'undone', 'end')
  }
}
