// From a difference to findings: asks the catalogue of causes in its order.

import type { Case } from './case.ts'
import { causes } from './causes.ts'
import type { Finding, Stage } from './verdict.ts'

/** The first cause of these stages that the evidence speaks for, and those about the count as such. */
export function explain(stages: readonly Stage[], given: Case): Finding[] {
  const found: Finding[] = []
  let explained = false
  for (const cause of causes) {
    if (!stages.includes(cause.stage) || (explained && !cause.leavesGap)) continue
    const explanation = cause.explain(given)
    if (!explanation) continue
    const { volume, summary, remedy, evidence } = explanation
    explained ||= !cause.leavesGap
    found.push({
      id: cause.id,
      stage: cause.stage,
      point: given.wire.point,
      probe: given.probe.name,
      collector: given.collector.name,
      ...volume,
      summary,
      remedy,
      evidence: [...evidence],
    })
  }
  return found
}
