// A store in memory, filled by hand: for tests of what the verdict asks of it.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FlowKey } from '../../src/kernel/flow.ts'
import type { Volume } from '../../src/kernel/units.ts'
import { addressValue, keyColumns, literal, type Store } from '../../src/store.ts'
import { openStore } from '../../src/store/duckdb/open.ts'

export const memoryStore = (...names: string[]): Promise<Store> =>
  openStore({ names, overflow: join(tmpdir(), `flowlab-test-${process.pid}`) })

type Counted = FlowKey & { readonly packets: number | bigint; readonly bytes: number | bigint }

/** A SELECT of these flows; `direction` is 0 in, 1 out. */
export function rowsOf(flows: readonly (Counted & { readonly direction?: number })[]): string {
  const rows = flows.map((flow) =>
    [
      flow.direction ?? 0,
      ...[flow.source, flow.destination].map((text) => literal(String(addressValue(text)))),
      ...[flow.protocol, flow.sourcePort, flow.destinationPort],
      ...[flow.packets, flow.bytes],
    ].join(', '),
  )
  const types = 'UTINYINT UHUGEINT UHUGEINT UTINYINT USMALLINT USMALLINT UBIGINT UBIGINT'.split(' ')
  const columns = ['direction', ...Object.keys(keyColumns), 'packets', 'bytes']
  const casts = types.map((type, index) => `c${index}::${type} AS ${columns[index]}`)
  const values = rows.length > 0 ? rows : [columns.map(() => 'NULL').join(', ')]
  return `SELECT ${casts.join(', ')} FROM (VALUES ${values.map((row) => `(${row})`).join(', ')}) AS given(${columns.map((_, index) => `c${index}`).join(', ')})${rows.length > 0 ? '' : ' WHERE false'}`
}

export const counted = (flow: FlowKey, packets: number, bytes = packets * 100): FlowKey & Volume => ({
  ...flow,
  packets,
  bytes,
})
