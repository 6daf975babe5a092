// Plays the plan's traffic and events, each at its time after the start or after its condition, and waits for the generators to
// end and for the events' effects to settle.

import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError, type Placed } from '../backend.ts'
import { milliseconds } from '../kernel/units.ts'
import type { Plan } from '../plan/plan.ts'
import { sendings } from '../plan/sendings.ts'
import type { Event } from '../topology/topology.ts'
import { readTotals } from './books.ts'
import type { Run } from './conduct.ts'
import { Aftermath } from './events/aftermath.ts'
import { happen, isMomentary, isPassing } from './events/happen.ts'
import { ended, endOf } from './process.ts'
import { until } from './wait.ts'

export async function play(run: Omit<Run, 'step'>): Promise<void> {
  const { lab, plan, directory } = run
  const begin = Date.now()
  const aftermath = new Aftermath(run)
  const inTurn = turns()
  const happened = new Map<string, Promise<void>>()
  for (const event of plan.events)
    happened.set(event.name, playEvent(run, event, { begin, happened, aftermath, inTurn }))
  await Promise.all([
    ...starts(plan).map(async ([at, flows]) => {
      await sleep(Math.max(0, begin + at - Date.now()))
      await lab.start(flows, 'launched')
      await together(run, flows)
    }),
    ...happened.values(),
  ])
  const sending = sendings(plan)
  const longest = Math.max(0, ...sending.map(({ at, lasts }) => at + lasts))
  // A generator that has not ended a minute after its time hangs.
  const deadline = milliseconds(longest + 60_000)
  await Promise.all(
    sending.map(async ({ node, process }) => {
      const { code } = await ended(directory, node, process.name, deadline)
      if (code === 0) return
      const log = directory.file('nodes', node, 'log', `${process.name}.log`)
      const text = await readFile(log, 'utf8').catch(() => '')
      const said = (text.trimEnd().split('\n').at(-1) ?? '').replaceAll(/\p{Cc}+/gu, ' ')
      throw new LabError(
        `the traffic was not sent whole: ${process.name} on ${node} ended with ${code}${said === '' ? '' : `, saying ${said}`}`,
        `see its log, ${log}; was its far end, or a link between, away when it began?`,
      )
    }),
  )
}

/** Lets those begin that wait for it, when all of them are prepared; one that has ended is waited for no more. */
async function together({ lab, directory }: Omit<Run, 'step'>, placed: readonly Placed[]): Promise<void> {
  const waiting = placed.flatMap(({ node, process: { name, begins } }) =>
    begins ? [{ node, name, ...begins }] : [],
  )
  await Promise.all(
    waiting.map(({ node, name, says }) =>
      until(`${name} on ${node} is prepared`, async () => {
        const log = await readFile(directory.file('nodes', node, 'log', `${name}.log`), 'utf8').catch(
          () => '',
        )
        const isOver = log.includes(says) || (await endOf(directory, node, name)) !== undefined
        return isOver ? undefined : `it has not said ${says}`
      }),
    ),
  )
  // They begin with the next second: none may get its signal after that of the others.
  if (waiting.length > 1) await sleep((1_200 - (Date.now() % 1_000)) % 1_000)
  await Promise.all(waiting.map(({ node, name, signal }) => lab.signal(node, name, signal)))
}

interface Play {
  readonly begin: number
  /** The events before this one, each with its end. */
  readonly happened: ReadonlyMap<string, Promise<void>>
  readonly aftermath: Aftermath
  readonly inTurn: InTurn
}

/** Does what happens to one target one after the other. */
type InTurn = <T>(target: string, act: () => Promise<T>) => Promise<T>

function turns(): InTurn {
  const last = new Map<string, Promise<unknown>>()
  return (target, act) => {
    const done = (last.get(target) ?? Promise.resolve()).then(act)
    last.set(
      target,
      done.catch(() => {}),
    )
    return done
  }
}

/** Comes back when the event is over and what it changed has settled. */
async function playEvent(
  run: Omit<Run, 'step'>,
  event: Event,
  { begin, happened, aftermath, inTurn }: Play,
): Promise<void> {
  const { after } = event
  let since = begin
  if (after) {
    if ('event' in after) await happened.get(after.event)
    else await crossed(run, after.point, after.packets)
    since = Date.now()
  }
  await sleep(Math.max(0, since + event.at - Date.now()))
  const target = `${event.target.kind} ${event.target.name}`
  let begun = 0
  const inTime = <T>(act: () => Promise<T>): Promise<T> =>
    inTurn(target, () => {
      begun = Date.now()
      return act()
    })
  const undo = await inTime(() => happen(run, event))
  // Daemons may have followed before the program that does it has ended; what they are told in the midst of a restart does not last.
  let settled = aftermath.of(event, isMomentary(event), isPassing(event) ? Date.now() : begun)
  if (event.for !== undefined) {
    await sleep(event.for)
    await inTime(undo)
    settled = aftermath.of(event, true, begun)
  }
  await settled
}

/** Waits until so many packets have crossed a point, in both directions together. */
async function crossed({ lab, plan }: Omit<Run, 'step'>, name: string, packets: number): Promise<void> {
  const index = plan.points.findIndex((point) => point.name === name)
  const point = plan.points[index]
  if (!point) throw new Error(`no point ${name} in the plan`)
  await until(`${packets} packets at ${name}`, async () => {
    // A node that restarts takes the program with it that reads.
    const read = await readTotals(lab, point, index).catch(() => undefined)
    const seen = read ? read.in.packets + read.out.packets : 0
    return seen >= packets ? undefined : `${seen} have crossed`
  })
}

/** What starts at the same time is started at once. */
function starts(plan: Plan): [number, Placed[]][] {
  const times = new Map<number, Placed[]>()
  for (const { at, node, process } of sendings(plan))
    times.set(at, [...(times.get(at) ?? []), { node, process }])
  return [...times]
}
