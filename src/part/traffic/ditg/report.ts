// What D-ITG says of a flow: ITGDec's summaries of the sender's and the receiver's log.

import type { FlowReport } from '../../../evidence.ts'
import type { Volume } from '../../../kernel/units.ts'
import type { Ask } from '../../../part.ts'
import type { TrafficPlan } from '../../../plan/plan.ts'
import { receiveLog, sendLog } from './config.ts'

/** `askReceiver` runs on the receiving node, where ITGRecv wrote its log. */
export async function sent(
  ask: Ask,
  askReceiver: Ask,
  { index }: TrafficPlan,
): Promise<FlowReport | undefined> {
  const [sentVolume, received] = await Promise.all([
    summary(ask, sendLog(index)),
    summary(askReceiver, receiveLog(index)),
  ])
  return sentVolume && { index, sent: sentVolume, ...(received && { received }) }
}

/**
 * ITGRecv writes a flow's log when the flow is over, which on a busy machine may be later than ITGSend's end: an empty one is looked
 * at again for five seconds. Where nothing arrived it stays so.
 */
const reading = `[ -e "$1" ] || exit 0
n=0
until [ -s "$1" ] || [ $n -ge 50 ]; do sleep 0.1; n=$((n + 1)); done
exec ITGDec "$1"`

/** undefined where there is no log: the flow never began there, or the node has lost its memory since. */
async function summary(ask: Ask, log: string): Promise<Volume | undefined> {
  const text = await ask('sh', '-c', reading, 'sh', log)
  return text === '' ? undefined : parseSummary(text)
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
