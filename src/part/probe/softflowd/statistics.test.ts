// What softflowctl 1.1.0 said, from `Packets processed` on.
import { expect, test } from 'vitest'
import { parseStatistics } from './statistics.ts'

const said = (sampled: string): string => `Number of active flows: 3
Packets processed: 51
${sampled}Fragments: 0
Ignored packets: 7 (7 non-IP, 0 too short)
Flows expired: 0 (0 forced)
Flows exported: 0 (0 records) in 0 packets (0 failures)
Packets received by libpcap: 600
Packets dropped by libpcap: 2
Packets dropped by interface: 0
`

test('what is not IP and what is not sampled is processed too', () => {
  expect(parseStatistics(said(''))).toEqual({ received: 600, processed: 58, dropped: 2 })
  expect(parseStatistics(said('Packets non-sampled: 459\n')).processed).toBe(517)
})

test('a line that is missing is named', () =>
  expect(() => parseStatistics('Packets processed: 51\n')).toThrow('Packets received by libpcap'))
