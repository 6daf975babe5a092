// What goes into the store comes out of it, at the edges of every kind of column.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { memoryStore } from '../../../test/support/store.ts'
import { addressValue, putBits, putNothing, putWide, type Store } from '../../store.ts'
import { openStore } from './open.ts'

const long = 'a name of more than twelve octets, with an ü'
let store: Store
beforeEach(async () => void (store = await memoryStore('r1:eth0', long, "it's")))
afterEach(() => store.close())

test('every kind of column keeps its smallest and its largest value', async () => {
  const loader = await store.load('exported', { probe: long })
  const { columns } = loader
  for (const column of Object.values(columns))
    if (column.kind !== 'name') column.values.fill(column.kind === 'time' ? 0 : 0xffff_ffff, 0, 8)
  putWide(columns.flowStart, 0, 1_795_488_833_755_218)
  putNothing(columns.nextHop, 1)
  loader.add(2)
  for (const column of Object.values(columns)) {
    if (column.kind !== 'name') column.values.fill(0)
    column.missing = undefined
  }
  columns.sourceAs.given = false
  loader.add(1)
  loader.close()
  const [most, same, least] = await store.ask('SELECT * FROM exported ORDER BY packets DESC, nextHop')
  expect(most).toMatchObject({
    probe: long,
    packet: 2 ** 32 - 1,
    source: 2n ** 128n - 1n,
    protocol: 255,
    sourcePort: 65535,
    packets: 2n ** 64n - 1n,
    sourceAs: 2 ** 32 - 1,
  })
  expect([most?.['nextHop'], same?.['nextHop']]).toEqual([2n ** 128n - 1n, null])
  expect(most?.['flowStart']).toBe(1_795_488_833_755.218)
  expect(least).toMatchObject({ source: 0n, packets: 0n, bytes: 0n, sourceAs: null, destinationAs: 0 })
})

test('rows beyond one chunk, their order being theirs', async () => {
  const loader = await store.load('wire', { point: 'r1:eth0' })
  for (let from = 0; from < 10_000; from += loader.room) {
    const rows = Math.min(loader.room, 10_000 - from)
    for (let row = 0; row < rows; row++) {
      putBits(loader.columns.source, row, addressValue('192.0.2.1') ?? 0n)
      putWide(loader.columns.packets, row, from + row)
    }
    loader.add(rows)
  }
  loader.close()
  const [sum] = await store.ask(
    "SELECT count(*) AS rows, sum(packets) AS packets, min(point)::VARCHAR AS point, any_value(source) = '281473902969345'::UHUGEINT AS mapped FROM wire",
  )
  expect(sum).toEqual({ rows: 10_000n, packets: 49_995_000n, point: 'r1:eth0', mapped: true })
  expect(await store.ask('SELECT packets FROM wire ORDER BY packets')).toHaveLength(10_000)
})

test('signed counts are below nothing too', async () => {
  const loader = await store.load('collected', { ledger: "it's" })
  putBits(loader.columns.packets, 0, -5n)
  loader.add(1)
  loader.close()
  expect(await store.ask('SELECT ledger, probe, packets FROM collected')).toEqual([
    { ledger: "it's", probe: '', packets: -5n },
  ])
})

test('a store in a file replaces what was there, and leaves nothing beside it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'flowlab-store-'))
  const options = { names: [], file: join(directory, 'r.duckdb'), overflow: join(directory, 'overflow') }
  try {
    for (let time = 0; time < 2; time++) {
      const kept = await openStore(options)
      const loader = await kept.load('wire', {})
      loader.add(3)
      loader.close()
      expect(await kept.ask('SELECT count(*) AS rows FROM wire')).toEqual([{ rows: 3n }])
      kept.close()
    }
    expect(existsSync(options.file)).toBe(true)
    expect(existsSync(options.overflow)).toBe(false)
  } finally {
    rmSync(directory, { recursive: true })
  }
})

test('nothing of the machine is read by a query, and an error is said', async () => {
  await expect(store.ask("SELECT * FROM read_csv('https://example.net/x.csv')")).rejects.toThrow(
    /httpfs|extension/i,
  )
  await expect(store.ask('SELECT * FROM nowhere')).rejects.toThrow(/nowhere/)
})

test('few rows are asked by one thread, many by all', async () => {
  const threads = async () => (await store.ask("SELECT current_setting('threads')::INTEGER AS threads"))[0]
  expect(await threads()).toEqual({ threads: 1 })
  const loader = await store.load('wire', { point: 'r1:eth0' })
  for (let rows = 0; rows <= 100_000; rows += loader.room) loader.add(loader.room)
  loader.close()
  expect(await threads()).toEqual({ threads: availableParallelism() })
})
