// A lab in containers that is there: programs and processes on its nodes, a node off and on again, its end. A lab is its
// containers, found by their labels whenever they are needed; nothing is remembered.

import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'
import { type Lab, LabError, MachineError, type Program } from '../../backend.ts'
import type { NodePlan, Plan } from '../../plan/plan.ts'
import { environmentOf } from '../common/files.ts'
import { linksOf, nodeOf } from '../common/plumbing.ts'
import { environment, terminal } from '../common/shell.ts'
import { start } from '../common/supervision.ts'
import { groupId, helperContainer, kept, label, type Labels, userId } from './containers.ts'
import { asked, isGone } from './engine.ts'
import { execute } from './exec.ts'
import { endWatcher, restarting, type Watcher } from './owner.ts'
import { insideOf, joinImage } from './own-image.ts'
import { cut, handedOver, isLinked, noted, relaid, relinked, type Started } from './script.ts'

/** Containers, whether they run or not, that have all of the labels. */
export const listed = (engine: Docker, ...labels: string[]) =>
  asked(engine.listContainers({ all: true, filters: { label: labels } }))

export const containersOf = (engine: Docker, directory: string) =>
  listed(engine, `${label.directory}=${directory}`, `${label.user}=${userId()}`)

export function labIn(engine: Docker, directory: string, watcher?: Watcher): Lab {
  const found = async (node: string, which: string): Promise<Docker.Container> => {
    const [only] = await listed(engine, `${label.directory}=${directory}`, `${which}=${node}`)
    if (!only) throw new LabError(`the container of ${node} is gone`, 'deploy the lab again')
    return engine.getContainer(only.Id)
  }
  const containerOf = (node: string) => found(node, label.node)
  /** What keeps its links, and sees all its processes. */
  const linksOfNode = (node: string) => found(node, label.linksOf)
  const run = async (
    place: Docker.Container | Promise<Docker.Container>,
    argv: readonly string[],
  ): Promise<{ code: number; said: string }> => {
    const program = execute(place, argv, ['ignore', 'ignore', 'pipe'])
    const end = ended(program)
    const said = program.stderr ? text(program.stderr) : ''
    return { code: await end, said: (await said).trim() }
  }
  /** As the helper finds it. */
  const started = async (node: NodePlan): Promise<Started> => ({
    node,
    pid: (await asked((await containerOf(node.name)).inspect())).State.Pid,
  })
  /** The node and its neighbours. */
  const startedAround = (plan: Plan, node: string): Promise<Started[]> => {
    const names = new Set([node, ...linksOf(plan, node).flatMap(({ ends }) => ends.map((end) => end.node))])
    return Promise.all(plan.nodes.filter(({ name }) => names.has(name)).map(started))
  }
  return {
    spawn: (node, argv, streams) =>
      execute(
        containerOf(node),
        [
          ...environment,
          ...terminal(),
          ...environmentOf(directory, node),
          ...insideOf(directory, node),
          ...argv,
        ],
        streams,
      ),
    async start(processes, until) {
      const nodes = [...new Set(processes.map(({ node }) => node))]
      const begin = async (node: string, isWitness: boolean): Promise<void> => {
        const own = processes.filter(
          ({ node: on, process }) => on === node && (process.witness ?? false) === isWitness,
        )
        if (own.length === 0) return
        const place = {
          ...{ kept, root: '' },
          enter: isWitness ? [] : insideOf(directory, node),
          environment: environmentOf(directory, node),
        }
        const container = isWitness ? linksOfNode(node) : containerOf(node)
        const { code, said } = await run(container, ['bash', '--norc', '-c', start(own, () => place, until)])
        if (code !== 0) throw unstarted(said || `bash ended with ${code}`)
      }
      await Promise.all(nodes.flatMap((node) => [begin(node, true), begin(node, false)]))
    },
    async signal(node, process, signal) {
      const state = join(directory, 'nodes', node, 'state', process)
      if (!existsSync(`${state}.pid`) || existsSync(`${state}.exit`)) return false
      const pid = (await readFile(`${state}.pid`, 'utf8')).trim()
      return (await run(linksOfNode(node), ['kill', `-${signal.slice(3)}`, pid])).code === 0
    },
    restart: (plan, name) =>
      restarting(directory, name, async () => {
        const node = nodeOf(plan, name)
        const [container, links] = await Promise.all([containerOf(name), linksOfNode(name)])
        if (!(await asked(links.inspect())).State.Running) await asked(links.start())
        if (!(await isFresh(container))) await asked(container.restart({ t: 0 }))
        await run(links, ['bash', '--norc', '-c', noted])
        const script = `restart-${name}.sh`
        const isKept = (await run(links, isLinked(node))).code === 0
        await joinImage(engine, node, container, links, directory)
        if (isKept) {
          await help(engine, directory, script, relaid(await started(node)))
          return []
        }
        await help(engine, directory, script, relinked(await startedAround(plan, name), plan, node))
        return linksOf(plan, name).flatMap(({ ends }) => ends)
      }),
    async keep() {
      await watcher?.keep()
    },
    async destroy() {
      const [one] = await containersOf(engine, directory)
      try {
        await removed(engine, directory)
      } finally {
        // What the engine does not take down now the next deploy finds; nobody waits for it.
        await endWatcher(directory)
      }
      if (one && existsSync(directory)) await handOver(engine, directory, one.Labels)
    },
  }
}

/** Its exit code. */
const ended = (program: Program): Promise<number> =>
  new Promise((resolve, reject) => program.once('close', resolve).once('error', reject))

/** What a node begins with: `prepared` and what it runs (script.ts). */
const beginning = /^(?:bash --norc|sleep infinity|find|cp|mkdir|chown|touch)\b/

/** Whether nothing runs in it yet but what it began with: somebody else has just started it. An engine that cannot tell: no. */
async function isFresh(container: Docker.Container): Promise<boolean> {
  if (!(await asked(container.inspect())).State.Running) return false
  // It runs the machine's ps(1), and asks about processes that may end meanwhile.
  const top = (await container.top().catch(() => undefined)) as
    | { readonly Processes?: readonly string[][] }
    | undefined
  if (!top) return false
  return (top.Processes ?? []).every(([, , , , , , , ...command]) => beginning.test(command.join(' ')))
}

/** Lays down the links of a node that has died, so that its neighbours see it. */
export async function cutOff(engine: Docker, directory: string, node: string): Promise<void> {
  const [links] = await listed(engine, `${label.directory}=${directory}`, `${label.linksOf}=${node}`)
  if (!links) return
  const { State } = await asked(engine.getContainer(links.Id).inspect())
  if (!State.Running) return
  await ended(execute(engine.getContainer(links.Id), ['bash', '--norc', '-c', noted], 'ignore'))
  await help(engine, directory, `cut-${node}.sh`, cut(State.Pid))
}

const dependents = [label.imageOf, label.node]

async function removed(engine: Docker, directory: string): Promise<void> {
  for (;;) {
    const left = await containersOf(engine, directory)
    if (left.length === 0) return
    // Podman removes nothing that another container lives in.
    const first = dependents
      .map((of) => left.filter(({ Labels }) => of in Labels))
      .find(({ length }) => length > 0)
    await Promise.all((first ?? left).map(({ Id }) => remove(engine.getContainer(Id))))
    await sleep(20)
  }
}

/** An ordinary user could not remove what root's daemons have left. */
async function handOver(engine: Docker, directory: string, labels: Labels): Promise<void> {
  if (userId() === '0') return
  const script = 'handover.sh'
  await help(engine, directory, script, handedOver(userId(), groupId()), labels)
  await rm(join(directory, script))
}

/**
 * Runs a script over the lab's run directory and network namespaces, with the labels of the lab's containers; throws
 * MachineError with what it said where it fails.
 */
export async function help(
  engine: Docker,
  directory: string,
  script: string,
  lines: string,
  labels?: Labels,
): Promise<void> {
  await writeFile(join(directory, script), lines)
  const theirs = labels ?? (await containersOf(engine, directory))[0]?.Labels ?? {}
  const helper = await asked(engine.createContainer(helperContainer(script, directory, theirs)))
  try {
    await asked(helper.start())
    const { StatusCode } = (await asked(helper.wait())) as { StatusCode: number }
    if (StatusCode === 0) return
    const said = await asked(helper.logs({ stdout: true, stderr: true }))
    throw new MachineError(
      `the lab could not be built: ${printable(said)}`,
      `the script that failed is ${join(directory, script)}`,
    )
  } finally {
    await remove(helper)
  }
}

/** What a container said, without the headers of eight bytes that the engine puts before its pieces. */
function printable(said: Buffer): string {
  const pieces: Buffer[] = []
  for (let at = 0; at + 8 <= said.length; ) {
    const end = at + 8 + said.readUInt32BE(at + 4)
    pieces.push(said.subarray(at + 8, end))
    at = end
  }
  return Buffer.concat(pieces).toString().trim()
}

async function remove(container: Docker.Container): Promise<void> {
  await asked(
    container.remove({ force: true, v: true }).catch((error: unknown) => {
      if (!isGone(error)) throw error
    }),
  )
}

const unstarted = (said: string): Error =>
  new LabError(
    `the lab did not start: ${said}`,
    'see its log in the run directory, nodes/NODE/log/PROCESS.log, and what the lab file changes of its configuration',
  )
