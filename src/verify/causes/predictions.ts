// What faults that leave their mark in the amounts alone predict, flow by flow. Each gives what would come out of the stage, or
// nothing where the amounts have no such shape at all; how well it fits is ../explain.ts's to say.

import { add, nothing, type Volume } from '../../kernel/units.ts'
import type { Account, Cell } from '../cells.ts'
import type { Field } from '../granularity.ts'
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

/** What came out is in sum what went in, nearly: nothing is lost, and nothing is there twice. */
export function isConserved(account: Account): boolean {
  const found = ratio(account)
  return found !== undefined && Math.abs(found.packets - 1) < 0.02 && Math.abs(found.bytes - 1) < 0.02
}

/** Of flows at least so many must have the same number of octets a packet too many, or too few. */
const most = 0.9

/** Packets are right, and bytes off by as many octets a packet in nearly every flow. */
export function perPacket({ cells }: Account): (Shape & { readonly octets: number }) | undefined {
  const offs = cells
    .filter(({ before, after }) => before.packets > 0 && before.packets === after.packets)
    .map(({ before, after }) => (after.bytes - before.bytes) / before.packets)
    .toSorted((a, b) => a - b)
  const octets = offs[offs.length >> 1] ?? 0
  const same = offs.filter((off) => off === octets).length
  if (octets === 0 || !Number.isInteger(octets) || same < most * offs.length) return undefined
  const predicts = cells.map(({ before }) => ({ ...before, bytes: before.bytes + octets * before.packets }))
  return { predicts, octets, words: `${Math.abs(octets)} octets a packet too ${octets > 0 ? 'many' : 'few'}` }
}

/** Whole classes of traffic that may be left out altogether: the class's name, and whether a flow is in it. */
interface Class {
  readonly words: string
  readonly holds: (cell: Cell) => boolean
  /** The field without which an account cannot tell it. */
  readonly by?: Field
}

const classes: readonly Class[] = [
  { words: 'all that came in', holds: ({ direction }) => direction === 'in' },
  { words: 'all that went out', holds: ({ direction }) => direction === 'out' },
  { words: 'IPv6', holds: ({ source }) => source.includes(':'), by: 'source' },
  { words: 'IPv4', holds: ({ source }) => !source.includes(':'), by: 'source' },
  { words: 'TCP', holds: ({ protocol }) => protocol === 6, by: 'protocol' },
  { words: 'UDP', holds: ({ protocol }) => protocol === 17, by: 'protocol' },
  { words: 'ICMP', holds: ({ protocol }) => protocol === 1, by: 'protocol' },
  { words: 'ICMPv6', holds: ({ protocol }) => protocol === 58, by: 'protocol' },
  { words: 'ICMP and ICMPv6', holds: ({ protocol }) => protocol === 1 || protocol === 58, by: 'protocol' },
]

const isSilent = ({ after }: Cell): boolean => after.packets === 0 && after.bytes === 0

/** One class of traffic is missing altogether, and the rest is there. One flow alone makes no class. */
export function classMissing({ cells, fields }: Account): Shape | undefined {
  for (const { words, holds, by } of classes) {
    if (by !== undefined && !fields.includes(by)) continue
    const inside = cells.filter((cell) => holds(cell) && cell.before.packets > 0)
    const outside = cells.filter((cell) => !holds(cell))
    if (inside.length < 2 || !inside.every(isSilent) || total(outside, 'after').packets === 0) continue
    return { words, predicts: cells.map((cell) => (holds(cell) ? nothing : cell.before)) }
  }
  return undefined
}

/** All flows to or from one address are missing, and the rest is there. */
export function addressMissing({ cells }: Account): Shape | undefined {
  const byAddress = new Map<string, { cells: number; silent: number }>()
  for (const cell of cells)
    for (const address of [cell.source, cell.destination]) {
      const sofar = byAddress.get(address) ?? { cells: 0, silent: 0 }
      byAddress.set(address, sofar)
      sofar.cells++
      if (isSilent(cell)) sofar.silent++
    }
  const silent = new Set(
    [...byAddress].flatMap(([address, own]) => (own.cells > 1 && own.silent === own.cells ? address : [])),
  )
  const isLeftOut = ({ source, destination }: Cell): boolean => silent.has(source) || silent.has(destination)
  if (silent.size === 0 || cells.every((cell) => isLeftOut(cell) || isSilent(cell))) return undefined
  const shown = [...silent].slice(0, 3).join(', ')
  return {
    words: `all from and to ${shown}${silent.size > 3 ? ` and ${silent.size - 3} more addresses` : ''}`,
    predicts: cells.map((cell) => (isLeftOut(cell) ? nothing : cell.before)),
  }
}

/** Beyond rounding: what a prediction of one factor may leave, as a share of what was changed and of what came out. */
const rest = 0.02

/** Every flow comes out times one factor, in packets and in bytes; the factors may differ. */
export function scaledAlike(
  account: Account,
): (Shape & { readonly packets: number; readonly bytes: number }) | undefined {
  const found = ratio(account)
  if (!found || found.packets <= 0 || found.bytes <= 0 || account.cells.length < 3) return undefined
  const predicts = account.cells.map(({ before }) => ({
    packets: Math.round(before.packets * found.packets),
    bytes: Math.round(before.bytes * found.bytes),
  }))
  // A change of hardly an octet a flow is no factor, however well one fits.
  const changed = account.cells.reduce(
    (sum, { before, after }) =>
      sum + Math.abs(after.packets - before.packets) + Math.abs(after.bytes - before.bytes),
    0,
  )
  if (changed < 2 * account.cells.length) return undefined
  const fits = (['packets', 'bytes'] as const).every((column) => {
    const sums = account.cells.map(({ before, after }, index) => ({
      changed: Math.abs(after[column] - before[column]),
      left: Math.abs(after[column] - (predicts[index]?.[column] ?? 0)),
    }))
    const least = Math.min(
      sums.reduce((sum, each) => sum + each.changed, 0),
      total(account.cells, 'after')[column],
    )
    const [left, beyond] = [0, 1].map((off) =>
      sums.reduce((sum, each) => sum + Math.max(0, each.left - off), 0),
    ) as [number, number]
    // Counters are whole numbers, and each may be off by one; where hardly more than that was changed there is no factor.
    return beyond <= rest * least && left <= least / 4
  })
  const times = (factor: number): string => `times ${Number(factor.toPrecision(3))}`
  return fits
    ? {
        ...found,
        predicts,
        words:
          times(found.packets) === times(found.bytes)
            ? times(found.packets)
            : `packets ${times(found.packets)} and bytes ${times(found.bytes)}`,
      }
    : undefined
}

/** The volume of each flow stands under the flow back. */
export const exchanged = (account: Account): readonly Volume[] | undefined =>
  isConserved(account) ? flowsBack(account) : undefined

/** Each flow has the volume of the flow back beside its own. */
export function bothWays(account: Account): readonly Volume[] | undefined {
  const found = ratio(account)
  if (!found || Math.abs(found.packets - 2) > 0.04 || Math.abs(found.bytes - 2) > 0.04) return undefined
  return flowsBack(account)?.map((back, index) => add(back, account.cells[index]?.before ?? nothing))
}

function flowsBack({ cells, fields }: Account): readonly Volume[] | undefined {
  if (!fields.includes('source') || !fields.includes('destination')) return undefined
  const key = (...parts: (string | number)[]): string => parts.join(' ')
  // Only fields that the account tells apart: ICMP's type stands in its destination port, and stays there.
  const port = (field: 'sourcePort' | 'destinationPort', cell: Cell): number =>
    fields.includes(field) ? cell[field] : 0
  const back = (cell: Cell): string => {
    const ports: [number, number] = [port('sourcePort', cell), port('destinationPort', cell)]
    const isIcmp = cell.protocol === 1 || cell.protocol === 58
    return key(cell.destination, cell.source, ...(isIcmp ? ports : ports.toReversed()))
  }
  const own = (cell: Cell): string =>
    key(cell.source, cell.destination, port('sourcePort', cell), port('destinationPort', cell))
  const protocol = (cell: Cell): number => (fields.includes('protocol') ? cell.protocol : 0)
  const before = new Map<string, Volume>()
  for (const cell of cells) {
    const id = `${protocol(cell)} ${own(cell)}`
    before.set(id, add(before.get(id) ?? nothing, cell.before))
  }
  return cells.map((cell) => before.get(`${protocol(cell)} ${back(cell)}`) ?? nothing)
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

/** What belongs to some flows is booked to others between the same hosts, to each as much as it has too much, and to all no more than that. */
export function spread({ cells }: Account, from: (cell: Cell) => boolean): readonly Volume[] {
  const pair = ({ source, destination, protocol }: Cell): string => `${source} ${destination} ${protocol}`
  const surplus = ({ before, after }: Cell): Volume => ({
    packets: Math.max(0, after.packets - before.packets),
    bytes: Math.max(0, after.bytes - before.bytes),
  })
  const pairs = new Map<string, { taken: Volume; surplus: Volume }>()
  for (const cell of cells) {
    const sum = pairs.get(pair(cell)) ?? { taken: nothing, surplus: nothing }
    pairs.set(
      pair(cell),
      from(cell)
        ? { ...sum, taken: add(sum.taken, cell.before) }
        : { ...sum, surplus: add(sum.surplus, surplus(cell)) },
    )
  }
  return cells.map((cell) => {
    if (from(cell)) return nothing
    const { taken = nothing, surplus: all = nothing } = pairs.get(pair(cell)) ?? {}
    const share = (column: 'packets' | 'bytes'): number =>
      Math.round(surplus(cell)[column] * Math.min(1, taken[column] / Math.max(1, all[column])))
    return add(cell.before, { packets: share('packets'), bytes: share('bytes') })
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
