// Processes that ended, or were stopped, though nobody asked for it, beside probes and collectors (whose absence is judged by what
// it costs): a router's daemon that has crashed changes what is true, and no witness of flows would say so.

import type { Exit } from '../evidence.ts'
import type { Plan } from '../plan/plan.ts'
import { processEnded } from './causes/routing.ts'
import { ended, how } from './evidence-item.ts'
import type { Finding } from './verdict.ts'

export function exitFindings({ probes, collectors }: Plan, exits: readonly Exit[]): Finding[] {
  const judged = new Set([...probes, ...collectors].map(({ node, process }) => `${node} ${process}`))
  return exits
    .filter(({ node, process }) => !judged.has(`${node} ${process}`))
    .map((exit) => ({
      id: `${processEnded.id}@${exit.node}:${exit.process}`,
      cause: processEnded.id,
      stage: processEnded.stage,
      point: probes[0]?.point ?? '',
      probe: probes[0]?.name ?? '',
      collector: probes[0]?.export.collector ?? '',
      ...{ packets: 0, bytes: 0, flows: 0, accounts: [], fit: [], alternatives: [] },
      summary: `${exit.process} on ${exit.node} ${how(exit)}, and no event asked for it: routes may have been others since`,
      remedy: `see its log, nodes/${exit.node}/log/${exit.process}.log; an end on purpose is an event, or \`flowlab restart ${exit.node}\``,
      evidence: [ended(exit)],
    }))
}
