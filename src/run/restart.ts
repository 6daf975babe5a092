// A node off and on again in a running lab: its namespaces are the backend's business, its processes, the recorders and what is
// waited for are decided here.

import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../backend.ts'
import { milliseconds } from '../kernel/units.ts'
import type { End } from '../plan/plan.ts'
import type { Run } from './conduct.ts'
import { closeGates, openGates, recorders, startCounting } from './books.ts'
import { drawCurve } from './curve.ts'
import { converged, sessionsUp } from './readiness.ts'
import { exits } from './remarks.ts'
import { note, timeline } from './timeline.ts'
import { within } from './wait.ts'

/** For each step, longer than its own conditions are waited for (script.ts, supervision.ts): an engine may give no answer at all. */
const patience = { links: milliseconds(40_000), processes: milliseconds(90_000) } as const

/** Kills what runs on a node and starts it again as planned; comes back when its processes are ready. */
export async function restart({ lab, plan, directory }: Omit<Run, 'step'>, node: string): Promise<void> {
  const own = recorders(plan).filter((each) => each.node === node)
  const spared = own.map(({ process }) => process.name)
  const anew = await within(`links of ${node}`, lab.restart(plan, node, spared), patience.links)
  const watching = anew.length > 0 ? watchAgain({ lab, plan, directory }, anew) : undefined
  const reopened = watching && (await within(`witnesses of ${node}`, watching, patience.processes))
  const processes = plan.nodes.find(({ name }) => name === node)?.processes ?? []
  const placed = processes.map((process) => ({ node, process }))
  await within(`processes of ${node}`, lab.start(placed, 'ready'), patience.processes)
  await reopened?.()
}

/**
 * Waits until routes and sessions are what they were before: once in hundreds of restarts FRR's session with pmacct stays down.
 * Throws LabError at once where a process of the node ends meanwhile: nothing would come of waiting.
 */
async function recovered({ lab, plan, directory }: Omit<Run, 'step'>, node: string): Promise<void> {
  await sessionsUp(lab, plan, {
    reset: (session) => note(directory, 'reset', `session ${session}`),
    async look() {
      const [dead] = await exits(plan, directory, node)
      if (!dead) return
      const said = `nodes/${node}/log/${dead.process}.log in the run directory has what it said`
      throw new LabError(`${dead.process} of ${node} ended with ${dead.code} after it was ready`, said)
    },
  })
  await converged(lab, plan, directory)
}

/**
 * Counters and recorders on interfaces that were made anew: those at the other end of a link count on, the node's begin again.
 * Their gates are closed, if the books are open, until what is returned is called: what came earlier no probe could see.
 */
async function watchAgain(
  { lab, plan, directory }: Omit<Run, 'step'>,
  anew: readonly End[],
): Promise<() => Promise<void>> {
  const isAnew = (node: string, name: string): boolean =>
    anew.some((end) => end.node === node && end.interface === name)
  const books = timeline(directory).findLast(({ target }) => target === 'books')
  const points = plan.points.filter((point) => isAnew(point.node, point.interface))
  await closeGates(lab, { ...plan, points })
  await startCounting(lab, plan, isAnew)
  for (const { node, interface: name } of anew) note(directory, 'renewed', `${node}:${name}`)
  const lost = recorders(plan, isAnew)
  await Promise.all(lost.map(({ node, process }) => lab.signal(node, process.name, 'SIGKILL')))
  await lab.start(lost, 'ready')
  return async () => {
    if (books?.what === 'opened') await openGates(lab, { ...plan, points })
  }
}

/** How a restart that somebody else has begun is gone about: with whatever comes between, it is tried again. */
export interface Noticed {
  /** When the node went away: milliseconds since 1970-01-01T00:00:00Z. */
  readonly since: number
  readonly attempts: number
  /** Told of each failure; the next attempt waits for what it does. */
  readonly failed: (error: unknown) => void | Promise<void>
}

/** Milliseconds between two attempts. */
const pause = 1_000

async function insisting(act: () => Promise<void>, noticed: Noticed | undefined): Promise<void> {
  for (let left = noticed?.attempts ?? 1; ; left--)
    try {
      return await act()
    } catch (error) {
      if (left <= 1) throw error
      await noticed?.failed(error)
      await sleep(pause)
    }
}

/** Asked for by the user, or noticed: an event like one of the lab file. */
export async function restartAsEvent(
  run: Omit<Run, 'step'>,
  node: string,
  step: Run['step'],
  noticed?: Noticed,
): Promise<void> {
  const { lab, plan, directory } = run
  const endCurve = drawCurve(lab, plan, directory)
  const nth = timeline(directory).filter(
    ({ target, phase }) => target === `node ${node}` && phase === 'begin',
  )
  const event = `node ${node} restart${nth.length === 0 ? '' : ` ${nth.length + 1}`}`
  note(directory, 'restart', `node ${node}`, { at: noticed?.since ?? Date.now(), event, phase: 'begin' })
  try {
    await step('restart', () => insisting(() => restart(run, node), noticed))
    note(directory, 'start', `node ${node}`, { event, phase: 'end' })
    const again = noticed && {
      ...noticed,
      async failed(error: unknown): Promise<void> {
        await noticed.failed(error)
        if ((await exits(plan, directory, node)).length > 0) await restart(run, node).catch(noticed.failed)
      },
    }
    await step('converge', () => insisting(() => recovered(run, node), again))
    note(directory, 'settled', 'routes', { event, phase: 'settled' })
  } finally {
    await endCurve()
  }
}
