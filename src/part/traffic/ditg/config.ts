// DitgTraffic → ITGSend's and ITGRecv's command lines. ITGSend leaves the choice of the source port to the kernel: its -sp
// fails to bind in 2.8.1.

import type { Compiled, TrafficPart } from '../../../part.ts'
import type { ProcessPlan, TrafficPlan } from '../../../plan/plan.ts'
import type {
  DistributionName,
  DitgApplication,
  DitgTraffic,
  Distribution,
} from '../../../topology/topology.ts'

/** ITGSend's first letters for the distributions: capital for rates, small for sizes. */
const letters = {
  constant: 'C',
  uniform: 'U',
  exponential: 'E',
  normal: 'N',
  poisson: 'O',
  pareto: 'V',
  cauchy: 'Y',
  gamma: 'G',
  weibull: 'W',
} as const satisfies Record<DistributionName, string>

/** What ITGSend takes for an application: it decides times and sizes, and for some the protocol. */
const applications: Readonly<Record<DitgApplication, readonly string[]>> = {
  voip: ['VoIP', '-x', 'G.711.2', '-h', 'RTP'],
  telnet: ['Telnet'],
  dns: ['DNS'],
  quake3: ['Quake3'],
  csa: ['CSa'],
  csi: ['CSi'],
}

export const sendLog = (index: number): string => `/tmp/ditg-${index}.sent`
export const receiveLog = (index: number): string => `/tmp/ditg-${index}.received`

export const receive = (): Compiled => ({
  files: {},
  // stdbuf: else what it says stays in its buffer.
  processes: [{ name: 'ITGRecv', argv: ['stdbuf', '-oL', 'ITGRecv'], says: 'Press Ctrl-C', stop: 'SIGINT' }],
})

export const describe: TrafficPart['describe'] = (intent) => {
  const { protocol, application, for: lasts } = intent as DitgTraffic
  return {
    title: `ditg ${application ?? protocol}`,
    protocols: protocol === undefined ? [6, 17] : [protocol === 'tcp' ? 6 : 17],
    lasts,
  }
}

/** One process a flow. The seed is a fraction below 1, as ITGSend's -s wants it. */
export function send(flow: Omit<TrafficPlan, 'process'>): ProcessPlan {
  const { protocol, rate, size, tos, application, for: lasts } = flow.intent as DitgTraffic
  const options = {
    '-a': [flow.destination],
    '-rp': [flow.port],
    ...(protocol && { '-T': [protocol.toUpperCase()] }),
    '-t': [lasts],
    '-s': [flow.seed],
    ...(rate && { [`-${letter(rate)}`]: parameters(rate) }),
    ...(size && { [`-${letter(size).toLowerCase()}`]: parameters(size) }),
    ...(tos === undefined ? {} : { '-b': [tos] }),
    '-l': [sendLog(flow.index)],
    '-x': [receiveLog(flow.index)],
  }
  const argv = Object.entries(options).flatMap(([option, values]) => [option, ...values.map(String)])
  // What an application takes for itself comes last: its -x is not the log's.
  return {
    name: `ITGSend-${flow.index}`,
    argv: ['ITGSend', ...argv, ...(application ? applications[application] : [])],
    oneshot: true,
  }
}

const letter = (given: Distribution<number>): string => letters[Object.keys(given)[0] as DistributionName]

/** ITGSend 2.8.1 takes Weibull's scale before its shape, whatever its help says. */
const parameters = (given: Distribution<number>): readonly number[] =>
  'weibull' in given ? given.weibull.toReversed() : (Object.values(given).flat() as number[])
