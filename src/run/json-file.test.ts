import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readJson, writeJson } from './json-file.ts'

const directory = mkdtempSync(join(tmpdir(), 'flowlab-json-'))
afterAll(() => rmSync(directory, { recursive: true }))
const file = join(directory, 'value.json')

const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ source: `10.0.0.${index}`, packets: index, odd: '"},\n{' }))

const values: readonly unknown[] = [
  [],
  {},
  null,
  [1, 'two', [3], {}],
  [{ name: 'a', rows: [] }],
  [
    {
      point: 'r2:eth0',
      directions: { in: { total: { packets: 1 }, flows: rows(25_001) }, out: { flows: rows(1) } },
    },
  ],
  {
    collectors: [{ daemon: 'main', tables: [{ name: 'all', aggregate: ['src_host'], rows: rows(3) }] }],
    probes: [],
  },
  [[rows(2), rows(0)], [{ of: { a: 1 } }]],
]

test.each(values.map((value) => [JSON.stringify(value).slice(0, 60), value]))(
  'what is written is read again, as a whole and line by line: %s',
  async (_, value) => {
    writeJson(file, value)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(value)
    expect(await readJson(file)).toEqual(value)
    expect(await readJson(file, 0)).toEqual(value)
  },
)

test('what is not there is left out', async () => {
  writeJson(file, { a: undefined, b: [undefined, 1], c: { d: undefined } })
  expect(await readJson(file)).toEqual({ b: [null, 1], c: {} })
})

test.each(['', '[1', '[\n {"a": 1},\n {"a"}\n]', '[{"a":1}\n'])('no JSON: %j, by its name', async (text) => {
  writeFileSync(file, text)
  for (const most of [undefined, 0]) await expect(readJson(file, most)).rejects.toThrow(`${file}: `)
})

test('a file written otherwise is read line by line too', async () => {
  const value = { wire: rows(5), plan: [{ a: [{ b: 1 }] }] }
  writeFileSync(file, JSON.stringify(value, null, 1))
  expect(await readJson(file, 0)).toEqual(value)
})
