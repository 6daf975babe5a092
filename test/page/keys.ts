// The page by keys alone: what can be worked is reached by Tab, in sight and with a mark that can be seen; what opens by keys closes by
// Escape, and the focus is where it was.

import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { visit } from './browser.ts'
import { becomes, go, type Site, settle, view } from './site.ts'

interface Stop {
  readonly name: string
  /** What makes it a bad place to be; empty where nothing does. */
  readonly wrong: string
}

/** Where the focus is; undefined where it is nowhere in the page. */
const focus = (page: Page): Promise<Stop | undefined> =>
  page.evaluate(`(() => {
    const element = document.activeElement
    if (!element || element === document.body) return undefined
    const name = element.tagName + ' ' + (element.getAttribute('aria-label') ?? element.textContent ?? '').slice(0, 60)
    const { top, bottom, left, right, width, height } = element.getBoundingClientRect()
    const isMarked = (each) => {
      const { outlineStyle, outlineWidth, stroke } = getComputedStyle(each)
      return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2
    }
    const accent = getComputedStyle(document.querySelector('a.brand')).getPropertyValue('--accent')
    const drawn = element.querySelector(':scope > :is(circle, rect, .bare)')
    const probe = document.createElement('i')
    probe.style.color = accent
    document.body.append(probe)
    const colour = getComputedStyle(probe).color
    probe.remove()
    const isDrawn = drawn !== null && getComputedStyle(drawn).stroke === colour && parseFloat(getComputedStyle(drawn).strokeWidth) >= 4
    const head = document.querySelector('header.top').getBoundingClientRect()
    const isUnder = !element.closest('header.top, .skip') && bottom <= head.bottom && head.top >= 0
    return { name, wrong: [
      isMarked(element) || isDrawn ? '' : 'no mark',
      right < 0 || left > innerWidth || bottom < 0 || top > innerHeight ? 'out of sight' : '',
      isUnder ? 'under the head' : '',
    ].filter(Boolean).join(', ') }
  })()`) as Promise<Stop | undefined>

/** Tab after Tab, until the focus leaves the page or is where it is wanted. */
async function walk(page: Page, until: (stop: Stop) => boolean = () => false): Promise<Stop[]> {
  const stops: Stop[] = []
  for (let count = 0; count < 400; count++) {
    await page.keyboard.press('Tab')
    const stop = await focus(page)
    // Behind the last one is the browser, or the first one again.
    if (!stop || (stops.length > 0 && stop.name === stops[0]!.name && stop.name.startsWith('A Skip')))
      return stops
    stops.push(stop)
    if (until(stop)) return stops
  }
  throw new Error(`no end after ${stops.length} stops, at ${stops.at(-1)?.name}`)
}

/** What takes the focus and is shown. */
const workable = (page: Page): Promise<number> =>
  page.evaluate(`[...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
    .filter((each) => !each.disabled && each.checkVisibility()).length`) as Promise<number>

export function keys(site: Site): void {
  test('the map by keys: to a node and into its facts, Escape, and back where one was', async () => {
    await view(site, `/runs/${site.id}/map`, async (page) => {
      const there = await walk(page, ({ name }) => name.includes('Node r2:'))
      expect(there.filter(({ wrong }) => wrong)).toEqual([])
      expect(there.at(-1)?.name).toContain('Node r2:')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Node r2' }).waitFor()
      await settle(page)
      expect(new URL(page.url()).searchParams.get('node')).toBe('r2')
      expect((await focus(page))?.name).toMatch(/^ASIDE /)
      const [close, ...inside] = await walk(page, ({ name }) => name.includes('Copy: flowlab'))
      expect(close?.name).toBe('BUTTON Close')
      expect(inside.filter(({ wrong }) => wrong)).toEqual([])
      await page.keyboard.press('Escape')
      await page.getByRole('heading', { name: 'What happened' }).waitFor()
      expect(new URL(page.url()).searchParams.get('node')).toBeNull()
      expect((await focus(page))?.name).toContain('Node r2:')
      // The same by the button, and for a link.
      await page.keyboard.press('Space')
      await page.getByRole('heading', { name: 'Node r2' }).waitFor()
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'What happened' }).waitFor()
      expect((await focus(page))?.name).toContain('Node r2:')
      await page.locator('.link').first().focus()
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: /^Link / }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('heading', { name: 'What happened' }).waitFor()
      expect((await focus(page))?.name).toMatch(/^g Link /)
    })
  })

  test('the map by keys: it moves and zooms, and what a pointer opens Escape closes', async () => {
    await view(site, `/runs/${site.id}/map`, async (page) => {
      const map = page.locator('.lab-map svg')
      const before = await map.getAttribute('viewBox')
      await map.focus()
      for (const key of ['+', 'ArrowLeft']) await page.keyboard.press(key)
      expect(await map.getAttribute('viewBox')).not.toBe(before)
      await page.locator('[data-node="r1"]').click()
      await page.getByRole('heading', { name: 'Node r1' }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('heading', { name: 'What happened' }).waitFor()
      expect((await focus(page))?.name).toContain('Node r1:')
    })
  })

  test('in every view what can be worked is reached by Tab once, in sight and marked', async () => {
    const { page, wrong } = await visit(site.browser, site.base)
    for (const path of ['/', '/charts', 'map', 'time', 'paths', 'books', 'explore']) {
      await go(page, path.startsWith('/') ? path : `/runs/${site.id}/${path}`)
      const stops = await walk(page)
      const bad = stops.filter(({ wrong: each }) => each)
      // Other labs of this machine come into the list of runs and go.
      const all = path === '/' ? stops.length : await workable(page)
      expect([path, bad, stops.length]).toEqual([path, [], all])
    }
    expect(wrong).toEqual([])
    await page.context().close()
  })

  test('from view to view by keys the focus is never lost', async () => {
    await view(site, '/', async (page) => {
      await walk(page, ({ name }) => name === 'A Charts')
      await page.keyboard.press('Enter')
      await page.waitForURL('**/charts')
      await becomes(
        () => focus(page),
        (stop) => expect(stop).toBeDefined(),
      )
      await page.goBack()
      await page.locator('tbody tr').first().waitFor()
      await page.locator(`a[href*="${site.id}"]`).first().focus()
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Books' }).waitFor()
      await becomes(
        () => focus(page),
        (stop) => expect(stop?.name).toMatch(/^MAIN /),
      )
      await page.getByRole('link', { name: 'Explore' }).focus()
      await page.keyboard.press('Enter')
      await page.locator('.records tbody tr').first().waitFor()
      expect((await focus(page))?.name).toBe('A Explore')
      await page.getByRole('button', { name: 'Sort by packets' }).focus()
      await page.keyboard.press('Enter')
      await page.locator('th[aria-sort="descending"]', { hasText: 'packets' }).waitFor()
      await settle(page)
      expect((await focus(page))?.name).toBe('BUTTON Sort by packets')
    })
  })
}
