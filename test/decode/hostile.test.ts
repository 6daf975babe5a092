// Hostile input: floods of everything that is remembered, and a bounded run of the fuzzer (the long one: test/fuzz).
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createChecked, tight } from '../fuzz/check.ts'
import { generate, mutate, Random } from '../fuzz/messages.ts'
import { datagram, decode, ipfix, netflow9, set } from './bytes.ts'
import { captures, readCapture } from './captures.ts'

const FUZZ_SECONDS = 2

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

describe('fuzzing', () => {
  test('messages of right structure and wrong contents', () => {
    const end = performance.now() + FUZZ_SECONDS * 1000
    let rows = 0
    for (let seed = 1; performance.now() < end; seed++) {
      const [random, checked] = [new Random(seed), createChecked()]
      for (let i = 0; i < 200; i++) checked.push(generate(random))
      rows += checked.end().rows
    }
    expect(rows).toBeGreaterThan(1000)
  })

  test.skipIf(!captures)('mutated captures', () => {
    const corpus = readdirSync(captures ?? '.')
      .filter((name) => /netflow|ipfix/.test(name))
      .flatMap((name) => readCapture(`${captures}${name}`))
    const end = performance.now() + FUZZ_SECONDS * 1000
    let rows = 0
    for (let seed = 1; performance.now() < end; seed++) {
      const [random, checked] = [new Random(seed), createChecked()]
      for (const original of corpus) {
        checked.push(original)
        checked.push(mutate(random, original))
      }
      rows += checked.end().rows
    }
    expect(rows).toBeGreaterThan(1000)
  })
})

describe('floods', () => {
  test('templates: no more than the limit, the rest reported, those that are there still work', () => {
    const flood = Array.from({ length: 100 }, (_, n) => `${hex(256 + n, 4)} 0001 0001 0001`).join('')
    const { records, kinds, stats } = decode([ipfix(set(2, flood) + set(256, '07') + set(355, '07'))], {
      limits: tight,
    })
    expect(stats.domains[0]?.templates.new).toBe(tight.templatesPerDomain)
    expect(kinds).toEqual(Array(100 - tight.templatesPerDomain).fill('limit'))
    expect(records).toEqual([{ octetDeltaCount: 7 }])
  })

  test('a template of too many fields', () => {
    const { kinds, events } = decode([ipfix(set(2, `0100 0011 ${'0001 0001'.repeat(17)}`))], {
      limits: tight,
    })
    expect([kinds, events]).toEqual([['limit'], []])
  })

  test('records that wait for templates: the oldest are given up', () => {
    const waiting = Array.from({ length: 200 }, (_, n) => netflow9(set(256 + n, '00'.repeat(200)), n))
    const { stats } = decode(waiting, { limits: tight })
    const { waiting: kept = 0, lost = 0 } = stats.domains[0]?.pending ?? {}
    expect(kept + lost).toBe(200)
    expect(kept * 200).toBeLessThan(tight.pendingBytes)
    expect(kept).toBeGreaterThan(20)
  })

  test('domains: the longest unheard are forgotten, with what they had kept', () => {
    const template = ipfix(set(2, '0100 0001 0001 0001'))
    const sessions = Array.from({ length: 50 }, (_, n) => datagram(template, { sourcePort: n }))
    const data = ipfix(set(256, '07'))
    const { records, stats } = decode(
      [...sessions, datagram(data, { sourcePort: 49 }), datagram(data, { sourcePort: 0 })],
      { limits: tight },
    )
    expect(stats.domains.length).toBeLessThanOrEqual(tight.domains)
    expect(records).toEqual([{ octetDeltaCount: 7 }])
  })

  test('samplers and described elements', () => {
    const samplers = Array.from({ length: 10 }, (_, n) => `${hex(n, 2)} 00000064`).join('')
    const options = set(3, '0100 0002 0001 0030 0001 0032 0004') + set(256, samplers)
    expect(decode([ipfix(options)], { limits: tight }).kinds).toEqual(Array(6).fill('limit'))
    const types = Array.from({ length: 10 }, (_, n) => `0000ffff ${hex(n + 1, 4)} 01 01 61`).join('')
    const describing = set(3, '0100 0004 0002 015a 0004 012f 0002 0153 0001 0155 ffff') + set(256, types)
    expect(decode([ipfix(describing)], { limits: tight }).kinds).toEqual(Array(6).fill('limit'))
  })

  test('the widest template and the longest record take no more rows than their octets allow', () => {
    const wide = set(2, `0100 03ff ${'0001 0008'.repeat(1023)}`)
    const { records, errors } = decode([ipfix(wide), ipfix(set(256, '01'.repeat(8184)))])
    expect(errors).toEqual([])
    expect(records).toHaveLength(1)
  })
})
