// The API over kept runs: every address answers as its schema says, the numbers are the verdict's, and what is hostile gets
// nothing but a refusal.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endpoints, type Answer, type Path } from '../../src/server/api/endpoints.ts'
import { type Listening, listen } from '../../src/server/listen.ts'
import { findRuns } from '../../src/server/runs.ts'

const home = mkdtempSync(join(tmpdir(), 'flowlab-api-'))
const charts = { data: home, database: join(home, 'charts.duckdb') }
let server: Listening
let ids: Readonly<Record<string, string>>

beforeAll(async () => {
  cpSync(join(import.meta.dirname, '../runs'), home, { recursive: true })
  // A run directory of somebody who wants to see a file of this machine.
  symlinkSync('/etc/passwd', join(home, 'green/nodes/r2/log/stolen.log'))
  server = await listen({ homes: [home], runs: findRuns([home], async () => []), charts }, {})
  const { runs } = await get('/api/runs')
  ids = Object.fromEntries(runs.map(({ id, directory }) => [directory.split('/').at(-1) ?? '', id]))
})

afterAll(async () => {
  await server.close()
  rmSync(home, { recursive: true })
})

const ask = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(new URL(path, server.url), { headers })

/** An answer that is as its schema says. */
async function get<P extends Path>(
  path: P,
  places: Readonly<Record<string, string>> = {},
  query = '',
): Promise<Answer<P>> {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(places[name] ?? ''))
  const response = await ask(`${filled}${query}`)
  const body: unknown = await response.json()
  expect(body).not.toHaveProperty('error')
  return endpoints[path].answer.parse(body) as Answer<P>
}

const of = (name: string): { run: string } => ({ run: ids[name] ?? '' })

test('every address answers as its schema says', async () => {
  expect(Object.keys(ids).sort()).toEqual([
    'collector-queue-overrun',
    'exports-lost',
    'green',
    'green-attributes',
    'interface-index-zero',
  ])
  const run = of('green')
  expect(await get('/api/runs/:run', run)).toMatchObject({
    lab: 'janog36',
    live: false,
    state: 'unjudged',
    probes: 1,
  })
  const { nodes, links } = await get('/api/runs/:run/map', run)
  expect([nodes.length, links.length]).toEqual([8, 7])
  const facts = await get('/api/runs/:run/nodes/:node', { ...run, node: 'r2' })
  expect(facts.routes.map(({ prefix }) => prefix)).toContain('192.32.0.0/24')
  expect((await get('/api/words')).fields.map(({ word }) => word)).toContain('bytes')
})

test('the layout is the same on every load, and nothing lies on something else', async () => {
  const [one, other] = [
    await get('/api/runs/:run/map', of('green')),
    await get('/api/runs/:run/map', of('exports-lost')),
  ]
  const places = ({ nodes }: typeof one) =>
    nodes.filter(({ name }) => /^[rxy]\d?$/.test(name)).map(({ x, y }) => [x, y])
  expect(await get('/api/runs/:run/map', of('green'))).toEqual(one)
  expect(places(other)).toHaveLength(places(one).length)
  for (const a of one.nodes)
    for (const b of one.nodes)
      if (a.name < b.name) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(40)
})

test('the numbers of every view are those of the verdict', async () => {
  const run = of('exports-lost')
  const { verdict } = await get('/api/runs/:run/books', run)
  const sum = (witness: 'wire' | 'exported' | 'arrived' | 'collected') =>
    verdict.books.reduce((total, book) => total + book[witness].bytes, 0)
  const { totals } = await get('/api/runs/:run/series', run)
  const { matrix, wire } = await get('/api/runs/:run/paths', run)
  for (const witness of ['exported', 'arrived', 'collected'] as const) {
    const { sum: all } = await get('/api/runs/:run/records', run, `?witness=${witness}&limit=1`)
    expect([witness, all.bytes]).toEqual([witness, sum(witness)])
    expect([witness, totals[0]?.[witness]?.bytes]).toEqual([witness, sum(witness)])
  }
  const total = (cells: readonly { readonly bytes: number }[]) =>
    cells.reduce((all, { bytes }) => all + bytes, 0)
  expect(total(matrix.collected)).toBe(sum('collected'))
  expect(total(wire)).toBe(totals[0]?.wire?.bytes)
})

test('a curve holds all that the records say, spread over their time', async () => {
  const { exported, totals, keys } = await get('/api/runs/:run/series', of('green'), '?by=protocol&step=100')
  keys.forEach((key, place) => {
    const curve = exported?.[place]?.bytes.reduce((all, bytes) => all + bytes, 0)
    expect([key, curve]).toEqual([key, expect.closeTo(totals[place]?.exported?.bytes ?? 0, 0)])
  })
})

test('flows are counted where they are asked for, and a witness that does not tell a key says no 0', async () => {
  const run = of('green')
  const { exported, totals } = await get('/api/runs/:run/series', run, '?step=86400000&flows=1&of=exported')
  const { total } = await get('/api/runs/:run/records', run, '?limit=1')
  expect(exported?.[0]?.flows).toEqual([total])
  expect(totals[0]?.wire?.packets).toBeGreaterThan(0)
  // The collector's table of this lab has no protocol.
  const byProtocol = await get('/api/runs/:run/series', run, '?by=protocol&of=wire')
  expect([
    byProtocol.silent,
    byProtocol.exported,
    byProtocol.totals.map(({ collected }) => collected),
  ]).toEqual([['collected'], undefined, byProtocol.keys.map(() => undefined)])
})

test('pages follow each other, and the command prints the same', async () => {
  const run = of('green')
  const whole = await get('/api/runs/:run/records', run, '?limit=100')
  const [first, second] = [
    await get('/api/runs/:run/records', run, '?limit=5'),
    await get('/api/runs/:run/records', run, '?limit=5&offset=5'),
  ]
  expect([...first.rows, ...second.rows]).toEqual(whole.rows.slice(0, 10))
  expect(whole.total).toBe(whole.rows.length)
  const csv = await (await ask(`/api/runs/${run.run}/records.csv?group=source,protocol`)).text()
  const printed = spawnSync(
    join(import.meta.dirname, '../../bin/flowlab'),
    ['records', join(home, 'green'), '--group', 'source,protocol', '--format', 'csv'],
    { encoding: 'utf8' },
  )
  expect([printed.stderr, printed.stdout]).toEqual(['', csv])
  const parquet = Buffer.from(await (await ask(`/api/runs/${run.run}/records.parquet`)).arrayBuffer())
  expect([parquet.subarray(0, 4).toString(), parquet.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1'])
})

test('evidence is dissected, with the octets of what the finding names', async () => {
  const run = of('exports-lost')
  const { verdict } = await get('/api/runs/:run/books', run)
  const item = verdict.findings[0]?.evidence.find(({ kind }) => kind === 'datagram')
  if (item?.kind !== 'datagram') throw new Error('the finding has no datagram')
  const { lines } = await get('/api/runs/:run/evidence', run, `?file=${item.file}&frame=${item.frame}`)
  expect(lines[0]?.text).toContain('netflow9')
  expect(lines.some(({ offset }) => offset !== null && offset > 20)).toBe(true)
})

test.each([
  ['another directory', '/api/runs/..%2F..%2Fetc', 404],
  ['a link that leads out', '/api/runs/GREEN/nodes/r2/logs/stolen.log', 404],
  ['a way out of the logs', '/api/runs/GREEN/nodes/r2/logs/..%2F..%2F..%2Fplan.json', 404],
  ['a file that no finding names', '/api/runs/GREEN/evidence?file=../../../etc/passwd', 404],
  [
    'SQL in a filter',
    `/api/runs/GREEN/records?filter=${encodeURIComponent("src 1' OR 1=1; DROP TABLE exported; --")}`,
    400,
  ],
  [
    'SQL in a name',
    `/api/runs/GREEN/records?filter=${encodeURIComponent(`probe "'; DROP TABLE exported; --"`)}`,
    200,
  ],
  ['SQL as a key', `/api/runs/GREEN/records?group=${encodeURIComponent('source) FROM (SELECT 1')}`, 400],
  [
    'SQL as an order',
    `/api/runs/GREEN/records?sort=${encodeURIComponent('bytes; DROP TABLE exported')}`,
    400,
  ],
  ['a column of the prototype', '/api/runs/GREEN/records?group=constructor', 400],
  ['a word of the prototype', '/api/runs/GREEN/records?filter=constructor+1', 400],
  ['a number that is too large', '/api/runs/GREEN/records?limit=99999999999999999999', 400],
  ['a number beyond 2^53', '/api/runs/GREEN/records?filter=bytes+%3E+99999999999999999', 400],
  ['parentheses without end', `/api/runs/GREEN/records?filter=${'('.repeat(3_000)}`, 400],
  ['not without end', `/api/runs/GREEN/records?filter=${'not+'.repeat(900)}tcp`, 400],
  ['too many intervals', '/api/runs/GREEN/series?step=100&from=0&to=90000000000', 400],
  ['a time that runs backwards', '/api/runs/GREEN/series?from=2000&to=1000', 400],
  ['a key that is not known', '/api/runs/GREEN/series?by=__proto__', 400],
  ['something else than is offered', '/api/runs/GREEN/records?unknown=1', 400],
])('%s', async (_, path, status) => {
  const response = await ask(path.replace('GREEN', of('green').run))
  const text = await response.text()
  expect([response.status, text]).toEqual([status, expect.not.stringMatching(/root:x:|at .*\.ts:/)])
  expect((await get('/api/runs/:run/records', of('green'), '?limit=1')).total).toBeGreaterThan(10)
})

test('headers keep other pages away', async () => {
  const response = await ask('/api/runs')
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'self'/)
  expect(response.headers.get('access-control-allow-origin')).toBeNull()
  expect((await ask('/api/runs', { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await fetch(new URL('/api/runs', server.url), { method: 'POST' })).status).toBe(403)
  expect(await raw('GET /api/runs HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n')).toMatch(
    /^HTTP\/1.1 421/,
  )
})

/** What the server says to these octets. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname, () => socket.write(text))
    let said = ''
    socket.on('data', (data: Buffer) => (said += data.toString()))
    socket.once('close', () => resolve(said))
    socket.once('error', reject)
  })
}

test('beyond loopback nobody is answered without the token', async () => {
  const open = await listen(
    { homes: [home], runs: findRuns([home], async () => []), charts },
    { address: '0.0.0.0' },
  )
  try {
    const url = new URL(open.url.replace('0.0.0.0', '127.0.0.1'))
    const token = url.searchParams.get('token') ?? ''
    const at = new URL('/api/runs', url)
    expect((await fetch(at)).status).toBe(401)
    expect((await fetch(at, { headers: { authorization: `Bearer ${token}x` } })).status).toBe(401)
    expect((await fetch(at, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200)
    const first = await fetch(url, { redirect: 'manual' })
    expect([first.status, first.headers.get('location')]).toEqual([303, '/'])
    const cookie = first.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/)
    expect((await fetch(at, { headers: { cookie: cookie.split(';')[0] ?? '' } })).status).toBe(200)
  } finally {
    await open.close()
  }
})

test('many who ask at once are answered or refused, and the server goes on', async () => {
  const path = `/api/runs/${of('green').run}/records?group=source`
  const answers = await Promise.all(Array.from({ length: 120 }, async () => (await ask(path)).status))
  expect(answers.every((status) => status === 200 || status === 503)).toBe(true)
  expect(answers).toContain(200)
  expect((await ask(path)).status).toBe(200)
})

test('who goes away in the middle of a stream leaves nothing', async () => {
  const text = `GET /api/runs/${of('green').run}/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`
  const said = await raw(text)
  expect(said).toMatch(/event: timeline/)
  expect(said).toMatch(/event: end/)
  expect((await ask(`/api/runs/${of('green').run}/live`, { 'last-event-id': 'past-9' })).status).toBe(204)
})

test('the document of the API is the one that is published', async () => {
  const published: unknown = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8'),
  )
  expect(await (await ask('/api/openapi.json')).json()).toEqual(published)
})
