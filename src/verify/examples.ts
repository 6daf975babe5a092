// The very records of the flows that differ most: evidence for causes that the numbers alone speak for.

import type { Store } from '../store.ts'
import type { Case } from './case.ts'
import type { Account, Cell } from './cells.ts'
import { record, recording } from './evidence-item.ts'
import type { Field } from './granularity.ts'
import { addressLiteral } from './selection.ts'
import type { EvidenceItem } from './verdict.ts'

const most = 3

const protocolNames: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'ipv6-icmp' }

/** Protocol and ports of a flow in words, as far as the account tells them apart; undefined where it does not. */
export function keyText(cell: Cell, fields: readonly Field[]): string | undefined {
  if (cell.key === '' || !fields.includes('protocol')) return undefined
  const name = protocolNames[cell.protocol] ?? `protocol ${cell.protocol}`
  return fields.includes('sourcePort') && fields.includes('destinationPort')
    ? `${name} ${cell.sourcePort} → ${cell.destinationPort}`
    : name
}

export const flowText = (cell: Cell, fields: readonly Field[]): string =>
  [`${cell.source} → ${cell.destination}`, keyText(cell, fields)].filter(Boolean).join(', ')

const condition = (cell: Cell, fields: readonly Field[]): string =>
  [
    'true',
    ...fields.map((field) => {
      const value = cell[field]
      if (typeof value === 'number') return `${field} = ${value}`
      return value === '' ? `${field} IS NULL` : `${field} = ${addressLiteral(value)}`
    }),
  ].join(' AND ')

/** One record each of the first few flows of which there are any. */
export async function examplesOf(
  store: Store,
  account: Account,
  cells: readonly Cell[],
  side: 'exported' | 'arrived',
  { probe, collector }: Pick<Case, 'probe' | 'collector'>,
): Promise<EvidenceItem[]> {
  const source = account.rows[side]
  const found: EvidenceItem[] = []
  for (const cell of cells) {
    if (source === undefined || found.length >= most) break
    if (cell.key === '') continue
    const [row] = await store.ask<Readonly<Record<string, bigint | number>>>(
      `SELECT packet, octet, seen, packets, bytes, count(*) OVER () AS records FROM (${source})
       WHERE ${condition(cell, account.fields)} ORDER BY packet, octet LIMIT 1`,
    )
    if (!row) continue
    const others = Number(row['records']) - 1
    found.push(
      record(
        recording(side, probe, collector),
        { frame: Number(row['packet']), at: Number(row['seen']) },
        `${flowText(cell, account.fields)}: ${Number(row['packets'])} packets, ${Number(row['bytes'])} bytes in this record${others > 0 ? ` and more in ${others} others` : ''}`,
        Number(row['octet']),
      ),
    )
  }
  return found
}
