// IPFIX by hand: each odd case of RFC 7011, 5103, 5610 and 6313 in octets.
import { describe, expect, test } from 'vitest'
import { datagram, decode, ipfix, set } from './bytes.ts'

/** Template 256: sourceIPv4Address (8), octetDeltaCount (1) in 4 octets. */
const template = set(2, '0100 0002  0008 0004  0001 0004')
const record = 'c0000201 00000007'
const decoded = { sourceIPv4Address: '192.0.2.1', octetDeltaCount: 7 }

/** A data template of one field, and one record with these octets. */
const one = (id: string, length: string, value: string) =>
  decode([ipfix(set(2, `0100 0001 ${id} ${length}`) + set(256, value))])

describe('templates', () => {
  test('a set may hold several records, and padding shorter than one (RFC 7011 section 3.3.1)', () => {
    const { records, errors } = decode([ipfix(template + set(256, `${record} ${record} 000000`))])
    expect(records).toEqual([decoded, decoded])
    expect(errors).toEqual([])
  })

  test('padding that is not zero is an error of its own', () => {
    const { records, errors } = decode([ipfix(template + set(256, `${record} 000001`))])
    expect(records).toEqual([decoded])
    expect(errors).toEqual(['ipfix at octet 44, set 256: expected padding of zeros, found 3 other octets'])
  })

  test('records before their template wait for it, and keep their own message', () => {
    const { records, events, stats } = decode([ipfix(set(256, record)), ipfix(template, 1)])
    expect(records).toEqual([decoded])
    expect(events).toEqual(['unknown 256', 'new 256'])
    expect(stats.domains[0]?.pending).toEqual({ decoded: 1, waiting: 0, lost: 0 })
  })

  test('another session and another domain have their own templates (RFC 7011 section 8)', () => {
    const elsewhere = [{ sourcePort: 40_001 }, { sourceAddress: '192.0.2.9' }, { destinationPort: 2056 }]
    for (const change of elsewhere)
      expect(decode([ipfix(template), datagram(ipfix(set(256, record)), change)]).records).toEqual([])
    const otherDomain = ipfix(set(256, record))
    otherDomain[15] = 2
    expect(decode([ipfix(template), otherDomain]).records).toEqual([])
  })

  test('a template that comes again is refreshed, another under its number changes it', () => {
    const other = set(2, '0100 0001  0001 0008')
    const { records, events } = decode([
      ipfix(template + set(256, record)),
      ipfix(template, 1),
      ipfix(other + set(256, '0000000000000009'), 1),
    ])
    expect(events).toEqual(['new 256', 'refreshed 256', 'changed 256'])
    expect(records).toEqual([decoded, { octetDeltaCount: 9 }])
  })

  test.each([
    ['one', '0100 0000', ['withdrawn 256']],
    ['all', '0002 0000', ['withdrawn 256', 'withdrawn 257']],
  ])('withdrawal of %s over TCP (RFC 7011 section 8.1)', (_what, withdrawal, expected) => {
    const second = set(2, '0101 0001  0001 0008')
    const tcp = { transport: 'tcp' } as const
    const { events, errors } = decode([
      datagram(ipfix(template + second), tcp),
      datagram(ipfix(set(2, withdrawal)), tcp),
    ])
    expect(events.slice(2)).toEqual(expected)
    expect(errors).toEqual([])
  })

  test('withdrawal of all options templates leaves data templates (RFC 7011 section 8.1)', () => {
    const options = set(3, '0101 0001 0001  008d 0004')
    const tcp = { transport: 'tcp' } as const
    const { events } = decode([
      datagram(ipfix(template + options), tcp),
      datagram(ipfix(set(3, '0003 0000')), tcp),
    ])
    expect(events.slice(2)).toEqual(['withdrawn 257'])
  })

  test('over UDP a withdrawal is ignored, and reported (RFC 7011 section 8.4)', () => {
    const { records, kinds } = decode([ipfix(template), ipfix(set(2, '0100 0000')), ipfix(set(256, record))])
    expect(records).toEqual([decoded])
    expect(kinds).toEqual(['template'])
  })
})

describe('values', () => {
  test.each([
    ['unsigned64 in 8', '0001', '0008', '0000000100000000', 'octetDeltaCount', 4_294_967_296],
    ['unsigned64 above 2^53', '0001', '0008', 'ffffffffffffffff', 'octetDeltaCount', '18446744073709551615'],
    [
      'unsigned64 at 2^53 - 1',
      '0001',
      '0008',
      '001fffffffffffff',
      'octetDeltaCount',
      Number.MAX_SAFE_INTEGER,
    ],
    ['unsigned64 in 1 (6.2)', '0001', '0001', 'ff', 'octetDeltaCount', 255],
    ['unsigned64 in 3 (6.2)', '0001', '0003', '010000', 'octetDeltaCount', 65_536],
    ['unsigned64 in 5 (6.2)', '0001', '0005', '0100000000', 'octetDeltaCount', 4_294_967_296],
    ['unsigned64 in 7 (6.2)', '0001', '0007', '01000000000000', 'octetDeltaCount', 281_474_976_710_656],
    ['unsigned32 in 3 (6.2)', '000a', '0003', 'ffffff', 'ingressInterface', 16_777_215],
    // mibObjectValueInteger (434) is signed32.
    ['signed32', '01b2', '0004', 'fffffffe', 'mibObjectValueInteger', -2],
    ['signed32 in 1 (6.2)', '01b2', '0001', 'fe', 'mibObjectValueInteger', -2],
    ['signed32 in 2 (6.2)', '01b2', '0002', '8000', 'mibObjectValueInteger', -32_768],
    ['signed32 in 3 (6.2)', '01b2', '0003', 'fffffe', 'mibObjectValueInteger', -2],
    // samplingProbability (311) is float64; in 4 octets it is a float32 (6.2).
    ['float64', '0137', '0008', '3fb999999999999a', 'samplingProbability', 0.1],
    ['float64 in 4 (6.2)', '0137', '0004', '3e800000', 'samplingProbability', 0.25],
    ['float64 not a number', '0137', '0008', '7ff8000000000000', 'samplingProbability', 'NaN'],
    // dataRecordsReliability (276) is boolean: 1 is true, 2 is false (6.1.5), others are neither.
    ['boolean true', '0114', '0001', '01', 'dataRecordsReliability', true],
    ['boolean false', '0114', '0001', '02', 'dataRecordsReliability', false],
    ['boolean neither', '0114', '0001', '00', 'dataRecordsReliability', 0],
    ['ipv6Address', '001b', '0010', '20010db8000000000000000000000001', 'sourceIPv6Address', '2001:db8::1'],
    ['macAddress', '0038', '0006', '02000000000a', 'sourceMacAddress', '02:00:00:00:00:0a'],
    ['string padded with NULs', '0052', '0006', '657468300000', 'interfaceName', 'eth0'],
    ['octetArray', '005f', '0003', '03abcd', 'applicationId', '03abcd'],
    ['unknown element', '7fff', '0002', 'beef', '0/32767', 'beef'],
    // 1,000,000,000 s = 2001-09-09T01:46:40Z; in NTP 3,208,988,800 = 0xbf454880.
    ['dateTimeSeconds', '0096', '0004', '3b9aca00', 'flowStartSeconds', '2001-09-09T01:46:40Z'],
    [
      'dateTimeMilliseconds',
      '0098',
      '0008',
      '000000e8d4a51001',
      'flowStartMilliseconds',
      '2001-09-09T01:46:40.001Z',
    ],
    [
      'dateTimeMicroseconds',
      '009a',
      '0008',
      'bf45488080000000',
      'flowStartMicroseconds',
      '2001-09-09T01:46:40.500000Z',
    ],
    [
      'dateTimeNanoseconds',
      '009c',
      '0008',
      'bf45488000000005',
      'flowStartNanoseconds',
      '2001-09-09T01:46:40.000000001Z',
    ],
    // The lowest 11 bits of microseconds are to be ignored (6.1.9): all ones would be the next microsecond.
    [
      'microseconds, low bits',
      '009a',
      '0008',
      'bf454880000007ff',
      'flowStartMicroseconds',
      '2001-09-09T01:46:40.000000Z',
    ],
    // 0.999999999 s is 4294967291.7 / 2^32.
    [
      'nanoseconds, last of a second',
      '009c',
      '0008',
      'bf454880fffffffb',
      'flowStartNanoseconds',
      '2001-09-09T01:46:40.999999999Z',
    ],
    // 0x0040 below: tcpControlBits in 1 octet (RFC 7125).
    ['tcpControlBits in 1', '0006', '0001', '12', 'tcpControlBits', 18],
  ])('%s', (_what, id, length, octets, name, value) => {
    const { records, errors } = one(id, length, octets)
    expect(errors).toEqual([])
    expect(records).toEqual([{ [name]: value }])
  })

  test('variable length: short, long, and none (section 7)', () => {
    const variable = set(2, '0100 0002  0052 ffff  0001 0001')
    const long = `ff 0100 ${'61'.repeat(256)} 03`
    const { records, errors } = decode([ipfix(variable + set(256, `04 65746830 01  00 02  ${long}`))])
    expect(errors).toEqual([])
    expect(records).toEqual([
      { interfaceName: 'eth0', octetDeltaCount: 1 },
      { interfaceName: '', octetDeltaCount: 2 },
      { interfaceName: 'a'.repeat(256), octetDeltaCount: 3 },
    ])
  })

  test('an integer of variable length', () => {
    expect(one('0001', 'ffff', '03 010000').records).toEqual([{ octetDeltaCount: 65_536 }])
  })

  test('a repeated element has all its values, in order (section 8)', () => {
    const { records } = decode([ipfix(set(2, '0100 0002 000a 0001 000a 0001') + set(256, '0102'))])
    expect(records).toEqual([{ ingressInterface: [1, 2] }])
  })

  test('enterprise elements, known, reverse and unknown (RFC 5103 section 6.1)', () => {
    const fields = '8001 0004 00007279  8028 0002 00001ad7  c028 0002 00001ad7  8001 0002 0000ffff'
    const { records } = decode([ipfix(set(2, `0100 0004 ${fields}`) + set(256, '00000001 0002 0003 0004'))])
    expect(records).toEqual([
      { reverseOctetDeltaCount: 1, flowAttributes: 2, reverseFlowAttributes: 3, '65535/1': '0004' },
    ])
  })

  test('type information teaches elements, also of templates already there (RFC 5610 section 3.9)', () => {
    const unknown = set(2, '0100 0001  8001 0002 0000ffff')
    // privateEnterpriseNumber (346), informationElementId (303) as scope; type (339), name (341).
    const types = set(3, '0101 0004 0002  015a 0004  012f 0002  0153 0001  0155 ffff')
    const type = set(257, '0000ffff 8001 02 06 717565756573')
    const { records } = decode([
      ipfix(unknown + set(256, '0005') + types + type, 0),
      ipfix(set(256, '0006'), 2),
    ])
    expect(records.map((each) => each['65535/1'] ?? each['queues'])).toEqual(['0005', undefined, 6])
  })
})

describe('structured data (RFC 6313)', () => {
  test('basicList of ports', () => {
    // basicList (291): allOf, destinationTransportPort (11), 2 octets each.
    expect(one('0123', 'ffff', '09 03 000b 0002 0050 01bb').records).toEqual([
      { basicList: { semantic: 'allOf', element: 'destinationTransportPort', values: [80, 443] } },
    ])
  })

  test('basicList of strings of variable length, of an enterprise', () => {
    expect(one('0123', 'ffff', '0e ff 8024 ffff 00001ad7 01 61 02 6263').records).toEqual([
      { basicList: { semantic: 'undefined', element: 'osName', values: ['a', 'bc'] } },
    ])
  })

  test('subTemplateList and subTemplateMultiList', () => {
    const inner = set(2, '0101 0002  0008 0004  000b 0002')
    const outer = set(2, '0100 0002  0124 ffff  0125 ffff')
    const entry = 'c0000201 0050'
    const single = `0f 04 0101 ${entry} ${entry}`
    const multi = `0b 03 0101 000a ${entry}`
    const { records, errors } = decode([ipfix(inner + outer + set(256, `${single} ${multi}`))])
    const value = { sourceIPv4Address: '192.0.2.1', destinationTransportPort: 80 }
    expect(errors).toEqual([])
    expect(records).toEqual([
      {
        subTemplateList: { semantic: 'ordered', template: 257, records: [value, value] },
        subTemplateMultiList: { semantic: 'allOf', lists: [{ template: 257, records: [value] }] },
      },
    ])
  })

  test('a list of unknown template is kept as octets', () => {
    expect(one('0124', 'ffff', '05 04 0999 abcd').records).toEqual([
      { subTemplateList: { semantic: 'ordered', template: 2457, octets: 'abcd' } },
    ])
  })

  test('lists within lists are bounded', () => {
    // A basicList of basicLists of ...: each level's element is again 291, of variable length.
    let value = '03 000b 0002'
    for (let depth = 0; depth < 20; depth++) {
      const length = value.replaceAll(' ', '').length / 2
      value = `03 0123 ffff ${length.toString(16).padStart(2, '0')} ${value}`
    }
    const length = value.replaceAll(' ', '').length / 2
    const { kinds } = one('0123', 'ffff', `${length.toString(16)} ${value}`)
    expect(kinds).toEqual(['limit'])
  })

  test('a list that says more than there is, or whose elements have no octets, ends', () => {
    expect(one('0123', 'ffff', '06 03 000b 0002 00').errors).toEqual([
      'ipfix at octet 38, set 256 > record 0 > basicList: expected 2 octets, found 1 to the end of the set or list',
    ])
    expect(one('0123', 'ffff', '06 03 000b 0000 00').kinds).toEqual(['record'])
  })
})

describe('sampling', () => {
  const data = (fields: string, value: string) => set(2, `0100 ${fields}`) + set(256, value)

  test.each([
    ['1 packet, then 99 not (305, 306)', '0131 0004 0132 0004', '00000001 00000063', 100],
    ['10 of 1000 (309, 310)', '0135 0004 0136 0004', '0000000a 000003e8', 100],
    ['with probability 0.01 (311)', '0137 0008', '3f847ae147ae147b', 100],
    ['1 µs, then 9 not (307, 308)', '0133 0004 0134 0004', '00000001 00000009', 10],
  ])('%s, by selectorId', (_what, fields, value, rate) => {
    const count = (fields.split(' ').length / 2 + 1).toString(16).padStart(4, '0')
    // selectorId (302) is the scope.
    const options = set(3, `0101 ${count} 0001  012e 0001 ${fields}`) + set(257, `05 ${value}`)
    const records = data('0002  012e 0001 0001 0001', '05 01 06 01')
    expect(decode([ipfix(options + records)]).sampling.slice(1)).toEqual([rate, undefined])
  })

  test('records keep what was known when they came', () => {
    const options = set(3, '0101 0002 0001  0095 0004 0022 0004')
    const says = (rate: string) => set(257, `00000001 ${rate}`)
    const before = options + says('0000000a') + data('0001 0001 0001', '01')
    const after = says('00000014') + set(256, '01')
    const { records, sampling } = decode([ipfix(before + after)], { inOrder: false })
    expect(sampling.filter((_rate, row) => records[row]?.['octetDeltaCount'] === 1)).toEqual([10, 20])
  })
})

describe('times', () => {
  test('deltas are before the export time (158, 159)', () => {
    const { times } = decode([ipfix(set(2, '0100 0002 009e 0004 009f 0004') + set(256, '001e8480 00000001'))])
    expect(times).toEqual([['2023-11-14T22:13:18.000000Z', '2023-11-14T22:13:19.999999Z']])
  })

  test('uptimes need systemInitTimeMilliseconds (160), from the record or from options', () => {
    const uptimes = set(2, '0100 0002 0016 0004 0015 0004') + set(256, '00000001 00000002')
    expect(decode([ipfix(uptimes)]).times).toEqual([[undefined, undefined]])
    // 1,699,999,990,000 ms is 10 s before the export.
    const options = set(3, '0101 0002 0001 0090 0004 00a0 0008') + set(257, '00000001 0000018bcfe540f0')
    expect(decode([ipfix(options + uptimes)]).times.slice(1)).toEqual([
      ['2023-11-14T22:13:10.001Z', '2023-11-14T22:13:10.002Z'],
    ])
  })
})

describe('messages', () => {
  test('the sequence counts data records (RFC 7011 section 3.1)', () => {
    const { events } = decode([
      ipfix(template + set(256, record + record), 10),
      ipfix(set(256, record), 12),
      ipfix(set(256, record), 16),
      ipfix(set(256, record), 13),
      ipfix(set(256, record), 17),
      ipfix(set(256, record), 0),
    ])
    expect(events.slice(1)).toEqual(['gap 13 16 3', 'reordered 17 13 0', 'reset 18 0 0'])
  })

  test('after records of unknown template the next number is not judged', () => {
    expect(decode([ipfix(set(999, '00'), 0), ipfix('', 500)]).events).toEqual(['unknown 999'])
  })

  test('several messages in one datagram', () => {
    const first = ipfix(template + set(256, record), 0)
    const second = ipfix(set(256, record), 1)
    const { records, errors, events } = decode([Buffer.concat([first, second])])
    expect(records).toEqual([decoded, decoded])
    expect([errors, events]).toEqual([[], ['new 256']])
  })

  test('a length that lies', () => {
    const long = ipfix(template + set(256, record))
    long[3] = 0xff
    expect(decode([long])).toMatchObject({ records: [decoded], kinds: ['truncated'] })
    const short = ipfix(template + set(256, record))
    short[3] = 32
    expect(decode([short])).toMatchObject({ records: [], kinds: ['surplus'] })
  })
})

describe('malformed sets cost only themselves', () => {
  test.each([
    ['reserved set ID', `${template}${set(4, '00')}${set(256, record)}`, ['reserved']],
    [
      'template number below 256',
      `${set(2, '00ff 0001 0001 0004')}${template}${set(256, record)}`,
      ['template'],
    ],
    ['template cut short', `${set(2, '0101 0005 0001 0004')}${template}${set(256, record)}`, ['template']],
    [
      'enterprise number cut off',
      `${set(2, '0101 0001 8001 0004')}${template}${set(256, record)}`,
      ['template'],
    ],
    [
      'template of fields without octets',
      `${set(2, '0101 0001 0001 0000')}${set(257, '00')}${template}${set(256, record)}`,
      ['template'],
    ],
    [
      'variable length beyond the set',
      `${set(2, '0101 0002 0052 ffff 0001 0001')}${set(257, '09 6161')}${template}${set(256, record)}`,
      ['record'],
    ],
    [
      'options without scope',
      `${set(3, '0101 0001 0000 0001 0004')}${template}${set(256, record)}`,
      ['template'],
    ],
  ])('%s', (_what, sets, kinds) => {
    expect(decode([ipfix(sets)])).toMatchObject({ records: [decoded], kinds })
  })

  test('a set whose length is wrong ends the message', () => {
    expect(decode([ipfix(`${template}${set(256, record)} 0100 0003`)])).toMatchObject({
      records: [decoded],
      kinds: ['length'],
    })
    expect(decode([ipfix(`${template}${set(256, record)} 0100 0100 00`)])).toMatchObject({
      records: [decoded],
      kinds: ['truncated'],
    })
  })

  test('an overrun names the record and the field', () => {
    const { errors } = decode([
      ipfix(set(2, '0100 0002 0001 0001 0052 ffff') + set(256, '01 01 61  02 09 62')),
    ])
    expect(errors).toEqual([
      'ipfix at octet 40, set 256 > record 1 > interfaceName: expected 10 octets, found 2 to the end of the set or list',
    ])
  })
})
