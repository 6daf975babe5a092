// Pieces of evidence in one line each: where to look, and what is seen there.

import type { EvidenceItem } from '../verify/verdict.ts'

export function evidenceText(item: EvidenceItem): string {
  if (item.kind === 'log') return `${item.file}:${item.line}: ${item.text}`
  if (item.kind === 'datagram' || item.kind === 'record')
    return `${item.file}, frame ${item.frame}${item.offset > 0 ? `, octet ${item.offset}` : ''}: ${item.text}`
  return `${item.file}: ${item.text}`
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`
