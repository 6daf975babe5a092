// A file that grows, is cut short and begins anew.
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tail } from './tail.ts'

let home: string
let file: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'flowlab-tail-'))
  file = join(home, 'log')
})
afterEach(() => rmSync(home, { recursive: true }))

test('lines come once, when they are whole', async () => {
  const next = tail(file, Infinity)
  expect(await next()).toEqual([])
  writeFileSync(file, 'one\ntwo\nthr')
  expect(await next()).toEqual(['one', 'two'])
  expect(await next()).toEqual([])
  appendFileSync(file, 'ee, with an ü\n\n')
  expect(await next()).toEqual(['three, with an ü'])
  expect(await next()).toEqual([])
})

test('a file that begins anew is read from its begin', async () => {
  const next = tail(file, Infinity)
  writeFileSync(file, 'a long line of the former life\n')
  await next()
  writeFileSync(file, 'anew\n')
  expect(await next()).toEqual(['anew'])
})

test('of what is there already only the end, without the line that it is within', async () => {
  writeFileSync(file, 'first\nsecond\nthird\n')
  const next = tail(file, 10)
  expect(await next()).toEqual(['third'])
})

test('a line longer than what is read at once is passed over, and nothing else', async () => {
  const next = tail(file, Infinity)
  writeFileSync(file, `short\n${'x'.repeat(9_000_000)}\nlast\n`)
  const lines: string[] = []
  for (let call = 0; call < 6; call++) lines.push(...(await next()))
  expect(lines).toEqual(['short', 'last'])
})
