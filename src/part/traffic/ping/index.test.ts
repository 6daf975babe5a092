// iputils' own summaries.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { TrafficPlan } from '../../../plan/plan.ts'
import { ping } from './index.ts'

const flow = {
  index: 6,
  intent: { kind: 'ping', from: 'h1', to: 'h16', at: 0, count: 5, interval: 200, size: 56 },
} as unknown as TrafficPlan

const sent = (text: string) => {
  const ask = (...argv: string[]): Promise<string> =>
    Promise.resolve(argv.join(' ') === 'cat /tmp/ping-6.txt' ? text : '')
  return ping.sent(ask, ask, flow)
}
const fixture = (name: string): string => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')

test('answered', async () => {
  const volume = { packets: 5, bytes: 280 }
  expect(await sent(fixture('ping.txt'))).toEqual({ index: 6, sent: volume, received: volume })
})

test('not answered', async () => {
  expect(await sent(fixture('lost.txt'))).toEqual({
    index: 6,
    sent: { packets: 2, bytes: 112 },
    received: { packets: 0, bytes: 0 },
  })
})

test('cut short', async () => {
  await expect(sent('PING 192.16.0.2 (192.16.0.2) 56(84) bytes of data.\n')).rejects.toThrow(
    'ping gave no summary',
  )
})
