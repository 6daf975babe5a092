// sFlow by hand: the structures that no capture at hand has, the sequences, and datagrams that lie.
import { describe, expect, test } from 'vitest'
import type { AgentStats } from '../../src/decode/sflow/agents.ts'
import { counterStructures } from '../../src/decode/sflow/counter-structures.ts'
import { flowStructures } from '../../src/decode/sflow/flow-structures.ts'
import {
  block,
  counterSample,
  datagram,
  decode,
  flowSample,
  opaque,
  sampledHeader,
  words,
} from '../support/sflow.ts'

const one = (...records: Uint8Array[]) => {
  const { records: decoded, complaints } = decode([datagram(1, flowSample(...records))])
  expect(complaints).toEqual([])
  return decoded[0] ?? {}
}

describe('samples', () => {
  test('compact: interfaces by format', () => {
    const interfaces = (input: number, output: number) =>
      decode([datagram(1, block(1, words(1, 3, 1, 1, 0, input, output, 0)))]).records[0]
    expect(interfaces(5, 6)).toMatchObject({ ingressInterface: 5, egressInterface: 6 })
    expect(interfaces(0x3fffffff, 0x80000007)).toMatchObject({
      ingressInterface: 0x3fffffff,
      egressInterfaceCount: 7,
    })
    expect(interfaces(5, 0x40000102)).toMatchObject({ discardReason: 258 })
    expect(interfaces(5, 0x40000102)).not.toHaveProperty('egressInterface')
  })

  test('expanded', () => {
    const sample = block(3, words(9, 2, 70_000_000, 512, 1000, 4, 0, 3_000_000_000, 2, 12, 0))
    expect(decode([datagram(1, sample)]).records).toEqual([
      {
        sampleSequence: 9,
        dataSourceType: 2,
        dataSourceIndex: 70_000_000,
        samplingInterval: 512,
        selectorIdTotalPktsObserved: 1000,
        sampleDrops: 4,
        ingressInterface: 3_000_000_000,
        egressInterfaceCount: 12,
      },
    ])
  })

  test('a compact source ID is a type and an index', () => {
    const { records } = decode([datagram(1, block(1, words(1, 0x0300002a, 1, 1, 0, 0, 0, 0)))])
    expect(records).toMatchObject([{ dataSourceType: 3, dataSourceIndex: 42 }])
  })

  test('discarded packets, with the function and the trap that dropped them', () => {
    const sample = block(
      5,
      words(1, 0, 3, 0, 7, 8, 258, 3),
      block(1038, opaque('ip_rcv_core')),
      block(1041, opaque('l2_drops'), opaque('ingress_vlan_filter')),
      block(1042, opaque('NOT_SPECIFIED')),
    )
    expect(decode([datagram(1, sample)])).toMatchObject({
      names: ['discarded_packet'],
      records: [
        {
          ingressInterface: 7,
          egressInterface: 8,
          discardReason: 258,
          extendedData: {
            extended_function: { symbol: 'ip_rcv_core' },
            extended_hw_trap: { group: 'l2_drops', trap: 'ingress_vlan_filter' },
            extended_linux_drop_reason: { reason: 'NOT_SPECIFIED' },
          },
        },
      ],
    })
  })

  test('an unknown sample and unknown structures are passed over by their length', () => {
    const { records, complaints, stats } = decode([
      datagram(
        1,
        block(4300 * 4096 + 1002, words('0102030405060708')),
        flowSample(block(9 * 4096 + 5, words('cafe0000'))),
      ),
    ])
    expect(complaints).toEqual([])
    expect(records).toMatchObject([{ extendedData: { '9/5': 'cafe0000' } }])
    expect((stats.domains[0] as AgentStats).passedOver).toEqual({ '4300/1002': 1, '9/5': 1 })
  })
})

describe('structures of flow samples', () => {
  test('sampled Ethernet, IPv4 and IPv6', () => {
    expect(one(block(2, words(64, '020000000001 0000 020000000002 0000', 0x0800)))).toMatchObject({
      ethernetTotalLength: 64,
      sourceMacAddress: '02:00:00:00:00:01',
      destinationMacAddress: '02:00:00:00:00:02',
      ethernetType: 0x800,
    })
    expect(one(block(3, words(100, 6, 0x0a000001, 0x0a000002, 1024, 443, 0x12, 8)))).toMatchObject({
      ipTotalLength: 100,
      protocolIdentifier: 6,
      sourceIPv4Address: '10.0.0.1',
      destinationIPv4Address: '10.0.0.2',
      sourceTransportPort: 1024,
      destinationTransportPort: 443,
      tcpControlBits: 0x12,
      ipClassOfService: 8,
    })
    const six = '20010db8000000000000000000000001'
    expect(one(block(4, words(100, 17, six, six, 53, 54, 0, 9)))).toMatchObject({
      sourceIPv6Address: '2001:db8::1',
      destinationTransportPort: 54,
      ipClassOfService: 9,
    })
  })

  test('router: the prefix lengths belong to the packet’s family, whatever the next hop’s is', () => {
    const packet = block(3, words(100, 6, 1, 2, 3, 4, 0, 0))
    const six = '20010db8000000000000000000000001'
    expect(one(packet, block(1002, words(2, six, 24, 16)))).toMatchObject({
      ipNextHopIPv6Address: '2001:db8::1',
      sourceIPv4PrefixLength: 24,
      destinationIPv4PrefixLength: 16,
    })
    expect(one(block(1002, words(1, 0x0a000001, 24, 16)))).toMatchObject({ ipNextHopIPv4Address: '10.0.0.1' })
  })

  test('gateway of an unknown next hop, with no path', () => {
    const record = one(block(1003, words(0, 65_531, 0, 0, 0, 0, 100)), block(1020, words(1, 2)))
    expect(record).toMatchObject({
      gatewayAsNumber: 65_531,
      bgpLocalPreference: 100,
      postNAPTSourceTransportPort: 1,
    })
    expect(record).not.toHaveProperty('bgpDestinationAsPath')
  })

  test('NAT', () => {
    const six = '20010db8000000000000000000000001'
    expect(one(block(1007, words(1, 0x0a000001, 2, six)))).toMatchObject({
      postNATSourceIPv4Address: '10.0.0.1',
      postNATDestinationIPv6Address: '2001:db8::1',
    })
  })

  test('user, MPLS, VLAN and tunnel structures, by name', () => {
    const record = one(
      block(1004, words(106), opaque('ann'), words(106), opaque('bob')),
      block(1006, words(1, 0x0a000001, 1, 0x00010140, 2, 1, 2)),
      block(1008, opaque('lsp'), words(5, 6)),
      block(1012, words(1, 0x81000064)),
      block(1021, words(64, '020000000001 0000 020000000002 0000', 0x0800)),
      block(1029, words(4660)),
      block(1029, words(4661)),
      block(1037, words(3), opaque('deny'), words(1)),
    )
    expect(record['extendedData']).toEqual({
      extended_user: { src_charset: 106, src_user: 'ann', dst_charset: 106, dst_user: 'bob' },
      extended_mpls: { nexthop: '10.0.0.1', in_stack: [0x00010140], out_stack: [1, 2] },
      extended_mpls_tunnel: { tunnel_lsp_name: 'lsp', tunnel_id: 5, tunnel_cos: 6 },
      extended_vlantunnel: { stack: [0x81000064] },
      extended_L2_tunnel_egress: {
        length: 64,
        src_mac: '02:00:00:00:00:01',
        dst_mac: '02:00:00:00:00:02',
        type: 0x800,
      },
      extended_vni_egress: [{ vni: 4660 }, { vni: 4661 }],
      extended_acl: { number: 3, name: 'deny', direction: 1 },
    })
  })

  test('a header without an IP packet keeps its octets', () => {
    const arp = '020000000002020000000001080600010800060400010200000000010a0000010000000000000a000002'
    expect(one(sampledHeader(arp))).toMatchObject({ ethernetType: 0x806, dataLinkFrameSection: arp })
    expect(one(sampledHeader('0102030405', 15))).toMatchObject({
      headerProtocol: 15,
      dataLinkFrameSection: '0102030405',
    })
  })
})

describe('counters', () => {
  test('arrays, strings, floats and times signed', () => {
    const { records, names, complaints } = decode([
      datagram(
        1,
        counterSample(
          block(2000, opaque('host'), words('00112233445566778899aabbccddeeff', 3, 2), opaque('6.1')),
          block(2001, words(2, 1, 1, '020000000001 0000', 2, 0)),
          block(10, words(1, 4, 3300, -5, 1, ...Array.from({ length: 10 }, (_, index) => index))),
          block(
            2003,
            words('3f000000', '3f800000', '40000000', ...Array.from({ length: 14 }, (_, index) => index)),
          ),
        ),
      ),
    ])
    expect(complaints).toEqual([])
    expect(names).toEqual(['host_descr', 'host_adapters', 'sfp', 'host_cpu'])
    expect(records).toMatchObject([
      { hostname: 'host', uuid: '00112233445566778899aabbccddeeff', machine_type: 3, os_release: '6.1' },
      {
        adapters: [
          { ifIndex: 1, mac_addresses: ['02:00:00:00:00:01'] },
          { ifIndex: 2, mac_addresses: [] },
        ],
      },
      { module_temperature: -5, lanes: [{ index: 0, rx_wavelength: 9 }] },
      { load_one: 0.5, load_five: 1, load_fifteen: 2, contexts: 13 },
    ])
    expect(records[3]).not.toHaveProperty('cpu_steal')
  })

  test('every structure of the catalogues, of zeros, is read to its end', () => {
    for (const [format, structure] of counterStructures) {
      const { names, complaints } = decode([datagram(1, counterSample(block(format, Buffer.alloc(512))))])
      expect([names, complaints]).toEqual([[structure.name], []])
    }
    for (const [format, structure] of flowStructures)
      expect(one(block(format, Buffer.alloc(512)))['extendedData']).toHaveProperty(structure.name)
  })
})

describe('sequences', () => {
  const agent = (...payloads: Buffer[]) => decode(payloads).stats.domains[0] as AgentStats
  const sample = (sequence: number, source = 3, drops = 0) =>
    block(1, words(sequence, source, 100, 0, drops, 1, 2, 0))

  test('datagrams by agent and sub-agent, samples by source, drops as the agent counts them', () => {
    const stats = agent(
      datagram(1, sample(1), sample(10, 4)),
      datagram(2, sample(2, 3, 5), sample(11, 4)),
      datagram(5, sample(6, 3, 8), sample(12, 4)),
    )
    expect(stats.sequence).toMatchObject({ gaps: 1, lost: 2 })
    expect(stats.samples.flow).toMatchObject({ gaps: 1, lost: 3 })
    expect(stats.drops).toBe(8)
    expect(stats.sampling).toMatchObject([{ rate: 100, source: 'record' }])
  })

  test('memory of agents and sources has a bound', () => {
    const payloads = Array.from({ length: 300 }, (_, index) => {
      const payload = datagram(1, sample(1, index))
      payload.writeUInt32BE(index, 12)
      return payload
    })
    expect(decode(payloads, { limits: { domains: 16 } }).stats.domains).toHaveLength(16)
  })
})

describe('datagrams that lie', () => {
  const header = block(1, words(1, 64, 4), opaque(Buffer.alloc(16)))

  test.each([
    [
      'a header cut short',
      datagram(1).subarray(0, 20),
      'sflow5 at octet 20, header: expected 28 octets, found 20',
    ],
    [
      'more samples than there are',
      words(5, 1, 0xc0000209, 1, 1, 1, 4_000_000_000),
      "sflow5 at octet 28, sample 1 (no format): expected 4000000000 samples, found 0 before the datagram's end",
    ],
    [
      'a sample longer than the datagram',
      Buffer.concat([datagram(1, flowSample()).subarray(0, 32), words(5000)]),
      'sflow5 at octet 32, sample 1 (flow_sample) > length: expected at most 0 octets, found 5000',
    ],
    [
      'a sample shorter than its kind',
      datagram(1, block(1, words(1, 2))),
      'sflow5 at octet 32, sample 1 (flow_sample) > length: expected 32 octets or more, found 8',
    ],
    [
      'a record longer than its sample',
      datagram(1, flowSample(words(1001, 99, 1, 2))),
      'sflow5 at octet 72, sample 1 (flow_sample) > record 1 (extended_switch) > length: expected at most 8 octets, found 99',
    ],
    [
      'a record shorter than its structure',
      datagram(1, flowSample(block(1001, words(1, 2)))),
      'sflow5 at octet 72, sample 1 (flow_sample) > record 1 (extended_switch) > length: expected 16 octets or more, found 8',
    ],
    [
      'more records than there are',
      datagram(1, block(1, words(1, 3, 1, 1, 0, 1, 2, 4_000_000_000))),
      "sflow5 at octet 68, sample 1 (flow_sample) > record 1 (no format): expected 4000000000 records, found 0 before the sample's end",
    ],
    [
      'a header longer than its record',
      datagram(1, flowSample(block(1, words(1, 64, 4, 0xfffffff0)))),
      "sflow5 at octet 88, sample 1 (flow_sample) > record 1 (sampled_header) > header: expected 4294967280 octets, found 4 octets before the record's end",
    ],
    [
      'an AS path without end',
      datagram(1, flowSample(block(1003, words(1, 1, 1, 1, 1, 1, 2, 0x40000000, 1)))),
      "sflow5 at octet 104, sample 1 (flow_sample) > record 1 (extended_gateway) > dst_as_path: expected 1073741824 AS numbers, found 8 octets before the record's end",
    ],
    [
      'a string longer than its record',
      datagram(1, flowSample(block(1038, words(1000, 1)))),
      "sflow5 at octet 76, sample 1 (flow_sample) > record 1 (extended_function) > symbol: expected 1000 octets and their length, found 8 octets before the record's end",
    ],
    [
      'an array longer than its record',
      datagram(1, counterSample(block(2001, words(0x7fffffff, 1)))),
      "sflow5 at octet 60, sample 1 (counters_sample) > record 1 (host_adapters) > adapters: expected 2147483647 values of 8 octets or more, found 4 octets before the record's end",
    ],
    [
      'octets after the last sample',
      Buffer.concat([datagram(1, flowSample()), words(1, 2)]),
      'sflow5 at octet 68: expected the end after 1 samples, found 8 octets more',
    ],
  ])('%s', (_name, payload, complaint) => {
    expect(decode([payload]).complaints).toEqual([complaint])
  })

  test('what is wrong costs itself alone', () => {
    const bad = flowSample(header, block(1001, words(1)), block(1001, words(1, 2, 3, 4)))
    const { records, complaints } = decode([datagram(1, bad, block(2, words(1)), flowSample(header))])
    expect(complaints).toHaveLength(2)
    expect(records).toMatchObject([
      { dataLinkFrameSize: 64, vlanId: 1, postVlanPriority: 4 },
      { dataLinkFrameSize: 64 },
    ])
  })
})
