// Ends a process in the order that its program has for it: by a signal, or by a command of its control program.

import type { Lab, Placed } from '../backend.ts'
import { asker, CommandError } from './ask.ts'

/** Seconds in which a control program has said what it was told to. */
const patience = 10

/** Asks it to end; false where it runs no more. One that is stopped, or hangs, has been asked. */
export async function stop(lab: Lab, { node, process }: Placed): Promise<boolean> {
  const { stop: way = 'SIGTERM' } = process
  if (typeof way === 'string') return lab.signal(node, process.name, way)
  const ask = asker(lab, node, patience)
  return ask(...way.command).then(
    () => true,
    (error: unknown) => error instanceof CommandError && error.code === 124,
  )
}

/** The exit code of its orderly end. */
export const orderly = ({ process: { stop: way } }: Placed): number =>
  typeof way === 'object' ? way.code : 0
