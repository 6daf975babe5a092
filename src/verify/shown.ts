// What collectors show of a host's routes: the values of the AS attributes in the rows of the lab's own nodes and, reading by
// reading, which of them were still growing.

import type { Collected, CollectedSample, GrownAttribute, Row } from '../evidence.ts'
import type { Plan } from '../plan/plan.ts'
import { normal } from './attributes.ts'
import type { Verdict } from './verdict.ts'

/** By attribute: the fields of pmacct's JSON that have the host and the value. */
const columns: Readonly<Record<string, readonly [host: 'ip_src' | 'ip_dst', value: string]>> = {
  as: ['ip_dst', 'as_dst'],
  'as-path': ['ip_dst', 'as_path'],
  'peer-as': ['ip_dst', 'peer_as_dst'],
  'next-hop': ['ip_dst', 'peer_ip_dst'],
  'src-as': ['ip_src', 'as_src'],
  'src-as-path': ['ip_src', 'src_as_path'],
  'src-peer-as': ['ip_src', 'peer_as_src'],
}

interface Value {
  readonly address: string
  readonly attribute: string
  readonly value: string
}

const valuesOf = (row: Row): Value[] =>
  Object.entries(columns).flatMap(([attribute, [host, json]]) =>
    host in row && json in row
      ? [{ address: String(row[host]), attribute, value: normal(json, String(row[json] ?? '')) }]
      : [],
  )

/** What is known of a table between two readings of it. */
export class Growth {
  private packets = new Map<string, number>()
  private readonly last = new Map<string, string>()
  private readonly addresses: ReadonlySet<string>

  /** @param addresses those that are of interest */
  constructor(addresses: ReadonlySet<string>) {
    this.addresses = addresses
  }

  /** The attributes of rows that have grown since the reading before, as far as they are others than at their last growth. */
  of(rows: readonly Row[]): GrownAttribute[] {
    const now = new Map<string, number>()
    const grown = new Map<string, { address: string; attribute: string; values: Set<string> }>()
    for (const row of rows) {
      const values = valuesOf(row).filter(({ address }) => this.addresses.has(address))
      const key = values.map(({ address, value }) => `${address} ${value}`).join('|')
      const count = (now.get(key) ?? 0) + Number(row['packets'] ?? 0)
      now.set(key, count)
      if (count <= (this.packets.get(key) ?? 0)) continue
      for (const { address, attribute, value } of values) {
        const id = `${attribute} ${address}`
        const known = grown.get(id) ?? { address, attribute, values: new Set() }
        grown.set(id, { ...known, values: known.values.add(value) })
      }
    }
    this.packets = now
    return [...grown].flatMap(([id, { address, attribute, values }]) => {
      const sorted = [...values].toSorted()
      const said = sorted.join('|')
      if (this.last.get(id) === said) return []
      this.last.set(id, said)
      return [{ address, attribute, values: sorted }]
    })
  }
}

/** Every address of every node, without its prefix length, and the node's name. */
export const addressesOf = (nodes: Plan['nodes']): [address: string, node: string][] =>
  nodes.flatMap(({ name, interfaces, loopback }) =>
    [...interfaces.flatMap(({ addresses }) => addresses), ...loopback].map((address): [string, string] => [
      address.split('/')[0] ?? '',
      name,
    ]),
  )

const mostValues = 50

/** Of the lab's own nodes; those values first that the tables hold at the end. */
export function shownBy(
  { collectors, nodes }: Plan,
  { collectors: collected }: Collected,
  watched: readonly CollectedSample[],
): Verdict['shown'] {
  const owner = new Map(addressesOf(nodes))
  return collectors.flatMap(({ name: collector }) =>
    (collected.find(({ daemon }) => daemon === collector)?.tables ?? []).flatMap(({ name: table, rows }) => {
      const found = new Map<string, Shown>()
      const of = ({ address, attribute }: Omit<Value, 'value'>): Shown | undefined => {
        const node = owner.get(address)
        if (node === undefined) return undefined
        const id = `${attribute} ${address}`
        const shown = found.get(id) ?? { node, address, attribute, values: new Map() }
        found.set(id, shown)
        return shown
      }
      for (const row of rows)
        for (const value of valuesOf(row)) {
          const shown = of(value)
          if (!shown) continue
          const known = shown.values.get(value.value) ?? { packets: 0, times: [] }
          known.packets += Number(row['packets'] ?? 0)
          shown.values.set(value.value, known)
        }
      const samples = watched.filter((each) => each.collector === collector && each.table === table)
      addTimes(samples, of)
      return [...found.values()].map(({ values, ...rest }) => ({
        ...{ collector, table, ...rest },
        values: [...values]
          .map(([value, { packets, times }]) => ({ value, packets, times }))
          .toSorted((a, b) => b.packets - a.packets)
          .slice(0, mostValues),
      }))
    }),
  )
}

interface Shown {
  readonly node: string
  readonly address: string
  readonly attribute: string
  readonly values: Map<string, { packets: number; times: [from: number, till: number][] }>
}

/** A value was being shown from the reading in which it began to grow until that in which another one did. */
function addTimes(
  samples: readonly CollectedSample[],
  of: (value: Omit<Value, 'value'>) => Shown | undefined,
): void {
  const end = samples.at(-1)?.at ?? 0
  const open = new Map<string, [from: number, till: number][]>()
  for (const { at, grown = [] } of samples)
    for (const { address, attribute, values } of grown) {
      const shown = of({ address, attribute })
      if (!shown) continue
      const id = `${attribute} ${address}`
      for (const span of open.get(id) ?? []) span[1] = at
      const spans = values.map((value) => {
        const known = shown.values.get(value) ?? { packets: 0, times: [] }
        const span: [number, number] = [at, end]
        known.times.push(span)
        shown.values.set(value, known)
        return span
      })
      open.set(id, spans)
    }
}
