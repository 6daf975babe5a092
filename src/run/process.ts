// How a process of the lab ended, as its supervisor noted it in the run directory.

import { readFile } from 'node:fs/promises'
import { milliseconds, type Milliseconds } from '../kernel/units.ts'
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
