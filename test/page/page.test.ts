// The page in a real browser, over a lab that lives and the run that it leaves: what it shows is what the API and the command say.

import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Answer } from '../../src/server/api/endpoints.ts'
import type { Verdict } from '../../src/verify/verdict.ts'
import {
  begin,
  cannot,
  eventually,
  flowlab,
  labFile,
  of,
  root,
  slowness,
  type Started,
  temporary,
} from '../support/labs.ts'
import { barriers, type Look, noBrowser, open, rowsOf, visit } from './browser.ts'

const reason = cannot ?? noBrowser
const directory = temporary('page')
const run = join(directory, 'runs', 'lab', 'one')
/** Of every view, to be looked at by people: the directory for them, where they are wanted. */
const screenshots = process.env['FLOWLAB_SCREENSHOTS']

let browser: Browser
let server: Started
let base = ''

const ask = async <T>(path: string): Promise<T> => {
  const response = await fetch(new URL(path, base))
  expect(response.status, path).toBe(200)
  return (await response.json()) as T
}

const idOf = async (path: string): Promise<string> => {
  const { runs } = await ask<Answer<'/api/runs'>>('/api/runs')
  return runs.find((each) => each.directory === path)!.id
}

const keep = async (page: Page, name: string): Promise<void> => {
  if (screenshots !== undefined) await page.screenshot({ path: join(screenshots, name) })
}

/** Opens a view and waits until it has its answers. */
async function go(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await page.locator('main :is(.panel, .note)').first().waitFor()
  await page.locator('main :is([role=status], [aria-busy=true])').first().waitFor({ state: 'detached' })
}

/** Opens a view, lets the test look at it, and says what was wrong in it. */
async function view(
  path: string,
  look: (page: Page) => Promise<void>,
  expected: RegExp = /^$/,
): Promise<void> {
  const { page, wrong } = await visit(browser, base)
  await go(page, path)
  await look(page)
  expect(wrong.filter((each) => !expected.test(each))).toEqual([])
  await page.context().close()
}

const exact = (value: number): string => new Intl.NumberFormat('en').format(value)

describe.skipIf(reason)(`the page${reason === undefined ? '' : ` (${reason})`}`, () => {
  let id = ''

  beforeAll(async () => {
    if (screenshots !== undefined) mkdirSync(screenshots, { recursive: true })
    const lab = labFile(directory, 'page', (draft) => {
      // Exports while the traffic flows.
      of(draft.probes, 'edge').options = { 'nfprobe_timeouts[collect]': 'maxlife=1:expint=1' }
    })
    const deployed = await flowlab(['deploy', lab, '--dir', run])
    expect(deployed.code, deployed.stderr).toBe(0)
    let said = ''
    server = begin(['ui', '--port', '0', '--runs', join(directory, 'runs')])
    server.child.stdout!.on('data', (data: Buffer) => (said += data.toString()))
    await eventually(() => (said.includes('\n') ? undefined : `the server says nothing: ${server.said()}`))
    base = said.trim()
    browser = await open()
    id = await idOf(run)
  })

  afterAll(async () => {
    await browser?.close()
    server?.child.kill('SIGTERM')
    await flowlab(['destroy', run])
  })

  describe('of a live lab', () => {
    test('a link that is cut shows on the map within two seconds, and that it is mended', async () => {
      await view(`/runs/${id}/map`, async (page) => {
        const link = page.locator('.link', { has: page.locator('title', { hasText: /y:.*h32:|h32:.*y:/ }) })
        await page.getByText('BGP sessions: 8/8').waitFor()
        expect(await link.getAttribute('class')).not.toContain('down')
        for (const state of ['down', 'up']) {
          const before = slowness()
          const done = await flowlab(['exec', '--lab', run, 'y', '--', 'ip', 'link', 'set', 'eth1', state])
          expect(done.code, done.stderr).toBe(0)
          const since = Date.now()
          // A level line has no height, which counts as hidden.
          const shown =
            state === 'down' ? link.and(page.locator('.down')) : link.and(page.locator(':not(.down)'))
          await shown.waitFor({ state: 'attached' })
          const took = Date.now() - since
          expect(took, state).toBeLessThan(2000 * Math.max(before, slowness()))
        }
      })
    })

    test('traffic shows on the map as it flows, and over time', async () => {
      await view(`/runs/${id}/map?node=r2`, async (page) => {
        const traffic = flowlab(['traffic', '--lab', run])
        // A level line has no height, which counts as hidden.
        await page.locator('.link .carried').nth(5).waitFor({ state: 'attached' })
        await page.locator('.link .movement').first().waitFor({ state: 'attached' })
        expect(await page.locator('aside').textContent()).toContain('Established')
        await keep(page, 'map-live.png')
        const { code, stderr } = await traffic
        expect(code, stderr).toBe(0)
      })
      await view(`/runs/${id}/time`, async (page) => {
        await page.locator('.curve.wire').last().waitFor()
        const table = page.locator('.totals')
        await table.waitFor()
      })
    })
  })

  describe('of a run', () => {
    let verdict: Verdict

    beforeAll(async () => {
      const { stdout, stderr } = await flowlab(['verify', run, '--format', 'json'])
      expect(stdout, stderr).not.toBe('')
      verdict = JSON.parse(stdout) as Verdict
      await flowlab(['destroy', run])
      // The server has heard of it.
      for (;;) {
        const { runs } = await ask<Answer<'/api/runs'>>('/api/runs')
        if (runs.find((each) => each.directory === run)?.live === false) break
      }
      id = await idOf(run)
    })

    test('the list has it with its verdict', async () => {
      await view('/', async (page) => {
        const row = page.getByRole('row').filter({ hasText: run })
        expect(await row.textContent()).toContain(verdict.pass ? 'true' : 'not true')
        await row.getByRole('link').click()
        await page.getByRole('heading', { name: 'Books' }).waitFor()
        expect(new URL(page.url()).pathname).toBe(`/runs/${id}/books`)
      })
    })

    test("the books are the command's", async () => {
      await view(`/runs/${id}/books`, async (page) => {
        const stages = ['wire', 'exported', 'arrived', 'collected'] as const
        const shown = (await rowsOf(page, '.account')).map((cells) =>
          cells.filter((cell) => /^[\d,]+$/.test(cell)),
        )
        const printed = verdict.books.flatMap((book) =>
          (['packets', 'bytes'] as const).map((what) => stages.map((stage) => exact(book[stage][what]))),
        )
        expect(printed.length).toBeGreaterThan(0)
        expect(shown).toEqual(printed)
        expect(await page.locator('.finding').count()).toBe(verdict.findings.length)
      })
    })

    test('over time: sums of each key are those of the API, and a brush zooms', async () => {
      await view(`/runs/${id}/time?by=host`, async (page) => {
        const { totals, from, step, count } = await ask<Answer<'/api/runs/:run/series'>>(
          `/api/runs/${id}/series?by=host&top=9`,
        )
        await page.locator('.totals').waitFor()
        const shown = await rowsOf(page, '.totals')
        expect(shown[0]!.slice(0, 3)).toEqual([
          totals[0]!.key,
          exact(totals[0]!.wire!.packets),
          exact(totals[0]!.wire!.bytes),
        ])
        expect(await page.locator('.mark').count()).toBeGreaterThan(1)
        const box = (await page.locator('.plot svg').first().boundingBox())!
        await page.mouse.move(box.x + box.width * 0.3, box.y + 80)
        await page.mouse.down()
        await page.mouse.move(box.x + box.width * 0.6, box.y + 80, { steps: 4 })
        expect(await page.locator('.told').textContent()).toMatch(/Wire/)
        await page.mouse.up()
        await page.waitForURL(/from=\d+/)
        const query = new URL(page.url()).searchParams
        expect(Number(query.get('from'))).toBeGreaterThan(from)
        expect(Number(query.get('to'))).toBeLessThan(from + step * count)
      })
    })

    test("paths: the matrix has the API's numbers", async () => {
      await view(`/runs/${id}/paths`, async (page) => {
        const { matrix } = await ask<Answer<'/api/runs/:run/paths'>>(`/api/runs/${id}/paths`)
        await page.locator('.matrix').waitFor()
        const text = (await page.locator('.matrix').textContent())!
        expect(matrix.wire.length).toBeGreaterThan(2)
        for (const { bytes } of [...matrix.wire, ...matrix.collected.slice(0, 1)])
          expect(text).toContain(exact(bytes))
        expect(await page.locator('.sankey').first().locator('.band').count()).toBeGreaterThan(2)
      })
    })

    test("explore: rows are the command's, and sorting is the database's", async () => {
      const query = 'filter=proto+udp&group=source%2Cdestination'
      await view(`/runs/${id}/explore?${query}`, async (page) => {
        await page.locator('.records tbody tr').first().waitFor()
        const command = await page.locator('.command code').last().textContent()
        // As a person would copy it.
        const printed = JSON.parse(
          execFileSync(
            'bash',
            ['-c', `${command!.replace(/^flowlab/, join(root, 'bin/flowlab'))} --format json`],
            { encoding: 'utf8' },
          ),
        ) as Readonly<Record<string, string | number>>[]
        const heads = await page
          .locator('.records thead th')
          .evaluateAll((cells) => cells.map((cell) => cell.textContent!.split(' ')[0]))
        const shown = await rowsOf(page, '.records')
        expect(shown.length).toBeGreaterThan(1)
        for (const name of ['source', 'destination', 'packets', 'bytes'])
          expect(shown.map((row) => row[heads.indexOf(name)])).toEqual(
            printed.map((row) => (typeof row[name] === 'number' ? exact(row[name]) : row[name])),
          )
        const packets = heads.indexOf('packets')
        await page.getByRole('button', { name: 'Sort by packets' }).click()
        await page.waitForURL(/sort=-packets/)
        await page.locator('th[aria-sort="descending"]', { hasText: 'packets' }).waitFor()
        const again = await ask<Answer<'/api/runs/:run/records'>>(
          `/api/runs/${id}/records?${query}&sort=-packets`,
        )
        await expect
          .poll(async () => (await rowsOf(page, '.records')).map((row) => row[packets]))
          .toEqual(again.rows.map((row) => exact(Number(row[packets]))))
      })
    })

    test('a filter that is wrong says where, and is mended in place', async () => {
      // The browser's console names the answer 400 itself.
      await view(
        `/runs/${id}/explore`,
        async (page) => {
          const field = page.getByRole('searchbox')
          await field.fill('proto udp and bananas 7')
          await field.press('Enter')
          expect(await page.getByRole('alert').textContent()).toContain('bananas')
          expect(await field.getAttribute('aria-invalid')).toBe('true')
          await field.fill('proto udp')
          await field.press('Enter')
          await page.getByRole('alert').waitFor({ state: 'detached' })
        },
        /status of 400/,
      )
    })

    test('downloads open: PNG, SVG, CSV, Parquet', async () => {
      const { page } = await visit(browser, base)
      const files: Record<string, Buffer> = {}
      const take = async (name: string, index = 0): Promise<void> => {
        const button = page
          .getByRole('group', { name: 'Download' })
          .nth(index)
          .getByText(name, { exact: true })
        const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
        files[name] = readFileSync(await download.path())
      }
      await page.goto(`/runs/${id}/time`)
      for (const name of ['PNG', 'SVG', 'CSV']) await take(name)
      expect(files['PNG']!.subarray(1, 4).toString()).toBe('PNG')
      // Width in pixels, IHDR (PNG specification, 11.2.2): twice the page's.
      expect(files['PNG']!.readUInt32BE(16)).toBeGreaterThan(1500)
      expect(files['SVG']!.toString()).toMatch(/^<svg [^]*<path[^>]* stroke="rgb\(/)
      expect(files['CSV']!.toString().split('\r\n')[0]).toMatch(/^Time,Wire,/)
      await page.goto(`/runs/${id}/explore?group=protocol`)
      for (const name of ['CSV', 'Parquet']) await take(name)
      expect(files['CSV']!.toString()).toMatch(/^protocol,/)
      expect(files['Parquet']!.subarray(0, 4).toString()).toBe('PAR1')
      expect(files['Parquet']!.subarray(-4).toString()).toBe('PAR1')
      await page.context().close()
    })

    /** What may differ from the first look is asked again in the others. */
    const looks: Readonly<Record<string, Look & { readonly rules?: readonly string[] }>> = {
      light: {},
      dark: { dark: true, rules: ['color-contrast'] },
      narrow: {
        width: 390,
        height: 844,
        language: 'ja',
        rules: ['scrollable-region-focusable', 'target-size'],
      },
    }
    for (const [name, look] of Object.entries(looks))
      test(`${name}: every view can be read by everyone`, async () => {
        const { page, wrong } = await visit(browser, base, look)
        for (const path of [
          '/',
          ...['map?node=r2', 'time', 'paths', 'books', 'explore'].map((each) => `/runs/${id}/${each}`),
        ]) {
          await go(page, path)
          expect(await barriers(page, look.rules), path).toEqual([])
          const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
          expect(over, `${path} is wider than the window`).toBeLessThanOrEqual(0)
          const file = `${/([a-z]+)(\?|$)/.exec(path)?.[1] ?? 'runs'}-${name}.png`
          await keep(page, file)
        }
        expect(wrong).toEqual([])
        await page.context().close()
      })

    test('everything is reached by keys alone', async () => {
      await view(`/runs/${id}/map`, async (page) => {
        const node = page.locator('[data-node="r2"]')
        await node.focus()
        await page.keyboard.press('Enter')
        await page.getByRole('heading', { name: 'Node r2' }).waitFor()
        expect(new URL(page.url()).searchParams.get('node')).toBe('r2')
        await page.goBack()
        await page.getByRole('heading', { name: 'What happened' }).waitFor()
      })
    })
  })
})
