// Runs programs on nodes and gives what they say.

import type { Lab } from '../backend.ts'
import type { Ask } from '../part.ts'
import { turn } from './turn.ts'

export class CommandError extends Error {
  readonly code: number | null
  constructor(node: string, argv: readonly string[], code: number | null, said: string) {
    super(`${node}: \`${argv.join(' ')}\` ended with ${code}: ${said.trim()}`)
    this.name = 'CommandError'
    this.code = code
  }
}

/** Standard output of a program on `node`; throws CommandError where it fails. `input` becomes its standard input. */
export async function say(lab: Lab, node: string, argv: readonly string[], input?: string): Promise<string> {
  await turn()
  const child = lab.spawn(node, argv, [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'])
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout?.on('data', (data: Buffer) => out.push(data))
  child.stderr?.on('data', (data: Buffer) => err.push(data))
  child.stdin?.on('error', () => {}) // It may end before it has read everything; its exit code tells.
  if (input !== undefined) child.stdin?.end(input)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString())
      else reject(new CommandError(node, argv, code, Buffer.concat([...err, ...out]).toString()))
    })
  })
}

/** Seconds: what a client needs for tables of a million rows. */
const patience = 60

/**
 * What a daemon's client says. A daemon that is stopped, or hangs, answers it never: it is ended after so many seconds, with
 * CommandError and 124, as timeout(1) has it.
 */
export const asker =
  (lab: Lab, node: string, seconds = patience): Ask =>
  (...argv) =>
    say(lab, node, ['timeout', String(seconds), ...argv])
