// The page in Debian's Chromium, without a graphics card: over a ring of two hundred routers and over ten million records on each side.
// Processor time of the server until a view is there, and processor time of all processes of the browser a frame while one moves,
// zooms and points. A frame that takes less than 16 ms of one core is drawn sixty times a second.
import { type ChildProcess, spawn } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { compile } from '../src/plan/compile.ts'
import { runDirectory } from '../src/run/directory.ts'
import { load } from '../src/topology/load.ts'
import { open } from '../test/page/browser.ts'
import { fill } from './records.ts'

const RECORDS = Number(process.env['RECORDS'] ?? 1e7)
const NODES = 200
/** Linux counts in ticks of 10 ms. */
const TICK = 10

const root = join(import.meta.dirname, '..')
const home = mkdtempSync(join(tmpdir(), 'flowlab-bench-'))
process.once('exit', () => rmSync(home, { recursive: true, force: true }))

/** A ring of BIRD routers, an AS each. */
function ring(): string {
  const numbers = Array.from({ length: NODES - 1 }, (_, index) => index)
  return [
    'name: ring',
    'nodes:',
    ...numbers.map((each) => `  r${each}: { kind: bird, as: ${65_000 + each} }`),
    '  col: { kind: host }',
    'links:',
    ...numbers.map((each) => `  - { endpoints: ["r${each}:eth0", "r${(each + 1) % numbers.length}:eth1"] }`),
    '  - { endpoints: [r0, col] }',
    'probes:',
    '  edge: { kind: pmacctd, at: "r0:eth0", export: { to: main, aggregate: [src_host, dst_host] } }',
    'collectors:',
    '  main: { kind: nfacctd, node: col }',
  ].join('\n')
}

async function makeRuns(): Promise<void> {
  const [lab, ringRun, recordsRun] = [join(home, 'ring.yaml'), join(home, 'ring'), join(home, 'records')]
  writeFileSync(lab, ring())
  mkdirSync(ringRun)
  writeFileSync(join(ringRun, 'plan.json'), JSON.stringify(compile((await load(lab)).topology)))
  cpSync(join(root, 'test/runs/green'), recordsRun, { recursive: true })
  copyFileSync(join(root, 'test/runs/green.verdict.json'), join(recordsRun, 'verdict.json'))
  await fill(
    runDirectory(recordsRun),
    RECORDS,
    ['exported', 'arrived', 'wire', 'wireCurve'],
    join(home, 'overflow'),
  )
}

interface Process {
  readonly pid: number
  readonly parent: number
  readonly ms: number
}

const processes = (): Process[] =>
  readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const ticks = Number(fields[11]) + Number(fields[12])
      return [{ pid: Number(name), parent: Number(fields[1]), ms: ticks * TICK }]
    } catch {
      return [] // It has just ended.
    }
  })

/** Processor time of a process, and of those that it has started, in ms. */
function used(pid: number, withChildren: boolean): number {
  const all = processes()
  const own = new Set([pid])
  // A process may stand before the one that started it.
  for (let size = 0; size < own.size; ) {
    size = own.size
    for (const { pid: child, parent } of withChildren ? all : []) if (own.has(parent)) own.add(child)
  }
  return all.filter((each) => own.has(each.pid)).reduce((sum, { ms }) => sum + ms, 0)
}

async function serve(): Promise<{ readonly child: ChildProcess; readonly base: string }> {
  const child = spawn(join(root, 'bin/flowlab'), ['ui', '--port', '0', '--runs', home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const base = await new Promise<string>((resolve) =>
    child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim())),
  )
  return { child, base }
}

await makeRuns()
const { child: server, base } = await serve()
const browser = await open()
// The browser is the only child of this process beside the server and esbuild's.
const browserUsed = (): number => used(process.pid, true) - used(process.pid, false) - used(server.pid!, true)
const { runs } = (await (await fetch(new URL('/api/runs', base))).json()) as {
  runs: { id: string; directory: string }[]
}
const idOf = (name: string): string => runs.find(({ directory }) => directory === join(home, name))!.id

/** `ready`: what is waited for, one after the other, each with its name. */
async function view(path: string, ...ready: (readonly [name: string, selector: string])[]): Promise<Page> {
  const page = await browser.newPage({ baseURL: base, viewport: { width: 1440, height: 900 } })
  const [before, own, begun] = [used(server.pid!, false), browserUsed(), performance.now()]
  await page.goto(path)
  for (const [name, selector] of ready) {
    await page.locator(selector).first().waitFor()
    const wall = (performance.now() - begun) / 1000
    const figures = [wall, (used(server.pid!, false) - before) / 1000, (browserUsed() - own) / 1000]
    console.log(`${name.padEnd(44)}${figures.map((each) => each.toFixed(2).padStart(8)).join('')}`)
  }
  return page
}

async function frames(name: string, page: Page, act: () => Promise<void>): Promise<void> {
  // A text: what tsx makes of a function the page does not know.
  await page.evaluate(
    'window.frames_ = 0; (function next() { window.frames_++; requestAnimationFrame(next) })()',
  )
  const before = browserUsed()
  await act()
  const ms = browserUsed() - before
  const count = await page.evaluate<number>('window.frames_')
  console.log(`${name.padEnd(44)}${(ms / count).toFixed(1).padStart(8)} ms a frame`)
}

console.log(`${''.padEnd(44)}    wall  server browser, in s`)
const map = await view(`/runs/${idOf('ring')}/map`, [`map, ${NODES} nodes`, '.node'])
const { x, y } = (await map.locator('.lab-map > svg').boundingBox())!
await frames('  moved', map, async () => {
  await map.mouse.move(x + 500, y + 300)
  await map.mouse.down()
  for (let each = 0; each < 100; each++) await map.mouse.move(x + 500 - 2 * each, y + 300 + each)
  await map.mouse.up()
})
await frames('  zoomed', map, async () => {
  await map.keyboard.down('Control')
  for (let each = 0; each < 40; each++) await map.mouse.wheel(0, each < 20 ? -60 : 60)
  await map.keyboard.up('Control')
})
await frames('  pointed at', map, async () => {
  for (let each = 0; each < 100; each++) await map.mouse.move(x + 100 + 6 * each, y + 100 + 5 * (each % 10))
})
const records = idOf('records')
const words = `${RECORDS.toExponential(0)} records on each side`
await view(`/runs/${records}/books`, [`books, ${words}`, '.account'])
await view(`/runs/${records}/explore`, [`explore, ${words}`, '.records tbody tr'])
await view(`/runs/${records}/explore?group=source,destination`, [
  '  by source and destination',
  '.records tbody tr',
])
await view(`/runs/${records}/paths`, [`paths, ${words}`, '.matrix'])
const time = await view(
  `/runs/${records}/time`,
  [`over time, ${words}`, '.plot .curve.exported'],
  ['  what one witness tells by protocol', '.totals'],
)
const plot = (await time.locator('.plot svg').first().boundingBox())!
await frames('  pointed at', time, async () => {
  for (let each = 0; each < 100; each++) await time.mouse.move(plot.x + 100 + 6 * each, plot.y + 100)
})
await view(`/runs/${records}/time?by=host`, ['  by host', '.totals'])
await browser.close()
server.kill('SIGTERM')
