// The default backend: a whole lab inside one set of namespaces, for root and ordinary users alike.

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Backend,
  type Lab,
  LabError,
  MachineError,
  type Placed,
  type Program,
  type Streams,
} from '../../backend.ts'
import { environmentOf, writeNodes } from '../common/files.ts'
import { linksOf } from '../common/plumbing.ts'
import { environment, terminal } from '../common/shell.ts'
import { start } from '../common/supervision.ts'
import { create, end, find, findAll, type Namespace } from './namespace.ts'
import { isKept, rebuild, restartKept } from './restart.ts'
import { build, inNode, placesIn } from './script.ts'

export const sandbox: Backend = {
  // machine/ knows what this one takes: programs, namespaces, kernel features.
  preflight: async () => {},
  async deploy(plan, directory) {
    await writeNodes(plan, directory)
    const { namespace, holder } = await create(directory)
    const lab = labIn(namespace, directory, holder)
    try {
      await runScript(namespace, build(plan, directory), unbuilt)
    } catch (error) {
      await lab.destroy()
      throw error
    }
    return lab
  },
  find: async () => [...findAll().keys()].map((directory) => ({ directory })),
  attach: async (directory) => {
    const namespace = find(directory)
    return namespace && labIn(namespace, directory)
  },
}

function labIn(namespace: Namespace, directory: string, holder?: ChildProcess): Lab {
  const stateOf = (node: string, process: string) => join(directory, 'nodes', node, 'state', process)
  return {
    spawn: (node, argv, streams): Program =>
      run(
        namespace,
        [...inNode(node), ...environment, ...terminal(), ...environmentOf(directory, node), ...argv],
        streams,
      ),
    start: (processes: readonly Placed[], until) =>
      runScript(namespace, start(processes, placesIn(directory), until), unstarted),
    async signal(node, process, signal) {
      const state = stateOf(node, process)
      if (!existsSync(`${state}.pid`) || existsSync(`${state}.exit`)) return false
      const pid = (await readFile(`${state}.pid`, 'utf8')).trim()
      const { code } = await finished(run(namespace, ['kill', `-${signal.slice(3)}`, pid], 'ignore'))
      return code === 0
    },
    async restart(plan, node, spared) {
      const kept = async () => (await finished(run(namespace, isKept(node), 'ignore'))).code === 0
      if (await kept())
        try {
          await runScript(namespace, restartKept(plan, node, spared, directory), unbuilt)
          return []
        } catch (error) {
          // Its keeper may have died meanwhile.
          if (await kept()) throw error
        }
      await runScript(namespace, rebuild(plan, node, directory), unbuilt)
      return linksOf(plan, node).flatMap(({ ends }) => ends)
    },
    async keep() {
      holder?.stdin?.end('keep\n')
      holder?.stdout?.destroy()
      holder?.unref()
    },
    async destroy() {
      await end(namespace)
      await rm(join(directory, 'sandbox.log'), { force: true })
    },
  }
}

function run(namespace: Namespace, argv: readonly string[], streams: Streams): ChildProcess {
  const [program = '', ...rest] = namespace.enter(argv)
  return spawn(program, rest, { stdio: typeof streams === 'string' ? streams : [...streams] })
}

const unbuilt = (said: string): Error =>
  new MachineError(`the lab could not be built: ${said}`, 'run `flowlab doctor`: it says what is missing')

const unstarted = (said: string): Error =>
  new LabError(
    `the lab did not start: ${said}`,
    'see its log in the run directory, nodes/NODE/log/PROCESS.log, and what the lab file changes of its configuration',
  )

/** Throws what `failure` makes of what the script said, where it fails. */
async function runScript(
  namespace: Namespace,
  script: string,
  failure: (said: string) => Error,
): Promise<void> {
  const child = run(namespace, ['bash', '--norc'], ['pipe', 'ignore', 'pipe'])
  child.stdin?.on('error', () => {}) // It may have ended before it read all; its exit code tells.
  child.stdin?.end(script)
  const { code, stderr } = await finished(child)
  if (code !== 0) throw failure(stderr.trim() || `bash ended with ${code}`)
}

function finished(child: ChildProcess): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve, reject) => {
    let stderr = ''
    child.stderr?.on('data', (data: Buffer) => {
      stderr += data.toString()
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stderr }))
  })
}
