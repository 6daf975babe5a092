// What tests with real labs share: whether this machine can have any, lab files made from the talk's by small edits, the
// command as users call it, and traces that a lab must not leave.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll } from 'vitest'
import { parse, stringify } from 'yaml'
import type { z } from 'zod'
import { path } from '../../src/backend/common/shell.ts'
import { probes } from '../../src/part/probe/probes.ts'
import { collectors } from '../../src/part/collector/collectors.ts'
import { routers } from '../../src/part/router/routers.ts'
import type { Programs } from '../../src/part.ts'
import { generators } from '../../src/part/traffic/generators.ts'
import type { LabFile } from '../../src/topology/schema.ts'

export const root = resolve(import.meta.dirname, '../..')
const program = join(root, 'bin', 'flowlab')
export const isRoot = process.getuid?.() === 0

/** Why labs cannot run here; undefined where they can. Asked once a test file. */
export const cannot: string | undefined = lacking() ?? refused()

function lacking(): string | undefined {
  const parts = [...Object.values({ ...routers, ...probes, ...collectors, ...generators })]
  const needed = [
    'unshare',
    'nsenter',
    'ip',
    'nft',
    'ethtool',
    'tcpdump',
    ...parts.flatMap((part: Programs) => (part.optional ? [] : part.programs)),
  ]
  const there = (name: string): boolean => path.split(':').some((folder) => existsSync(resolve(folder, name)))
  const missing = [...new Set(needed)].filter((name) => !there(name))
  return missing.length === 0 ? undefined : `not installed: ${missing.join(', ')}`
}

function refused(): string | undefined {
  const user = isRoot ? [] : ['--user', '--map-root-user', '--map-auto']
  try {
    execFileSync('unshare', [...user, '--net', '--mount', '--pid', '--fork', 'true'], { stdio: 'pipe' })
    return undefined
  } catch (error) {
    return `no namespaces: ${String((error as { stderr?: Buffer }).stderr ?? error).trim()}`
  }
}

/** A directory for one test file that others may read, removed after its tests. */
export function temporary(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `flowlab-${name}-`))
  chmodSync(directory, 0o755)
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** A lab file as it is written; what is read from YAML is taken to be one, since flowlab itself will check it. */
export type Draft = z.input<typeof LabFile>

/** The talk's lab, with traffic of a second. */
export function talk(): Draft {
  const draft = parse(readFileSync(join(root, 'examples/janog36/lab.yaml'), 'utf8')) as Draft
  // What it expects holds of it as it is, not of what tests make of it.
  delete draft.expect
  for (const flow of draft.traffic ?? []) {
    if (flow.kind === 'ditg') flow.for = '1s'
    else Object.assign(flow, { count: 5, interval: '200ms' })
  }
  return draft
}

/** Writes the talk's lab, edited, as `NAME.yaml` in `directory`; gives the file's path. */
export function labFile(directory: string, name: string, edit: (draft: Draft) => void = () => {}): string {
  const draft = talk()
  edit(draft)
  const file = join(directory, `${name}.yaml`)
  writeFileSync(file, stringify(draft))
  return file
}

/** What an optional part of a draft holds under a name; the talk's lab has it. */
export function of<T>(parts: Readonly<Record<string, T>> | undefined, name: string): T {
  const part = parts?.[name]
  if (part === undefined) throw new Error(`the lab has no ${name}`)
  return part
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Call {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** A file that takes standard output. */
  readonly outputTo?: string
  /** What stands before the command: a program that runs it as somebody else, or elsewhere. */
  readonly through?: readonly string[]
}

export interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** What it has said on standard error so far. */
  readonly said: () => string
}

export function begin(
  args: readonly string[],
  { cwd = root, env, outputTo, through = [] }: Call = {},
): Started {
  const [command = '', ...rest] = [...through, process.execPath, program, ...args]
  const output = outputTo === undefined ? 'pipe' : openSync(outputTo, 'w')
  const child = spawn(command, rest, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', output, 'pipe'],
  })
  if (typeof output === 'number') closeSync(output)
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (data: Buffer) => (stdout += data.toString()))
  child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()))
  const ended = new Promise<Ended>((done, fail) => {
    child.once('error', fail)
    child.once('close', (code, signal) => done({ code, signal, stdout, stderr }))
  })
  return { child, ended, said: () => stderr }
}

/** Runs the command to its end. */
export const flowlab = (args: readonly string[], call: Call = {}): Promise<Ended> => begin(args, call).ended

/** Waits until something is so, and throws with what was still wrong after `within` milliseconds. */
export async function eventually(
  wrong: () => string | undefined | Promise<string | undefined>,
  within = 100_000,
): Promise<void> {
  const deadline = Date.now() + within
  for (;;) {
    const still = await wrong()
    if (still === undefined) return
    if (Date.now() > deadline) throw new Error(`still so after ${within} ms: ${still}`)
    await sleep(20)
  }
}

const readOf = (pid: string, name: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return '' // It has ended, or is not ours.
  }
}

/**
 * Processes that belong to the lab of a run directory: its path is in their arguments or environment, or mounted where they
 * live, as it is in every namespace of a lab. Namespaces end with their processes.
 */
export const processesOf = (directory: string): string[] =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((pid) =>
      ['cmdline', 'environ', 'mountinfo'].some((name) => readOf(pid, name).includes(directory)),
    )
    .map((pid) => `${pid} ${readOf(pid, 'cmdline').replaceAll('\0', ' ').slice(0, 200)}`)

/** Waits until nothing of a lab is left on the machine but its run directory. */
export const gone = (directory: string): Promise<void> =>
  eventually(() => {
    const left = processesOf(directory)
    return left.length === 0 ? undefined : left.join('\n')
  })

export const hostInterfaces = (): string[] => readdirSync('/sys/class/net').toSorted()

/** How many times as long as on an idle machine a program takes now: its time by its processor time, 1 at the least. */
export function slowness(): number {
  const script = `TIMEFORMAT='%R %U %S'; time "$0" -e 0`
  const { stderr } = spawnSync('bash', ['--norc', '-c', script, process.execPath], {
    encoding: 'utf8',
    env: { LC_ALL: 'C' },
  })
  const [real = 0, user = 0, system = 0] = stderr.trim().split(' ').map(Number)
  return Math.max(1, real / (user + system))
}
