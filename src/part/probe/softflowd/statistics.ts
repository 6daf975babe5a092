// What `softflowctl statistics` says of the capture.

import type { Capture } from '../../../evidence.ts'
import type { Ask } from '../../../part.ts'
import type { ProbePlan } from '../../../plan/plan.ts'
import { socket } from './config.ts'

export const capture = async (ask: Ask, probe: ProbePlan): Promise<Capture> =>
  parseStatistics(await ask('softflowctl', '-c', socket(probe), 'statistics'))

/** Throws where a line is missing. */
export function parseStatistics(text: string): Capture {
  const said = (name: string): number | undefined => {
    const found = new RegExp(`^${name}: (\\d+)`, 'm').exec(text)?.[1]
    return found === undefined ? undefined : Number(found)
  }
  const number = (name: string): number => {
    const found = said(name)
    if (found === undefined) throw new Error(`softflowctl says nothing of "${name}"`)
    return found
  }
  return {
    received: number('Packets received by libpcap'),
    processed:
      number('Packets processed') +
      // Not IP, or too short: read, and left alone.
      number('Ignored packets') +
      // A line that is there only where it samples.
      (said('Packets non-sampled') ?? 0),
    dropped: number('Packets dropped by libpcap'),
  }
}
