// tcpreplay: packets of a recording, with the addresses of the lab's hosts, in one direction or in all.

import type { FlowReport } from '../../../evidence.ts'
import type { Ask, Compiled, TrafficPart } from '../../../part.ts'
import type { TrafficPlan } from '../../../plan/plan.ts'
import type { ReplayTraffic } from '../../../topology/topology.ts'
import { binds, place, send } from './config.ts'
import { parseReport } from './report.ts'

const sent = async (ask: Ask, _askReceiver: Ask, { index }: TrafficPlan): Promise<FlowReport> => ({
  index,
  sent: parseReport(await ask('cat', `${place(index)}.txt`)),
})

export const replay: TrafficPart = {
  package: 'tcpreplay',
  programs: ['tcpreplay', 'tcprewrite'],
  version: '--version',
  optional: true,
  ports: false,
  describe: (intent) => ({
    title: 'replay',
    protocols: Array.from({ length: 256 }, (_, protocol) => protocol),
    lasts: (intent as ReplayTraffic).for,
  }),
  receive: (): Compiled => ({ files: {}, processes: [] }),
  send,
  binds,
  sent,
}
