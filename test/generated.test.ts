// What is written from the code is as the code is: documents and schemas. `npm run docs` and `npm run schema` write them anew.

import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { generated } from '../scripts/generated.ts'
import { createProgram } from '../src/cli/program.ts'
import { catalogue } from '../src/verify/causes/causes.ts'

const read = (path: string): string => readFileSync(join(resolve(import.meta.dirname, '..'), path), 'utf8')

test.each(Object.entries(generated))('%s', (path, text) => {
  expect(text()).toBe(read(path))
})

describe('the table of causes', () => {
  test('calls no two causes alike', () => {
    expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length)
  })

  test('has every cause that was ever published', () => {
    const published = [...read('test/golden/causes.txt').matchAll(/^\S+$/gm)].map(([id]) => id)
    const known = new Set(catalogue.map(({ id }) => id))
    expect(published.filter((id) => !known.has(id))).toEqual([])
  })
})

test('the README has a row for every verb', () => {
  const rows = [...read('README.md').matchAll(/^\| `[a-z]+/gm)].map(([row]) => row)
  const verbs = createProgram().commands.map((command) => `| \`${command.name()}`)
  expect(verbs.filter((verb) => !rows.includes(verb))).toEqual([])
})
