// ITGDec 2.8.1's own summaries of one flow, at its two ends.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseSummary } from './report.ts'

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')

test.each(['sent.txt', 'received.txt'])('%s: packets and bytes of payload in all', (name) => {
  // 312 packets of 512 bytes.
  expect(parseSummary(fixture(name))).toEqual({ packets: 312, bytes: 159_744 })
})

test('a log that holds nothing is an error, not a flow of nothing', () => {
  expect(() => parseSummary('Empty log file\n')).toThrow('ITGDec gave no "Total packets"')
})
