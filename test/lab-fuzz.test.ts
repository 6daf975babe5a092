// Whatever a lab file says, reading it gives a topology or its mistakes, soon. Mutations of real files, at the level of
// characters and of structure, for a bounded time; LAB_FUZZ_SEED repeats a run, LAB_FUZZ_SECONDS makes it longer.
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml, stringify } from 'yaml'
import { readDocument } from '../src/topology/document.ts'
import { parse } from '../src/topology/parse.ts'
import { LabFileError } from '../src/topology/problem.ts'
import { readDraft } from '../src/topology/read.ts'
import { LabFile } from '../src/topology/schema.ts'

const seconds = Number(process.env['LAB_FUZZ_SECONDS'] ?? 0.7)
const seed = Number(process.env['LAB_FUZZ_SEED'] ?? Date.now() % 1e9)

const example = readFileSync(new URL('../examples/janog36/lab.yaml', import.meta.url), 'utf8')
const golden = new URL('golden/lab-errors/', import.meta.url)
const corpus = [
  example,
  example,
  ...readdirSync(golden)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readFileSync(new URL(name, golden), 'utf8')),
]

/** mulberry32: the same numbers for the same seed. */
function randomOf(start: number): (below: number) => number {
  let state = start
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const pieces = [
  ...'[ ] { } : , - ? & * ! | > \' " % @ ` # ~ \t \0 \u2028 \ufeff 💥'.split(' '),
  ...'null true on 0 -1 1e9 0x10 1.5 4294967295 99999999999999999999 .nan 4s 512 1/3'.split(' '),
  ...'r1 r2:eth0 h1 192.0.128.0/24 0.0.0.0/0 255.255.255.255/32 ::/0 a: - <<: __proto__: toString: &a *a !!set'.split(
    ' ',
  ),
  ...'\n_\r_ _\n  _: _- _uniform 1..2_\n---\n_\n...\n'.split('_'),
]
const values = [
  ...pieces,
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  '',
  [],
  {},
  [[]],
  [null],
  { kind: 'host' },
  ['h1', 'r1'],
]

type Random = (below: number) => number
const oneOf = <T>(random: Random, items: readonly T[]): T | undefined => items[random(items.length)]

function mutateText(text: string, random: Random): string {
  const at = random(text.length + 1)
  const length = random(12)
  const piece = oneOf(random, pieces) ?? ''
  const other = oneOf(random, corpus) ?? ''
  return (
    oneOf(random, [
      () => text.slice(0, at) + piece + text.slice(at),
      () => text.slice(0, at) + piece + text.slice(at + length),
      () => text.slice(0, at) + text.slice(at + length),
      () => text.slice(0, at),
      () => text.slice(0, at) + text.slice(at, at + 60).repeat(3) + text.slice(at),
      () => text.slice(0, at) + other.slice(random(other.length + 1)),
    ])?.() ?? text
  )
}

/** Replaces, removes or renames one part of the data, wherever it is. */
function mutateData(data: unknown, random: Random): unknown {
  if (typeof data !== 'object' || data === null || random(6) === 0) return oneOf(random, values)
  if (Array.isArray(data)) {
    const items: unknown[] = [...data]
    const at = random(items.length + 1)
    const change = random(4)
    if (change === 0) items.splice(at, 1)
    else if (change === 1) items.splice(at, 0, oneOf(random, items))
    else if (at < items.length) items[at] = mutateData(items[at], random)
    return items
  }
  const entries: [string, unknown][] = Object.entries(data)
  const at = random(entries.length)
  const [key, value] = entries[at] ?? ['', null]
  const change = random(6)
  if (change === 0) entries.splice(at, 1)
  else if (change === 1) entries[at] = [String(oneOf(random, pieces)), value]
  else if (change === 2) entries.push([`${key}x`, value])
  else entries[at] = [key, mutateData(value, random)]
  return Object.fromEntries(entries)
}

/** A file is read or refused with its mistakes; anything else thrown, or a long time, is a failure. */
function tryFile(text: string): 'read' | 'refused' {
  const start = performance.now()
  try {
    parse(text, 'lab.yaml')
    return 'read'
  } catch (error) {
    if (!(error instanceof LabFileError)) throw new Error(`seed ${seed}:\n${text}`, { cause: error })
    expect(error.problems.length).toBeGreaterThan(0)
    return 'refused'
  } finally {
    expect(performance.now() - start, text.slice(0, 2000)).toBeLessThan(2000)
  }
}

/** read.ts finds a mistake exactly where zod, given the same data, finds one. */
function compareWithZod(text: string): void {
  let value: unknown
  try {
    ;({ value } = readDocument(text, 'lab.yaml'))
  } catch {
    return
  }
  const found: string[] = []
  readDraft(LabFile, value, (path, message) => found.push(`${path.join('.')}: ${message}`))
  const { success, error } = LabFile.safeParse(value)
  expect(found.length === 0, `seed ${seed}: ${found.join('; ')} ${error?.message ?? ''}\n${text}`).toBe(
    success,
  )
}

describe(`mutated lab files (seed ${seed})`, () => {
  it('are read, or refused with their mistakes', () => {
    const random = randomOf(seed)
    const count = { read: 0, refused: 0 }
    for (const end = performance.now() + seconds * 1000; performance.now() < end || count.refused <= 20; ) {
      let text = oneOf(random, corpus) ?? ''
      for (let changes = random(4); changes >= 0; changes--) text = mutateText(text, random)
      count[tryFile(text)]++
      compareWithZod(text)
    }
    expect(count.refused).toBeGreaterThan(20)
  })

  it('with changed structure too', () => {
    const random = randomOf(seed + 1)
    const lab: unknown = parseYaml(example)
    const count = { read: 0, refused: 0 }
    const isEnough = () => count.read > 0 && count.refused > 20
    for (const end = performance.now() + seconds * 1000; performance.now() < end || !isEnough(); ) {
      let data = lab
      for (let changes = random(3); changes >= 0; changes--) data = mutateData(data, random)
      const text = stringify(data)
      count[tryFile(text)]++
      compareWithZod(text)
    }
    expect(count.read).toBeGreaterThan(0)
    expect(count.refused).toBeGreaterThan(20)
  })
})

describe('hostile lab files end soon', () => {
  const many = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => line(i)).join('')
  const huge: Readonly<Record<string, string>> = {
    'brackets within brackets': '['.repeat(30_000),
    'mappings within mappings': '{a: '.repeat(20_000),
    'lists within lists': '- '.repeat(20_000),
    'keys within keys': '? '.repeat(20_000),
    'indentation without end': many(1000, (i) => `${' '.repeat(i)}a:\n`),
    'a megabyte too many': ' '.repeat((1 << 20) + 1),
    'one key many times': many(8_000, () => 'a: 1\n'),
    'unknown nodes': `name: t\nnodes:\n${many(2_000, (i) => `  n${i}: { kind: host }\n`)}links:\n${many(2_000, (i) => `  - { endpoints: [m${i}, o${i}] }\n`)}`,
    'one host with many links': `name: t\nnodes: { h: { kind: host }, g: { kind: host }, r: { kind: frr, as: 1 } }\nlinks:\n${many(2_000, () => '  - { endpoints: [h, r] }\n  - { endpoints: [g, r] }\n')}traffic:\n${many(400, () => '  - { from: h, to: g, kind: ping, count: 1 }\n')}`,
    'many prefixes': `name: t\nnodes: { h: { kind: host }, r: { kind: frr, as: 1 } }\nlinks:\n${many(2_500, () => '  - { endpoints: [h, r], ipv4: 10.0.0.0/8 }\n')}`,
    directives: '%a\n'.repeat(8_000),
    documents: '---\n'.repeat(8_000),
    anchors: '&a '.repeat(8_000),
  }
  it.each(Object.entries(huge))('%s', (_name, text) => {
    const start = performance.now()
    try {
      parse(text, 'lab.yaml')
    } catch (error) {
      expect(error).toBeInstanceOf(LabFileError)
    }
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
