// Commands that the page shows, run as they stand there: they print what the view shows.

import { expect, test } from 'vitest'
import type { Answer } from '../../src/server/api/endpoints.ts'
import type { Verdict } from '../../src/verify/verdict.ts'
import { rowsOf } from './browser.ts'
import { ask, commandOf, exact, printed, rowsOfCsv, type Site, settle, view } from './site.ts'

/** What crossed and is no flow, such as ARP; of both directions where none is said. */
const besideIn = ({ books }: Verdict, what: 'packets' | 'bytes', direction?: 'in' | 'out'): number =>
  books
    .filter((book) => direction === undefined || book.direction === direction)
    .flatMap(({ notMetered }) => notMetered)
    .reduce((sum, each) => sum + each[what], 0)

type Row = Readonly<Record<string, string | number>>

export function commands(site: Site): void {
  test('books: the command prints the numbers of the account', async () => {
    await view(site, `/runs/${site.id}/books`, async (page) => {
      const { books } = JSON.parse(printed(await commandOf(page), '--format json')) as Verdict
      const shown = (await rowsOf(page, '.account')).flat().filter((cell) => /^[\d,]+$/.test(cell))
      const stages = ['wire', 'exported', 'arrived', 'collected'] as const
      expect(books.length).toBeGreaterThan(0)
      expect(shown).toEqual(
        books.flatMap((book) =>
          (['packets', 'bytes'] as const).flatMap((what) => stages.map((stage) => exact(book[stage][what]))),
        ),
      )
    })
  })

  test('over time: the commands print the sums of the curves and of the table', async () => {
    await view(site, `/runs/${site.id}/time?by=source&of=wire`, async (page) => {
      const [curve = '', records = ''] = await page.locator('.command code').allTextContents()
      const [head = [], ...seconds] = rowsOfCsv(printed(curve))
      const sum = (column: string): number =>
        seconds.reduce((all, row) => all + Number(row[head.indexOf(column)]), 0)
      // The curve of the command has all that crossed, also what is no flow; it rounds each second.
      const { verdict } = await ask<Answer<'/api/runs/:run/books'>>(site, `/api/runs/${site.id}/books`)
      await page.getByText('As a table').first().click()
      await page.locator('.as-table tbody tr').first().waitFor()
      const bits = (await rowsOf(page, '.as-table >> nth=0 >> css=table')).at(-1)?.[1]
      expect(sum('wire_bytes')).toBeGreaterThan(100_000)
      expect(Math.abs(sum('wire_bytes') - Number(bits) / 8)).toBeLessThan(besideIn(verdict, 'bytes') + 1)
      const rows = JSON.parse(printed(records, '--format json')) as Row[]
      const shown = await rowsOf(page, '.totals')
      expect(shown.length).toBeGreaterThan(1)
      const told = (cells: readonly (string | undefined)[]): string => cells.slice(0, 3).join(' ')
      expect(shown.map(told).sort()).toEqual(
        rows
          .map((row) => `${row['source']} ${exact(Number(row['packets']))} ${exact(Number(row['bytes']))}`)
          .sort(),
      )
    })
  })

  test('paths: the command prints the paths of the wire', async () => {
    await view(site, `/runs/${site.id}/paths?filter=proto+udp`, async (page) => {
      const rows = JSON.parse(printed(await commandOf(page), '--format json')) as Row[]
      await page.getByText('As a table').first().click()
      await page.locator('.as-table tbody tr').first().waitFor()
      expect(rows.length).toBeGreaterThan(1)
      expect(await rowsOf(page, '.as-table >> nth=0 >> css=table')).toEqual(
        rows.map((row) => [row['path'], String(row['packets']), String(row['bytes'])]),
      )
    })
  })

  test('map: facts of a node, its counters the verdict’s, its flows the command’s', async () => {
    await view(site, `/runs/${site.id}/map?node=r2`, async (page) => {
      const facts = await ask<Answer<'/api/runs/:run/nodes/:node'>>(site, `/api/runs/${site.id}/nodes/r2`)
      const { verdict } = await ask<Answer<'/api/runs/:run/books'>>(site, `/api/runs/${site.id}/books`)
      const side = page.locator('aside')
      const fold = (name: string) =>
        side.locator('details', { has: page.locator('summary', { hasText: name }) }).first()
      for (const name of ['Counters of the kernel', 'Routes of BGP', 'Processes', 'Configuration', 'Logs'])
        await fold(name).locator('summary').first().click()
      const text = (await side.textContent()) ?? ''
      for (const { addresses } of facts.interfaces)
        for (const address of addresses) expect(text).toContain(address)
      for (const { prefix, path } of facts.routes)
        expect(text).toContain(`${prefix}${path.join(' ') || 'own'}`)
      for (const { text: written } of facts.files) expect(text).toContain(written)
      for (const { direction, wire } of verdict.books)
        expect(await fold('Counters of the kernel').textContent()).toContain(
          `r2:eth0 ${direction}${exact(wire.packets + besideIn(verdict, 'packets', direction))} packets${exact(wire.bytes + besideIn(verdict, 'bytes', direction))} bytes`,
        )
      const [log] = facts.logs
      await side.getByText(log!.name, { exact: true }).click()
      await settle(page)
      const { lines } = await ask<Answer<'/api/runs/:run/nodes/:node/logs/:log'>>(
        site,
        `/api/runs/${site.id}/nodes/r2/logs/${log!.name}`,
      )
      await side
        .locator('pre', { hasText: lines.at(-1) ?? '' })
        .last()
        .waitFor()
      // Its flows: of the command, and behind the link.
      const command = await commandOf(page, 'aside')
      const rows = JSON.parse(printed(command, '--format json')) as Row[]
      await side.getByRole('link', { name: 'Flow records from and to this node' }).click()
      await page.locator('.records tbody tr').first().waitFor()
      expect((await rowsOf(page, '.records')).length).toBe(rows.length)
    })
  })

  test('a finding: its evidence is laid open down to the datagram, as the command dissects it', async () => {
    await view(site, `/runs/${site.lost}/books`, async (page) => {
      const { verdict } = await ask<Answer<'/api/runs/:run/books'>>(site, `/api/runs/${site.lost}/books`)
      const [finding] = verdict.findings
      const shown = page.locator('.finding').first()
      const text = (await shown.textContent()) ?? ''
      for (const each of [finding!.summary, finding!.remedy, ...finding!.evidence.map((item) => item.text)])
        expect(text).toContain(each.replaceAll('`', ''))
      const index = finding!.evidence.findIndex(({ kind }) => kind === 'datagram')
      const item = finding!.evidence[index]!
      if (item.kind !== 'datagram') throw new Error('the finding has no datagram')
      const button = shown.locator('.evidence > li').nth(index).getByRole('button', { name: 'Dissect' })
      await button.click()
      await page.locator('.dissected tbody tr').first().waitFor()
      const address = new URL(page.url())
      expect(address.searchParams.get('evidence')).toBe(`${finding!.id}.${index}`)
      // The octet that the finding names is marked.
      expect(await page.locator('.dissected tr.marked td').first().textContent()).toBe(String(item.offset))
      const offsets = (await rowsOf(page, '.dissected'))
        .map(([offset]) => offset)
        .filter((offset) => offset !== '')
      expect(offsets.length).toBeGreaterThan(10)
      expect(offsets.map(Number)).toEqual(offsets.map(Number).toSorted((a, b) => a - b))
      const decoded = printed(await commandOf(page, '.evidence'))
      // The header's line begins with its time, there and here.
      for (const [offset, field] of await rowsOf(page, '.dissected'))
        expect(decoded).toContain(['', '0'].includes(offset!) ? field : `${offset} ${field}`)
      // A link to a colleague shows the same.
      await page.reload()
      await page.locator('.dissected tr.marked').first().waitFor()
      const told = printed(await commandOf(page, '.finding:first-child'))
      expect(told).toContain(finding!.id)
      await page.getByRole('button', { name: 'Close' }).click()
      await page.locator('.dissected').waitFor({ state: 'detached' })
    })
  })
}
