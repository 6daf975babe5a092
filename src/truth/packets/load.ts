// Counted packets into the store's table of them.

import type { Direction } from '../../evidence.ts'
import { type Loader, putWide, type Staged } from '../../store.ts'
import type { FlowCounts } from './flows.ts'

/**
 * Adds the flows as ones that went `way` (0 in, 1 out); with `only` none but those that the capture says went so. Gives how many
 * packets these are.
 */
export function loadPackets(
  { columns, room, add }: Pick<Loader<'packets'>, 'columns' | 'room' | 'add'>,
  flows: FlowCounts,
  way: 0 | 1,
  only?: Direction,
): number {
  let [row, sum] = [0, 0]
  const flush = () => {
    columns.direction.values.fill(way, 0, row)
    add(row)
    row = 0
  }
  for (let flow = 0; flow < flows.size; flow++) {
    const { direction, ...key } = flows.keyOf(flow)
    if (only !== undefined && direction !== only) continue
    const addresses = flows.addresses(flow)
    columns.source.values.set(addresses.subarray(0, 4), 4 * row)
    columns.destination.values.set(addresses.subarray(4), 4 * row)
    for (const name of ['protocol', 'sourcePort', 'destinationPort', 'tos'] as const)
      columns[name].values[row] = key[name]
    columns.tcpFlags.values[row] = flows.tcpFlags[flow] ?? 0
    putWide(columns.packets, row, flows.packets[flow] ?? 0)
    putWide(columns.bytes, row, flows.bytes[flow] ?? 0)
    putCount(columns.squares, row, flows.squares[flow] ?? 0)
    putWide(columns.flowStart, row, Math.floor(flows.first[flow] ?? 0))
    putWide(columns.flowEnd, row, Math.floor(flows.last[flow] ?? 0))
    sum += flows.packets[flow] ?? 0
    if (++row === room) flush()
  }
  if (row > 0) flush()
  return sum
}

/** Below 2^53, as 128 bits. */
function putCount({ values }: Staged, row: number, value: number): void {
  const high = Math.floor(value / 0x1_0000_0000)
  values[4 * row] = value - high * 0x1_0000_0000
  values[4 * row + 1] = high
  values[4 * row + 2] = 0
  values[4 * row + 3] = 0
}
