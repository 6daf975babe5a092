// Findings that are there only because of another: records whose keys are wrong have the attributes of other flows. They are told as
// evidence of the one that they follow from.

import { described } from './causes/causes.ts'
import type { Finding } from './verdict.ts'

export function withConsequences(findings: readonly Finding[]): Finding[] {
  const rootOf = ({ cause }: Finding): Finding | undefined =>
    findings.find((each) => each.cause !== cause && described(each.cause).follows?.includes(cause))
  const roots = new Map(findings.map((each) => [each, rootOf(each)]))
  return findings.flatMap((root) => {
    if (roots.get(root)) return []
    const followers = findings.filter((each) => roots.get(each) === root)
    if (followers.length === 0) return [root]
    const told = followers.map(({ id, summary, evidence }) => ({
      ...{ kind: 'counter' as const, file: evidence[0]?.file ?? '' },
      text: `follows from it (${id}): ${summary}`,
    }))
    return [{ ...root, evidence: [...root.evidence, ...told] }]
  })
}
