// Charts through the API: definitions are read and nothing is made, numbers are those that were put in, a gap is a gap.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checked, directoryOf } from '../../src/chart/definition.ts'
import { withDefinitions } from '../../src/chart/open.ts'
import { keepReading, update } from '../../src/chart/rrd.ts'
import { endpoints, type Answer, type Path } from '../../src/server/api/endpoints.ts'
import { type Listening, listen } from '../../src/server/listen.ts'
import { findRuns } from '../../src/server/runs.ts'

const home = mkdtempSync(join(tmpdir(), 'flowlab-charts-'))
const charts = { data: join(home, 'data'), database: join(home, 'data', 'charts.duckdb') }
const definition = checked({
  ...{ name: 'paths', title: '<b>AS paths</b>', collector: 'main', key: 'path', step: '10s', most: 1 },
  colours: ['#112233'],
})
const directory = join(charts.data, 'charts', directoryOf(definition))
const begin = 1_700_000_000_000

let server: Listening
beforeAll(async () => {
  server = await listen({ homes: [home], runs: findRuns([home], async () => []), charts }, {})
})
afterAll(async () => {
  await server.close()
  rmSync(home, { recursive: true })
})

const ask = (path: string): Promise<Response> => fetch(new URL(path, server.url))

async function get<P extends Path>(path: P, filled: string = path): Promise<Answer<P>> {
  const response = await ask(filled)
  const body: unknown = await response.json()
  expect(body).not.toHaveProperty('error')
  return endpoints[path].answer.parse(body) as Answer<P>
}

test('where no chart was ever defined there is none, and no database is made', async () => {
  expect((await get('/api/charts')).charts).toEqual([])
  expect((await ask('/api/charts/paths')).status).toBe(404)
  expect(existsSync(charts.data)).toBe(false)
})

describe.skipIf(!existsSync('/usr/bin/rrdtool'))('of a chart (skipped without rrdtool)', () => {
  const span = `from=${begin}&to=${begin + 50_000}`

  beforeAll(async () => {
    await withDefinitions(charts.database, async ({ add }) => {
      await add(definition)
      await add(checked({ name: 'never', witness: 'wire', key: 'host', unit: 'packets' }))
    })
    const put = async (step: number, values: Readonly<Record<string, number>> | undefined): Promise<void> =>
      update(
        directory,
        definition,
        { from: begin + (step - 1) * 10_000, at: begin + step * 10_000 },
        {
          series: new Map(Object.entries(values ?? {})),
          total: values && Object.values(values).reduce((sum, value) => sum + value, 0),
        },
      )
    await put(1, { '1 2': 0 })
    await put(2, { '1 2': 80 })
    await put(3, undefined)
    await put(4, { '1 2': 40, '<i>': 8 })
    await put(5, { '1 2': 40, '<i>': 16 })
    await keepReading(directory, undefined)
  })

  test('the list says what is defined, and when it was polled', async () => {
    const { charts: all } = await get('/api/charts')
    expect(all.map(({ name, polled }) => [name, polled !== undefined])).toEqual([
      ['never', false],
      ['paths', true],
    ])
    expect(all[1]).toMatchObject({ title: '<b>AS paths</b>', witness: 'collected', step: 10_000 })
  })

  test('numbers are those that were put in; the smaller series are one, and a gap is null', async () => {
    const { from, step, series } = await get('/api/charts/:chart', `/api/charts/paths?${span}`)
    const first = (begin - from) / step
    const values = series.map((each) => [each.label, each.colour, each.values.slice(first, first + 5)])
    expect(values).toEqual([
      ['1 2', '#112233', [0, 80, null, 40, 40]],
      ['other', null, [0, 0, null, 8, 16]],
    ])
    const csv = (await (await ask(`/api/charts/paths/numbers.csv?${span}`)).text()).split('\n')
    expect(csv[0]?.split(',').toSorted()).toEqual(['1 2', '<i>', 'time', 'total'])
    expect(csv.filter((line) => line.includes(new Date(begin + 30_000).toISOString()))).toEqual([
      `${new Date(begin + 30_000).toISOString()},,,`,
    ])
  })

  test('pictures are RRDtool’s, and what others wrote is text in them', async () => {
    const png = await ask(`/api/charts/paths/picture.png?${span}&width=200&height=60`)
    expect(
      Buffer.from(await png.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
    const svg = await ask(`/api/charts/paths/picture.svg?${span}&dark=1`)
    expect(svg.headers.get('content-type')).toBe('image/svg+xml')
    expect(await svg.text()).toMatch(/^<\?xml(?![^]*<b>)(?![^]*<i>)/)
  })

  test.each([
    ['one that was never polled', 'never', 409],
    ['a way out', '..%2f..%2fetc', 404],
    ['a long time', `paths?from=0&to=100000000000000`, 200],
    ['a time that runs backwards', 'paths?from=2000&to=1000', 400],
    ['words for RRDtool', 'paths?from=now-1h', 400],
    ['a picture that is too large', 'paths/picture.png?width=99999', 400],
    ['SQL', "x';DROP TABLE flowlab_charts;--", 404],
  ])('%s', async (_, path, status) => {
    const response = await ask(`/api/charts/${path}`)
    const text = await response.text()
    expect([response.status, text]).toEqual([status, expect.not.stringMatching(/at .*\.ts:|root:x:/)])
    // Answers are bounded, however long the time.
    expect(text.length).toBeLessThan(100_000)
  })
})
