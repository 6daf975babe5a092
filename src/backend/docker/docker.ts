// A lab in containers: each node one of its own, without a network of the engine's; a short-lived helper joins them. All that
// is asked of the engine goes by its API, so whoever may use its socket needs no other right on the machine.

import { readFileSync, existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'
import { type Backend, type Found, type Lab, LabError, MachineError } from '../../backend.ts'
import type { LinkPlan } from '../../plan/plan.ts'
import { writeNodes } from '../common/files.ts'
import { environment, terminal } from '../common/shell.ts'
import { start } from '../common/supervision.ts'
import { type Deployment, helperContainer, kept, label, nodeContainer, userId } from './containers.ts'
import { asked, connect, isGone, isThere } from './engine.ts'
import { execute } from './exec.ts'
import { plumbing, type Started } from './script.ts'

export const docker: Backend = {
  async deploy(plan, directory) {
    const engine = await connect()
    await clearAbandoned(engine)
    const deployment: Deployment = { plan, directory, owner: mark(process.pid) }
    const lab = labIn(engine, directory)
    try {
      await writeNodes(plan, directory)
      const started = await Promise.all(
        plan.nodes.map(async (node): Promise<Started> => {
          const container = await asked(engine.createContainer(nodeContainer(node, deployment)))
          await asked(container.start())
          return { node, pid: (await asked(container.inspect())).State.Pid }
        }),
      )
      await plumb(engine, deployment, started, plan.links)
    } catch (error) {
      await lab.destroy()
      throw error
    }
    return lab
  },
  async find() {
    const engine = await usable()
    return engine ? found(engine) : []
  },
  async attach(directory) {
    const engine = await usable()
    if (!engine) return undefined
    return (await containersOf(engine, directory)).length > 0 ? labIn(engine, directory) : undefined
  },
}

/** The engine, if there is one that this user may use. */
const usable = (): Promise<Docker | undefined> =>
  isThere() ? connect().catch(() => undefined) : Promise.resolve(undefined)

const listed = (engine: Docker, ...labels: string[]) =>
  asked(engine.listContainers({ all: true, filters: { label: labels } }))

const containersOf = (engine: Docker, directory: string) =>
  listed(engine, `${label.directory}=${directory}`, `${label.user}=${userId()}`)

interface Owned extends Found {
  readonly lab: string
  readonly owner: string
}

async function found(engine: Docker): Promise<Owned[]> {
  const all = await listed(engine, label.directory, `${label.user}=${userId()}`)
  const byDirectory = all.map(({ Labels }): [string, Owned] => {
    const directory = Labels[label.directory] ?? ''
    return [directory, { directory, lab: Labels[label.lab] ?? '', owner: Labels[label.owner] ?? '' }]
  })
  return [...new Map(byDirectory).values()]
}

/** A process for as long as it lives: its number may be another's later, with another start time. */
export function mark(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`
  } catch {
    return ''
  }
}

/** What lies in the run directory of a lab that outlives the command. */
const keptSign = (directory: string): string => join(directory, 'docker.kept')

/** Labs whose command was killed before it could take them down. */
async function clearAbandoned(engine: Docker): Promise<void> {
  const abandoned = (await found(engine)).filter(
    ({ directory, owner }) =>
      existsSync(directory) &&
      !existsSync(keptSign(directory)) &&
      mark(Number(owner.split(' ')[0])) !== owner,
  )
  await Promise.all(abandoned.map(({ directory }) => labIn(engine, directory).destroy()))
}

async function plumb(
  engine: Docker,
  deployment: Deployment,
  started: readonly Started[],
  links: readonly LinkPlan[],
): Promise<void> {
  const script = 'plumbing.sh'
  await writeFile(join(deployment.directory, script), plumbing(started, links))
  const helper = await asked(engine.createContainer(helperContainer(script, deployment)))
  try {
    await asked(helper.start())
    const { StatusCode } = (await asked(helper.wait())) as { StatusCode: number }
    if (StatusCode === 0) return
    const said = (await asked(helper.logs({ stdout: true, stderr: true }))) as unknown as Buffer
    throw new MachineError(
      `the lab could not be built: ${printable(said)}`,
      `the script that failed is ${join(deployment.directory, script)}`,
    )
  } finally {
    await remove(helper)
  }
}

/** What a container said, without the headers that the engine puts between its pieces. */
const printable = (said: Buffer): string =>
  said
    .toString()
    .replaceAll(/[\u0000-\u0008]\0{3}[^]{4}/g, '')
    .trim()

async function remove(container: Docker.Container): Promise<void> {
  await container.remove({ force: true, v: true }).catch((error: unknown) => {
    if (!isGone(error)) throw error
  })
}

function labIn(engine: Docker, directory: string): Lab {
  const containerOf = async (node: string): Promise<Docker.Container> => {
    const [only] = await listed(engine, `${label.directory}=${directory}`, `${label.node}=${node}`)
    if (!only) throw new LabError(`the container of ${node} is gone`, 'deploy the lab again')
    return engine.getContainer(only.Id)
  }
  const run = async (node: string, argv: readonly string[]): Promise<{ code: number; said: string }> => {
    const program = execute(await containerOf(node), argv, ['ignore', 'ignore', 'pipe'])
    const ended = new Promise<number>((resolve, reject) =>
      program.once('close', resolve).once('error', reject),
    )
    const said = program.stderr ? await text(program.stderr) : ''
    return { code: await ended, said: said.trim() }
  }
  return {
    spawn: (node, argv, streams) =>
      execute(containerOf(node), [...environment, ...terminal(), ...argv], streams),
    async start(processes, until) {
      const nodes = [...new Set(processes.map(({ node }) => node))]
      await Promise.all(
        nodes.map(async (node) => {
          const own = processes.filter((each) => each.node === node)
          const script = start(own, () => ({ kept, root: '', enter: [] }), until)
          const { code, said } = await run(node, ['bash', '--norc', '-c', script])
          if (code !== 0) throw unstarted(said || `bash ended with ${code}`)
        }),
      )
    },
    async signal(node, process, signal) {
      const state = join(directory, 'nodes', node, 'state', process)
      if (!existsSync(`${state}.pid`) || existsSync(`${state}.exit`)) return false
      const pid = (await readFile(`${state}.pid`, 'utf8')).trim()
      return (await run(node, ['kill', `-${signal.slice(3)}`, pid])).code === 0
    },
    keep: () => writeFile(keptSign(directory), ''),
    async destroy() {
      for (;;) {
        const left = await containersOf(engine, directory)
        if (left.length === 0) break
        await Promise.all(left.map(({ Id }) => remove(engine.getContainer(Id))))
        await sleep(20)
      }
      await rm(keptSign(directory), { force: true })
    },
  }
}

const unstarted = (said: string): Error =>
  new LabError(
    `the lab did not start: ${said}`,
    'see its log in the run directory, nodes/NODE/log/PROCESS.log, and what the lab file changes of its configuration',
  )
