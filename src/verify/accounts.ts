// The books: for every flow, at the granularity that a collector's table keeps, what crossed the wire, what was exported of
// it, what arrived and what was collected; and their sums by direction.

import type { Direction, Wire, WireFlow } from '../evidence.ts'
import type { FlowKey } from '../kernel/flow.ts'
import { add, nothing, subtract, type Volume } from '../kernel/units.ts'
import { type Field, project } from './granularity.ts'

/** The witnesses in the order of the way from wire to collector. */
export const witnesses = ['wire', 'exported', 'arrived', 'collected'] as const
export type Witness = (typeof witnesses)[number]

export type Volumes = Readonly<Record<Witness, Volume>>

export interface Entry extends Volumes {
  readonly direction: Direction
  readonly source: string
  readonly destination: string
}

type Counted = FlowKey & Volume

export interface Sources {
  readonly wire: Wire
  readonly exported: readonly Counted[]
  readonly arrived: readonly Counted[]
  readonly collected: readonly Counted[]
}

const empty: Volumes = { wire: nothing, exported: nothing, arrived: nothing, collected: nothing }

/** One entry a flow and direction. Only the wire knows directions: the others' counts go to the direction that the flow had. */
export function account(sources: Sources, fields: readonly Field[]): Entry[] {
  const byFlow = new Map<string, { in: Entry; out: Entry }>()
  const entries = (flow: FlowKey) => {
    const id = project(flow, fields)
    const found = byFlow.get(id) ?? { in: entry(flow, 'in'), out: entry(flow, 'out') }
    byFlow.set(id, found)
    return found
  }
  for (const direction of ['in', 'out'] as const)
    for (const flow of sources.wire.directions[direction].flows) {
      const both = entries(flow)
      both[direction] = { ...both[direction], wire: add(both[direction].wire, flow) }
    }
  for (const witness of ['exported', 'arrived', 'collected'] as const) {
    const sums = new Map<ReturnType<typeof entries>, Volume>()
    for (const flow of sources[witness]) {
      const both = entries(flow)
      sums.set(both, add(sums.get(both) ?? nothing, flow))
    }
    for (const [both, volume] of sums) {
      const share = divide(volume, both)
      both.in = { ...both.in, [witness]: share.in }
      both.out = { ...both.out, [witness]: share.out }
    }
  }
  return [...byFlow.values()].flatMap((both) => [both.in, both.out]).filter(isUsed)
}

const entry = ({ source, destination }: FlowKey, direction: Direction): Entry => ({
  ...empty,
  direction,
  source,
  destination,
})

const isUsed = (each: Entry): boolean => witnesses.some((witness) => each[witness].packets !== 0)

/** A flow that crossed in both directions fills `in` up to what the wire had, and the rest is `out`. */
function divide(volume: Volume, { in: inward, out }: { in: Entry; out: Entry }): Record<Direction, Volume> {
  if (out.wire.packets === 0) return { in: volume, out: nothing }
  if (inward.wire.packets === 0) return { in: nothing, out: volume }
  const part = {
    packets: Math.min(volume.packets, inward.wire.packets),
    bytes: Math.min(volume.bytes, inward.wire.bytes),
  }
  return { in: part, out: subtract(volume, part) }
}

export const sum = (entries: readonly Volumes[], witness: Witness): Volume =>
  entries.reduce((total, each) => add(total, each[witness]), nothing)

/** What is missing between two witnesses, and what is too much, over all flows: they do not cancel each other out. */
export function difference(
  entries: readonly Volumes[],
  from: Witness,
  to: Witness,
): { readonly missing: Volume; readonly surplus: Volume; readonly flows: number } {
  let [missing, surplus, flows] = [nothing, nothing, 0]
  for (const each of entries) {
    const gap = subtract(each[from], each[to])
    if (gap.packets === 0 && gap.bytes === 0) continue
    flows++
    if (gap.packets > 0 || (gap.packets === 0 && gap.bytes > 0)) missing = add(missing, gap)
    else surplus = add(surplus, gap)
  }
  return { missing, surplus, flows }
}

/** A wire without the flows that a filter leaves out. */
export function select(wire: Wire, selects: (flow: WireFlow, direction: Direction) => boolean): Wire {
  const own = (direction: Direction) => ({
    ...wire.directions[direction],
    flows: wire.directions[direction].flows.filter((flow) => selects(flow, direction)),
  })
  return { ...wire, directions: { in: own('in'), out: own('out') } }
}

/** A wire whose flows are called otherwise. */
export function map(wire: Wire, rename: (flow: WireFlow) => WireFlow): Wire {
  const own = (direction: Direction) => ({
    ...wire.directions[direction],
    flows: wire.directions[direction].flows.map((flow) => rename(flow)),
  })
  return { ...wire, directions: { in: own('in'), out: own('out') } }
}
