// A few seconds of fuzzing in the suite; `npx tsx test/fuzz/run.ts SECONDS` for longer.
import { expect, test } from 'vitest'
import { fuzz } from './sflow-and-captures.ts'

test('spoiled captures and sFlow datagrams break nothing', () => {
  const before = process.memoryUsage().heapUsed
  const result = fuzz(3000, 1)
  expect(result.files).toBeGreaterThan(300)
  expect(Math.min(result.datagrams, result.records, result.errors, result.problems)).toBeGreaterThan(100)
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(256 << 20)
})
