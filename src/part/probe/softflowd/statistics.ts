// What `softflowctl statistics` says of the capture.

import type { Capture } from '../../../evidence.ts'
import type { Ask } from '../../../part.ts'
import type { ProbePlan } from '../../../plan/plan.ts'
import { socket } from './config.ts'

export const capture = async (ask: Ask, probe: ProbePlan): Promise<Capture> =>
  parseStatistics(await ask('softflowctl', '-c', socket(probe), 'statistics'))

/** Throws where a line is missing. */
export function parseStatistics(text: string): Capture {
  const number = (name: string): number => {
    const found = new RegExp(`^${name}: (\\d+)`, 'm').exec(text)?.[1]
    if (found === undefined) throw new Error(`softflowctl says nothing of "${name}"`)
    return Number(found)
  }
  return {
    received: number('Packets received by libpcap'),
    // Those that are not IP, or too short, it reads and ignores.
    processed: number('Packets processed') + number('Ignored packets'),
    dropped: number('Packets dropped by libpcap'),
  }
}
