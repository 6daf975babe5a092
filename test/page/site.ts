// What the page's tests share: the server over one live lab and the runs beside it, questions to its API, windows on its views, and the
// commands it shows, run as a person would run them.

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { eventually, root } from '../support/labs.ts'
import { type Look, visit } from './browser.ts'

export interface Site {
  browser: Browser
  /** Address of the server. */
  base: string
  /** Id of the lab's run. */
  id: string
  /** Id of a kept run with a finding whose evidence are datagrams. */
  lost: string
  /** Directory of the charts. */
  readonly charts: string
}

export async function ask<T>({ base }: Site, path: string): Promise<T> {
  const response = await fetch(new URL(path, base))
  expect(response.status, path).toBe(200)
  return (await response.json()) as T
}

/** Opens a view and waits until it has its answers. */
export async function go(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await page.locator('main :is(.panel, .note)').first().waitFor()
  await settle(page)
}

/** Waits until nothing is asked any more. */
export const settle = (page: Page): Promise<void> =>
  page.locator('main :is([role=status], [aria-busy=true])').first().waitFor({ state: 'detached' })

/** Opens a view, lets the test look at it, and says what was wrong in it. */
export async function view(
  { browser, base }: Site,
  path: string,
  look: (page: Page) => Promise<void>,
  { expected = /^$/, ...as }: Look & { readonly expected?: RegExp } = {},
): Promise<void> {
  const { page, wrong } = await visit(browser, base, as)
  await go(page, path)
  await look(page)
  expect(wrong.filter((each) => !expected.test(each))).toEqual([])
  await page.context().close()
}

export const exact = (value: number): string => new Intl.NumberFormat('en').format(value)

/** Waits until `wanted` does not throw; `expect.poll` would know one test at a time only. */
export const becomes = <T>(now: () => Promise<T>, wanted: (value: T) => void): Promise<void> =>
  eventually(async () => {
    try {
      wanted(await now())
      return undefined
    } catch (error) {
      return (error as Error).message
    }
  }, 30_000)

/** What a command prints that the page shows: as it stands there, in a shell, with options behind it. */
export const printed = (command: string, more = ''): string =>
  execFileSync('bash', ['-c', `${command} ${more}`], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(root, 'bin')}:${process.env['PATH']}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  })

/** The command under a part of a view. */
export const commandOf = async (page: Page, within = 'main'): Promise<string> =>
  (await page.locator(`${within} .command code`).last().textContent()) ?? ''

/** Rows of a CSV file (RFC 4180). */
export function rowsOfCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain = '', end = ''] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g,
  )) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end.endsWith('\n')) rows.push([])
    else if (end === '') break
  }
  return rows.filter((row) => row.length > 1 || row[0] !== '')
}
