// Lines as mawk printed them of a log of mgen 5.02b, over both families, in the order in which mawk has them.
import { expect, test } from 'vitest'
import { parseReport } from './report.ts'

const said = [
  'proto>UDP flow>4 srcPort>16387 dst>fd00:0:0:1::1/10002 1 936',
  'proto>TCP flow>3 srcPort>16386 dst>10.0.0.5/10002 2 1136',
  'proto>UDP flow>1 srcPort>16384 dst>::ffff:10.0.0.1/10002 19 12160',
  '',
].join('\n')

test('each flow, in the order of the script, under the addresses that the wire has', () =>
  expect(parseReport(said)).toEqual([
    {
      ...{ destination: '10.0.0.1', protocol: 17, sourcePort: 16_384, destinationPort: 10_002 },
      sent: { packets: 19, bytes: 12_160 },
    },
    {
      ...{ destination: '10.0.0.5', protocol: 6, sourcePort: 16_386, destinationPort: 10_002 },
      sent: { packets: 2, bytes: 1136 },
    },
    {
      ...{ destination: 'fd00:0:0:1::1', protocol: 17, sourcePort: 16_387, destinationPort: 10_002 },
      sent: { packets: 1, bytes: 936 },
    },
  ]))

test('nothing was sent', () => expect(parseReport('')).toEqual([]))

test('what is no flow is an error', () =>
  expect(() => parseReport('awk: cannot open /tmp/matrix-0.log')).toThrow(
    'what is no flow: awk: cannot open',
  ))
