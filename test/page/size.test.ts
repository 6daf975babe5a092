// What a browser loads before it shows the first view stays small.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { root } from '../support/labs.ts'

const dist = join(root, 'dist/web')
const text = (path: string): string => readFileSync(join(dist, path), 'utf8')
const compressed = (path: string): number => gzipSync(readFileSync(join(dist, path))).length

/** The script and what it imports at once. */
function scripts(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen
  seen.add(entry)
  for (const [, name] of text(entry).matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g))
    scripts(`assets/${name}`, seen)
  return seen
}

test("the first view's script is below 400 kB, compressed", () => {
  const [, entry = ''] = /<script type="module"[^>]* src="\/([^"]+)"/.exec(text('index.html')) ?? []
  expect(entry).toMatch(/^assets\/.*\.js$/)
  const sizes = [...scripts(entry)].map(compressed)
  const sum = sizes.reduce((total, size) => total + size, 0)
  expect(sum).toBeGreaterThan(10_000)
  expect(sum).toBeLessThan(400_000)
})

test('nothing in the page comes from elsewhere', () => {
  const page = text('index.html')
  expect(
    [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!.startsWith('/')),
  ).not.toContain(false)
  expect(page).not.toMatch(/<script(?![^>]* src=)/)
})
