// The page in a real browser, over a lab that lives and the run that it leaves: what it shows is what the API and the command say.

import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
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
import * as charting from './charts.ts'
import { commands } from './commands.ts'
import { files } from './files.ts'
import { keys } from './keys.ts'
import { language } from './language.ts'
import { ask, becomes, exact, go, printed, type Site, view } from './site.ts'

const reason = cannot ?? noBrowser
const directory = temporary('page')
const run = join(directory, 'runs', 'lab', 'one')
/** With a name that a shell would take apart. */
const lost = join(directory, 'runs', 'kept', "exports'  lost")
/** Names in the lab and its charts. */
const words = 'janog36 main edge display inbound outbound col known told live never'.split(' ')
/** Of every view, to be looked at by people: the directory for them, where they are wanted. */
const screenshots = process.env['FLOWLAB_SCREENSHOTS']

const site: Site = {
  browser: undefined as never,
  base: '',
  id: '',
  lost: '',
  charts: join(directory, 'charts'),
}
let server: Started

const idOf = async (path: string): Promise<string> => {
  const { runs } = await ask<Answer<'/api/runs'>>(site, '/api/runs')
  return runs.find((each) => each.directory === path)!.id
}

const keep = async (page: Page, name: string): Promise<void> => {
  if (screenshots !== undefined) await page.screenshot({ path: join(screenshots, name) })
}

describe.skipIf(reason)(`the page${reason === undefined ? '' : ` (${reason})`}`, () => {
  beforeAll(async () => {
    if (screenshots !== undefined) mkdirSync(screenshots, { recursive: true })
    const lab = labFile(directory, 'page', (draft) => {
      // Exports while the traffic flows.
      of(draft.probes, 'edge').options = { 'nfprobe_timeouts[collect]': 'maxlife=1:expint=1' }
    })
    cpSync(join(root, 'test/runs/exports-lost'), lost, { recursive: true })
    const deployed = await flowlab(['deploy', lab, '--dir', run])
    expect(deployed.code, deployed.stderr).toBe(0)
    let said = ''
    server = begin(['ui', '--port', '0', '--runs', join(directory, 'runs'), '--data', site.charts])
    server.child.stdout!.on('data', (data: Buffer) => (said += data.toString()))
    await eventually(() => (said.includes('\n') ? undefined : `the server says nothing: ${server.said()}`))
    site.base = said.trim()
    site.browser = await open()
    site.id = await idOf(run)
    site.lost = await idOf(lost)
  })

  afterAll(async () => {
    await site.browser?.close()
    server?.child.kill('SIGTERM')
    await flowlab(['destroy', run])
  })

  describe('of a live lab', () => {
    test('a link that is cut shows on the map within two seconds, and that it is mended', async () => {
      await view(site, `/runs/${site.id}/map`, async (page) => {
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

    test('commands of a node are those of this lab, and do what they say', async () => {
      await view(site, `/runs/${site.id}/map?node=r2`, async (page) => {
        const shown = await page.locator('aside .command code').allTextContents()
        const [shell = '', router = '', ...rest] = shown
        expect(printed(`echo 'ip -o address' | ${shell}`)).toContain('192.168.56.3/24')
        expect(printed(router, "-c 'show version'")).toContain('FRRouting')
        // Packets come when they come; that the command finds the interface is seen by what it begins with.
        expect(rest.slice(0, 3).map((each) => each.replace(run, 'RUN'))).toEqual(
          ['eth0', 'eth1', 'eth2'].map((name) => `flowlab capture --lab RUN r2:${name} | tcpdump -n -r -`),
        )
      })
    })

    test('traffic shows on the map as it flows, and over time', async () => {
      await view(site, `/runs/${site.id}/map?node=r2`, async (page) => {
        const polled = await charting.begin(site, run)
        const traffic = flowlab(['traffic', '--lab', run])
        // A level line has no height, which counts as hidden.
        await page.locator('.link .carried').nth(5).waitFor({ state: 'attached' })
        await page.locator('.link .movement').first().waitFor({ state: 'attached' })
        expect(await page.locator('aside').textContent()).toContain('Established')
        await keep(page, 'map-live.png')
        const { code, stderr } = await traffic
        expect(code, stderr).toBe(0)
        await polled()
      })
      await view(site, `/runs/${site.id}/time`, async (page) => {
        await page.locator('.curve.wire').last().waitFor()
        const table = page.locator('.totals')
        await table.waitFor()
      })
    })
  })

  describe.concurrent('of a run', () => {
    let verdict: Verdict
    /** Of the kept run, in the page's address. */
    let evidence = ''

    beforeAll(async () => {
      const { stdout, stderr } = await flowlab(['verify', run, '--format', 'json'])
      expect(stdout, stderr).not.toBe('')
      verdict = JSON.parse(stdout) as Verdict
      await flowlab(['destroy', run])
      // The server has heard of it.
      for (;;) {
        const { runs } = await ask<Answer<'/api/runs'>>(site, '/api/runs')
        if (runs.find((each) => each.directory === run)?.live === false) break
      }
      site.id = await idOf(run)
      const { findings } = (await ask<Answer<'/api/runs/:run/books'>>(site, `/api/runs/${site.lost}/books`))
        .verdict
      evidence = `${findings[0]!.id}.${findings[0]!.evidence.findIndex(({ kind }) => kind === 'datagram')}`
    })

    test('the list has it with its verdict', async () => {
      await view(site, '/', async (page) => {
        const row = page.getByRole('row').filter({ hasText: run })
        expect(await row.textContent()).toContain(verdict.pass ? 'true' : 'not true')
        await row.getByRole('link').click()
        await page.getByRole('heading', { name: 'Books' }).waitFor()
        expect(new URL(page.url()).pathname).toBe(`/runs/${site.id}/books`)
      })
    })

    test("the books are the command's", async () => {
      await view(site, `/runs/${site.id}/books`, async (page) => {
        const stages = ['wire', 'exported', 'arrived', 'collected'] as const
        const shown = (await rowsOf(page, '.account')).map((cells) =>
          cells.filter((cell) => /^[\d,]+$/.test(cell)),
        )
        const told = verdict.books.flatMap((book) =>
          (['packets', 'bytes'] as const).map((what) => stages.map((stage) => exact(book[stage][what]))),
        )
        expect(told.length).toBeGreaterThan(0)
        expect(shown).toEqual(told)
        expect(await page.locator('.finding').count()).toBe(verdict.findings.length)
      })
    })

    test('over time: sums of each key are those of the API, and a brush zooms', async () => {
      await view(site, `/runs/${site.id}/time?by=host`, async (page) => {
        const { totals, from, step, count } = await ask<Answer<'/api/runs/:run/series'>>(
          site,
          `/api/runs/${site.id}/series?by=host&top=9`,
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
      await view(site, `/runs/${site.id}/paths`, async (page) => {
        const { matrix } = await ask<Answer<'/api/runs/:run/paths'>>(site, `/api/runs/${site.id}/paths`)
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
      await view(site, `/runs/${site.id}/explore?${query}`, async (page) => {
        await page.locator('.records tbody tr').first().waitFor()
        const command = await page.locator('.command code').last().textContent()
        const printedRows = JSON.parse(printed(command!, '--format json')) as Readonly<
          Record<string, string | number>
        >[]
        const heads = await page
          .locator('.records thead th')
          .evaluateAll((cells) => cells.map((cell) => cell.textContent!.split(' ')[0]))
        const shown = await rowsOf(page, '.records')
        expect(shown.length).toBeGreaterThan(1)
        for (const name of ['source', 'destination', 'packets', 'bytes'])
          expect(shown.map((row) => row[heads.indexOf(name)])).toEqual(
            printedRows.map((row) => (typeof row[name] === 'number' ? exact(row[name]) : row[name])),
          )
        const packets = heads.indexOf('packets')
        await page.getByRole('button', { name: 'Sort by packets' }).click()
        await page.waitForURL(/sort=-packets/)
        await page.locator('th[aria-sort="descending"]', { hasText: 'packets' }).waitFor()
        const again = await ask<Answer<'/api/runs/:run/records'>>(
          site,
          `/api/runs/${site.id}/records?${query}&sort=-packets`,
        )
        const wanted = again.rows.map((row) => exact(Number(row[packets])))
        await becomes(
          async () => (await rowsOf(page, '.records')).map((row) => row[packets]),
          (sorted) => expect(sorted).toEqual(wanted),
        )
      })
    })

    test('a filter that is wrong says where, and is mended in place', async () => {
      // The browser's console names the answer 400 itself.
      await view(
        site,
        `/runs/${site.id}/explore`,
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
        { expected: /status of 400/ },
      )
    })

    test('from a phone of 320 pixels to a wall of screens no view is wider than its window', async () => {
      const { page, wrong } = await visit(site.browser, site.base)
      for (const path of everyView()) {
        await go(page, path)
        for (const [width, height] of [
          [320, 640],
          [3840, 2160],
        ] as const) {
          await page.setViewportSize({ width, height })
          // Drawings follow the window in the next frame.
          await becomes(
            () => page.evaluate('document.documentElement.scrollWidth - innerWidth'),
            (over) => expect([path, width, over]).toEqual([path, width, 0]),
          )
        }
      }
      expect(wrong).toEqual([])
      await page.context().close()
    })

    /** Each with something opened in it. */
    const everyView = (): string[] => [
      '/',
      '/charts',
      `/runs/${site.lost}/books?evidence=${encodeURIComponent(evidence)}`,
      ...['map?node=r2', 'time', 'paths', 'books', 'explore'].map((each) => `/runs/${site.id}/${each}`),
    ]

    /** What may differ from the first look is asked again in the others. */
    const looks: Readonly<Record<string, Look & { readonly rules?: readonly string[] }>> = {
      light: {},
      dark: { dark: true, rules: ['color-contrast'] },
      narrow: {
        width: 360,
        height: 780,
        language: 'ja',
        rules: ['scrollable-region-focusable', 'target-size'],
      },
    }
    for (const [name, look] of Object.entries(looks))
      test(`${name}: every view can be read by everyone`, async () => {
        const { page, wrong } = await visit(site.browser, site.base, look)
        for (const path of everyView()) {
          await go(page, path)
          expect(await barriers(page, look.rules), path).toEqual([])
          const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
          expect(over, `${path} is wider than the window`).toBeLessThanOrEqual(0)
          const what = path.includes('evidence=') ? 'evidence' : /([a-z]+)(\?|$)/.exec(path)?.[1]
          const file = `${what ?? 'runs'}-${name}.png`
          await keep(page, file)
        }
        expect(wrong).toEqual([])
        await page.context().close()
      })

    files(site)
    commands(site)
    charting.charts(site)
    keys(site)
    language(site, words)
  })
})
