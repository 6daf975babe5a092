// Counted packets into the store's table of them.

import { type Loader, putBits, putWide, type Staged } from '../../store.ts'
import type { CountedFlow } from './count.ts'

/** `directionOf`: 0 in, 1 out. */
export function loadPackets(
  loader: Pick<Loader<'packets'>, 'columns' | 'room' | 'add'>,
  flows: readonly CountedFlow[],
  directionOf: (flow: CountedFlow) => 0 | 1,
): void {
  const { columns, room } = loader
  for (let from = 0; from < flows.length; from += room) {
    const some = flows.slice(from, from + room)
    some.forEach((flow, row) => {
      const half = flow.addresses.length / 2
      putAddress(columns.source, row, flow.addresses, 0, half)
      putAddress(columns.destination, row, flow.addresses, half, half)
      columns.direction.values[row] = directionOf(flow)
      for (const name of ['protocol', 'sourcePort', 'destinationPort', 'tos', 'tcpFlags'] as const)
        columns[name].values[row] = flow[name]
      putWide(columns.packets, row, flow.packets)
      putWide(columns.bytes, row, flow.bytes)
      putBits(columns.squares, row, BigInt(flow.squares))
      putWide(columns.flowStart, row, Math.floor(flow.first))
      putWide(columns.flowEnd, row, Math.floor(flow.last))
    })
    loader.add(some.length)
  }
}

/** The last word of an address comes first; IPv4 lies in the IPv6 address that maps it. */
function putAddress({ values }: Staged, row: number, octets: Buffer, at: number, length: number): void {
  const [a, b, c, d] =
    length === 4
      ? [octets.readUInt32BE(at), 0xffff, 0, 0]
      : [12, 8, 4, 0].map((word) => octets.readUInt32BE(at + word))
  values[4 * row] = a ?? 0
  values[4 * row + 1] = b ?? 0
  values[4 * row + 2] = c ?? 0
  values[4 * row + 3] = d ?? 0
}
