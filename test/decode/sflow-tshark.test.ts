// sFlow against tshark, field by field: captures of real agents, and sampled headers made by hand.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { readCapture } from '../../src/capture/capture.ts'
import { pcap, udpFrame } from '../support/pcap.ts'
import { block, datagram, decode, type Decoded, flowSample, sampledHeader, words } from '../support/sflow.ts'
import { have, haveShared, output, sharedCaptures } from '../support/tools.ts'

const folder = mkdtempSync(join(tmpdir(), 'flowlab-sflow-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The datagrams of a capture, and which of them came over IPv6. */
async function read(path: string): Promise<{ payloads: Buffer[]; six: boolean[] }> {
  const payloads: Buffer[] = []
  const six: boolean[] = []
  async function* chunks() {
    yield readFileSync(path)
  }
  await readCapture(
    chunks(),
    {},
    {
      datagram({ payload, sourceAddress }) {
        payloads.push(Buffer.from(payload))
        six.push(sourceAddress.includes(':'))
      },
    },
  )
  return { payloads, six }
}

/** All values of a field in a capture, in the order of the wire, one a layer and datagram. */
function tshark(path: string, field: string): string[] {
  const options = ['-d', 'udp.port==6343,sflow', '-T', 'fields', '-E', 'occurrence=a', '-E', 'aggregator=;']
  const lines = output('tshark', ['-r', path, ...options, '-e', field])
  return lines.split(/[\n;]/).filter((value) => value !== '')
}

const values = ({ records, names }: Decoded, sample: string, field: string): string[] =>
  records
    .filter((_, index) => names[index] === sample)
    .map((record) => record[field])
    .filter((value) => value !== undefined)
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))

/** [sample or structure, our field, tshark's field] */
const compared: readonly (readonly [string, string, string])[] = [
  ['flow_sample', 'sampleSequence', 'sflow.flow_sample.sequence_number'],
  ['flow_sample', 'dataSourceType', 'sflow.flow_sample.source_id_class'],
  ['flow_sample', 'dataSourceIndex', 'sflow.flow_sample.index'],
  ['flow_sample', 'samplingInterval', 'sflow.flow_sample.sampling_rate'],
  ['flow_sample', 'selectorIdTotalPktsObserved', 'sflow.flow_sample.sample_pool'],
  ['flow_sample', 'sampleDrops', 'sflow.flow_sample.dropped_packets'],
  ['flow_sample', 'ingressInterface', 'sflow.flow_sample.input_interface'],
  ['flow_sample', 'headerProtocol', 'sflow_245.header_protocol'],
  ['flow_sample', 'dataLinkFrameSize', 'sflow_245.header.frame_length'],
  ['flow_sample', 'strippedOctets', 'sflow_245.header.payload_stripped'],
  ['flow_sample', 'vlanId', 'sflow_245.vlan.in'],
  ['flow_sample', 'vlanPriority', 'sflow_245.pri.in'],
  ['flow_sample', 'postVlanId', 'sflow_245.vlan.out'],
  ['flow_sample', 'postVlanPriority', 'sflow_245.pri.out'],
  ['flow_sample', 'dot1qVlanId', 'vlan.id'],
  ['flow_sample', 'ipTTL', 'sampled:ip.ttl'],
  ['flow_sample', 'sourceIPv6Address', 'sampled:ipv6.src'],
  ['flow_sample', 'destinationIPv6Address', 'sampled:ipv6.dst'],
  ['flow_sample', 'sourceIPv4Address', 'sampled:ip.src'],
  ['flow_sample', 'destinationIPv4Address', 'sampled:ip.dst'],
  ...['ifIndex', 'ifType', 'ifSpeed', 'ifDirection'].map(
    (name) => ['if_counters', name, `sflow_245.${name.toLowerCase()}`] as const,
  ),
  ...Object.entries({
    ifInOctets: 'ifinoct',
    ifInUcastPkts: 'ifinpkt',
    ifInMulticastPkts: 'ifinmcast',
    ifInBroadcastPkts: 'ifinbcast',
    ifInDiscards: 'ifindisc',
    ifInErrors: 'ifinerr',
    ifInUnknownProtos: 'ifinunk',
    ifOutOctets: 'ifoutoct',
    ifOutUcastPkts: 'ifoutpkt',
    ifOutMulticastPkts: 'ifoutmcast',
    ifOutBroadcastPkts: 'ifoutbcast',
    ifOutDiscards: 'ifoutdisc',
    ifOutErrors: 'ifouterr',
    ifPromiscuousMode: 'ifpromisc',
  }).map(([ours, theirs]) => ['if_counters', ours, `sflow_245.${theirs}`] as const),
  ...[
    'AlignmentErrors',
    'FCSErrors',
    'SingleCollisionFrames',
    'MultipleCollisionFrames',
    'SQETestErrors',
    'DeferredTransmissions',
    'LateCollisions',
    'ExcessiveCollisions',
    'InternalMacTransmitErrors',
    'CarrierSenseErrors',
    'FrameTooLongs',
    'InternalMacReceiveErrors',
    'SymbolErrors',
  ].map((name) => ['ethernet_counters', `dot3Stats${name}`, `sflow_245.dot3Stats${name}`] as const),
  ['processor', '5s_cpu', 'sflow_5.cpu_5s'],
  ['processor', '1m_cpu', 'sflow_5.cpu_1m'],
  ['processor', '5m_cpu', 'sflow_5.cpu_5m'],
  ['processor', 'total_memory', 'sflow_5.total_memory'],
  ['processor', 'free_memory', 'sflow_5.free_memory'],
]

describe.skipIf(!have('tshark'))('captures of real agents', () => {
  const files = ['sflow-flow', 'sflow-flow-vlan', 'sflow-counters', 'sflow-over-ipv6', 'telegraf-sflow-15918']
  const own = fileURLToPath(new URL('../exporters/pmacctd-sfprobe.pcap', import.meta.url))
  test("pmacct's sfprobe", () => compareCapture(own))
  // These need ../shared.
  test.skipIf(!haveShared).each(files)('%s', { timeout: 240_000 }, (name) =>
    compareCapture(join(sharedCaptures, `${name}.pcap`)),
  )

  async function compareCapture(path: string): Promise<void> {
    const { payloads, six } = await read(path)
    const decoded = decode(payloads)
    expect(decoded.complaints).toEqual([])
    const fields = [...new Set(compared.map(([, , field]) => field.replace('sampled:', '')))]
    // One run for all fields: a line a datagram, a column a field.
    const lines = output('tshark', [
      ...`-r ${path} -d udp.port==6343,sflow -T fields -E occurrence=a -E aggregator=;`.split(' '),
      ...fields.flatMap((field) => ['-e', field]),
    ])
    const rows = lines.split('\n').filter((line) => line !== '')
    const theirs = (field: string, outer: boolean): string[] =>
      rows.flatMap((line, index) => {
        const found = (line.split('\t')[fields.indexOf(field)] ?? '')
          .split(';')
          .filter((value) => value !== '')
        // The header of the packet that carries the datagram comes before those that it carries.
        return outer && field.startsWith(six[index] ? 'ipv6.' : 'ip.') ? found.slice(1) : found
      })
    let seen = 0
    for (const [sample, ours, field] of compared) {
      const outer = field.startsWith('sampled:')
      const expected = theirs(field.replace('sampled:', ''), outer)
      const found = values(decoded, sample, ours)
      seen += expected.length
      // ipTTL is IPv6's hop limit too, which tshark calls otherwise.
      if (ours === 'ipTTL') expect(found).toEqual(expect.arrayContaining(expected))
      else
        expect(found, `${sample} ${ours}`).toEqual(
          expected.map((value) => String(value.startsWith('0x') ? Number(value) : value)),
        )
    }
    expect(seen).toBeGreaterThan(10)
  }
})

const macs = '020000000002020000000001'
const udp4 = (payload = '0000000000000000') => {
  const octets = Buffer.from(payload, 'hex')
  const lengths = [28 + octets.length, 8 + octets.length].map((length) =>
    length.toString(16).padStart(4, '0'),
  )
  return `4500${lengths[0]}00010000 40110000 0a000001 0a000002 1111 0009 ${lengths[1]} 0000 ${payload}`.replaceAll(
    ' ',
    '',
  )
}
const tcp6 =
  `60054321 0014 06 3f 20010db8000000000000000000000001 20010db8000000000000000000000002 8235 01bb 00000001 00000002 5018 ffff 0000 0000`.replaceAll(
    ' ',
    '',
  )
const tunnel4 = (protocol: string, inside: string) => {
  const length = (20 + inside.length / 2).toString(16).padStart(4, '0')
  return `4500${length}000200004 0${protocol}0000c0000201c0000202`.replaceAll(' ', '') + inside
}
const udpTunnel = (port: string, inside: string) => {
  const length = (8 + inside.length / 2).toString(16).padStart(4, '0')
  return tunnel4('11', `c001${port}${length}0000${inside}`)
}
/** Two segments of which the first is the destination, then IPv4. */
const srv6 = (inside: string) => {
  const length = (40 + inside.length / 2).toString(16).padStart(4, '0')
  const segments = ['fc000000000000000000000000000003', 'fc000000000000000000000000000002']
  const ends = `fc000000000000000000000000000001${segments[1]}`
  return `60000000${length}2b40${ends}0404040101000000${segments.join('')}${inside}`
}
const ethernet = (type: string, inside: string) => `${macs}${type}${inside}`

/** The sampled header, and whether the innermost packet is `inner` (in a tunnel) or the only one. */
const headers = (
  [
    ['Ethernet', ethernet('0800', udp4()), false],
    ['802.1Q', ethernet('8100', `60640800${udp4()}`), false],
    ['QinQ', ethernet('88a8', `20648100a0c80800${udp4()}`), false],
    ['MPLS', ethernet('8847', `0001003f0001013f${udp4()}`), false],
    ['MPLS, IPv6', ethernet('8847', `0001013f${tcp6}`), false],
    ['PPPoE', ethernet('8864', `1100000700260021${udp4()}`), false],
    ['GRE', ethernet('0800', tunnel4('2f', `00000800${udp4()}`)), true],
    ['GRE with key and sequence', ethernet('0800', tunnel4('2f', `300086dd0000002a00000001${tcp6}`)), true],
    [
      'GRE, Ethernet inside',
      ethernet('0800', tunnel4('2f', `20006558000abc01${ethernet('0800', udp4())}`)),
      true,
    ],
    [
      'VXLAN',
      ethernet('0800', udpTunnel('12b5', `08000000001234 00${ethernet('0800', udp4())}`.replaceAll(' ', ''))),
      true,
    ],
    [
      'VXLAN, VLAN inside',
      ethernet('0800', udpTunnel('12b5', `0800000000123400${ethernet('8100', `00070800${udp4()}`)}`)),
      true,
    ],
    ['Geneve', ethernet('0800', udpTunnel('17c1', `0000655800123400${ethernet('86dd', tcp6)}`)), true],
    ['IP in IP', ethernet('0800', tunnel4('04', udp4())), true],
    ['IPv6 in IPv4', ethernet('0800', tunnel4('29', tcp6)), true],
    ['IP in GRE in IP', ethernet('0800', tunnel4('04', tunnel4('2f', `00000800${udp4()}`))), true],
    ['SRv6', ethernet('86dd', srv6(udp4())), true],
    ['IPv4 alone', udp4(), false, 11],
    ['IPv6 alone', tcp6, false, 12],
    ['PPP', `0021${udp4()}`, false, 7],
  ] as [string, string, boolean, number?][]
).map(([name, octets, tunnelled, protocol = 1]) => [name, octets, tunnelled, protocol] as const)

describe.skipIf(!have('tshark'))('sampled headers, the innermost packet as tshark reads it', () => {
  test.each(headers)('%s', (name, octets, tunnelled, protocol) => {
    const payload = datagram(1, flowSample(sampledHeader(octets, protocol)))
    const { records, complaints } = decode([payload])
    expect(complaints).toEqual([])
    const [record = {}] = records
    const of = (field: string) =>
      record[tunnelled ? `inner${field.charAt(0).toUpperCase()}${field.slice(1)}` : field]
    // The frame itself, as tshark reads it; its last values are those of the innermost packet.
    const linkType = { 1: 1, 7: 9, 11: 101, 12: 101 }[protocol] ?? 1
    const path = join(folder, 'header.pcap')
    writeFileSync(path, pcap([{ seconds: 1, fraction: 0, octets: words(octets) }], { linkType }))
    const fields = [
      'ip.src',
      'ipv6.src',
      'ip.dst',
      'ipv6.dst',
      'udp.srcport',
      'tcp.srcport',
      'udp.dstport',
      'tcp.dstport',
      '_ws.malformed',
    ]
    const line = output('tshark', [
      ...`-r ${path} -n -T fields -E occurrence=l`.split(' '),
      ...fields.flatMap((field) => ['-e', field]),
    ]).replace('\n', '')
    const [ip, ip6, to, to6, udp, tcp, toUdp, toTcp, malformed] = line.split('\t')
    expect(malformed).toBe('')
    const six = octets.endsWith(tcp6)
    expect(of(six ? 'sourceIPv6Address' : 'sourceIPv4Address')).toBe(six ? ip6 : ip)
    expect(of(six ? 'destinationIPv6Address' : 'destinationIPv4Address')).toBe(six ? to6 : to)
    expect(of('sourceTransportPort')).toBe(Number(six ? tcp : udp))
    expect(of('destinationTransportPort')).toBe(Number(six ? toTcp : toUdp))
    expect(of('protocolIdentifier')).toBe(six ? 6 : 17)
    if (six) expect(of('tcpControlBits')).toBe(0x18)
    if (tunnelled) expect(record['encapsulation'], name).toBeDefined()
  })

  test('cut anywhere, a header is no error', () => {
    for (const [, octets, , protocol] of headers)
      for (let length = 0; length <= octets.length; length += 2) {
        const { complaints, records } = decode([
          datagram(1, flowSample(sampledHeader(octets.slice(0, length), protocol))),
        ])
        expect(complaints).toEqual([])
        expect(records).toHaveLength(1)
      }
  })

  test('the gateway’s path and communities', () => {
    const gateway = words(
      1,
      0xc0000201,
      65_531,
      65_532,
      65_533,
      2,
      2,
      2,
      65_530,
      4_200_000_000,
      1,
      2,
      64_500,
      64_501,
      2,
      0xfffa0064,
      0x00010002,
      100,
    )
    const payload = datagram(1, flowSample(block(1003, gateway)))
    const path = join(folder, 'gateway.pcap')
    writeFileSync(path, pcap([{ seconds: 1, fraction: 0, octets: udpFrame(1, 6343, payload) }]))
    // tshark calls the communities by the same name.
    const autonomousSystems = ['65530', '4200000000', '64500', '64501']
    expect(tshark(path, 'sflow_245.dstAS')).toEqual([
      ...autonomousSystems,
      String(0xfffa0064),
      String(0x10002),
    ])
    expect(decode([payload]).records).toMatchObject([
      {
        bgpNextHopIPv4Address: '192.0.2.1',
        gatewayAsNumber: 65_531,
        bgpSourceAsNumber: 65_532,
        bgpPrevAdjacentAsNumber: 65_533,
        bgpDestinationAsPath: '65530 4200000000 {64500,64501}',
        bgpNextAdjacentAsNumber: 65_530,
        bgpDestinationAsNumber: 64_501,
        bgpDestinationCommunityList: '65530:100 1:2',
        bgpLocalPreference: 100,
      },
    ])
    expect(tshark(path, 'sflow_245.localpref')).toEqual(['100'])
  })
})
