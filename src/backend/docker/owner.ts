// Who a lab belongs to: the process that deployed it, until it is kept. A watcher beside the lab ends it when that process ends
// first, however that happens; should the watcher be killed too, the next deploy finds the lab by its owner's mark.

import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** A process for as long as it lives: its number may be another's later, with another start time. Empty where there is none. */
export function mark(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' ? '' : `${pid} ${fields[18]}`
  } catch {
    return ''
  }
}

export const isAlive = (marked: string): boolean =>
  marked !== '' && mark(Number.parseInt(marked, 10)) === marked

const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '')

const files = (directory: string) => ({
  kept: join(directory, 'docker.kept'),
  watcher: join(directory, 'docker.watcher'),
  log: join(directory, 'docker.log'),
})

/** Whether nobody will ever take the lab down: its owner has ended and has not kept it. */
export const isAbandoned = (directory: string, owner: string): boolean =>
  existsSync(directory) && !existsSync(files(directory).kept) && !isAlive(owner)

export interface Watcher {
  /** Comes back when it follows the engine's events. */
  readonly watching: Promise<void>
  /** The lab is built: from now on a start of a node is somebody else's. */
  readonly built: () => void
  /** The lab outlives its owner. */
  readonly keep: () => Promise<void>
}

/** Beside the command's bundle; seen from its chunks, and from the sources. */
const program = (): string | undefined =>
  ['../watch.js', '../../../dist/watch.js']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path))

export async function startWatcher(directory: string): Promise<Watcher> {
  const file = program()
  if (file === undefined) throw new Error('dist/watch.js is not there: run `npm run build`')
  const log = openSync(files(directory).log, 'a')
  const child: ChildProcess = spawn(process.execPath, [file, directory], {
    stdio: ['pipe', 'pipe', log],
    detached: true,
  })
  closeSync(log)
  child.stdin?.on('error', () => {}) // It may have been ended with the lab.
  await writeFile(files(directory).watcher, mark(child.pid ?? 0))
  return {
    watching: new Promise((resolve) => {
      child.stdout?.once('data', () => resolve())
      child.once('error', () => resolve())
      child.once('exit', () => resolve())
    }),
    built: () => void child.stdin?.write(`built ${Date.now()}\n`),
    keep: async () => {
      await writeFile(files(directory).kept, '')
      child.stdin?.end('keep\n')
      child.stdout?.destroy()
      child.unref()
    },
  }
}

/** Ends the watcher, unless the caller is it; comes back when it is gone. */
export async function endWatcher(directory: string): Promise<void> {
  const marked = read(files(directory).watcher)
  const pid = Number.parseInt(marked, 10)
  if (isAlive(marked) && pid !== process.pid) {
    process.kill(pid, 'SIGKILL')
    while (isAlive(marked)) await sleep(5)
  }
  const { kept, watcher, log } = files(directory)
  await Promise.all([kept, watcher].map((file) => rm(file, { force: true })))
  if (read(log) === '') await rm(log, { force: true })
}

const restartFiles = (directory: string, node: string) => ({
  by: join(directory, 'nodes', node, 'state', 'restarting'),
  till: join(directory, 'nodes', node, 'state', 'restarted'),
})

/** While somebody restarts a node the watcher leaves it to them. */
export async function restarting<T>(directory: string, node: string, act: () => Promise<T>): Promise<T> {
  const { by, till } = restartFiles(directory, node)
  await writeFile(by, mark(process.pid))
  try {
    return await act()
  } finally {
    await writeFile(till, String(Date.now()))
    await rm(by, { force: true })
  }
}

/** Whether what happened to a node at a time (ms since the epoch) is a part of its restart by flowlab, under way or over. */
export function isOfRestart(directory: string, node: string, at: number): boolean {
  const { by, till } = restartFiles(directory, node)
  return isAlive(read(by)) || at <= Number(read(till))
}
