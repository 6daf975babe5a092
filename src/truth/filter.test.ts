// Filters as a flow key answers them, against libpcap, which decides on the packets themselves: tcpdump reads one packet of
// each flow through the filter, and both must select the same.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { pcap } from '../../test/support/pcap.ts'
import { parseAddress, toBytes } from '../kernel/address.ts'
import type { FlowKey } from '../kernel/flow.ts'
import { compileFilter } from './filter.ts'

const flow = (
  source: string,
  destination: string,
  protocol: number,
  sourcePort = 0,
  destinationPort = 0,
): FlowKey => ({
  source,
  destination,
  protocol,
  sourcePort,
  destinationPort,
})

const flows: readonly FlowKey[] = [
  flow('192.0.128.65', '192.16.0.2', 17, 40000, 10001),
  flow('192.16.0.2', '192.0.128.65', 17, 10001, 40000),
  flow('192.0.128.65', '192.32.0.2', 6, 50000, 179),
  flow('192.32.0.2', '192.0.128.65', 6, 179, 50000),
  flow('192.0.128.65', '192.16.0.2', 1, 0, 8 * 256),
  flow('192.0.129.1', '10.0.0.1', 17, 53, 53),
  flow('10.0.0.1', '10.0.0.2', 89),
  flow('fe80::1', 'ff02::2', 58, 0, 133 * 256),
  flow('2001:db8::1', '2001:db8:1::2', 17, 1234, 53),
  flow('2001:db8::1', '2001:db8:1::2', 6, 1234, 80),
]

const filters = [
  'dst net 192.0.128.0/24',
  'src net 192.0.128.0/24',
  'net 192.0.128.0/23',
  'host 192.16.0.2',
  'src host 192.16.0.2 or dst host 192.32.0.2',
  'udp',
  'tcp and port 179',
  'tcp and src port 179',
  'dst port 53',
  'icmp or icmp6',
  'icmp6',
  'ip',
  'ip6 and udp',
  'not ip6',
  'not udp and net 192.0.128.0/24',
  '!(udp or tcp)',
  'not (host 192.16.0.2 and udp) and ip',
  'udp or tcp and port 179',
  'tcp and port 179 or udp',
  'host 2001:db8::1',
  'dst net 2001:db8:1::/48',
  'net 0.0.0.0/0',
  'udp && dst net 192.0.128.0/24 || icmp',
  '',
]

/** A packet of the flow, of raw IP: headers only as far as filters look. */
function packet({ source, destination, protocol, sourcePort, destinationPort }: FlowKey): Buffer {
  const [from, to] = [source, destination].map((text) => {
    const address = parseAddress(text)
    if (!address) throw new Error(text)
    return toBytes(address)
  })
  const payload = Buffer.alloc(20)
  const isIcmp = protocol === 1 || protocol === 58
  payload.writeUInt16BE(isIcmp ? destinationPort : sourcePort, 0)
  if (!isIcmp) payload.writeUInt16BE(destinationPort, 2)
  if (protocol === 6) payload[12] = 0x50
  if (protocol === 17) payload.writeUInt16BE(20, 4)
  const header = Buffer.alloc(source.includes(':') ? 8 : 12)
  if (source.includes(':')) {
    header[0] = 0x60
    header.writeUInt16BE(payload.length, 4)
    header[6] = protocol
    header[7] = 64
  } else {
    header[0] = 0x45
    header.writeUInt16BE(20 + payload.length, 2)
    header[8] = 64
    header[9] = protocol
  }
  return Buffer.concat([header, from ?? Buffer.alloc(0), to ?? Buffer.alloc(0), payload])
}

const rawIp = 101
const tcpdump = ['/usr/bin/tcpdump', '/usr/sbin/tcpdump', '/sbin/tcpdump'].find((path) => existsSync(path))
const capture = pcap(
  flows.map((each, seconds) => ({ seconds, fraction: 0, octets: packet(each) })),
  { linkType: rawIp },
)

/** Which flows' packets libpcap lets through: their numbers are their times. */
const selected = (filter: string): number[] =>
  execFileSync(tcpdump ?? '', ['-n', '-tt', '-r', '-', filter], {
    input: capture,
    encoding: 'utf8',
    stdio: 'pipe',
  })
    .split('\n')
    .flatMap((line) => /^\s*(\d+)\.0+ IP/.exec(line)?.[1] ?? [])
    .map(Number)

test.skipIf(tcpdump === undefined)('the packets are what they are meant to be (tcpdump)', () => {
  expect(selected('')).toHaveLength(flows.length)
})

test.skipIf(tcpdump === undefined).each(filters)('%s (as tcpdump)', (filter) => {
  const selects = compileFilter(filter)
  expect(selects).toBeDefined()
  expect(flows.flatMap((each, index) => (selects?.(each) ? [index] : []))).toEqual(selected(filter))
})

test.each([
  'less 100',
  'vlan 3',
  'tcp[13] & 2 != 0',
  'portrange 1-10',
  'host r2',
  'dst net 192.0.128',
  'udp and',
  '(udp',
  'udp)',
  'or udp',
])('%s says more than a flow key tells, or is no filter: nothing is claimed', (filter) => {
  expect(compileFilter(filter)).toBeUndefined()
})
