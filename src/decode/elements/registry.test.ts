import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { elementOf, ianaElement, publishedElement } from './registry.ts'
import { elementTable } from './table.ts'

const lines = (name: string): string[] =>
  readFileSync(new URL(name, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .slice(1)

test('the table is what the .csv files say (npx tsx scripts/elements.ts)', () => {
  const files = ['iana.csv', 'netflow9.csv', 'enterprise.csv'].flatMap(lines)
  expect(elementTable.trim().split('\n')).toEqual(files)
  const numbers = files.map((line) => line.split(',').slice(0, 2).join())
  expect(new Set(numbers).size).toBe(numbers.length)
})

test('elements by number: IANA, enterprise, unknown', () => {
  expect(publishedElement(0, 1)).toEqual({
    enterprise: 0,
    id: 1,
    name: 'octetDeltaCount',
    type: 'unsigned64',
    semantics: 'deltaCounter',
    units: 'octets',
  })
  // RFC 9740, 9710, 9487.
  expect(publishedElement(0, 520)?.name).toBe('tcpOptionsFull')
  expect(publishedElement(0, 515)).toMatchObject({ name: 'ipv6ExtensionHeadersFull', type: 'unsigned256' })
  expect(publishedElement(0, 492)?.name).toBe('srhFlagsIPv6')
  expect(publishedElement(5951, 128)?.name).toBe('roundTripTime')
  expect(elementOf(5951, 32_000)).toMatchObject({ name: '5951/32000', type: 'octetArray' })
})

test('reverse elements by rule (RFC 5103 section 6.1), and those that CERT marks by a bit', () => {
  expect(publishedElement(29_305, 1)).toMatchObject({
    enterprise: 29_305,
    id: 1,
    name: 'reverseOctetDeltaCount',
  })
  expect(publishedElement(6871, 0x4000 | 14)).toMatchObject({
    name: 'reverseInitialTCPFlags',
    type: 'unsigned16',
  })
  expect(publishedElement(29_305, 32_000)).toBeUndefined()
})

test('elements by name', () => {
  expect(ianaElement('sourceIPv4Address').id).toBe(8)
  expect(ianaElement('firewallEvent').id).toBe(233)
  expect(() => ianaElement('sourceIPv4Adress')).toThrow('sourceIPv4Adress')
})
