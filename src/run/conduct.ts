// The conductor: the order of a run. Each step has a name, under which its time is noted; what a step does stands in the
// files beside this one.

import { copyFile } from 'node:fs/promises'
import type { Backend, Lab, Placed } from '../backend.ts'
import type { TimelineEntry, Transport, Wire } from '../evidence.ts'
import { routers } from '../part/router/routers.ts'
import { generators } from '../part/traffic/generators.ts'
import type { Plan } from '../plan/plan.ts'
import { asker } from './ask.ts'
import { closeGates, openGates, readWire, recorders, startCounting } from './books.ts'
import type { RunDirectory } from './directory.ts'
import { collectorTables, endProbe, probeTables, transported } from './drain.ts'
import { complaints, exits, offloads } from './remarks.ts'
import { converged } from './readiness.ts'
import { play } from './schedule.ts'

/** Does one step of a run, telling whoever watches. */
export type Step = <T>(name: string, act: () => Promise<T>) => Promise<T>

export interface Run {
  readonly lab: Lab
  readonly plan: Plan
  readonly directory: RunDirectory
  readonly step: Step
}

/** All long-lived processes of the plan. */
const daemons = ({ nodes }: Plan): Placed[] =>
  nodes.flatMap(({ name, processes }) => processes.map((process) => ({ node: name, process })))

/** From nothing to a lab through which traffic may go: built, counting, converged. */
export async function deploy(backend: Backend, plan: Plan, directory: RunDirectory, step: Step): Promise<Run> {
  const lab = await step('build', () => backend.deploy(plan, directory.path))
  const run = { lab, plan, directory, step }
  try {
    await step('start', async () => {
      await closeGates(lab, plan)
      await Promise.all([startCounting(lab, plan), lab.start(recorders(plan), 'ready')])
      await lab.start(daemons(plan), 'ready')
    })
    await step('converge', async () => {
      await openGates(lab, plan)
      await note(directory, 'opened', 'books')
      await converged(lab, plan, directory)
    })
  } catch (error) {
    await lab.destroy()
    throw error
  }
  return run
}

export async function traffic({ lab, plan, directory, step }: Run): Promise<void> {
  await step('traffic', async () => {
    await note(directory, 'start', 'traffic')
    await play(lab, plan, directory, (what, target) => void note(directory, what, target))
    await note(directory, 'end', 'traffic')
  })
}
