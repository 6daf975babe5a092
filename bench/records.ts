// A run directory with as many records as one likes, of a kept run's lab: what bench/queries.ts asks and bench/page.ts looks at.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exporters, exportName } from '../src/plan/exporters.ts'
import type { Plan } from '../src/plan/plan.ts'
import type { runDirectory } from '../src/run/directory.ts'
import { literal, tables } from '../src/store.ts'
import { openStore } from '../src/store/duckdb/open.ts'
import { namesIn } from '../src/verify/ledgers.ts'

/** 2023-11-14T22:13:20Z, in ms. */
const begin = 1_700_000_000_000

/**
 * A tenth as many flows as records, between addresses of 10.0.0.0/16 and 192.32.0.0/16 spread by DuckDB's hash, ten microseconds from
 * one record to the next; in the tables that are named. `overflow`: a directory for what does not fit into memory.
 */
export async function fill(
  directory: ReturnType<typeof runDirectory>,
  records: number,
  into: readonly ('exported' | 'arrived' | 'wire' | 'wireCurve')[],
  overflow: string,
): Promise<void> {
  const plan = await directory.read<Plan>('plan')
  const probe = exporters(plan)[0]
  const point = plan.points[0]
  if (!probe || !point) throw new Error('the plan has no probe')
  const store = await openStore({
    names: namesIn(plan),
    file: directory.file('records.duckdb'),
    overflow,
    memory: '2GB',
  })
  const flows = Math.max(1, records / 10)
  const mapped = '281470681743360::UHUGEINT' // ::ffff:0.0.0.0
  const given: Readonly<Record<string, string>> = {
    probe: literal(exportName(probe)),
    point: literal(point.name),
    direction: '0',
    source: `${mapped} + 167772160 + hash(flow) % 65536`,
    destination: `${mapped} + 3223322624 + hash(flow + 1) % 65536`,
    protocol: '17',
    sourcePort: 'flow % 65536',
    destinationPort: '1024 + flow // 65536',
    packets: '1 + i % 7',
    bytes: '(1 + i % 7) * 600',
    seen: `make_timestamp(${begin}000 + i * 10)`,
    flowStart: `make_timestamp(${begin}000 + i * 10)`,
    flowEnd: `make_timestamp(${begin + 1000}000 + i * 10)`,
    sourceAs: '0',
    destinationAs: '0',
  }
  for (const table of into)
    await store.ask(
      `INSERT INTO ${table} SELECT ${Object.keys(tables[table])
        .map((name) => given[name] ?? 'NULL')
        .join(', ')} FROM (SELECT i, i % ${flows} AS flow FROM range(${
        table === 'exported' || table === 'arrived' ? records : flows
      }) AS t(i))`,
    )
  store.close()
  const seconds = Math.ceil(records / 100_000) + 1
  const timeline = [
    { at: begin, what: 'opened', target: 'books' },
    { at: begin + seconds * 1000, what: 'closed', target: 'books' },
  ]
  writeFileSync(
    join(directory.path, 'timeline.ndjson'),
    timeline.map((entry) => `${JSON.stringify(entry)}\n`).join(''),
  )
}
