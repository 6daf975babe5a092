// What nfdump 1.7.1 printed: of pmacctd's exports, and of two exporters behind one address.
import { expect, test } from 'vitest'
import { parseExporters, parseFlows } from './flows.ts'

const said = `Exporters:

SysID: 1, IP:        198.51.100.2, version: 9, ID:  0, Sequence failures: 0, packets: 3, flows: 14
SysID: 2, IP:        198.51.100.2, version: 9, ID:  7 - no flows sent
Exporters:

SysID: 2, IP:        198.51.100.2, version: 9, ID:  7, Sequence failures: 0, packets: 3, flows: 13
`

test('each of its numbers stands for an observation domain', () =>
  expect([...parseExporters(said)]).toEqual([
    [1, 0],
    [2, 7],
  ]))

test('where it says of none, there is none', () => expect(parseExporters('usage nfdump').size).toBe(0))

const flows = `                              192.0.2.1                               192.0.2.2 17     40000   5353      0      0        3     1194                               127.0.0.1      1
                            2001:db8::1                             2001:db8::2 6      41000   8080      0      0       14    13016                               127.0.0.1      2
                              192.0.2.1                               192.0.2.2 1          0    8.0      8      0        3      252                               127.0.0.1      1
                            2001:db8::1                             2001:db8::2 58         0  129.0    129      0 12345678901 1234567890123                               127.0.0.1      1
`

test('addresses, ports, types of ICMP, the exporter, and numbers of any size', () =>
  expect(parseFlows(flows, parseExporters(said)).map((row) => Object.values(row).join(' '))).toEqual([
    '192.0.2.1 192.0.2.2 17 40000 5353 3 1194 127.0.0.1 0',
    '2001:db8::1 2001:db8::2 6 41000 8080 14 13016 127.0.0.1 7',
    '192.0.2.1 192.0.2.2 1 0 2048 3 252 127.0.0.1 0',
    '2001:db8::1 2001:db8::2 58 0 33024 12345678901 1234567890123 127.0.0.1 0',
  ]))

test('where there are no flows, there are no rows', () => {
  expect(parseFlows('No matching flows\n')).toEqual([])
  expect(parseFlows('')).toEqual([])
})
