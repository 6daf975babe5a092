// What the command loads before it knows which verb is meant stays small: each verb loads what it needs when it is called.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './support/labs.ts'

/** A chunk and those that it imports at once. */
function loaded(path: string, seen = new Map<string, string>()): Map<string, string> {
  if (seen.has(path)) return seen
  const text = readFileSync(path, 'utf8')
  seen.set(path, text)
  for (const [, name = ''] of text.matchAll(/^(?:\} from|import) "(\.[^"]+\.js)"/gm))
    loaded(join(dirname(path), name), seen)
  return seen
}

test('the verbs are declared by less than 300 kB, without the packages that checks, files and containers take', () => {
  const chunks = [...loaded(join(root, 'dist/flowlab.js')).values()]
  const size = chunks.reduce((sum, { length }) => sum + length, 0)
  expect(size).toBeGreaterThan(100_000)
  expect(size).toBeLessThan(300_000)
  const packages = chunks.flatMap((text) => text.match(/^\/\/ node_modules\/[^/\n]+/gm) ?? [])
  expect(new Set(packages)).toEqual(new Set(['// node_modules/commander']))
})
