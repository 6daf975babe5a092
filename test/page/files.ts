// Downloads: each file of each view is opened by what would open it, and holds what the view shows.

import { readFileSync } from 'node:fs'
import duckdb from '@duckdb/node-bindings'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { Answer } from '../../src/server/api/endpoints.ts'
import { rowsOf as answers } from '../../src/store/duckdb/answer.ts'
import { rowsOf } from './browser.ts'
import { ask, rowsOfCsv, type Site, view } from './site.ts'

type Kind = 'PNG' | 'SVG' | 'CSV' | 'Parquet'

/** The file behind a button of a panel. */
async function take(page: Page, panel: string, kind: Kind): Promise<{ path: string; data: Buffer }> {
  const button = page
    .locator('.panel', { has: page.getByRole('heading', { name: panel, exact: true }) })
    .getByRole('group', { name: 'Download' })
    .getByText(kind, { exact: true })
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  expect(download.suggestedFilename()).toMatch(new RegExp(`^[\\w.-]+\\.${kind.toLowerCase()}$`))
  const path = await download.path()
  return { path, data: readFileSync(path) }
}

/** What the browser makes of a picture: its size, and how many colours it has. */
const seen = (
  page: Page,
  data: Buffer,
  type: string,
): Promise<{ width: number; height: number; colours: number }> =>
  page.evaluate(`(async () => {
    const image = new Image()
    image.src = 'data:${type};base64,${data.toString('base64')}'
    await image.decode()
    const canvas = document.createElement('canvas')
    const [width, height] = [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight]
    const context = canvas.getContext('2d')
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, 0, width, height)
    return { width, height, colours: new Set(new Uint32Array(data.buffer)).size }
  })()`)

/** A drawing in a document of its own, in both formats: as large as on the page, and the PNG twice as fine. */
async function pictures(page: Page, panel: string, drawing: string): Promise<void> {
  const box = (await page.locator(drawing).first().boundingBox())!
  const svg = (await take(page, panel, 'SVG')).data
  expect(
    await page.evaluate(
      `new DOMParser().parseFromString(${JSON.stringify(svg.toString())}, 'image/svg+xml').querySelector('parsererror')?.textContent`,
    ),
  ).toBeUndefined()
  // Colours stand in it, and not the names of the page's.
  expect(svg.toString()).not.toMatch(/var\(--/)
  const drawn = await seen(page, svg, 'image/svg+xml')
  expect(Math.abs(drawn.width - box.width)).toBeLessThan(2)
  expect(drawn.colours).toBeGreaterThan(5)
  const png = await seen(page, (await take(page, panel, 'PNG')).data, 'image/png')
  expect([png.width, png.height]).toEqual([drawn.width * 2, drawn.height * 2])
  expect(png.colours).toBeGreaterThan(5)
}

/** The CSV of a panel, and the table behind its drawing: the same rows. */
async function sheet(page: Page, panel: string): Promise<string[][]> {
  const rows = rowsOfCsv((await take(page, panel, 'CSV')).data.toString())
  const within = page.locator('.panel', { has: page.getByRole('heading', { name: panel, exact: true }) })
  await within.getByText('As a table').click()
  await within.locator('.as-table tr').first().waitFor()
  const cells = await within
    .locator('.as-table tr')
    .evaluateAll((each) => each.map((row) => [...row.children].map((cell) => cell.textContent ?? '')))
  expect(rows.length).toBeGreaterThan(1)
  expect(cells).toEqual(rows)
  return rows
}

async function sumOf(path: string): Promise<{ records: number; packets: number; bytes: number }> {
  const database = await duckdb.open(':memory:')
  const connection = await duckdb.connect(database)
  try {
    const [row] = await answers(
      await duckdb.query(
        connection,
        `SELECT count(*) AS records, sum(packets) AS packets, sum(bytes) AS bytes FROM read_parquet('${path}')`,
      ),
    )
    return {
      records: Number(row?.['records']),
      packets: Number(row?.['packets']),
      bytes: Number(row?.['bytes']),
    }
  } finally {
    duckdb.disconnect_sync(connection)
    duckdb.close_sync(database)
  }
}

export function files(site: Site): void {
  test('downloads of the map open', async () => {
    await view(site, `/runs/${site.id}/map`, (page) => pictures(page, 'janog36', '.lab-map svg'))
  })

  test('downloads over time open, and hold what is shown', async () => {
    await view(site, `/runs/${site.id}/time?by=host`, async (page) => {
      await pictures(page, 'The witnesses', '.plot svg')
      expect((await sheet(page, 'The witnesses'))[0]!.slice(0, 2)).toEqual(['Time', 'Wire'])
      await sheet(page, 'Wire: Host')
      const { path } = await take(page, 'Wire: Host', 'Parquet')
      const { sum } = await ask<Answer<'/api/runs/:run/records'>>(
        site,
        `/api/runs/${site.id}/records?witness=wire`,
      )
      expect(await sumOf(path)).toEqual(sum)
    })
  })

  test('downloads of paths open, and hold what is shown', async () => {
    await view(site, `/runs/${site.id}/paths`, async (page) => {
      await pictures(page, 'Wire', 'svg.sankey')
      const { wire, matrix } = await ask<Answer<'/api/runs/:run/paths'>>(site, `/api/runs/${site.id}/paths`)
      expect((await sheet(page, 'Wire')).slice(1)).toEqual(
        wire.map(({ path, packets, bytes }) => [path.join(' '), String(packets), String(bytes)]),
      )
      const pairs = rowsOfCsv((await take(page, 'AS by AS', 'CSV')).data.toString()).slice(1)
      for (const { source, destination, bytes } of matrix.wire)
        expect(pairs.find(([from, to]) => from === source && to === destination)?.[2]).toBe(String(bytes))
    })
  })

  test('downloads of records open, and hold what is shown', async () => {
    await view(site, `/runs/${site.id}/explore?group=source,protocol`, async (page) => {
      const csv = rowsOfCsv((await take(page, 'Exported', 'CSV')).data.toString())
      const shown = await rowsOf(page, '.records')
      // Times are told in full in the file.
      const amounts = (rows: readonly string[][]): string[][] => rows.map((row) => row.slice(0, 5))
      expect(csv[0]!.slice(0, 5)).toEqual(['source', 'protocol', 'records', 'packets', 'bytes'])
      expect(amounts(csv.slice(1))).toEqual(
        amounts(shown).map((row) => row.map((cell) => cell.replaceAll(/(\d),(?=\d)/g, '$1'))),
      )
      const { path } = await take(page, 'Exported', 'Parquet')
      const { sum, total } = await ask<Answer<'/api/runs/:run/records'>>(
        site,
        `/api/runs/${site.id}/records?group=source,protocol`,
      )
      expect(await sumOf(path)).toEqual({ ...sum, records: total })
    })
  })
}
