// What nfdump 1.7.1 printed of two exporters behind one address.
import { expect, test } from 'vitest'
import { parseExporters } from './flows.ts'

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
