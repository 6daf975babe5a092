// An interrupted command takes its labs down before it ends, whatever there is of them; killed otherwise, the kernel does.

import type { Backend } from '../backend.ts'
import { explainError } from './exit.ts'

interface Standing {
  readonly backend: Backend
  readonly directory: string
}

const standing = new Set<Standing>()
let handled = false
let interrupted = false

/** Notes a lab that is about to be built. What it returns is called when it is down, or is to stay. */
export function endInOrder(backend: Backend, directory: string): () => void {
  const lab = { backend, directory }
  standing.add(lab)
  if (!handled)
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const)
      process.once(signal, () => void takeDown(signal).finally(() => process.exit(code)))
  handled = true
  return () => standing.delete(lab)
}

async function takeDown(signal: string): Promise<void> {
  interrupted = true
  process.stderr.write(
    `\n${signal}: taking ${standing.size > 1 ? `${standing.size} labs` : 'the lab'} down\n`,
  )
  const ended = await Promise.allSettled(
    [...standing].map(async ({ backend, directory }) => (await backend.attach(directory))?.destroy()),
  )
  // The signal is the exit code, and what is left must be said all the same.
  for (const each of ended) if (each.status === 'rejected') explainError(each.reason)
}

/** Never ends once the command is interrupted: what fails then fails because its lab is gone, and nothing new begins. */
export const unlessInterrupted = async (): Promise<void> => {
  if (interrupted) await new Promise(() => {})
}
