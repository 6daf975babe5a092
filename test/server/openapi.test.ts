// The published document against the server, both ways: every route is in it, every path of it is answered, and what comes is as its
// schema says, refusals too. A client knows the document and not the code; so does this test.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { checked, directoryOf } from '../../src/chart/definition.ts'
import { withDefinitions } from '../../src/chart/open.ts'
import { keepReading, update } from '../../src/chart/rrd.ts'
import { createApp, type Serving } from '../../src/server/app.ts'
import { type Listening, listen } from '../../src/server/listen.ts'
import { findRuns } from '../../src/server/runs.ts'

type Schema = Parameters<typeof z.fromJSONSchema>[0]
type Contents = Readonly<Record<string, { readonly schema: Schema }>>
interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[]
  readonly responses: Readonly<Record<'200' | 'default', { readonly content: Contents }>>
}
interface Document {
  readonly paths: Readonly<Record<string, { readonly get: Operation }>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

const { paths, components } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8'),
) as Document
const operations = Object.entries(paths).map(([path, { get }]) => [path, get] as const)
const needsRrdtool = existsSync('/usr/bin/rrdtool')

const home = mkdtempSync(join(tmpdir(), 'flowlab-openapi-'))
const charts = { data: home, database: join(home, 'charts.duckdb') }
const runs = findRuns([home], async () => [])
let server: Listening
let places: Readonly<Record<string, string>>
/** What a question needs beside its places. */
let needed: Readonly<Record<string, string>>

beforeAll(async () => {
  cpSync(join(import.meta.dirname, '../runs/exports-lost'), join(home, 'exports-lost'), { recursive: true })
  const logs = join(home, 'exports-lost/nodes/r2/log')
  mkdirSync(logs, { recursive: true })
  writeFileSync(join(logs, 'edge.log'), 'one line\n')
  const chart = checked({ name: 'paths', collector: 'main', key: 'path', step: '10s' })
  await withDefinitions(charts.database, ({ add }) => add(chart))
  if (needsRrdtool) {
    const folder = join(charts.data, 'charts', directoryOf(chart))
    const at = Math.floor(Date.now() / 10_000) * 10_000
    await update(folder, chart, { from: at - 10_000, at }, { series: new Map([['1 2', 80]]), total: 80 })
    await keepReading(folder, undefined)
  }
  server = await listen({ homes: [home], runs, charts }, {})
  const { items } = await runs.list()
  places = { run: items[0]?.id ?? '', node: 'r2', log: 'edge.log', chart: 'paths' }
  const books = (await (await ask(`/api/runs/${places['run']}/books`)).json()) as {
    verdict: { findings: { evidence: { kind: string; file: string }[] }[] }
  }
  const { evidence } = books.verdict.findings[0]!
  needed = { file: evidence.find(({ kind }) => kind === 'datagram')!.file, frame: '1' }
})

afterAll(async () => {
  await server.close()
  rmSync(home, { recursive: true })
})

const ask = (path: string): Promise<Response> => fetch(new URL(path, server.url))
const filled = (path: string): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(places[name] ?? ''))

/** What of a value is not as the schema says. */
const wrongIn = (schema: Schema, value: unknown): string =>
  z.fromJSONSchema(schema).safeParse(value).error?.message ?? ''

test('every route of the code is documented, and every path of the document has one', () => {
  const served = createApp({ homes: [home], runs, charts } as unknown as Serving)
    .routes.filter(({ method }) => method === 'GET')
    .map(({ path }) => path.replaceAll(/:(\w+)/g, '{$1}'))
  expect(served.sort()).toEqual(Object.keys(paths).sort())
})

test('the places of a path are its parameters', () => {
  for (const [path, { parameters }] of operations)
    expect([path, parameters.filter((each) => each.in === 'path').map(({ name }) => name)]).toEqual([
      path,
      [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
    ])
})

describe('each path', () => {
  test.each(operations.filter(([path]) => needsRrdtool || !path.includes('{chart}')))(
    '%s is answered as its schema says',
    async (path, { parameters, responses }) => {
      const query = new URLSearchParams()
      for (const { name, required, in: place } of parameters)
        if (place === 'query' && (required || path.endsWith('/evidence')) && needed[name] !== undefined)
          query.set(name, needed[name])
      const response = await ask(`${filled(path)}?${query.toString()}`)
      const [media, { schema }] = Object.entries(responses['200'].content)[0]!
      expect([response.status, response.headers.get('content-type')?.split(';')[0]]).toEqual([200, media])
      if (media === 'application/json') expect(wrongIn(schema, await response.json())).toBe('')
      else expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(0)
    },
  )

  test.each(operations)('%s refuses as it is documented', async (path, { responses }) => {
    const response = await ask(`${filled(path)}?nobody=asked`)
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'application/json'])
    const { $ref = '' } = responses.default.content['application/json']!.schema as { $ref?: string }
    const problem = components.schemas[$ref.split('/').at(-1) ?? '']
    expect(wrongIn(problem!, await response.json())).toBe('')
  })
})

test('events of the stream are as their schemas say', async () => {
  const text = await (await ask(filled('/api/runs/{run}/live'))).text()
  const events = [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)]
  expect(new Set(events.map(([, name]) => name))).toContain('timeline')
  for (const [, name = '', data = ''] of events)
    expect([name, wrongIn(components.schemas[`Live.${name}`]!, JSON.parse(data))]).toEqual([name, ''])
})
