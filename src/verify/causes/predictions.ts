// What faults that leave their mark in the amounts alone predict, flow by flow. Each gives what would come out of the stage, or
// nothing where the amounts have no such shape at all; how well it fits is ../explain.ts's to say.

import { add, nothing, type Volume } from '../../kernel/units.ts'
import type { Account, Cell } from '../cells.ts'
import { filterCondition } from '../selection.ts'
import type { Rows } from './cause.ts'

export interface Shape {
  readonly predicts: readonly Volume[]
  /** What was found by fitting, in words. */
  readonly words: string
}

const total = (cells: readonly Cell[], side: 'before' | 'after'): Volume =>
  cells.reduce<Volume>((sum, cell) => add(sum, cell[side]), nothing)

const scaled = ({ packets, bytes }: Volume, factor: number): Volume => ({
  packets: Math.round(packets * factor),
  bytes: Math.round(bytes * factor),
})

/** Everything comes out this many times. */
export const multiplied = ({ cells }: Account, factor: number): readonly Volume[] =>
  cells.map(({ before }) => scaled(before, factor))

/** By how much the sum came out larger (or, below 1, smaller) in packets and in bytes. */
export function ratio({ cells }: Account): { readonly packets: number; readonly bytes: number } | undefined {
  const [before, after] = [total(cells, 'before'), total(cells, 'after')]
  return before.packets === 0 || before.bytes === 0
    ? undefined
    : { packets: after.packets / before.packets, bytes: after.bytes / before.bytes }
}

/** Packets are right, and bytes off by as many octets a packet in each flow. */
export function perPacket({ cells }: Account): (Shape & { readonly octets: number }) | undefined {
  const offs = cells
    .filter(({ before, after }) => before.packets > 0 && before.packets === after.packets)
    .map(({ before, after }) => ({
      off: (after.bytes - before.bytes) / before.packets,
      weight: before.packets,
    }))
    .toSorted((a, b) => a.off - b.off)
  const half = offs.reduce((sum, { weight }) => sum + weight, 0) / 2
  let sum = 0
  const octets = Math.round(offs.find(({ weight }) => (sum += weight) >= half)?.off ?? 0)
  if (octets === 0) return undefined
  const predicts = cells.map(({ before }) => ({ ...before, bytes: before.bytes + octets * before.packets }))
  return { predicts, octets, words: `${Math.abs(octets)} octets a packet too ${octets > 0 ? 'many' : 'few'}` }
}

/** Whole classes of traffic that may be left out altogether: the class's name, and whether a flow is in it. */
const classes: readonly (readonly [words: string, holds: (cell: Cell) => boolean])[] = [
  ['all that came in', ({ direction }) => direction === 'in'],
  ['all that went out', ({ direction }) => direction === 'out'],
  ['IPv6', ({ source }) => source.includes(':')],
  ['IPv4', ({ source }) => !source.includes(':')],
  ['TCP', ({ protocol }) => protocol === 6],
  ['UDP', ({ protocol }) => protocol === 17],
  ['ICMP', ({ protocol }) => protocol === 1 || protocol === 58],
]

/** One class of traffic is missing altogether, and the rest is there. */
export function classMissing({ cells }: Account, only?: string): Shape | undefined {
  for (const [words, holds] of classes) {
    if (only !== undefined && words !== only) continue
    const inside = cells.filter(holds)
    const outside = cells.filter((cell) => !holds(cell))
    const isThere = total(inside, 'before').packets > 0 && total(outside, 'after').packets > 0
    if (!isThere || total(inside, 'after').packets > 0) continue
    return { words, predicts: cells.map((cell) => (holds(cell) ? nothing : cell.before)) }
  }
  return undefined
}

/** All flows to or from one address are missing, and the rest is there. */
export function addressMissing({ cells }: Account): Shape | undefined {
  const byAddress = new Map<string, { before: number; after: number }>()
  for (const { source, destination, before, after } of cells)
    for (const address of [source, destination]) {
      const sum = byAddress.get(address) ?? { before: 0, after: 0 }
      byAddress.set(address, { before: sum.before + before.packets, after: sum.after + after.packets })
    }
  const silent = new Set(
    [...byAddress].flatMap(([address, { before, after }]) => (before > 0 && after === 0 ? address : [])),
  )
  const isSilent = ({ source, destination }: Cell): boolean => silent.has(source) || silent.has(destination)
  if (silent.size === 0 || cells.every(isSilent)) return undefined
  const shown = [...silent].slice(0, 3).join(', ')
  return {
    words: `all from and to ${shown}${silent.size > 3 ? ` and ${silent.size - 3} more addresses` : ''}`,
    predicts: cells.map((cell) => (isSilent(cell) ? nothing : cell.before)),
  }
}

const word = 2 ** 32

/** Counters of 32 bits started again at 0. */
export function overrun({ cells }: Account): Shape | undefined {
  const isOverrun = ({ before }: Cell): boolean => before.bytes >= word || before.packets >= word
  if (!cells.some(isOverrun)) return undefined
  return {
    words: 'a multiple of 4294967296',
    predicts: cells.map(({ before }) => ({ packets: before.packets % word, bytes: before.bytes % word })),
  }
}

/** What belongs to some flows is booked to another flow between the same hosts: `to` says to which. */
export function moved(
  { cells }: Account,
  from: (cell: Cell) => boolean,
  to: (cell: Cell) => boolean,
): readonly Volume[] {
  // Of a flow that the wire did not have no direction is known.
  const pair = ({ source, destination, protocol }: Cell): string => `${source} ${destination} ${protocol}`
  const taken = new Map<string, Volume>()
  for (const cell of cells.filter(from))
    taken.set(pair(cell), add(taken.get(pair(cell)) ?? nothing, cell.before))
  return cells.map((cell) => {
    if (from(cell)) return nothing
    const more = to(cell) ? taken.get(pair(cell)) : undefined
    if (more) taken.delete(pair(cell))
    return more ? add(cell.before, more) : cell.before
  })
}

/** The pcap filters among options, for all plugins or one of those named. */
export const filtersIn = (
  options: Readonly<Record<string, string>>,
): readonly (readonly [directive: string, filter: string])[] =>
  Object.entries(options).filter(([key]) => /^(pcap_filter|aggregate_filter(\[.*\])?)$/.test(key))

/** All but what a filter of pcap-filter(7) selects is missing; undefined where it says more than flows tell. */
export function filtered(of: Rows['of'], filter: string | undefined): Rows | undefined {
  const selects = filter === undefined ? undefined : filterCondition(filter)
  return selects === undefined ? undefined : { of, where: `NOT (${selects})`, are: 'missing' }
}
