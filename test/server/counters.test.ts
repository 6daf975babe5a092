// Counters of records are 64 bits of anybody's making: the page's database adds them up whatever they are.

import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Plan } from '../../src/plan/plan.ts'
import { openRunArchive } from '../../src/run/archive.ts'
import { runDirectory } from '../../src/run/directory.ts'
import { openStore } from '../../src/store/duckdb/open.ts'
import { namesIn } from '../../src/verify/ledgers.ts'

const home = mkdtempSync(join(tmpdir(), 'flowlab-counters-'))
afterAll(() => rmSync(home, { recursive: true }))

test.each([
  ['usual ones', '1500'],
  ['of 63 bits', '9223372036854775807'],
  ['of 64 bits', '18446744073709551615'],
])('%s', async (_, bytes) => {
  const run = join(home, bytes)
  cpSync(join(import.meta.dirname, '../runs/green'), run, { recursive: true })
  const directory = runDirectory(run)
  const plan = await directory.read<Plan>('plan')
  const file = directory.file('records.duckdb')
  const store = await openStore({
    names: namesIn(plan),
    file,
    overflow: join(home, 'overflow'),
    memory: '256MB',
  })
  await store.ask(`INSERT INTO exported (probe, packets, bytes) VALUES (NULL, 1, ${bytes})`)
  store.close()
  const archive = await openRunArchive(directory, join(home, `${bytes}.folder`))
  const sql = 'SELECT sum(bytes)::VARCHAR AS bytes, sum(packets)::VARCHAR AS packets FROM exported_rows'
  expect(await archive.ask({ sql, values: [] }, { ms: 10_000 })).toEqual([{ bytes, packets: '1' }])
  archive.close()
})
