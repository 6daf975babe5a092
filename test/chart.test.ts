// Charts without a lab: definitions in both databases, what is refused, rates, and what RRDtool makes of names that mean harm.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { rates, unknown } from '../src/chart/counting.ts'
import { ChartError } from '../src/chart/database.ts'
import { checked, DefinitionError, directoryOf } from '../src/chart/definition.ts'
import { csv, numbers, render } from '../src/chart/draw.ts'
import { withDefinitions } from '../src/chart/open.ts'
import { update } from '../src/chart/rrd.ts'
import { flowlab } from './support/labs.ts'

const folder = mkdtempSync(join(tmpdir(), 'flowlab-chart-'))
const servers: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const stop of servers) await stop()
  rmSync(folder, { recursive: true, force: true })
})

const hostile = `a: "b" 'c'; DROP TABLE flowlab_charts; -- \\ 日本`
const definition = checked({ name: 'talk', title: hostile, collector: 'main', key: 'path', step: '10s' })

const has = (program: string): boolean =>
  existsSync(join('/usr/sbin', program)) || existsSync(join('/usr/bin', program))

/** A MariaDB server of the test's own, on a socket in its folder; its URL. */
async function mariadb(): Promise<string> {
  const data = join(folder, 'mariadb')
  const socket = join(folder, 'mariadb.sock')
  const common = ['--no-defaults', `--datadir=${data}`, '--user=root']
  execFileSync(
    'mariadb-install-db',
    [...common, '--auth-root-authentication-method=normal', '--skip-test-db'],
    { stdio: 'ignore' },
  )
  const server = spawn(
    '/usr/sbin/mariadbd',
    [...common, `--socket=${socket}`, '--skip-networking', '--innodb-buffer-pool-size=16M'],
    { stdio: 'ignore' },
  )
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()))
  servers.push(async () => {
    server.kill('SIGKILL')
    await ended
  })
  const client = (sql: string) =>
    execFileSync('mariadb', ['--no-defaults', '-u', 'root', '-S', socket, '-e', sql], { stdio: 'ignore' })
  for (;;) {
    try {
      client('CREATE DATABASE flowlab')
      break
    } catch {
      if (server.exitCode !== null) throw new Error('mariadbd has ended')
      await sleep(50)
    }
  }
  client("CREATE USER charts@localhost IDENTIFIED BY 's:e@cret'; GRANT ALL ON flowlab.* TO charts@localhost")
  return `mysql://charts:s%3Ae%40cret@localhost/flowlab?socketPath=${encodeURIComponent(socket)}`
}

async function keepsDefinitions(database: string): Promise<void> {
  await withDefinitions(database, async ({ add, list }) => {
    await add(definition)
    await add(checked({ ...definition, name: 'other', archives: ['average 10s 1h'], colours: ['#ff0000'] }))
    expect((await list()).map(({ name }) => name)).toEqual(['other', 'talk'])
  })
  await withDefinitions(database, async ({ add, change, find, list, put, remove }) => {
    expect(await find('talk')).toEqual(definition)
    await expect(add(definition)).rejects.toThrow(ChartError)
    await change({ ...definition, unit: 'packets' })
    expect((await find('talk')).unit).toBe('packets')
    await remove('other')
    await expect(remove('other')).rejects.toThrow('there is no chart "other"')
    await expect(find("x' OR '1'='1")).rejects.toThrow(ChartError)
    expect(await list()).toHaveLength(1)
    // All of them, or none: the second one is larger than the database can hold.
    const before = await list()
    const some = [
      checked({ ...definition, name: 'first' }),
      { ...definition, unit: 'flows' as const, most: 1e12 },
    ]
    await expect(put(some)).rejects.toThrow()
    expect(await list()).toEqual(before)
    await put([checked({ ...definition, name: 'first' }), { ...definition, unit: 'flows' }])
    expect((await list()).map(({ name, unit }) => [name, unit])).toEqual([
      ['first', 'bits'],
      ['talk', 'flows'],
    ])
  })
}

describe('definitions', () => {
  test('are kept in a file', () => keepsDefinitions(join(folder, 'charts.duckdb')))

  test('are kept by a MariaDB server, and its password is not told', { timeout: 30_000 }, async ({
    skip,
  }) => {
    skip(!has('mariadbd') || !has('mariadb-install-db'), 'no mariadbd: apt-get install mariadb-server')
    const url = await mariadb()
    await keepsDefinitions(url)
    const wrong = url.replace('s%3Ae%40cret', 'wr0ng')
    const refused = await withDefinitions(wrong, async () => undefined).catch((error: unknown) =>
      String(error),
    )
    expect(refused).toContain('mysql://charts:…@localhost')
    expect(refused).not.toContain('wr0ng')
  })

  test('are refused with all that is wrong with them', () => {
    try {
      checked({ name: 'No', key: 'nope', filter: 'src ip', step: '3x', colours: ['red'], more: 1 })
      expect.unreachable()
    } catch (error) {
      const { problems } = error as DefinitionError
      expect(new Set(problems.map((problem) => problem.split(':')[0]))).toEqual(
        new Set(['name', 'key', 'step', 'colours.0', 'more', 'filter, character 7']),
      )
    }
    const wrong = (more: object) => () => checked({ name: 'a', collector: 'main', key: 'path', ...more })
    expect(wrong({ archives: ['average 7s 1h'] })).toThrow('a multiple of the step (10s), found 7 s')
    expect(wrong({ archives: ['average 10s 9999y'] })).toThrow('at most 200000 values')
    expect(wrong({ collector: undefined })).toThrow('collector: expected the name of one')
    expect(wrong({ witness: 'wire', table: 't' })).toThrow('table: only of what is collected')
    expect(wrong({ title: 'a\nb' })).toThrow('title: expected one line')
    expect(wrong({ step: 7 })).toThrow('step: expected string, found 7')
    expect(wrong({ most: 'x' })).toThrow('most: expected number, found "x"')
  })

  test('that count the same keep their numbers', () => {
    expect(directoryOf({ ...definition, title: 'new', most: 3 })).toBe(directoryOf(definition))
    expect(directoryOf({ ...definition, unit: 'flows' })).not.toBe(directoryOf(definition))
  })
})

test('the command shows, exports and imports what it keeps', async () => {
  const place = ['--data', join(folder, 'command')]
  const chart = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await flowlab(['chart', ...args, ...place])
    expect([code, stderr]).toEqual([0, ''])
    return stdout
  }
  await chart('add', 'one', '--collector', 'main', '--key', 'path', '--title', hostile)
  expect(await chart('show', 'one')).toContain('key: path')
  const file = join(folder, 'one.yaml')
  writeFileSync(file, await chart('export'))
  await chart('remove', 'one')
  expect(await chart('list')).toContain('no charts')
  await chart('import', file)
  expect(JSON.parse(await chart('list', '--format', 'json'))).toMatchObject([{ name: 'one', title: hostile }])
  writeFileSync(file, 'charts: [{ name: two, key: nope }, { name: three }]')
  const refused = await flowlab(['chart', 'import', file, ...place])
  expect(refused.code).toBe(2)
  for (const what of ['charts.0: key:', 'charts.1: key: expected']) expect(refused.stderr).toContain(what)
})

describe('rates', () => {
  const former = { at: 10_000, totals: { a: 100, b: 50 } }

  test('are differences; a series that is new begins at 0', () => {
    const found = rates(former, { at: 20_000, totals: { a: 200, b: 50, constructor: 30 } }, 10)
    expect([...found.series]).toEqual([
      ['a', 10],
      ['b', 0],
      ['constructor', 3],
    ])
    expect(found.total).toBe(13)
  })

  test('are unknown, of all series, where a counter has fallen or is gone', () => {
    for (const totals of [{ a: 5, b: 60 }, { a: 500 }]) {
      const found = rates(former, { at: 20_000, totals }, 10)
      expect([...found.series.values(), found.total].every((rate) => rate === undefined)).toBe(true)
    }
  })

  test('are unknown after a long silence, and at the begin', () => {
    expect(rates(former, { at: 31_000, totals: former.totals }, 10).total).toBeUndefined()
    expect(rates(undefined, { at: 31_000, totals: former.totals }, 10).total).toBeUndefined()
    expect(rates({ at: 1, totals: {} }, { at: 10_001, totals: {} }, 10).total).toBe(0)
  })
})

describe('numbers', () => {
  test('begin with the first step of which all is known, whenever within a step it was asked', async ({
    skip,
  }) => {
    skip(!has('rrdtool'), 'no rrdtool: apt-get install rrdtool')
    const directory = join(folder, 'jitter')
    const begin = 1_700_000_000_000
    const known = { series: new Map([['a', 10]]), total: 10 }
    const times = [9_700, 20_060, 29_900, 40_200].map((each) => begin + each)
    await update(directory, definition, { from: times[0]!, at: times[0]! }, unknown)
    for (const index of [1, 2, 3])
      await update(directory, definition, { from: times[index - 1]!, at: times[index]! }, known)
    const found = await numbers(directory, definition, {
      from: String(begin / 1000),
      to: String(begin / 1000 + 40),
    })
    const of = (name: string) => found.rows.map(([, values]) => values[found.labels.indexOf(name)])
    expect(of('total').slice(0, 4)).toEqual([null, 10, 10, 10])
  })

  const label = `x:y"z'\nupdate ../../evil N:1\n%s \\l $(touch evil) é`

  test('come out as they went in, with gaps, whatever series are called', async ({ skip }) => {
    skip(!has('rrdtool'), 'no rrdtool: apt-get install rrdtool')
    const directory = join(folder, 'numbers')
    const begin = 1_700_000_000_000
    const put = (step: number, found: Parameters<typeof update>[3]) =>
      update(directory, definition, { from: begin + (step - 1) * 10_000, at: begin + step * 10_000 }, found)
    const known = (a: number, b?: number) => ({
      series: new Map([['a', a], ...(b === undefined ? [] : [[label, b] as const])]),
      total: a + (b ?? 0),
    })
    await put(1, unknown)
    await put(2, known(10))
    await put(3, known(10, 5))
    await put(4, unknown)
    await put(5, known(0, 7))
    const span = { from: String(begin / 1000), to: String(begin / 1000 + 50) }
    const found = await numbers(directory, definition, span)
    expect(found.labels.toSorted()).toEqual(['total', 'a', label].toSorted())
    const column = (name: string) =>
      found.rows.slice(0, 5).map(([, values]) => values[found.labels.indexOf(name)])
    expect(column('total')).toEqual([null, 10, 15, null, 7])
    expect(column('a')).toEqual([null, 10, 10, null, 0])
    expect(column(label)).toEqual([null, 0, 5, null, 7])
    expect(csv(found)).toContain('"x:y""z\'')
    const plot = { ...span, width: 300, height: 100 }
    const svg = await render(directory, definition, { ...plot, format: 'svg' })
    expect(svg.toString()).toContain('<svg')
    const png = await render(directory, definition, { ...plot, format: 'png' })
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    expect(readdirSync(folder).filter((name) => name.includes('evil'))).toEqual([])
  })
})
