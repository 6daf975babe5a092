// tcpreplay 4.4.3's own words.
import { expect, test } from 'vitest'
import { parseReport } from './report.ts'

const said = (failed: number): string =>
  [
    'Actual: 109 packets (12263 bytes) sent in 2.40 seconds',
    'Rated: 5104.3 Bps, 0.040 Mbps, 45.37 pps',
    'Statistics for network device: eth0',
    '\tSuccessful packets:        109',
    `\tFailed packets:            ${failed}`,
    '',
  ].join('\n')

test('packets, and bytes of layer 3', () =>
  expect(parseReport(said(0))).toEqual({ packets: 109, bytes: 10_737 }))

test('packets that failed are an error', () =>
  expect(() => parseReport(said(2))).toThrow('tcpreplay could not send 2 of its packets'))

test('nothing said is an error', () => expect(() => parseReport('')).toThrow('gave no count'))
