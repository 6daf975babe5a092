// What is written from the code is as the code is: documents and schemas. `npm run docs` and `npm run schema` write them anew.

import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { generated } from '../scripts/generated.ts'
import { createProgram } from '../src/cli/program.ts'
import { catalogue } from '../src/verify/catalogue.ts'
import { causes } from '../src/verify/causes.ts'

const read = (path: string): string => readFileSync(join(resolve(import.meta.dirname, '..'), path), 'utf8')

test.each(Object.entries(generated))('%s', (path, text) => {
  expect(text()).toBe(read(path))
})

describe('the catalogue of findings', () => {
  const entries = Object.entries(catalogue)

  test('has every cause, in its stage and in the order in which causes are asked', () => {
    expect(causes.map(({ id, stage }) => [id, stage])).toEqual(
      entries.filter(([, { stage }]) => stage !== 'routing').map(([id, { stage }]) => [id, stage]),
    )
  })

  test('has every finding about routing, and no other', () => {
    const used = [
      ...`${read('src/verify/routing.ts')}${read('src/verify/exits.ts')}`.matchAll(/\bid: '([a-z-]+)'/g),
    ].map(([, id]) => id)
    expect(used).toEqual(entries.filter(([, { stage }]) => stage === 'routing').map(([id]) => id))
  })
})

test('the README has a row for every verb', () => {
  const rows = [...read('README.md').matchAll(/^\| `[a-z]+/gm)].map(([row]) => row)
  const verbs = createProgram().commands.map((command) => `| \`${command.name()}`)
  expect(verbs.filter((verb) => !rows.includes(verb))).toEqual([])
})
