// Every record of every capture, field by field, against tshark: the same octets, and the same value read from them.
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fieldOffsets, type RecordBatch } from '../../src/decode/batch.ts'
import { createDecoder } from '../../src/decode/decoder.ts'
import type { Element } from '../../src/decode/element.ts'
import type { Value } from '../../src/decode/value.ts'
import { captures, exporters, readCapture } from './captures.ts'
import { dissect, hasTshark, type TsharkField } from './tshark.ts'

interface Ours {
  readonly datagram: number
  readonly element: Element
  readonly value: Value
  readonly start: number
  readonly end: number
}

/** Our records, by the time of their datagram (all of a capture's times differ), in the wire's order. */
function decodeCapture(path: string): Map<number, Ours[][]> {
  const datagrams = readCapture(path)
  const records = new Map<number, Ours[][]>()
  const take = (batch: RecordBatch) => {
    for (let row = 0; row < batch.rows; row++) {
      const message = batch.message(row)
      const datagram = datagrams.findIndex(
        ({ seconds, nanoseconds }) => seconds === message.seconds && nanoseconds === message.nanoseconds,
      )
      const offsets = fieldOffsets(batch, row)
      const fields = batch.layout.fields.map(({ element }, index) => {
        const { start, end } = offsets[index] ?? { start: 0, end: 0 }
        return { datagram, element, value: batch.value(row, index), start, end }
      })
      records.set(datagram, [...(records.get(datagram) ?? []), fields])
    }
  }
  const decoder = createDecoder({ inOrder: true }, { records: take })
  for (const datagram of datagrams) decoder.push(datagram)
  decoder.flush()
  return records
}

const secondsIn: Readonly<Record<string, number>> = {
  seconds: 1,
  milliseconds: 1e3,
  microseconds: 1e6,
  nanoseconds: 1e9,
}

/** Nanoseconds since 1970 of tshark's "Nov 14, 2023 22:13:20.000000000 UTC" or of our ISO 8601. */
function toNanoseconds(text: string): bigint | undefined {
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? ''
  const whole = Date.parse(text.replace(/\.\d+/, ''))
  return Number.isNaN(whole) ? undefined : BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
}

const bare = (text: string): string => text.replaceAll(/[:.\s]/g, '').toLowerCase()

/** Whether tshark shows the value that we read. It shows numbers in decimal, hex, or as seconds; octets with colons. */
function agrees({ show, value }: TsharkField, element: Element, ours: Value): boolean {
  if (typeof ours === 'boolean') return ours === (show === '1' || show === 'True')
  const text = typeof ours === 'object' ? JSON.stringify(ours) : String(ours)
  if (show === text) return true
  if (element.type.startsWith('dateTime')) {
    const theirs = toNanoseconds(show)
    const [digits] = /\.\d+/.exec(text) ?? ['.']
    const step = 10n ** BigInt(10 - digits.length)
    const mine = toNanoseconds(text)
    if (theirs === undefined || mine === undefined) return false
    const off = theirs > mine ? theirs - mine : mine - theirs
    // A nanosecond is no whole number of 2^-32 s (RFC 7011 section 6.1.10): we round to the nearest one, tshark down.
    return off < step || off === 1n
  }
  if (typeof ours === 'number' || /^\d+$/.test(text)) {
    const unit = element.name.endsWith('SysUpTime') ? 1e3 : (secondsIn[element.units] ?? 1)
    const number = Number(show)
    // 32 and 64 bit floats are shown rounded.
    if (element.type.startsWith('float')) return Math.abs(number - Number(ours)) <= Math.abs(number) * 1e-5
    if (number === Number(ours) || Math.round(number * unit) === Number(ours)) return true
    // Shown as octets, as bits, or as a time: the octets decide.
    return !element.type.startsWith('signed') && value !== '' && BigInt(`0x${value}`) === BigInt(text)
  }
  // Where tshark knows no type it shows the octets; where we know none, we do.
  if (element.type === 'string' && value.replace(/(00)+$/, '') === Buffer.from(text).toString('hex'))
    return true
  return bare(show) === bare(text) || value === text || value === Buffer.from(text, 'latin1').toString('hex')
}

/** tshark puts a flow's start and end together, and then says the wrong place for the second. */
const startOrEnd = (name: string): RegExp | undefined =>
  name.startsWith('flowStart') ? /time_?start$/ : /^flowEnd(?!Reason)/.test(name) ? /time_?end$/ : undefined

/** Captures of which tshark 4.0 reads another number of records, each with why we are right. */
const otherCounts: Readonly<Record<string, string>> = {
  'ipfix-generic.pcap':
    'three messages in one datagram, each with its length (RFC 7011 section 3.1); tshark stops after the first',
  'netflow5-invalid-1.pcap':
    'its count is 55,582; tshark goes on as far as the octets go, though no v5 has more than 30',
  'netflow9-h3c.pcap':
    "the template gives ipv4RouterSc 2 octets, and lengths are the template's (RFC 3954 section 5.2); tshark stops there",
}

/** Elements that tshark 4.0 reads otherwise, each with why we are right. */
const otherValues: readonly { readonly element: RegExp; readonly because: string }[] = [
  { element: /List$/, because: 'structured data (RFC 6313) is read here, and shown as octets by tshark' },
]

const namesIn = (folder: string): string[] =>
  readdirSync(folder).filter((name) => /(netflow|ipfix|softflowd|nfprobe).*\.pcap$/.test(name))
const shared = captures ? namesIn(captures) : []
/** What the real exporters in test/exporters sent. */
const own = namesIn(exporters)

test.skipIf(!captures)('there are captures to compare with', () => expect(shared.length).toBeGreaterThan(20))

describe.skipIf(!hasTshark)('every field as tshark reads it', () => {
  test.skipIf(!captures).each(shared)('%s', (file) => compareCapture(captures ?? '', file))
  test.each(own)('%s', (file) => compareCapture(exporters, file))
})

function compareCapture(folder: string, file: string): void {
  const ours = decodeCapture(`${folder}${file}`)
  const theirs = dissect(`${folder}${file}`)
  const problems: string[] = []
  theirs.forEach((records, datagram) => {
    const mine = ours.get(datagram) ?? []
    if (mine.length !== records.length && !otherCounts[file])
      problems.push(`datagram ${datagram}: ${mine.length} records, tshark ${records.length}`)
    const stops = otherCounts[file] !== undefined
    records.forEach((fields, index) => {
      for (const text of compare(mine[index] ?? [], fields, stops))
        problems.push(`datagram ${datagram} record ${index} ${text}`)
    })
  })
  expect(problems).toEqual([])
}

/** What differs in one record; `stops`: tshark may have stopped within it. */
function compare(ours: readonly Ours[], theirs: readonly TsharkField[], stops: boolean): string[] {
  return ours.flatMap(({ element, value, start, end }) => {
    const { name } = element
    if (name === 'paddingOctets' || value === undefined) return []
    if (otherValues.some((known) => known.element.test(name))) return []
    const inside = theirs.filter(
      (field) => field.length > 0 && field.start >= start && field.start + field.length <= end,
    )
    if (stops && !theirs.some((field) => field.start >= start)) return []
    const same = inside.filter((field) => field.start === start && field.start + field.length === end)
    const octets = inside.map((field) => field.value).join('')
    const time = startOrEnd(name)
    const agreed =
      same.some((field) => agrees(field, element, value)) ||
      octets === value ||
      // tshark shows the two halves of an ICMP type and code apart.
      (/^icmpTypeCode|IcmpTypeCode/.test(name) && Number(`0x${octets}`) === value) ||
      (time && theirs.some((field) => time.test(field.name) && agrees(field, element, value)))
    const shown = inside.map((field) => `${field.name}=${field.show} at ${field.start}+${field.length}`)
    return agreed ? [] : [`${name} ${start}..${end}: ${JSON.stringify(value)}, tshark ${shown.join(' ')}`]
  })
}
