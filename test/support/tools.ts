// Programs that tests compare with, and captures that lie beside the checkout: whether they are there, and how to run them.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Captures of real exporters; only where this checkout has its `shared` folder beside it. */
export const sharedCaptures = fileURLToPath(new URL('../../../shared/captures', import.meta.url))

export const haveShared = existsSync(sharedCaptures)

/** Whether a program is on the path. */
export function have(program: string): boolean {
  const path = process.env['PATH'] ?? ''
  return path.split(':').some((folder) => existsSync(`${folder}/${program}`))
}

/** A program's standard output; its standard error is dropped. */
export const output = (program: string, args: readonly string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] })
