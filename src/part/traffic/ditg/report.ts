// What D-ITG says of a flow: ITGDec's summaries of the sender's and the receiver's log.

import type { FlowReport } from '../../../evidence.ts'
import type { Volume } from '../../../kernel/units.ts'
import type { Ask } from '../../../part.ts'
import type { TrafficPlan } from '../../../plan/plan.ts'
import { receiveLog, sendLog } from './config.ts'

/** `askReceiver` runs on the receiving node, where ITGRecv wrote its log. */
export async function sent(ask: Ask, askReceiver: Ask, { index }: TrafficPlan): Promise<FlowReport> {
  const [sentVolume, received] = await Promise.all([
    ask('ITGDec', sendLog(index)).then(parseSummary),
    askReceiver('ITGDec', receiveLog(index)).then(parseSummary),
  ])
  return { index, sent: sentVolume, received }
}

/** Packets and payload bytes of ITGDec's total results. Throws where it has none. */
export function parseSummary(text: string): Volume {
  const total = text.slice(text.indexOf('TOTAL RESULTS'))
  const number = (name: string): number => {
    const value = new RegExp(`^${name}\\s*=\\s*(\\d+)`, 'm').exec(total)?.[1]
    if (value === undefined) throw new Error(`ITGDec gave no "${name}"`)
    return Number(value)
  }
  return { packets: number('Total packets'), bytes: number('Bytes received') }
}
