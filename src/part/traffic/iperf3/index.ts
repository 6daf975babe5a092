// iperf3: TCP as fast as it goes, or UDP and TCP at a rate. One server a flow, since a server serves one test at a time.

import type { FlowReport } from '../../../evidence.ts'
import type { Ask, Compiled, TrafficPart } from '../../../part.ts'
import type { ProcessPlan, TrafficPlan } from '../../../plan/plan.ts'
import type { Iperf3Traffic } from '../../../topology/topology.ts'
import { parseReport } from './report.ts'

const log = (index: number): string => `/tmp/iperf3-${index}.json`

const receive: TrafficPart['receive'] = (flows): Compiled => ({
  files: {},
  processes: flows.map(({ index, port }) => ({
    name: `iperf3-${index}`,
    argv: ['iperf3', '--server', '--port', String(port), '--forceflush'],
    says: 'Server listening',
  })),
})

/** iperf3's -b is of one stream (iperf3(1)); the lab file's rate is of all. */
function send({ intent, index, port, destination }: Omit<TrafficPlan, 'process'>): ProcessPlan {
  const { protocol, rate, size, parallel, tos, for: lasts } = intent as Iperf3Traffic
  const options: Readonly<Record<string, string | number | undefined>> = {
    '--client': destination,
    '--port': port,
    '--time': lasts / 1000,
    '--parallel': parallel,
    '--bitrate': rate === undefined ? undefined : Math.round(rate / parallel),
    '--length': size,
    '--tos': tos,
    '--logfile': log(index),
  }
  return {
    name: `iperf3-client-${index}`,
    argv: [
      'iperf3',
      ...Object.entries(options).flatMap(([option, value]) =>
        value === undefined ? [] : [option, String(value)],
      ),
      ...(protocol === 'udp' ? ['--udp'] : []),
      '--json',
    ],
    oneshot: true,
  }
}

const sent = async (ask: Ask, _askReceiver: Ask, { index }: TrafficPlan): Promise<FlowReport> => ({
  index,
  ...parseReport(await ask('cat', log(index))),
})

export const iperf3: TrafficPart = {
  package: 'iperf3',
  programs: ['iperf3'],
  version: '--version',
  ports: true,
  describe: (intent) => {
    const { protocol, for: lasts } = intent as Iperf3Traffic
    return { title: `iperf3 ${protocol}`, protocols: [protocol === 'tcp' ? 6 : 17], lasts }
  },
  receive,
  send,
  sent,
}
