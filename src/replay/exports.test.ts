// A recording that is read while it grows says at every moment what a recording that ends there says, wherever it is cut.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { followExports, readExports } from './exports.ts'
import type { RecordsTaker } from './records.ts'

const whole = readFileSync(
  fileURLToPath(new URL('../../test/runs/green/nodes/r2/log/exported-edge.pcap', import.meta.url)),
)

const counting = (add: (rows: number) => void): RecordsTaker => ({
  take: (batch) => batch.layout.kind === 'data' && add(batch.rows),
  settle: async () => {},
})

test('a recording is followed, datagram by datagram', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flowlab-exports-'))
  try {
    const [growing, cut] = [join(folder, 'growing.pcap'), join(folder, 'cut.pcap')]
    writeFileSync(growing, '')
    let records = 0
    const followed = followExports(
      growing,
      counting((rows) => (records += rows)),
    )
    await followed.catchUp()
    expect(records).toBe(0)
    const seen: number[] = []
    for (let from = 0; from < whole.length; from += 777) {
      appendFileSync(growing, whole.subarray(from, from + 777))
      await followed.catchUp()
      writeFileSync(cut, whole.subarray(0, from + 777))
      let expected = 0
      await readExports(
        cut,
        counting((rows) => (expected += rows)),
      )
      seen.push(records)
      expect(records).toBe(expected)
    }
    expect(new Set(seen).size).toBeGreaterThan(2)
    await followed.close()
    await followed.catchUp()
    expect(records).toBe(seen.at(-1))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a recording that is not there is said to be missing at every look', async () => {
  const followed = followExports(
    '/nowhere.pcap',
    counting(() => {}),
  )
  for (const _ of [1, 2]) await expect(followed.catchUp()).rejects.toThrow('ENOENT')
  await followed.close()
})
