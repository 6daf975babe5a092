// NetFlow v1, v5, v7, v8 and v9 by hand: each odd case in octets.
import { describe, expect, test } from 'vitest'
import { decode, netflow9, octets, set } from './bytes.ts'

/** Template 256: sourceIPv4Address (8), octetDeltaCount (1) in 4 octets. */
const template = set(0, '0100 0002  0008 0004  0001 0004')
const record = 'c0000201 00000007'
const decoded = { sourceIPv4Address: '192.0.2.1', octetDeltaCount: 7 }

describe('NetFlow v9 (RFC 3954)', () => {
  test('a count of more records than there are (section 5.1); a reserved FlowSet alone', () => {
    const announced = netflow9(set(0, '0100 0001 0001 0004') + set(256, '00000007'))
    announced[3] = 9
    const { errors, kinds, records } = decode([announced])
    expect(records).toEqual([{ octetDeltaCount: 7 }])
    expect(errors).toEqual([
      'netflow9 at octet 2, count: expected at most 2 records, as many as there are, found 9',
    ])
    expect(kinds).toEqual(['count'])
    expect(decode([netflow9(set(7, '00000000'))]).kinds).toEqual(['reserved'])
  })

  test('a count of fewer records than there are sets, as softflowd 1.1.0 has it: where those that it counts end', () => {
    const short = netflow9(template + set(256, record) + set(256, record))
    short[3] = 2
    const { errors, records, events } = decode([short])
    expect([errors, records]).toEqual([[], [decoded, decoded]])
    expect(events).toContain('count 2 of 3 at 48')
    short[3] = 3
    expect(decode([short]).events).toEqual(['new 256'])
  })

  test('template and data, padded to four octets (section 5.3)', () => {
    const odd = set(0, '0101 0001  0004 0001')
    const { records, errors } = decode([
      netflow9(template + odd + set(256, `${record}${record}`) + set(257, '06 11 01 02')),
    ])
    expect(errors).toEqual([])
    expect(records.slice(0, 2)).toEqual([decoded, decoded])
    expect(decode([netflow9(template + set(256, `${record} 000000`))]).records).toEqual([decoded])
  })

  test('options: scopes have numbers of their own (section 6.1)', () => {
    // Scopes Interface (2) and Line Card (3); then interfaceName (82) in 6.
    const options = set(1, '0101 0008 0004  0002 0004  0003 0001  0052 0006  0000')
    const { records, errors } = decode([netflow9(options + set(257, '00000005 01 657468300000 00'))])
    expect(errors).toEqual([])
    expect(records).toEqual([{ scopeInterface: 5, scopeLineCard: 1, interfaceName: 'eth0' }])
  })

  test('types from 32768 are types, not enterprises', () => {
    // Palo Alto's App-ID (56701), ASA's ACL ID (33000), ntop's SRC_FRAGMENTS (57552 = 57472 + 80).
    const fields = 'dd7d 0004  80e8 0004  e0d0 0002'
    const { records } = decode([netflow9(set(0, `0100 0003 ${fields}`) + set(256, '73736c00 0000000a 0003'))])
    expect(records).toEqual([{ paloAltoAppId: 'ssl', ingressAclId: '0000000a', SRC_FRAGMENTS: 3 }])
  })

  test('fields of length 0 have no value, and take no octets', () => {
    const { records, errors } = decode([
      netflow9(set(0, '0100 0003 0008 0004 0001 0000 0007 0002') + set(256, 'c0000201 0050')),
    ])
    expect(errors).toEqual([])
    expect(records).toEqual([{ sourceIPv4Address: '192.0.2.1', sourceTransportPort: 80 }])
  })

  test('a template of no fields, or of fields without octets, costs no time and no memory', () => {
    const none = decode([netflow9(set(0, '0100 0000 0101 0001 0001 0000') + set(257, '00'.repeat(1000)))])
    expect(none.records).toEqual([])
    expect(none.kinds).toEqual(['template', 'template'])
  })

  test('zeros after the last FlowSet are reported, and cost nothing', () => {
    const { records, kinds } = decode([netflow9(`${template}${set(256, record)}${'00'.repeat(100)}`)])
    expect(records).toEqual([decoded])
    expect(kinds).toEqual(['surplus'])
  })

  test('the sequence counts datagrams (section 5.1); a restart shows by the uptime', () => {
    const { events } = decode([
      netflow9(template, 7),
      netflow9('', 8),
      netflow9('', 10),
      netflow9('', 9),
      netflow9('', 9),
      netflow9('', 11),
      netflow9('', 0xffffffff, 1000),
      netflow9('', 0, 1000),
    ])
    expect(events.slice(1)).toEqual([
      'gap 9 10 1',
      'reordered 11 9 0',
      'duplicate 11 9 0',
      'reset 12 4294967295 0',
    ])
  })

  test('samplers: of each its own rate (48, 49, 50), found by its number', () => {
    const options = set(1, '0101 0004 000c  0001 0004  0030 0001  0031 0001  0032 0004  0000')
    const samplers = set(257, '00000000 01 02 00000064  00000000 02 02 000003e8')
    const data = set(0, '0100 0002 0030 0001 0001 0001') + set(256, '01 09 02 09 03 09')
    const { records, sampling } = decode([netflow9(options + samplers + data)])
    expect(records.slice(2).map((each) => each['samplerId'])).toEqual([1, 2, 3])
    expect(sampling.slice(2)).toEqual([100, 1000, undefined])
  })

  test('sampling by interface, and for the whole domain (34, 35)', () => {
    const options =
      set(1, '0101 0004 0008  0002 0004  0022 0004  0023 0001') + set(257, '00000005 0000000a 01')
    const whole = set(1, '0102 0004 0008  0001 0004  0022 0004  0023 0001') + set(258, '00000000 00000064 02')
    const data = set(0, '0100 0002 000a 0004 0001 0001') + set(256, '00000005 09 00000006 09')
    expect(decode([netflow9(options + whole + data)]).sampling.slice(2)).toEqual([10, 100])
  })

  test('times from the uptime (21, 22), across its wrap', () => {
    const data = (values: string) => set(0, '0100 0002 0016 0004 0015 0004') + set(256, values)
    // Exported at 22:13:20 with an uptime of 100 s: a flow from 90 s to 99.999 s.
    expect(decode([netflow9(data('00015f90 0001869f'))]).times).toEqual([
      ['2023-11-14T22:13:10.000Z', '2023-11-14T22:13:19.999Z'],
    ])
    // The uptime has wrapped: 1000 ms now, and the flow began 2000 ms ago, at 2^32 - 1000.
    expect(decode([netflow9(data('fffffc18 000003e8'), 0, 1000)]).times).toEqual([
      ['2023-11-14T22:13:18.000Z', '2023-11-14T22:13:20.000Z'],
    ])
    // A flow may end after the header's uptime was taken.
    expect(decode([netflow9(data('000003e8 000003e9'), 0, 1000)]).times[0]?.[1]).toBe(
      '2023-11-14T22:13:20.001Z',
    )
  })

  test('FlowSets that are malformed cost only themselves', () => {
    const cases: [string, string][] = [
      [set(5, '00000000'), 'reserved'],
      [set(1, '0101 0003 0004 0001 0004'), 'template'],
      [set(1, '0101 0004'), 'template'],
      [set(0, '0101 00ff 0001 0004'), 'template'],
      [set(256, 'ffffffff'), 'surplus'],
    ]
    for (const [bad, kind] of cases)
      expect(decode([netflow9(template + bad + set(256, record))])).toMatchObject({
        records: [decoded],
        kinds: [kind],
      })
  })
})

const v5header = (count: string, sampling = '0000', sequence = '00000000') =>
  `0005 ${count} 000186a0 6553f100 1dcd6500 ${sequence} 01 02 ${sampling}`
const v5record = `c0000201 c0000202 c00002fe 0001 0002 0000000a 00000400 00015f90 0001869f 0050 01bb
  00 1b 06 08 fc00 fc01 18 10 0000`
const v5decoded = {
  sourceIPv4Address: '192.0.2.1',
  destinationIPv4Address: '192.0.2.2',
  ipNextHopIPv4Address: '192.0.2.254',
  ingressInterface: 1,
  egressInterface: 2,
  packetDeltaCount: 10,
  octetDeltaCount: 1024,
  flowStartSysUpTime: 90_000,
  flowEndSysUpTime: 99_999,
  sourceTransportPort: 80,
  destinationTransportPort: 443,
  tcpControlBits: 27,
  protocolIdentifier: 6,
  ipClassOfService: 8,
  bgpSourceAsNumber: 64_512,
  bgpDestinationAsNumber: 64_513,
  sourceIPv4PrefixLength: 24,
  destinationIPv4PrefixLength: 16,
}

describe('NetFlow v5', () => {
  test('a record has the names of the elements that say the same', () => {
    const { records, times, stats, errors } = decode([octets(v5header('0001') + v5record)])
    expect(errors).toEqual([])
    expect(records).toEqual([v5decoded])
    // The header's clock has nanoseconds: exported at 22:13:20.5.
    expect(times).toEqual([['2023-11-14T22:13:10.500Z', '2023-11-14T22:13:20.499Z']])
    expect(stats.domains[0]).toMatchObject({ protocol: 'netflow5', domain: 0x0102, records: 1 })
  })

  test('the sampling interval without its mode bits', () => {
    expect(decode([octets(v5header('0001', '4064') + v5record)]).sampling).toEqual([100])
    expect(decode([octets(v5header('0001', '0000') + v5record)]).sampling).toEqual([undefined])
  })

  test('the sequence counts records', () => {
    const two = v5record + v5record
    const { events } = decode([
      octets(v5header('0002', '0000', '00000064') + two),
      octets(v5header('0001', '0000', '00000066') + v5record),
      octets(v5header('0001', '0000', '0000006a') + v5record),
    ])
    expect(events).toEqual(['gap 103 106 3'])
  })

  test('fewer or more octets than the count says', () => {
    expect(decode([octets(v5header('0002') + v5record)])).toMatchObject({
      records: [v5decoded],
      kinds: ['truncated'],
    })
    expect(decode([octets(v5header('0001') + v5record + v5record)])).toMatchObject({
      records: [v5decoded],
      kinds: ['surplus'],
    })
  })

  test('what only begins like v5 is not v5', () => {
    for (const bytes of ['0005', '0005 0000', v5header('0000'), `${v5header('d91e')}${v5record}`])
      expect(decode([octets(bytes)]).stats).toMatchObject({ unrecognised: 1, domains: [] })
  })
})

describe('NetFlow v1, v7, v8', () => {
  const key = v5record.replaceAll(/\s/g, '').slice(0, 72)

  test('v1', () => {
    const { records, errors } = decode([
      octets(`0001 0001 000186a0 6553f100 00000000 ${key} 0000 06 08 1b ${'00'.repeat(11)}`),
    ])
    expect(errors).toEqual([])
    expect(records[0]).toMatchObject({
      destinationTransportPort: 443,
      protocolIdentifier: 6,
      ipClassOfService: 8,
      tcpControlBits: 27,
    })
  })

  test('v7', () => {
    const rest = '00 1b 06 08 fc00 fc01 18 10 0000 c00002fd'
    const { records, errors } = decode([
      octets(`0007 0001 000186a0 6553f100 00000000 00000000 00000000 ${key} ${rest}`),
    ])
    expect(errors).toEqual([])
    expect(records).toEqual([{ ...v5decoded, ipv4RouterSc: '192.0.2.253' }])
  })

  test('v8 is named, and not decoded', () => {
    const { errors } = decode([
      octets(`0008 0001 000186a0 6553f100 00000000 00000000 00 00 03 02 00000000 ${'00'.repeat(28)}`),
    ])
    expect(errors).toEqual([
      'netflow8 at octet 0: expected NetFlow v1, v5, v7, v9 or IPFIX, found NetFlow v8, aggregation method 3',
    ])
  })
})
