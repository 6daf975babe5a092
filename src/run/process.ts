// What a process of the lab does: how it ended, as its supervisor noted it in the run directory, and whether it waits.

import { readFile } from 'node:fs/promises'
import type { Lab } from '../backend.ts'
import { milliseconds, type Milliseconds } from '../kernel/units.ts'
import { say } from './ask.ts'
import type { RunDirectory } from './directory.ts'
import { until } from './wait.ts'

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

/** Whether all threads of a process wait, so that it has dealt with whatever had come; also where it has ended. */
export async function isIdle(
  lab: Lab,
  directory: RunDirectory,
  node: string,
  process: string,
): Promise<boolean> {
  const pid = await readFile(directory.file('nodes', node, 'state', `${process}.pid`), 'utf8').catch(() => '')
  const threads = ['bash', '-c', 'cat /proc/"$1"/task/*/stat', 'bash', pid.trim()]
  const stats = await say(lab, node, threads).catch(() => '')
  // The state stands behind the name in parentheses, which may itself hold some (proc(5)).
  return stats.split('\n').every((stat) => stat === '' || /^.*\) S /.test(stat))
}
