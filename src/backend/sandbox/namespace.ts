// The one set of namespaces that a lab lives in: how it is made, found among the machine's processes, entered and ended.
// Nothing is registered anywhere: the process that holds the namespaces carries the run directory in its arguments.

import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MachineError } from '../../backend.ts'
import { path } from '../common/shell.ts'

/** Stands among the arguments of the process that holds a lab, before the run directory. */
const mark = 'flowlab-sandbox'

export const isRoot = process.getuid?.() === 0

/** An ordinary user gets a user namespace, with the sub-ids that /etc/subuid grants; root needs none. */
export const unshareArguments: readonly string[] = [
  ...(isRoot ? [] : ['--user', '--map-root-user', '--map-auto']),
  '--net',
  '--mount',
  '--ipc',
  '--uts',
  '--pid',
  '--fork',
  '--kill-child',
  '--mount-proc',
]

/**
 * Process 1 of the lab, in bash, which reaps orphans. While standard input is open the lab belongs to the process at its
 * other end; `keep` sets it free. The run directory may lie under /run, which is covered: it is mounted again. Until it
 * is covered mount(8) must keep no books there (/run/mount).
 */
const init = `
set -e
hostname flowlab
mount --no-mtab --bind "$1" "$1" && cd "$1"
mount --no-mtab -t tmpfs -o mode=755 flowlab /run
[ -d "$1" ] || { mkdir -p "$1" && mount --no-canonicalize --bind . "$1"; }
cd /
mkdir -p /run/netns /run/ns /run/nodes
ip link set lo up
echo ready
exec >/dev/null
read -r word || exit 0
[ "$word" = keep ] || exit 0
exec </dev/null
trap 'exit 0' TERM
while :; do sleep infinity & wait $! || :; done
`

export interface Namespace {
  /** Of the process that holds the namespaces, in the machine's numbering. */
  readonly pid: number
  /** Makes a command line run inside, as the lab's root. */
  readonly enter: (argv: readonly string[]) => string[]
}

const namespaceOf = (pid: number): Namespace => ({
  pid,
  enter: (argv) => [
    'nsenter',
    `--target=${pid}`,
    ...(isRoot ? [] : ['--user']),
    '--net',
    '--mount',
    '--ipc',
    '--uts',
    // The holder itself stays in the machine's pid namespace; the lab's is that of its children.
    `--pid=/proc/${pid}/ns/pid_for_children`,
    '--wdns=/',
    '--',
    ...argv,
  ],
})

/** Makes a lab's namespaces; they end with the returned child's standard input. */
export async function create(directory: string): Promise<{ namespace: Namespace; holder: ChildProcess }> {
  const log = openSync(join(directory, 'sandbox.log'), 'a')
  const holder = spawn('unshare', [...unshareArguments, 'bash', '--norc', '-c', init, mark, directory], {
    stdio: ['pipe', 'pipe', log],
    detached: true,
    env: { PATH: path, LANG: 'C.UTF-8' },
  })
  closeSync(log)
  const said = await new Promise<string>((resolve) => {
    holder.once('error', ({ message }) => resolve(message))
    holder.once('exit', () => resolve(''))
    holder.stdout?.once('data', (data: Buffer) => resolve(data.toString()))
  })
  if (said.trim() !== 'ready' || holder.pid === undefined) {
    endGroup(holder.pid)
    throw refusal(directory, said)
  }
  return { namespace: namespaceOf(holder.pid), holder }
}

/** Kills what is left of the process group that the process leads: unshare's helper waits for ever where it fails. */
export function endGroup(leader: number | undefined): void {
  if (leader !== undefined) kill(-leader)
}

function refusal(directory: string, said: string): MachineError {
  const reason = `${said}${readFileSync(join(directory, 'sandbox.log'), 'utf8')}`.trim()
  return new MachineError(
    `this machine gives no namespaces for a lab: ${reason || 'unshare ended without a word'}`,
    'run `flowlab doctor`: it says what is missing and how to get it',
  )
}

/** Run directories of the labs that are alive, each with the process that holds it. */
export function findAll(): Map<string, number> {
  const found = new Map<string, number>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry) || !isOwn(entry)) continue
    const words = read(`/proc/${entry}/cmdline`).split('\0')
    const at = words.indexOf(mark)
    const directory = words[at + 1]
    if (words[0] === 'unshare' && at > 0 && directory !== undefined) found.set(directory, Number(entry))
  }
  return found
}

/** Whether a process is this user's: what stands in another's arguments is not believed. */
function isOwn(pid: string): boolean {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === process.getuid?.()
}

export function find(directory: string): Namespace | undefined {
  const pid = findAll().get(directory)
  return pid === undefined ? undefined : namespaceOf(pid)
}

/** Milliseconds after which it is looked who is left. */
const patience = 500

/**
 * Kills process 1 of the lab, and with it all others; comes back when the kernel has cleared them away, or when nothing lives of them:
 * an entry of a dead one stays until its parent has asked for it (wait(2)), and one that was left alone outside of the lab has the
 * machine's process 1 for a parent, which in many a container asks for nobody.
 */
export async function end({ pid }: Namespace): Promise<void> {
  const child = readdirSync('/proc').find((entry) => /^\d+$/.test(entry) && parentOf(entry) === pid)
  const space = child && spaceOf(child)
  kill(child === undefined ? pid : Number(child))
  const begun = Date.now()
  // The holder waits for process 1, which is gone only when all of its namespace's processes are.
  while (isAlive(pid)) {
    await sleep(5)
    if (space && Date.now() - begun > patience && !hasOthers(space, child)) return kill(pid)
  }
}

/** The pid namespace of a process; undefined where it has ended (pid_namespaces(7)). */
function spaceOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`)
  } catch {
    return undefined
  }
}

/** Whether anybody lives in a pid namespace beside its process 1. */
const hasOthers = (space: string, first: string): boolean =>
  readdirSync('/proc').some(
    (entry) => /^\d+$/.test(entry) && entry !== first && spaceOf(entry) === space && isAlive(Number(entry)),
  )

/** The fourth field of /proc/PID/stat, after the command's name in parentheses (proc(5)). */
function parentOf(pid: string): number {
  const stat = read(`/proc/${pid}/stat`)
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

const isAlive = (pid: number): boolean => {
  const stat = read(`/proc/${pid}/stat`)
  return stat !== '' && !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Processes come and go while they are looked at. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
