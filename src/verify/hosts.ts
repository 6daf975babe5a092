// The accounts of single nodes: what each witness counted from and to the addresses of every node of the lab.

import type { Plan } from '../plan/plan.ts'
import { addressText, type Store } from '../store.ts'
import { type Account, empty, summed, type Volumes, volumesIn } from './accounts.ts'
import { addressLiteral } from './selection.ts'
import { addressesOf } from './shown.ts'
import { add } from '../kernel/units.ts'
import type { Field } from './granularity.ts'
import type { Verdict } from './verdict.ts'

type Host = Verdict['hosts'][number]

/** By node; those of which no witness knows anything are left out, and so are all where the table does not keep both hosts. */
export async function hostsOf(
  store: Store,
  from: Account,
  fields: readonly Field[],
  { nodes }: Plan,
  place: Pick<Host, 'point' | 'probe' | 'collector' | 'table'>,
): Promise<Host[]> {
  if (!fields.includes('source') || !fields.includes('destination')) return []
  const owner = new Map(addressesOf(nodes))
  if (owner.size === 0) return []
  const list = [...owner.keys()].map(addressLiteral).join(', ')
  const sides = { from: new Map<string, Volumes>(), to: new Map<string, Volumes>() }
  for (const [side, column] of [
    ['from', 'source'],
    ['to', 'destination'],
  ] as const) {
    const rows = await store.ask<{ address: bigint | null }>(
      `SELECT ${column} AS address, ${summed} FROM ${from} WHERE ${column} IN (${list}) GROUP BY ${column}`,
    )
    for (const row of rows) {
      const node = owner.get(addressText(row.address)) ?? ''
      sides[side].set(node, sum(sides[side].get(node) ?? empty, volumesIn(row)))
    }
  }
  return nodes.flatMap(({ name: node, as }): Host[] => {
    const [sent, received] = [sides.from.get(node), sides.to.get(node)]
    if (!sent && !received) return []
    return [
      { node, ...(as === undefined ? {} : { as }), ...place, from: sent ?? empty, to: received ?? empty },
    ]
  })
}

const sum = (a: Volumes, b: Volumes): Volumes => ({
  wire: add(a.wire, b.wire),
  exported: add(a.exported, b.exported),
  arrived: add(a.arrived, b.arrived),
  collected: add(a.collected, b.collected),
})
