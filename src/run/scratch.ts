// Directories beside the run directory for what is made only to be looked at: they are the process's own, and those of processes
// that were killed go when the next one begins.

import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const own = /^flowlab-(\d+)-(?:\w{6}|overflow)$/

/** Makes one; whoever asked removes it. */
export function scratch(): string {
  forgetTheDead()
  return mkdtempSync(join(tmpdir(), `flowlab-${process.pid}-`))
}

/** Where the database puts what does not fit into memory; it makes the directory, and removes it. */
export function overflow(): string {
  forgetTheDead()
  return join(tmpdir(), `flowlab-${process.pid}-overflow`)
}

/** Of this user only: others clean up after themselves. */
function forgetTheDead(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(own.exec(name)?.[1] ?? NaN)
    if (!Number.isInteger(pid) || isAlive(pid)) continue
    const path = join(tmpdir(), name)
    if (lstatSync(path, { throwIfNoEntry: false })?.uid === process.getuid?.())
      rmSync(path, { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
