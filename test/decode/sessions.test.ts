// What the decoder remembers of transport sessions, and when it stops: lifetimes, ends of sessions, bounds, selections.
import { expect, test } from 'vitest'
import { createDecoder } from '../../src/decode/decoder.ts'
import { datagram, decode, ipfix, set } from './bytes.ts'

const template = set(2, '0100 0001 0001 0001')
const data = set(256, '07')

test('a template over UDP that was not refreshed in its lifetime is forgotten (RFC 7011 section 8.4)', () => {
  const at = (seconds: number, sets: string) => datagram(ipfix(sets), { seconds })
  const input = [at(1000, template), at(1050, data), at(1100, template), at(1160, data), at(1161, data)]
  const { records, events, stats } = decode(input, { limits: { templateLifetime: 59 } })
  expect(records).toHaveLength(1)
  expect(events.filter((event) => /256/.test(event))).toEqual([
    'new 256',
    'refreshed 256',
    'withdrawn 256',
    'unknown 256',
    'unknown 256',
  ])
  expect(stats.domains[0]?.pending.waiting).toBe(2)
  expect(decode(input).records).toHaveLength(3)
})

test('fields of all templates together are bounded; a template that finds no room is not read as what it was', () => {
  const two = set(2, '0100 0002 0001 0001 0002 0001')
  const five = set(2, '0100 0005 0001 0001 0002 0001 0007 0001 000b 0001 0004 0001')
  const { records, kinds, stats } = decode(
    [ipfix(two + set(256, '0102')), ipfix(five + set(256, '0102030405'))],
    {
      limits: { templateFields: 4 },
    },
  )
  expect([records.length, kinds]).toEqual([1, ['limit']])
  expect(stats.domains[0]?.templates).toMatchObject({ new: 1, withdrawn: 1, unknown: 1 })
})

test("a session's end takes its templates and its sequence, not its counters", () => {
  let rows = 0
  const events: string[] = []
  const decoder = createDecoder(
    {},
    {
      records: (batch) => (rows += batch.rows),
      event: (event) => events.push(event.type === 'count' ? event.type : event.what),
    },
  )
  const first = datagram(ipfix(template + data, 500), { transport: 'tcp' })
  const other = datagram(ipfix(template + data, 0), { transport: 'tcp', sourcePort: 9 })
  for (const each of [first, other]) decoder.push(each)
  decoder.close(first)
  decoder.push(datagram(ipfix(data, 0), { transport: 'tcp' }))
  decoder.push(datagram(ipfix(data, 1), { transport: 'tcp', sourcePort: 9 }))
  decoder.flush()
  expect([rows, events]).toEqual([3, ['new', 'new', 'unknown']])
  expect(decoder.stats().domains[0]).toMatchObject({ datagrams: 2, records: 1 })
})

test('counters of domains that had to be forgotten are kept in a sum', () => {
  const sessions = Array.from({ length: 20 }, (_, n) => datagram(ipfix(template + data), { sourcePort: n }))
  const { stats } = decode(sessions, { limits: { domains: 8 } })
  const { forgotten, domains } = stats
  expect(forgotten?.domains).toBe(20 - domains.length)
  expect(domains.reduce((sum, one) => sum + one.records, forgotten?.records ?? 0)).toBe(20)
})

test('a record that names a selection sequence has the rates of its selectors (RFC 5476 section 6.5.1)', () => {
  const selectors = set(3, '0101 0003 0001 012e 0004 0131 0004 0132 0004')
  const rates = set(257, '00000001 00000001 00000009  00000002 00000001 00000004')
  const sequences =
    set(3, '0102 0003 0001 012d 0004 012e 0004 012e 0004') + set(258, '0000000a 00000001 00000002')
  const flows = set(2, '0103 0002 012d 0004 0001 0001') + set(259, '0000000a 07')
  const { sampling, errors } = decode([ipfix(selectors + rates + sequences + flows)])
  expect(errors).toEqual([])
  expect(sampling.at(-1)).toBe(50)
})
