// What several accounts find of one thing becomes one finding.

import type { Finding } from './verdict.ts'

/**
 * One finding an id: accounts of the same traffic (the tables of a daemon) show the same cause each in its own amounts. The
 * finding has those of the account that shows most.
 */
export function merge(findings: readonly Finding[]): Finding[] {
  const byId = new Map<string, Finding>()
  for (const finding of findings) {
    const first = byId.get(finding.id)
    if (!first) {
      byId.set(finding.id, finding)
      continue
    }
    const size = ({ packets, bytes }: Finding): number => Math.abs(packets) * 1000 + Math.abs(bytes)
    const [most, other] = size(finding) > size(first) ? [finding, first] : [first, finding]
    const said = new Set(most.evidence.map(({ text }) => text))
    byId.set(finding.id, {
      ...most,
      accounts: [...first.accounts, ...finding.accounts],
      evidence: [...most.evidence, ...other.evidence.filter(({ text }) => !said.has(text))],
    })
  }
  return [...byId.values()]
}
