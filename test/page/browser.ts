// A real browser for the page's tests: Debian's Chromium, with a profile of its own, that notes what the page asks for and what goes
// wrong in it.

import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, chromium, type Page } from 'playwright-core'

const executablePath = '/usr/bin/chromium'

/** Why there is no browser; undefined where there is one. */
export const noBrowser = existsSync(executablePath) ? undefined : 'not installed: chromium'

export const open = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-gpu',
      '--no-first-run',
    ],
  })

export interface Look {
  readonly width?: number
  readonly height?: number
  readonly dark?: boolean
  readonly language?: string
}

export interface Visit {
  readonly page: Page
  /** What went wrong: errors and warnings of the console, exceptions, requests that lead elsewhere. */
  readonly wrong: string[]
}

/** A window of its own, with nothing kept from others. */
export async function visit(
  browser: Browser,
  base: string,
  { width = 1440, height = 900, dark = false, language = 'en' }: Look = {},
): Promise<Visit> {
  const context = await browser.newContext({
    baseURL: base,
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    locale: language,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const wrong: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrong.push(`${page.url()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => wrong.push(`${page.url()}: ${error.message}`))
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol !== 'blob:' && origin !== new URL(base).origin) wrong.push(`asked for ${request.url()}`)
  })
  return { page, wrong }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
}

/** What axe-core calls serious or critical, by all its rules or by some. */
export async function barriers(page: Page, rules?: readonly string[]): Promise<string[]> {
  await page.evaluate(axe)
  const { violations } = (await page.evaluate(
    `axe.run(document, ${JSON.stringify(rules ? { runOnly: rules } : {})})`,
  )) as { violations: Violation[] }
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    )
}

/** A table's rows as the texts of their cells. */
export const rowsOf = (page: Page, selector: string): Promise<string[][]> =>
  page
    .locator(`${selector} tbody tr`)
    .evaluateAll((rows) =>
      rows.map((row) => [...row.children].map((cell) => (cell.textContent ?? '').trim())),
    )
