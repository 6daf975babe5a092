// What goes into the store comes out of it, at the edges of every kind of column.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { memoryStore } from '../../../test/support/store.ts'
import { addressValue, putBits, putNothing, putWide, type Loader, type Store } from '../../store.ts'
import { openStore } from './open.ts'

const long = 'a name of more than twelve octets, with an ü'
let store: Store
beforeEach(async () => void (store = await memoryStore('r1:eth0', long, "it's")))
afterEach(() => store.close())

test('every kind of column keeps its smallest and its largest value', async () => {
  await store.load('exported', { probe: long }, async ({ columns, add }) => {
    for (const column of Object.values(columns))
      if (column.kind !== 'name') column.values.fill(column.kind === 'time' ? 0 : 0xffff_ffff, 0, 8)
    putWide(columns.flowStart, 0, 1_795_488_833_755_218)
    putNothing(columns.nextHop, 1)
    add(2)
    for (const column of Object.values(columns)) {
      if (column.kind !== 'name') column.values.fill(0)
      column.missing = undefined
    }
    columns.sourceAs.given = false
    add(1)
  })
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

/** So many rows of the wire, their packets being their numbers; every seventh has no source. */
const countUp =
  (rows: number, settles: boolean) =>
  async ({ room, columns, add, settle }: Loader<'wire'>): Promise<void> => {
    for (let from = 0; from < rows; from += room) {
      const some = Math.min(room, rows - from)
      columns.source.missing = undefined
      for (let row = 0; row < some; row++) {
        putBits(columns.source, row, addressValue('192.0.2.1') ?? 0n)
        putWide(columns.packets, row, from + row)
        if ((from + row) % 7 === 0) putNothing(columns.source, row)
      }
      add(some)
      if (settles) await settle()
    }
  }

test.each([
  ['a chunk', 10_000, true],
  ['what waits at once', 600_000, true],
  ['what waits at once, by one who does not wait', 500_000, false],
])('rows beyond %s', async (_, rows, settles) => {
  await store.load('wire', { point: 'r1:eth0' }, countUp(rows, settles))
  const [sum] = await store.ask(`
    SELECT count(*) AS rows, sum(packets) AS packets, count(DISTINCT packets) AS each, min(point)::VARCHAR AS point,
      count(source) AS known, bool_and(source = '281473902969345'::UHUGEINT) AS mapped,
      bool_and((source IS NULL) = (packets % 7 = 0)) AS inPlace FROM wire`)
  expect(sum).toEqual({
    rows: BigInt(rows),
    packets: (BigInt(rows) * BigInt(rows - 1)) / 2n,
    each: BigInt(rows),
    point: 'r1:eth0',
    known: BigInt(rows - Math.ceil(rows / 7)),
    mapped: true,
    inPlace: true,
  })
})

test('what goes wrong while a table is filled is thrown, and the store is as good as before', async () => {
  const failing = store.load('wire', { point: 'r1:eth0' }, async (loader) => {
    await countUp(300_000, true)(loader)
    throw new Error('no more of it')
  })
  await expect(failing).rejects.toThrow('no more of it')
  await store.load('wire', { point: long }, countUp(5, true))
  expect(await store.ask(`SELECT count(*) AS rows FROM wire WHERE point = '${long}'`)).toEqual([{ rows: 5n }])
})

test('a store without room says so', async () => {
  const small = await openStore({ names: [], overflow: '/dev/null/nowhere', memory: '20MB' })
  await expect(small.load('wire', {}, countUp(600_000, true))).rejects.toThrow(/nowhere/)
  small.close()
})

test('signed counts are below nothing too', async () => {
  await store.load('collected', { ledger: "it's" }, async ({ columns, add }) => {
    putBits(columns.packets, 0, -5n)
    add(1)
  })
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
      await kept.load('wire', {}, async ({ add }) => add(3))
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
