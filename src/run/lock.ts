// One command at a time where two would spoil each other's work on a running lab: a file in the run directory that names the
// process. One that has died holds nothing.

import { readFile, rm, writeFile } from 'node:fs/promises'
import { LabError } from '../backend.ts'
import type { RunDirectory } from './directory.ts'

/** Throws LabError where another process is at it. */
export async function exclusively<T>(
  directory: RunDirectory,
  what: string,
  act: () => Promise<T>,
): Promise<T> {
  const file = directory.file('busy')
  await take(file, what)
  try {
    return await act()
  } finally {
    await rm(file, { force: true })
  }
}

async function take(file: string, what: string): Promise<void> {
  const mine = `${process.pid} ${what}\n`
  for (;;) {
    try {
      return await writeFile(file, mine, { flag: 'wx' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const [pid = '', theirs = ''] = (await readFile(file, 'utf8').catch(() => '')).trim().split(' ')
    if (isAlive(Number(pid)))
      throw new LabError(
        `\`flowlab ${theirs}\` is at this lab already, as process ${pid}`,
        'wait until it is done',
      )
    await rm(file, { force: true })
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
