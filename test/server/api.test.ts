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
/** Clients that begin a question before all else is asked here, and do not end it. */
let slow: readonly Promise<{ readonly said: string; readonly ms: number }>[] = []

beforeAll(async () => {
  cpSync(join(import.meta.dirname, '../runs'), home, { recursive: true })
  // A run directory of somebody who wants to see a file of this machine.
  symlinkSync('/etc/passwd', join(home, 'green/nodes/r2/log/stolen.log'))
  server = await listen({ homes: [home], runs: findRuns([home], async () => []), charts }, {})
  const { runs } = await get('/api/runs')
  slow = Array.from({ length: 100 }, async () => {
    const begun = performance.now()
    return { said: await raw('GET /api/runs HTTP/1.1\r\nHost: 127.0.0.1\r\n'), ms: performance.now() - begun }
  })
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
    'records-beyond-count',
    'running-totals-added',
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
  ['octets that are no UTF-8', '/api/runs/%ff%fe', 404],
  ['UTF-8 that is cut off', '/api/runs/%E0%A4', 404],
  ['a surrogate alone', '/api/runs/GREEN/records?filter=%ED%A0%80', 400],
  ['an octet 0 as a run', '/api/runs/%00', 404],
  ['an octet 0 in a log', '/api/runs/GREEN/nodes/r2/logs/edge.log%00', 404],
  ['an octet 0 in a filter', '/api/runs/GREEN/records?filter=src+%00', 400],
  ['an octet 0 in a name', '/api/runs/GREEN/records?filter=probe+%22%00%22', 200],
  ['an escape of an escape', '/api/runs/GREEN/nodes/r2/logs/%252e%252e%252fplan.json', 404],
  ['a node of the prototype', '/api/runs/GREEN/nodes/__proto__', 404],
  ['a way out of the page', '/assets/..%2f..%2fpackage.json', 404],
  ['a number with an exponent', '/api/runs/GREEN/records?limit=1e3', 400],
  ['a number below 0', '/api/runs/GREEN/records?limit=-1', 400],
  ['no number', '/api/runs/GREEN/records?limit=NaN', 400],
  ['a page far behind the last', '/api/runs/GREEN/records?offset=1000000000', 200],
  ['a time after all times', '/api/runs/GREEN/series?to=999999999999999', 400],
  ['a frame far behind the last', '/api/runs/LOST/evidence?file=FILE&frame=999999999', 404],
  ['an octet 0 behind a file that is named', '/api/runs/LOST/evidence?file=FILE%00.pcap&frame=1', 404],
  ['a frame of no number', '/api/runs/LOST/evidence?file=FILE&frame=0', 400],
  [
    'SQL as a point',
    `/api/runs/GREEN/series?point=${encodeURIComponent(`"'); DROP TABLE exported; --`)}`,
    200,
  ],
  ['SQL as a witness', `/api/runs/GREEN/records?witness=${encodeURIComponent("wire'; --")}`, 400],
  ['SQL in a file', `/api/runs/GREEN/records.csv?sort=${encodeURIComponent('bytes) TO (x')}`, 400],
  ['a filter that is too long', `/api/runs/GREEN/records?filter=${'a'.repeat(5_000)}`, 400],
  ['a question that is too long', `/api/runs/GREEN/records?filter=${'a'.repeat(20_000)}`, 431],
  ['a name that is too long', `/api/runs/${'a'.repeat(5_000)}`, 400],
])('%s', async (_, path, status) => {
  const { verdict } = await get('/api/runs/:run/books', of('exports-lost'))
  const named = verdict.findings[0]?.evidence.find(({ kind }) => kind === 'datagram')?.file ?? ''
  const filled = path
    .replace('GREEN', of('green').run)
    .replace('LOST', of('exports-lost').run)
    .replace('FILE', named)
  const response = await ask(filled)
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

test.each([
  [
    'a path above the root',
    'GET /../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
    200,
  ],
  ['no path', 'GET * HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n', 400],
  ['a port that is none', 'GET / HTTP/1.1\r\nHost: 127.0.0.1:99999999\r\nConnection: close\r\n\r\n', 400],
  ['a name before the address', 'GET / HTTP/1.1\r\nHost: x@127.0.0.1\r\nConnection: close\r\n\r\n', 400],
  [
    'two lengths',
    'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  [
    'a body without end',
    'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999\r\nConnection: close\r\n\r\nx',
    403,
  ],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n', 400],
])('octets of a stranger: %s', async (_, text, status) => {
  const said = await raw(text)
  expect(said).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(said).not.toMatch(/root:x:|at .*\.ts:/)
})

test('who begins a question and does not end it is sent away, and holds up nobody meanwhile', async () => {
  const answers = await Promise.all(slow)
  expect(new Set(answers.map(({ said }) => said.split('\r\n')[0]))).toEqual(
    new Set(['HTTP/1.1 408 Request Timeout']),
  )
  // As long as headers may take, and until the server looks.
  for (const { ms } of answers) expect(ms).toBeGreaterThan(4_000)
  for (const { ms } of answers) expect(ms).toBeLessThan(20_000)
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
