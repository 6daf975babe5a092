// DitgTraffic → ITGSend's and ITGRecv's command lines. ITGSend leaves the choice of the source port to the kernel: its -sp
// fails to bind in 2.8.1.

import type { Compiled } from '../../../part.ts'
import type { ProcessPlan, TrafficPlan } from '../../../plan/plan.ts'
import type { DitgTraffic, Distribution } from '../../../topology/topology.ts'

/** ITGSend's first letters for the distributions: capital for rates, small for sizes. */
const letters = { constant: 'C', exponential: 'E', uniform: 'U' } as const

export const sendLog = (index: number): string => `/tmp/ditg-${index}.sent`
export const receiveLog = (index: number): string => `/tmp/ditg-${index}.received`

export const receive = (): Compiled => ({
  files: {},
  // stdbuf: else what it says stays in its buffer.
  processes: [{ name: 'ITGRecv', argv: ['stdbuf', '-oL', 'ITGRecv'], says: 'Press Ctrl-C', stop: 'SIGINT' }],
})

/** One process a flow. The seed is a fraction below 1, as ITGSend's -s wants it. */
export function send(flow: Omit<TrafficPlan, 'process'>): ProcessPlan {
  const intent = flow.intent as DitgTraffic
  const argv = Object.entries({
    '-a': [flow.destination],
    '-rp': [flow.port],
    '-T': [intent.protocol.toUpperCase()],
    '-t': [intent.for],
    '-s': [flow.seed],
    [`-${letters[shape(intent.rate)]}`]: parameters(intent.rate),
    [`-${letters[shape(intent.size)].toLowerCase()}`]: parameters(intent.size),
    ...(intent.tos === undefined ? {} : { '-b': [intent.tos] }),
    '-l': [sendLog(flow.index)],
    '-x': [receiveLog(flow.index)],
  }).flatMap(([option, values]) => [option, ...values.map(String)])
  return { name: `ITGSend-${flow.index}`, argv: ['ITGSend', ...argv], oneshot: true }
}

const shape = (given: Distribution<number>): keyof typeof letters =>
  'uniform' in given ? 'uniform' : 'exponential' in given ? 'exponential' : 'constant'

const parameters = (given: Distribution<number>): readonly number[] => Object.values(given).flat() as number[]
