// The page speaks every language whole: the same keys, nothing empty, nothing left in English.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { en } from '../../web/text/en.ts'
import { ja } from '../../web/text/ja.ts'
import { root } from '../support/labs.ts'

/** What is written alike in both languages: units and names. */
const alike = new Set(['name', 'and', 'keys.as', 'map.as', 'map.states.unknown'])

type Text = string | ((...values: never[]) => string)
type Words = { readonly [key: string]: Text | Words }

const spoken = (words: Words, under = ''): Map<string, string> =>
  new Map(
    Object.entries(words).flatMap(([key, value]): [string, string][] => {
      const name = `${under}${key}`
      if (typeof value === 'object') return [...spoken(value, `${name}.`)]
      // Each in the place of a value, so that it must come out again.
      const text = typeof value === 'function' ? value(...(['{1}', '{2}', '{3}'] as never[])) : value
      return [[name, text]]
    }),
  )

const [english, japanese] = [spoken(en), spoken(ja)]

test('the dictionaries have the same keys, and a text for each', () => {
  expect([...japanese.keys()].sort()).toEqual([...english.keys()].sort())
  for (const [key, text] of [...english, ...japanese]) expect(text.trim(), key).not.toBe('')
})

test('Japanese is Japanese', () => {
  const left = [...japanese].filter(
    ([key, text]) => !alike.has(key) && !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text),
  )
  expect(left).toEqual([])
})

test('values come out in both languages', () => {
  const values = (text: string): string[] => [...text.matchAll(/\{\d\}/g)].map(([value]) => value).sort()
  for (const [key, text] of english) expect(values(japanese.get(key)!), key).toEqual(values(text))
})

const filesIn = (folder: string, ending: RegExp): string =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file) && !file.endsWith('.test.ts') && !file.startsWith('text/'))
    .map((file) => readFileSync(join(root, folder, file), 'utf8'))
    .join('\n')

test('every word is used, by its name or by a value that chooses among its siblings', () => {
  const code = filesIn('web', /\.tsx?$/)
  const isUsed = (key: string): boolean => {
    const [last = '', before] = key.split('.').toReversed()
    // `t.stages[witness]`, `t[what]`, `described.sources[at]`; `.also` stands for `t.group.also`.
    return (
      new RegExp(String.raw`\.${last}\b`).test(code) ||
      (before !== undefined && new RegExp(String.raw`\b${before}\[`).test(code))
    )
  }
  expect([...english.keys()].filter((key) => !isUsed(key))).toEqual([])
})

test('every stage of a run has a word', () => {
  const code = filesIn('src/run', /\.ts$/)
  const stages = [...code.matchAll(/\bstep\(\s*'([^']+)'/g)].map(([, name = '']) => name)
  expect(stages.length).toBeGreaterThan(8)
  expect(stages.filter((name) => !(name in en.books.runStages))).toEqual([])
})
