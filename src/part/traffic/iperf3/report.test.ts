// The sums of iperf3 3.12's own reports, cut to what is read of them.
import { expect, test } from 'vitest'
import { parseReport } from './report.ts'

test('UDP: datagrams sent, and what of them was lost', () => {
  const text = JSON.stringify({
    start: {},
    end: { sum: { bytes: 500_000, packets: 500, lost_packets: 20, lost_percent: 4, sender: true } },
  })
  expect(parseReport(text)).toEqual({
    sent: { packets: 500, bytes: 500_000 },
    received: { packets: 480, bytes: 480_000 },
  })
})

test('TCP: bytes at both ends; packets are not told', () => {
  const text = JSON.stringify({ end: { sum_sent: { bytes: 786_432 }, sum_received: { bytes: 780_000 } } })
  expect(parseReport(text)).toEqual({
    sent: { packets: 0, bytes: 786_432 },
    received: { packets: 0, bytes: 780_000 },
  })
})

test('a test that failed is an error with iperf3’s own words', () => {
  const text = JSON.stringify({ end: {}, error: 'unable to connect to server' })
  expect(() => parseReport(text)).toThrow('iperf3: unable to connect to server')
})
