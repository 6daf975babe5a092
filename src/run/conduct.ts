// The conductor: the order of a run. Each step has a name, under which its time is noted; what a step does stands in the
// files beside this one.

import type { Backend, Lab, Placed } from '../backend.ts'
import type {
  Collected,
  DaemonTables,
  Exit,
  ProbeCapture,
  RouteTable,
  Row,
  SentReport,
  Wire,
} from '../evidence.ts'
import { routers } from '../part/router/routers.ts'
import { generators, matrixGenerator } from '../part/traffic/generators.ts'
import { exporters } from '../plan/exporters.ts'
import type { Plan, ProcessPlan } from '../plan/plan.ts'
import { readExports } from '../replay/exports.ts'
import { asker } from './ask.ts'
import { closeGates, openGates, readWire, recorders, startCounting } from './books.ts'
import { written } from './crossed.ts'
import { drawCurve } from './curve.ts'
import { keepExtents } from './extents.ts'
import { type RunDirectory, recordingFile } from './directory.ts'
import { drainCollector, drainProbe, type Expected, transported, unhush } from './drain.ts'
import { endOf, standstill } from './process.ts'
import { complaints, exits, interfaceIndexes, offloads } from './remarks.ts'
import { converged } from './readiness.ts'
import { placeOf } from './place.ts'
import { addRoutes } from './routes.ts'
import { play } from './schedule.ts'
import { note, timeline } from './timeline.ts'
import { settled } from './wait.ts'
import { watched } from './watch.ts'

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
export async function deploy(
  backend: Backend,
  plan: Plan,
  directory: RunDirectory,
  step: Step,
): Promise<Run> {
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
      note(directory, 'opened', 'books')
      await converged(lab, plan, directory)
    })
  } catch (error) {
    await lab.destroy()
    throw error
  }
  return run
}

/** Sends the plan's traffic and lets its events happen. */
export async function traffic({ lab, plan, directory, step }: Run): Promise<void> {
  await step('traffic', async () => {
    await noteLastingRoutes(lab, plan, directory)
    note(directory, 'start', 'traffic')
    const endCurve = drawCurve(lab, plan, directory)
    try {
      await watched(lab, plan, directory, () => play({ lab, plan, directory }))
    } finally {
      await endCurve()
    }
    note(directory, 'end', 'traffic')
  })
}

/**
 * Closes the books and brings every witness's evidence into the run directory. The probes have ended then, and nothing
 * crosses an observation point any more; `reopen` undoes both.
 */
export const closeBooks = (run: Run): Promise<void> =>
  watched(run.lab, run.plan, run.directory, () => close(run))

async function close({ lab, plan, directory, step }: Run): Promise<void> {
  const wires = await step('close', async () => {
    const ended = await exits(plan, directory)
    await directory.write('exits', ended)
    noteExits(directory, ended)
    await closeGates(lab, plan)
    note(directory, 'closed', 'books')
    const read = await readWires(lab, plan, directory)
    const [tables] = await Promise.all([
      believed(lab, plan),
      directory.write('wire', read),
      directory.write('offloads', await offloads(lab, plan)),
      directory.write('interfaces', await interfaceIndexes(lab, plan)),
    ])
    await addRoutes(directory, tables)
    await addExits(directory, await stillRouters(lab, plan, directory, tables))
    return read
  })
  const probeSide = await step('drain probes', async () => {
    const whole = written(lab, plan, wires, directory)
    const drained = await Promise.all(
      plan.probes.flatMap((probe) => {
        const wire = wires.find(({ point }) => point === probe.point)
        return wire ? drainProbe(lab, plan, probe, wire, directory) : []
      }),
    )
    await whole
    const former = await directory.read<ProbeCapture[]>('captures').catch(() => [])
    await directory.write('captures', [...former, ...drained.flatMap(({ capture }) => capture ?? [])])
    await addExits(
      directory,
      drained.map(({ end }) => end),
    )
    return drained.map(({ tables }) => tables)
  })
  await step('drain collectors', async () => {
    const transports = await Promise.all(
      exporters(plan).map((probe, index) => transported(lab, plan, probe, index, directory)),
    )
    const [collectorSide] = await Promise.all([
      Promise.all(
        plan.collectors.map(async (collector) =>
          drainCollector(lab, collector, await arrivedPackets(plan, collector.name, directory), directory),
        ),
      ),
      // Routes give a record its attributes when it arrives, which may be later than the books were closed.
      noteRoutes(lab, plan, directory, believedBy(plan)),
    ])
    await addExits(
      directory,
      collectorSide.map(({ end }) => end),
    )
    await Promise.all([
      directory.write('transport', transports),
      directory.write('collected', {
        probes: await withFormer(probeSide, directory),
        collectors: collectorSide.map(({ tables }) => tables),
      } satisfies Collected),
      directory.write('sent', await reports(lab, plan, directory)),
      directory.write('logs', await complaints(plan, directory)),
      keepExtents(directory, plan),
    ])
  })
}

/** A probe's tables end with it; what they held when the books were closed before belongs to the account too. */
async function withFormer(now: readonly DaemonTables[], directory: RunDirectory): Promise<DaemonTables[]> {
  const before = await directory.read<Collected>('collected').catch(() => undefined)
  const formerRows = (daemon: string, table: string): readonly Row[] =>
    before?.probes.find((each) => each.daemon === daemon)?.tables.find(({ name }) => name === table)?.rows ??
    []
  return now.map(({ daemon, tables }) => ({
    daemon,
    tables: tables.map((table) => ({ ...table, rows: [...formerRows(daemon, table.name), ...table.rows] })),
  }))
}

/**
 * Goes on after the books were closed, or while they were being closed: probes that have ended run again, then the gates open.
 * The counters count on.
 */
export async function reopen({ lab, plan, directory, step }: Run): Promise<void> {
  await step('reopen', async () => {
    await Promise.all(plan.probes.map((probe) => unhush(lab, probe)))
    const places = plan.probes.map(({ name }) => placeOf(plan, { probe: name }))
    const haveEnded = await Promise.all(
      places.map(({ node, process }) => endOf(directory, node, process.name)),
    )
    await lab.start(
      places.filter((_, index) => haveEnded[index]),
      'ready',
    )
    await openGates(lab, plan)
    note(directory, 'opened', 'books')
  })
}

/** Beside those that had ended before the books were closed. */
async function addExits(directory: RunDirectory, ends: readonly (Exit | undefined)[]): Promise<void> {
  const badly = ends.flatMap((end) => end ?? [])
  if (badly.length > 0) await directory.write('exits', [...(await directory.read<Exit[]>('exits')), ...badly])
}

/** What ended before the books were closed, each end once. */
function noteExits(directory: RunDirectory, ended: readonly Exit[]): void {
  const known = new Set(timeline(directory).map(({ at, target }) => `${at} ${target}`))
  for (const { node, process, at } of ended) {
    const target = `process ${node} ${process}`
    if (!known.has(`${at} ${target}`)) note(directory, 'ended', target, { at })
  }
}

async function readWires(lab: Lab, plan: Plan, directory: RunDirectory): Promise<Wire[]> {
  const entries = timeline(directory)
  const opened = entries.find(({ what, target }) => what === 'opened' && target === 'books')?.at ?? 0
  const closed = Date.now()
  return Promise.all(plan.points.map((point, index) => readWire(lab, point, index, { opened, closed })))
}

/** The packets that the exports which arrived at a collector speak of: as they say, and times the rates at which they were sampled. */
async function arrivedPackets(plan: Plan, collector: string, directory: RunDirectory): Promise<Expected> {
  const theirs = exporters(plan).filter((probe) => probe.export.collector === collector)
  const exports = await Promise.all(
    theirs.map(async (probe) => {
      const { total } = await readExports(recordingFile(directory, plan, probe, 'arrived'))
      return { said: total.packets, multiplied: total.packets * (probe.sampling?.rate ?? 1) }
    }),
  )
  const sum = (of: keyof Expected): number => exports.reduce((all, each) => all + each[of], 0)
  return { said: sum('said'), multiplied: sum('multiplied') }
}

/** A router whose daemon has ended believes nothing. */
const routesOf = (lab: Lab, router: string, kind: 'frr' | 'bird'): Promise<RouteTable> =>
  routers[kind].routes(asker(lab, router), router).catch(() => ({ router, taken: Date.now(), routes: [] }))

/** What the routers, or some of them, believe now. */
const believed = (lab: Lab, { nodes }: Plan, only?: ReadonlySet<string>): Promise<RouteTable[]> =>
  Promise.all(
    nodes.flatMap(({ name, kind }) =>
      (kind === 'frr' || kind === 'bird') && (only?.has(name) ?? true) ? routesOf(lab, name, kind) : [],
    ),
  )

/** Adds it to what they believed before; whether anything is new. */
const noteRoutes = async (
  lab: Lab,
  plan: Plan,
  directory: RunDirectory,
  only?: ReadonlySet<string>,
): Promise<boolean> => addRoutes(directory, await believed(lab, plan, only))

/** Daemons that a signal has stopped, of routers that say nothing of their routes. */
function stillRouters(
  lab: Lab,
  { nodes }: Plan,
  directory: RunDirectory,
  tables: readonly RouteTable[],
): Promise<(Exit | undefined)[]> {
  const silent = new Set(tables.filter(({ routes }) => routes.length === 0).map(({ router }) => router))
  return Promise.all(
    nodes
      .filter(({ name }) => silent.has(name))
      .flatMap(({ name: node, processes }) =>
        processes.map(({ name: process }) => standstill(lab, directory, { node, process })),
      ),
  )
}

/** Until two looks find the same; routes that never rest are noted as they are. */
async function noteLastingRoutes(lab: Lab, plan: Plan, directory: RunDirectory): Promise<void> {
  await settled(
    () => noteRoutes(lab, plan, directory),
    (isNew) => !isNew,
  )
}

/** Routers from which probes and collectors have what they know of routes. */
const believedBy = ({ probes, collectors }: Plan): ReadonlySet<string> =>
  new Set([
    ...probes.map(({ bgp, node }) => bgp?.router ?? node),
    ...collectors.flatMap(({ bgp }) => bgp?.router ?? []),
  ])

/** Of the flows that were sent and have ended. */
async function reports(lab: Lab, plan: Plan, directory: RunDirectory): Promise<SentReport[]> {
  const hasEnded = (node: string, { name }: ProcessPlan) => endOf(directory, node, name)
  const flows = plan.traffic.map(async (flow): Promise<SentReport[]> => {
    if (!(await hasEnded(flow.sourceNode, flow.process))) return []
    const part = generators[flow.intent.kind]
    const report = await part.sent(asker(lab, flow.sourceNode), asker(lab, flow.destinationNode), flow)
    return report ? [report] : []
  })
  const drawn = (plan.matrices ?? []).flatMap(({ senders }, matrix) =>
    senders.map(async ({ node, process }): Promise<SentReport[]> => {
      if (!(await hasEnded(node, process))) return []
      return [{ matrix, node, flows: await matrixGenerator.sent(asker(lab, node), matrix) }]
    }),
  )
  return (await Promise.all([...flows, ...drawn])).flat()
}
