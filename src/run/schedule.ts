// Plays the plan's traffic and events, each at its time after the start, and waits for the generators to end.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab, Placed } from '../backend.ts'
import { milliseconds } from '../kernel/units.ts'
import type { Plan } from '../plan/plan.ts'
import type { Event } from '../topology/topology.ts'
import type { RunDirectory } from './directory.ts'
import { ended } from './process.ts'
import { stop } from './stop.ts'

export type Note = (what: string, target: string) => void

interface Due {
  readonly at: number
  readonly act: () => Promise<void>
}

export async function play(lab: Lab, plan: Plan, directory: RunDirectory, note: Note): Promise<void> {
  const due: Due[] = [
    ...starts(plan).map(([at, flows]) => ({ at, act: () => lab.start(flows, 'launched') })),
    ...plan.events.flatMap((event) => happenings(lab, plan, event, directory, note)),
  ]
  const begin = Date.now()
  await Promise.all(
    due
      .toSorted((a, b) => a.at - b.at)
      .map(async ({ at, act }) => {
        await sleep(Math.max(0, begin + at - Date.now()))
        await act()
      }),
  )
  const longest = Math.max(0, ...plan.traffic.map(({ at, intent }) => at + durationOf(intent)))
  // A generator that has not ended a minute after its time hangs.
  const deadline = milliseconds(longest + 60_000)
  await Promise.all(
    plan.traffic.map(async ({ sourceNode, process }) => {
      const { code } = await ended(directory, sourceNode, process.name, deadline)
      if (code === 0) return
      const log = directory.file('nodes', sourceNode, 'log', `${process.name}.log`)
      throw new Error(`${sourceNode}: ${process.name} ended with ${code}; see ${log}`)
    }),
  )
}

type Intent = Plan['traffic'][number]['intent']

const durationOf = (intent: Intent): number =>
  intent.kind === 'ping' ? intent.count * intent.interval : intent.for

/** Flows that start at the same time are started at once. */
function starts({ traffic }: Plan): [number, Placed[]][] {
  const times = new Map<number, Placed[]>()
  for (const { at, sourceNode, process } of traffic)
    times.set(at, [...(times.get(at) ?? []), { node: sourceNode, process }])
  return [...times]
}

function happenings(lab: Lab, plan: Plan, event: Event, directory: RunDirectory, note: Note): Due[] {
  const { node, process } = placeOf(plan, event.target)
  const name = Object.entries(event.target).flat().join(' ')
  const away = async (): Promise<void> => {
    note(event.action, name)
    if (event.action === 'kill') await lab.signal(node, process.name, 'SIGKILL')
    else await stop(lab, { node, process })
  }
  const back = async (): Promise<void> => {
    // Two lives at once would share one place for their state: the former gives way.
    await ended(directory, node, process.name, patience).catch(() =>
      lab.signal(node, process.name, 'SIGKILL'),
    )
    await ended(directory, node, process.name)
    await lab.start([{ node, process }], 'ready')
    note('start', name)
  }
  return [
    { at: event.at, act: away },
    ...(event.for === undefined ? [] : [{ at: event.at + event.for, act: back }]),
  ]
}

/** pmacctd takes up to two seconds to end in order. */
const patience = milliseconds(4_000)

/** The daemon that an event is about, as it was started. */
export function placeOf(plan: Plan, target: Event['target']): Placed {
  const daemon =
    'probe' in target
      ? plan.probes.find(({ name }) => name === target.probe)
      : plan.collectors.find(({ name }) => name === target.collector)
  const node = plan.nodes.find(({ name }) => name === daemon?.node)
  const process = node?.processes.find(({ name }) => name === daemon?.process)
  if (!node || !process) throw new Error(`nothing is planned for ${JSON.stringify(target)}`)
  return { node: node.name, process }
}
