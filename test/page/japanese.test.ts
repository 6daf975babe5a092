// What the server says is said in Japanese too: each cause of the catalogue, as its English is now, and every sentence that findings and
// their evidence are made of.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Verdict } from '../../src/verify/verdict.ts'
import { catalogue } from '../../src/verify/causes/causes.ts'
import { columns, keys } from '../../src/query/columns.ts'
import { words } from '../../src/query/words.ts'
import { causes, sentences } from '../../web/text/japanese.ts'
import { translator } from '../../web/text/sentences.ts'
import { literalsIn } from '../support/literals.ts'
import { root } from '../support/labs.ts'

const translate = translator(sentences)
const isJapanese = (text: string): boolean =>
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)

describe('the catalogue', () => {
  test('every cause has its words, and they are of the English that stands there now', () => {
    const of = catalogue.map(({ id, knownBy, remedy, test: told }) => [
      id,
      createHash('sha256').update([knownBy, remedy, told].join('\n')).digest('hex').slice(0, 8),
    ])
    // Where one differs: translate anew what has changed, and put the new digest in.
    expect(Object.fromEntries(Object.entries(causes).map(([id, cause]) => [id, cause.of]))).toEqual(
      Object.fromEntries(of),
    )
  })

  test('code stays as it is', () => {
    const code = (text: string): string[] =>
      text
        .split('`')
        .filter((_, index) => index % 2 === 1)
        .sort()
    for (const { id, remedy, knownBy, test: told } of catalogue) {
      const cause = causes[id]!
      for (const text of [cause.knownBy, cause.remedy, cause.test]) expect(isJapanese(text), id).toBe(true)
      expect([id, code(cause.remedy), code(cause.test)]).toEqual([id, code(remedy), code(told)])
      expect([id, code(cause.knownBy).length]).toEqual([id, code(knownBy).length])
    }
  })
})

describe('sentences', () => {
  test('values come out where they belong, and sentences in sentences', () => {
    expect(
      translate(
        '5 of 14 export datagrams of edge were lost on their way to main, and with them 5960 packets (2639426 bytes) of 18 flows',
      ),
    ).toBe(
      'edge のエクスポートデータグラム 14 個のうち 5 個が main に届く前に失われました。失われたレコード:18 フローの 5960 パケット(2639426 バイト)',
    )
    expect(translate('nothing that anybody says')).toBeUndefined()
  })

  test('each takes as many values as it gives', () => {
    for (const [english, japanese] of Object.entries(sentences)) {
      const given = english.split('{}').length - 1
      const taken = [...japanese.matchAll(/\{(\d)\}/g)].map(([, place]) => Number(place))
      expect([english, Math.max(0, ...taken) <= given]).toEqual([english, true])
    }
  })

  const folders = ['src/verify/causes', 'src/verify/sampling', 'src/verify/time']
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => join(folder, file)),
  )
  const told = catalogue.flatMap(({ title, knownBy, remedy, test: each }) => [title, knownBy, remedy, each])
  /** What the catalogue's own texts are put together of. */
  const isOfCatalogue = (text: string): boolean => {
    const parts = text.split('{}').filter((part) => part.length > 8)
    return told.some((each) => parts.length > 0 && parts.every((part) => each.includes(part)))
  }
  /** A sentence or a part of one with values in it, and no condition on the store's columns. */
  const isSaid = (text: string): boolean =>
    text.includes('{}') &&
    // How many of how many: the sentences around it say of what.
    text !== '{} of {}' &&
    / (of|the|and|in|are|is|was|were|to|from|times) /.test(text) &&
    !/SELECT|epoch_us/.test(text)

  test.each(files.filter((file) => /causes/.test(file)))('%s: what it says of a run', (file) => {
    const said = literalsIn(readFileSync(join(root, file), 'utf8')).filter(
      (text) => isSaid(text) && !isOfCatalogue(text),
    )
    expect(said.filter((text) => translate(text) === undefined)).toEqual([])
  })

  test('findings of the kept verdicts, with their evidence', () => {
    const folder = join(root, 'test/runs')
    const verdicts = readdirSync(folder)
      .filter((file) => file.endsWith('.verdict.json'))
      .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Verdict)
    const texts = verdicts.flatMap(({ findings, attributes, books }) => [
      ...findings.flatMap(({ summary, evidence }) => [
        summary,
        ...evidence.filter(({ kind }) => kind !== 'log').map(({ text }) => text),
      ]),
      ...attributes.each.flatMap(({ attribute, against, unchecked }) => [attribute, unchecked ?? against]),
      ...books.flatMap(({ notMetered }) => notMetered.map(({ reason }) => reason)),
    ])
    expect(texts.length).toBeGreaterThan(20)
    expect([...new Set(texts.filter((text) => translate(text) === undefined))]).toEqual([])
  })

  test('words of filters, columns and keys', () => {
    const abouts = [words, columns, keys].flatMap((table) => Object.values(table).map(({ about }) => about))
    expect(abouts.filter((about) => translate(about) === undefined)).toEqual([])
  })
})
