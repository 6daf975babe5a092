// Records that a server reads: files of other versions, and what is left behind when it is killed.
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import duckdb from '@duckdb/node-bindings'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Listening, listen } from '../../src/server/listen.ts'
import { findRuns } from '../../src/server/runs.ts'
import { scratch } from '../../src/run/scratch.ts'

let home: string
let server: Listening
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'flowlab-archives-'))
  cpSync(join(import.meta.dirname, '../runs/green'), join(home, 'green'), { recursive: true })
  const charts = { data: home, database: join(home, 'charts.duckdb') }
  server = await listen({ homes: [home], runs: findRuns([home], async () => []), charts }, {})
})
afterEach(async () => {
  await server.close()
  rmSync(home, { recursive: true })
})

const file = (...names: string[]): string => join(home, 'green', ...names)

async function ask(what: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const { runs } = (await (await fetch(new URL('/api/runs', server.url))).json()) as {
    runs: { id: string }[]
  }
  const response = await fetch(new URL(`/api/runs/${runs[0]?.id}/${what}`, server.url))
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

/** What a version without some tables and columns would have left. */
async function leaveOld(): Promise<void> {
  const database = await duckdb.open(file('records.duckdb'))
  const connection = await duckdb.connect(database)
  await duckdb.query(connection, 'CREATE TABLE exported (probe VARCHAR, packets UBIGINT, bytes UBIGINT)')
  duckdb.disconnect_sync(connection)
  duckdb.close_sync(database)
}

test('a file of another version, or none of the database at all, is made anew from the evidence', async () => {
  const before = await ask('records?group=source')
  expect([before.status, Number(before.body['total']) > 0]).toEqual([200, true])
  await leaveOld()
  expect(await ask('records?group=source')).toEqual(before)
  expect((await ask('series')).status).toBe(200)
  writeFileSync(file('records.duckdb'), 'no database')
  expect(await ask('records?group=source')).toEqual(before)
})

test('where the evidence is gone too, the answer says so', async () => {
  await leaveOld()
  rmSync(file('nodes'), { recursive: true })
  const { status, body } = await ask('records')
  expect([status, body['error']]).toEqual([409, expect.stringContaining('cannot be read by this version')])
  const { status: code, stderr } = spawnSync(
    join(import.meta.dirname, '../../bin/flowlab'),
    ['records', file()],
    { encoding: 'utf8' },
  )
  expect([code, stderr]).toEqual([2, expect.stringContaining('run the lab again')])
})

test('the time of a run reaches the last arrival, after the books are closed', async () => {
  const { body } = await ask('records?witness=arrived&sort=-seen&limit=1')
  const { columns, rows } = body as { columns: { name: string }[]; rows: number[][] }
  const seen = rows[0]?.[columns.findIndex(({ name }) => name === 'seen')] ?? 0
  const series = (await ask('series?step=100')).body as {
    from: number
    step: number
    count: number
    arrived: { packets: number[] }[]
    totals: { arrived: { packets: number } }[]
  }
  expect(series.from + series.step * series.count).toBeGreaterThan(seen)
  const drawn = series.arrived[0]?.packets.reduce((all, packets) => all + packets, 0)
  expect(drawn).toBe(series.totals[0]?.arrived.packets)
})

test('what a killed process left goes when the next one begins', async () => {
  const child = spawn('sleep', ['60'])
  const of = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith(`flowlab-${child.pid}-`))
  for (const end of ['abc123', 'overflow']) mkdirSync(join(tmpdir(), `flowlab-${child.pid}-${end}`))
  rmSync(scratch(), { recursive: true })
  expect(of()).toHaveLength(2)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const mine = scratch()
  expect([of(), existsSync(mine)]).toEqual([[], true])
  rmSync(mine, { recursive: true })
})
