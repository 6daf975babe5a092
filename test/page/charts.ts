// The page of charts: one of the live lab's wire, polled by the command; a chart of numbers that are known, with a gap; and one
// that was never polled.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { checked, directoryOf } from '../../src/chart/definition.ts'
import { withDefinitions } from '../../src/chart/open.ts'
import { keepReading, update } from '../../src/chart/rrd.ts'
import type { Answer } from '../../src/server/api/endpoints.ts'
import { begin as start, eventually, flowlab } from '../support/labs.ts'
import { rowsOf } from './browser.ts'
import { ask, becomes, commandOf, printed, rowsOfCsv, type Site, view } from './site.ts'

const noRrdtool = existsSync('/usr/bin/rrdtool') ? undefined : 'not installed: rrdtool'

const known = checked({
  name: 'known',
  title: 'known & <b>told</b>',
  collector: 'main',
  key: 'path',
  step: '10s',
})
/** Of the known numbers. */
const at = 1_700_000_000_000

/** Defines the charts; what it returns polls that of the live lab until it is told to end. */
export async function begin({ charts: data }: Site, run: string): Promise<() => Promise<void>> {
  if (noRrdtool) return async () => {}
  const where = ['--data', data]
  const live = checked({
    name: 'live',
    lab: run,
    witness: 'wire',
    key: 'source',
    unit: 'packets',
    step: '1s',
  })
  await withDefinitions(join(data, 'charts.duckdb'), async ({ add }) => {
    await add(known)
    await add(checked({ name: 'never', witness: 'wire', key: 'host' }))
    await add(live)
  })
  const directory = join(data, 'charts', directoryOf(known))
  const told = [{ '1 2': 0 }, { '1 2': 80 }, undefined, { '1 2': 40 }, { '1 2': 40, '3': 8 }]
  for (const [index, values] of told.entries())
    await update(
      directory,
      known,
      { from: at + index * 10_000, at: at + (index + 1) * 10_000 },
      {
        series: new Map(Object.entries(values ?? {})),
        total: values && Object.values(values).reduce((sum, value) => sum + value, 0),
      },
    )
  await keepReading(directory, undefined)
  const polling = start(['chart', 'poll', 'live', ...where])
  // Numbers are differences: a reading must have been taken before the traffic comes.
  const last = join(data, 'charts', directoryOf(live), 'last.json')
  await eventually(() => (existsSync(last) ? undefined : `no reading: ${polling.said()}`))
  return async () => {
    const hosts = ['192.0.128.65', '192.16.0.2', '192.32.0.2']
    await eventually(async () => {
      const { stdout } = await flowlab(['chart', 'csv', 'live', ...where, '--from=-5m'])
      const [head = [], ...rows] = rowsOfCsv(stdout)
      const lacking = hosts.filter((host) => !rows.some((row) => Number(row[head.indexOf(host)]) > 0))
      return lacking.length === 0 ? undefined : `no traffic of ${lacking.join(', ')}: ${polling.said()}`
    })
    polling.child.kill('SIGINT')
    await polling.ended
  }
}

const panelOf = (page: Page, title: string) =>
  page.locator('.panel', { has: page.getByRole('heading', { name: title, exact: true }) })

export function charts(site: Site): void {
  const charted = test.skipIf(noRrdtool)

  charted('charts: what was polled of the live lab, as the API and the command tell it', async () => {
    await view(site, '/charts?chart=live&span=10m', async (page) => {
      await page.locator('.totals tbody tr').first().waitFor()
      const command = await commandOf(page)
      const [head = [], ...lines] = rowsOfCsv(printed(command))
      const shown = await rowsOf(page, '.totals')
      expect(shown.length).toBeGreaterThan(2)
      await page.getByText('As a table').click()
      await page.locator('.as-table tbody tr').first().waitFor()
      const cells = await rowsOf(page, '.as-table')
      const told = lines.filter((line) => line.slice(1).some((value) => Number(value) > 0))
      expect(told.length).toBeGreaterThan(0)
      // Series by series: what the page's table has is what the command prints.
      for (const [place, [label = '']] of shown.entries()) {
        const column = head.indexOf(label)
        expect([label, column > 0]).toEqual([label, true])
        const amounts = (rows: readonly (readonly string[])[], of: number): number[] =>
          rows
            .map((row) => row[of] ?? '')
            .filter((text) => text !== '')
            .map((text) => Math.round(Number(text) * 1000) / 1000)
        expect(amounts(cells, place + 1)).toEqual(amounts(lines, column))
      }
    })
  })

  charted('charts: RRDtool’s picture is in the page, and files open', async () => {
    const span = `from=${at}&to=${at + 50_000}`
    await view(site, `/charts?chart=known&${span}`, async (page) => {
      const panel = panelOf(page, 'known & <b>told</b>')
      const { series } = await ask<Answer<'/api/charts/:chart'>>(site, `/api/charts/known?${span}`)
      expect((await rowsOf(page, '.totals')).map(([label]) => label)).toEqual(
        series.map(({ label }) => label),
      )
      // Nobody answered in the third interval.
      expect(await panel.locator('.gap').count()).toBeGreaterThan(0)
      await panel.getByText('As RRDtool draws it').click()
      const picture = panel.getByRole('img', { name: /RRDtool$/ })
      await picture.waitFor()
      await becomes(
        () => picture.evaluate((image) => Number(Reflect.get(image, 'naturalWidth'))),
        (width) => expect(width).toBeGreaterThan(300),
      )
      const take = async (kind: string): Promise<Buffer> => {
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          panel.getByRole('group', { name: 'Download' }).getByText(kind, { exact: true }).click(),
        ])
        return readFileSync(await download.path())
      }
      const png = await take('PNG')
      // Signature and IHDR (PNG specification, 5.2 and 11.2.2).
      expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
      expect(png.readUInt32BE(16)).toBeGreaterThan(640)
      const svg = (await take('SVG')).toString()
      expect(
        await page.evaluate(
          `new DOMParser().parseFromString(${JSON.stringify(svg)}, 'image/svg+xml').querySelector('parsererror, script, b')?.outerHTML`,
        ),
      ).toBeUndefined()
      const [head, ...lines] = rowsOfCsv((await take('CSV')).toString())
      expect(head?.slice(1).toSorted()).toEqual(['1 2', '3', 'total'])
      expect(lines.some((line) => line.slice(1).every((value) => value === ''))).toBe(true)
      expect(printed(await commandOf(page)).split('\n')[0]).toBe(head?.join(','))
    })
  })

  charted('charts: one that was never polled shows the command that polls it', async () => {
    await view(site, '/charts?chart=never', async (page) => {
      expect(await commandOf(page)).toBe(`flowlab chart poll --data=${site.charts} never`)
    })
  })

  charted('charts: which are shown and over which span stands in the address', async () => {
    await view(site, '/charts?chart=live', async (page) => {
      await page.getByRole('button', { name: '10 min' }).click()
      expect(new URL(page.url()).searchParams.get('span')).toBe('10m')
      await page.getByRole('combobox', { name: 'Chart' }).selectOption('known')
      await panelOf(page, 'known & <b>told</b>').waitFor()
      expect(await page.locator('.panel').count()).toBe(1)
      await page.reload()
      await panelOf(page, 'known & <b>told</b>').waitFor()
      expect(await page.getByRole('button', { name: '10 min' }).getAttribute('aria-pressed')).toBe('true')
    })
  })
}
