// What a process of the lab does: how it ended, as its supervisor noted it in the run directory, and whether it waits.

import { readFile } from 'node:fs/promises'
import type { Lab, Placed } from '../backend.ts'
import type { Exit } from '../evidence.ts'
import { milliseconds, type Milliseconds } from '../kernel/units.ts'
import { say } from './ask.ts'
import type { RunDirectory } from './directory.ts'
import { settled, until } from './wait.ts'

export interface End {
  /** Exit code; 128 + n where signal n ended it. */
  readonly code: number
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** undefined while it runs, or where it was never started. */
export async function endOf(
  directory: RunDirectory,
  node: string,
  process: string,
): Promise<End | undefined> {
  const text = await readFile(directory.file('nodes', node, 'state', `${process}.exit`), 'utf8').catch(
    () => undefined,
  )
  if (text === undefined) return undefined
  const [code, at] = text.trim().split(' ').map(Number)
  return { code: code ?? 0, at: at ?? 0 }
}

/** Waits for the end of a process. Throws WaitError after the deadline. */
export async function ended(
  directory: RunDirectory,
  node: string,
  process: string,
  deadline: Milliseconds = milliseconds(30_000),
): Promise<End> {
  let end: End | undefined
  await until(
    `end of ${process} on ${node}`,
    async () => {
      end = await endOf(directory, node, process)
      return end ? undefined : 'it still runs'
    },
    deadline,
  )
  return end as End
}

/** Empty where it was never started. */
const pidOf = async (directory: RunDirectory, node: string, process: string): Promise<string> =>
  (await readFile(directory.file('nodes', node, 'state', `${process}.pid`), 'utf8').catch(() => '')).trim()

/** Whether all threads of a process wait, so that it has dealt with whatever had come; also where it has ended. */
export async function isIdle(
  lab: Lab,
  directory: RunDirectory,
  node: string,
  process: string,
): Promise<boolean> {
  const pid = await pidOf(directory, node, process)
  const threads = ['bash', '-c', 'cat /proc/"$1"/task/*/stat', 'bash', pid]
  const stats = await say(lab, node, threads).catch(() => '')
  // The state stands behind the name in parentheses, which may itself hold some (proc(5)).
  return stats.split('\n').every((stat) => stat === '' || /^.*\) S /.test(stat))
}

/** 128 + SIGSTOP, as shells have it (signal(7)). */
const stopped = 147

/**
 * That a process stands still, stopped by a signal that nobody takes back (proc(5), state T), and since when; undefined where it
 * goes on. A kernel that does not tell when a thread ran last (CONFIG_SCHED_DEBUG) leaves the time at which it was seen.
 */
export async function standstill(
  lab: Lab,
  directory: RunDirectory,
  { node, process }: { readonly node: string; readonly process: string },
): Promise<Exit | undefined> {
  const pid = await pidOf(directory, node, process)
  const looking = 'cat "/proc/$1/stat"; cat "/proc/$1/sched" /proc/self/sched 2>/dev/null || :'
  const isStopped = (said: string): boolean => /^.*\) T /.test(said)
  const said = await settled(
    () => say(lab, node, ['bash', '-c', looking, 'bash', pid]).catch(() => ''),
    (now) => !isStopped(now),
    standstillPatience,
    () => 'stopped',
  )
  if (!isStopped(said)) return undefined
  return { node, process, code: stopped, at: Date.now() - sinceRun(said), standsStill: true }
}

/** Milliseconds since a process ran last, by the times, on one clock, at which it and who asks were given a processor. */
function sinceRun(said: string): number {
  const [its, own] = [...said.matchAll(/exec_start *: *([0-9.]+)/g)].map(([, text]) => Number(text))
  return its === undefined || own === undefined ? 0 : Math.max(0, Math.round(own - its))
}

/** Longer than somebody who stops and continues it in turn leaves it. */
const standstillPatience = milliseconds(3_000)

/** Stops the process $1 as soon as its main thread waits in kernel function $2; ends with 1 where it does not within $3 s, or is gone. */
const holding = String.raw`
exec 9<> <(:)
while (( SECONDS < $3 )); do
  { place=$(<"/proc/$1/wchan"); } 2>/dev/null || exit 1
  [[ $place != *$2* ]] || exec kill -STOP "$1"
  read -rt 0.01 -u 9 || :
done
exit 1
`

/** Seconds. */
const holdPatience = '4'

/**
 * Stops a process that is told to end where it lingers (a kernel function; undefined: nowhere), until it gets SIGCONT.
 * Whether it was stopped: a kernel that does not tell where processes wait leaves it alone.
 */
export async function holdAtEnd(
  lab: Lab,
  directory: RunDirectory,
  { node, process }: Placed,
  lingers: string | undefined,
): Promise<boolean> {
  if (lingers === undefined) return false
  const pid = await pidOf(directory, node, process.name)
  return say(lab, node, ['bash', '-c', holding, 'bash', pid, lingers, holdPatience]).then(
    () => true,
    () => false,
  )
}
