// Ends a process in the order that its program has for it: by a signal, or by a command of its control program.

import type { Lab, Placed } from '../backend.ts'
import { say } from './ask.ts'

/** Asks it to end; false where it runs no more. */
export async function stop(lab: Lab, { node, process }: Placed): Promise<boolean> {
  const { stop: way = 'SIGTERM' } = process
  if (typeof way === 'string') return lab.signal(node, process.name, way)
  return say(lab, node, way.command).then(
    () => true,
    () => false,
  )
}

/** The exit code of its orderly end. */
export const orderly = ({ process: { stop: way } }: Placed): number =>
  typeof way === 'object' ? way.code : 0
