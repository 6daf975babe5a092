// ping, of iputils: ICMP echo; the receiver's kernel answers.

import type { Compiled, Ask, TrafficPart } from '../../../part.ts'
import type { ProcessPlan, TrafficPlan } from '../../../plan/plan.ts'
import type { FlowReport } from '../../../evidence.ts'
import { milliseconds } from '../../../kernel/units.ts'
import type { PingTraffic } from '../../../topology/topology.ts'

const log = (index: number): string => `/tmp/ping-${index}.txt`

/** ping's report goes to a file beside its log, so that it can be asked for like any other generator's. */
function send({ intent, index, destination }: Omit<TrafficPlan, 'process'>): ProcessPlan {
  const { count, interval, size, tos } = intent as PingTraffic
  const service = tos === undefined ? '' : `-Q ${tos} `
  const ping = `ping -n -q -c ${count} -i ${interval / 1000} -s ${size} ${service}${destination}`
  return { name: `ping-${index}`, argv: ['bash', '-c', `${ping} | tee ${log(index)}`], oneshot: true }
}

async function sent(ask: Ask, _askReceiver: Ask, { index, intent }: TrafficPlan): Promise<FlowReport> {
  const counts = /(\d+) packets transmitted, (\d+) received/.exec(await ask('cat', log(index)))
  if (!counts) throw new Error('ping gave no summary')
  const volume = (packets: number) => ({ packets, bytes: packets * (intent as PingTraffic).size })
  return { index, sent: volume(Number(counts[1])), received: volume(Number(counts[2])) }
}

export const ping: TrafficPart = {
  package: 'iputils-ping',
  programs: ['ping'],
  version: '-V',
  ports: false,
  describe: (intent) => {
    const { count, interval } = intent as PingTraffic
    return { title: 'ping', protocols: [1, 58], lasts: milliseconds(count * interval) }
  },
  receive: (): Compiled => ({ files: {}, processes: [] }),
  send,
  sent,
}
